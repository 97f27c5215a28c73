"""Resolvers that lie, fail or keep silent: faults within the time limit, never a crash, never a pass."""

from __future__ import annotations

import time
from datetime import timedelta

import dns.message
import dns.rcode
import dns.rrset
import pytest

from secaudit.model.authorisation import Authorisation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome, Profile
from secaudit.probes.dns.limits import Limits
from secaudit.probes.dns.probe import DnsProbe
from secaudit.probes.probe import ProbeContext
from tests.checks.judging import judge_areas
from tests.probes.dns.looking import QUICK, NameGate, chain_of, look, names_of, now, transfers_of
from tests.servers.resolver import (
    Answer,
    cutting_short,
    failing,
    garbage,
    giving,
    resolver,
    silent,
    somebody_else,
)

HOST = "xa.tinh.gov.vn"
ZONE = (
    "tinh.gov.vn SOA ns1.tinh.gov.vn. admin.tinh.gov.vn. 1 3600 600 86400 300",
    "tinh.gov.vn NS ns1.tinh.gov.vn.",
    "ns1.tinh.gov.vn A 192.0.2.53",
    f"{HOST} A 192.0.2.80",
    "gov.vn SOA a.vn. b.vn. 1 1 1 1 1",
)
pytestmark = pytest.mark.network


def outcomes(answer: Answer, over_tcp: Answer | None = None) -> tuple[dict[str, Outcome], str]:
    """Return what the checks say, and the fault of the look at the names."""
    with resolver(answer, over_tcp=over_tcp) as server:
        view = look(HOST, server.port)
    fault = names_of(view).fault
    judged = judge_areas(view, ("dns", "mail"))
    return {name: verdict.result for name, [verdict] in judged.items()}, fault.code if fault else ""


LYING = {
    "silent": (silent, None, "dns-timeout"),
    "SERVFAIL": (failing(dns.rcode.SERVFAIL), None, "dns-server-failure"),
    "REFUSED": (failing(dns.rcode.REFUSED), None, "dns-refused"),
    "knows neither EDNS nor anything": (failing(dns.rcode.FORMERR), None, "dns-refused"),
    "NXDOMAIN for everything": (failing(dns.rcode.NXDOMAIN), None, "dns-zone-not-found"),
    "empty for everything": (failing(dns.rcode.NOERROR), None, "dns-zone-not-found"),
    "truncates, no TCP": (cutting_short, None, "dns-unreachable"),
    "truncates over TCP too": (cutting_short, cutting_short, "dns-truncated"),
    "truncates, TCP silent": (cutting_short, silent, "dns-timeout"),
    "garbage": (garbage, None, "dns-timeout"),
    "garbage over TCP": (cutting_short, garbage, "dns-malformed"),
    "answers another question": (somebody_else, None, "dns-timeout"),
    "one address for every name": (giving("* A 192.0.2.66"), None, "dns-resolver-invents"),
    "a zone at every name": (giving("* SOA a.vn. b.vn. 1 1 1 1 1"), None, "dns-resolver-invents"),
}


@pytest.mark.parametrize("kind", LYING)
def test_no_answer_is_never_a_pass(kind: str) -> None:
    answer, over_tcp, code = LYING[kind]
    began = time.monotonic()
    found, fault = outcomes(answer, over_tcp)
    assert time.monotonic() - began < 15
    assert fault == code
    assert set(found.values()) == {Outcome.INCONCLUSIVE}


def test_a_resolver_without_signatures_leaves_dnssec_open() -> None:
    with resolver(giving(*ZONE)) as server:
        view = look(HOST, server.port, limits=QUICK)
    chain = chain_of(view)
    assert chain.state is None
    assert chain.fault is not None
    assert chain.fault.code == "dnssec-not-passed"
    [verdict] = judge_areas(view, ("dns",))["dns.no-dnssec"]
    assert verdict.result is Outcome.INCONCLUSIVE


def test_a_resolver_without_edns_is_asked_again_without() -> None:
    plain = giving(*ZONE)

    def old(query: dns.message.Message) -> bytes | list[bytes] | None:
        return failing(dns.rcode.FORMERR)(query) if query.edns >= 0 else plain(query)

    with resolver(old) as server:
        seen = names_of(look(HOST, server.port))
    assert (seen.fault, seen.zone) == (None, "tinh.gov.vn")


def test_one_broken_question_spoils_only_its_own_checks() -> None:
    plain = giving(*ZONE)

    def no_texts(query: dns.message.Message) -> bytes | list[bytes] | None:
        return failing(dns.rcode.SERVFAIL)(query) if query.question[0].rdtype.name == "TXT" else plain(query)

    found, fault = outcomes(no_texts)
    assert fault == ""
    assert {found[check] for check in found if check.startswith("mail.")} == {Outcome.INCONCLUSIVE}
    assert found["dns.no-ipv6"] is Outcome.FAIL
    assert found["dns.single-nameserver"] is Outcome.FAIL


