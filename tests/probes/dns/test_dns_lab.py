"""The whole way against real servers: Knot serves signed and broken zones, unbound validates and resolves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from secaudit.model.words import Outcome
from tests.checks.judging import failing, judge_areas
from tests.probes.dns.looking import NameGate, chain_of, look, names_of, transfers_of
from tests.servers.dns_lab import PROVINCES, ZONES, Province
from tests.servers.knot import Knot, knot
from tests.servers.unbound import unbound

pytestmark = pytest.mark.network
AREAS = ("dns", "mail")
BY_NAME = {province.zone.name.removesuffix(".gov.vn"): province for province in PROVINCES}
BOGUS = {"dskhac", "hethan", "matky"}


@dataclass(frozen=True)
class Lab:
    """The running servers: the authoritative one answers as a resolver too."""

    knot: Knot
    unbound: int


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("dns")
    with knot(folder / "knot", ZONES) as running, unbound(folder / "unbound", running, ZONES) as port:
        yield Lab(running, port)


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("through", ["knot", "unbound"])
def test_the_known_truth_of_a_zone(lab: Lab, name: str, through: str) -> None:
    province = BY_NAME[name]
    port = lab.knot.port if through == "knot" else lab.unbound
    view = look(province.host, port, transfer_port=lab.knot.port, anchor=lab.knot.anchor)
    ids = {entry.split(" ")[0] for entry in failing(view, AREAS)}
    assert ids == set(province.failing)
    judged = judge_areas(view, AREAS)
    blind = {check for check, verdicts in judged.items() for v in verdicts if v.result is Outcome.INCONCLUSIVE}
    # A validating resolver hands out no address of a nameserver in a zone with broken signatures.
    assert blind == ({"dns.zone-transfer"} if through == "unbound" and name in BOGUS else set())
    does_not_arise = {check for check, vs in judged.items() for v in vs if v.result is Outcome.NOT_APPLICABLE}
    without = {"mail.spf-permissive": "mail.spf-missing", "mail.dmarc-none": "mail.dmarc-missing"}
    assert does_not_arise == {check for check, other in without.items() if other in province.failing}


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("tot", "secure", ""),
        ("tot3", "secure", ""),
        ("phu.huyen", "secure", ""),
        ("phu.rong.vn", "secure", ""),
        ("khongky", "insecure", "no DS record"),
        ("kynua", "insecure", "no DS record"),
        ("dskhac", "bogus", "matches its DS record"),
        ("hethan", "bogus", "expired"),
        ("matky", "bogus", "no DNSKEY"),
    ],
)
def test_the_state_of_the_chain(lab: Lab, name: str, state: str, words: str) -> None:
    chain = chain_of(look(BY_NAME[name].host, lab.unbound, anchor=lab.knot.anchor))
    assert chain.state == state
    assert words in chain.error
    assert chain.broken_at == ("" if state == "secure" else f"{name}.gov.vn")
    assert [link.zone for link in chain.links][:2] == [".", "vn"]
    assert chain.links[0].delegation == "anchor"


def test_an_anchor_that_does_not_fit_says_nothing_of_the_site(lab: Lab) -> None:
    other = [line[:-4] + "0000" for line in lab.knot.anchor]
    chain = chain_of(look(BY_NAME["tot"].host, lab.unbound, anchor=other))
    assert chain.state is None
    assert chain.fault is not None
    assert chain.fault.code == "dnssec-root-mismatch"


def test_a_transfer_proves_openness_through_the_gate(lab: Lab) -> None:
    gate = NameGate(lab.knot.port)
    view = look(BY_NAME["chuyen"].host, lab.knot.port, transfer_port=lab.knot.port, anchor=lab.knot.anchor, gate=gate)
    tries = transfers_of(view)
    assert {name: (seen.open, seen.answer) for name, seen in tries.items()} == {
        "ns1.chuyen.gov.vn": (True, "NOERROR"), "ns2.chuyen.gov.vn": (True, "NOERROR"),
    }  # fmt: skip
    assert sorted(gate.entered) == [("ns1.chuyen.gov.vn", "127.0.0.1"), ("ns2.chuyen.gov.vn", "127.0.0.2")]
    assert gate.connections == 2
    stored = " ".join(seen.model_dump_json() for seen in tries.values())
    assert "127.0.0.1" in stored
    assert "v=spf1" not in stored, "the content of the zone is not kept"


def test_the_plain_facts_of_a_good_zone(lab: Lab) -> None:
    province: Province = BY_NAME["tot"]
    seen = names_of(look(province.host, lab.unbound, anchor=lab.knot.anchor))
    assert (seen.zone, seen.mail_domain, seen.fault) == ("tot.gov.vn", "xa.tot.gov.vn", None)
    alias = seen.look("www.xa.tot.gov.vn", "A")
    assert alias is not None
    assert alias.aliases == (("www.xa.tot.gov.vn", "xa.tot.gov.vn"),)
    assert alias.values == ("127.0.0.1",)
    mx = seen.look("xa.tot.gov.vn", "MX")
    assert mx is not None
    assert (mx.values, mx.rcode) == ((), "NOERROR")
    questions = [(one.name, one.type) for one in seen.looks]
    assert len(questions) == len(set(questions)) < 60