def test_records_that_do_not_belong_to_the_question_are_left_out() -> None:
    plain = giving(*ZONE)

    def stuffed(query: dns.message.Message) -> bytes:
        reply = dns.message.from_wire(plain(query))
        reply.answer.append(dns.rrset.from_text("else.vn.", 60, "IN", "TXT", '"v=spf1 -all"'))
        reply.answer.append(dns.rrset.from_text("xa.tinh.gov.vn.", 60, "IN", "HINFO", '"a" "b"'))
        return reply.to_wire()

    with resolver(stuffed) as server:
        seen = names_of(look(HOST, server.port))
    assert {record.type for one in seen.looks for record in one.records} <= {"A", "SOA", "NS"}
    assert all(record.name != "else.vn" for one in seen.looks for record in one.records)


def test_a_loop_of_aliases_ends() -> None:
    with resolver(giving(*ZONE, f"www.{HOST} CNAME mail.{HOST}.", f"mail.{HOST} CNAME www.{HOST}.")) as server:
        view = look(HOST, server.port)
    alias = names_of(view).look(f"www.{HOST}", "A")
    assert alias is not None
    assert alias.fault is not None
    assert alias.fault.code == "dns-alias-loop"
    [verdict] = judge_areas(view, ("dns",))["dns.dangling-cname"]
    assert verdict.result is Outcome.INCONCLUSIVE


def test_policies_that_include_each_other_are_fetched_once() -> None:
    texts = [
        f'spf{n}.vn TXT "v=spf1 include:spf{(n + 1) % 40}.vn include:spf{(n + 7) % 40}.vn -all"' for n in range(40)
    ]
    with resolver(giving(*ZONE, f'{HOST} TXT "v=spf1 include:spf0.vn -all"', *texts)) as server:
        view = look(HOST, server.port)
        asked = [question for question in server.asked if question.startswith("spf")]
    assert len(asked) == len(set(asked)) <= 24
    [verdict] = judge_areas(view, ("mail",))["mail.spf-permissive"]
    assert verdict.result is Outcome.FAIL


def test_the_number_of_questions_is_limited() -> None:
    with resolver(giving(*ZONE)) as server:
        view = look(HOST, server.port, limits=Limits(try_seconds=0.3, question_seconds=0.8, questions=12))
        assert len(set(server.asked)) <= 12
    assert {v.result for vs in judge_areas(view, ("mail",)).values() for v in vs} == {Outcome.INCONCLUSIVE}


def test_a_quick_look_asks_less() -> None:
    with resolver(giving(*ZONE)) as server:
        look(HOST, server.port, profile=Profile.QUICK)
        quick = len(server.asked)
        look(HOST, server.port, profile=Profile.STANDARD)
        assert quick < len(server.asked) - quick


def test_a_scan_that_is_being_stopped_asks_no_more() -> None:
    with resolver(silent) as server:
        options = ScanOptions(resolver="127.0.0.1")
        context = ProbeContext(NameGate(server.port), options, now)
        context.stop.set()
        seen = list(DnsProbe(port=server.port, limits=QUICK).run(parse_target(f"https://{HOST}/"), context))
    assert server.asked == []
    assert [one.fault.code for one in seen if one.fault] == ["dns-no-time-left"]


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::1]/", "http://localhost/", "https://may.local/"])
def test_addresses_and_private_names_are_not_asked_about(url: str) -> None:
    target = parse_target(url)
    with resolver(silent) as server:
        context = ProbeContext(NameGate(server.port), ScanOptions(resolver="127.0.0.1"), now)
        assert list(DnsProbe(port=server.port).run(target, context)) == []
        assert DnsProbe().plan(target, ScanOptions()) == []
    assert server.asked == []


def test_a_plan_sends_nothing_and_counts_the_connections() -> None:
    steps = DnsProbe().plan(parse_target(f"https://{HOST}/"), ScanOptions())
    assert [step.what.code for step in steps] == ["dns-plan-questions", "dns-plan-transfer"]
    assert [step.connections for step in steps] == [0, 4]


def test_nameservers_out_of_scope_are_not_connected_to() -> None:
    with resolver(giving(*ZONE)) as server:
        gate = NameGate(server.port)
        view = look(HOST, server.port, gate=gate)
    assert gate.entered == []
    [seen] = transfers_of(view).values()
    assert seen.fault is not None
    assert (seen.open, seen.fault.code) == (None, "not-in-scope")
    [verdict] = judge_areas(view, ("dns",))["dns.zone-transfer"]
    assert verdict.result is Outcome.INCONCLUSIVE
    assert verdict.reason is not None
    assert verdict.reason.code == "not-in-scope"


def test_a_record_for_the_page_does_not_cover_its_nameservers() -> None:
    allowed = Authorisation(
        id="a1", hosts=("xa.tinh.gov.vn",), granted_by="UBND xã", valid_from=now() - timedelta(days=1),
        valid_until=now() + timedelta(days=1), recorded_at=now(),
    )  # fmt: skip
    with resolver(giving(*ZONE)) as server:
        gate = NameGate(server.port, [allowed])
        view = look(HOST, server.port, gate=gate)
    assert gate.entered == []
    assert [seen.fault.code for seen in transfers_of(view).values() if seen.fault] == ["not-in-scope"]
