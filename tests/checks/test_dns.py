"""The rules of the area `dns` on constructed answers."""

from __future__ import annotations

import pytest

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import DnsObservation
from secaudit.model.words import Outcome
from tests.checks.judging import AT, judge, judge_one
from tests.checks.names import DOWN, HOST, ZONE, Answers, chain, look, named, names_view, tried

PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE
IDS = ("no-caa", "no-dnssec", "single-nameserver", "zone-transfer", "no-ipv6", "dangling-cname")


def result(check: str, changes: Answers | None = None, **more: object) -> Outcome:
    view = names_view(named(changes, **more), chain(), tried(), tried("ns2.hue.gov.vn"))  # type: ignore[arg-type]
    return judge_one(f"dns.{check}", view)


@pytest.mark.parametrize("check", IDS)
def test_a_good_zone_passes(check: str) -> None:
    assert result(check) is PASS


NOT_SEEN = {
    "no probe": names_view(),
    "probe crashed": names_view(missing={"dns": Reason(code="probe-crashed", params={"probe": "dns", "detail": "x"})}),
    "resolver down": names_view(DnsObservation(target=HOST, at=AT, host=HOST, fault=DOWN)),
}


@pytest.mark.parametrize("check", IDS)
@pytest.mark.parametrize("case", NOT_SEEN)
def test_nothing_seen_is_inconclusive(check: str, case: str) -> None:
    assert judge_one(f"dns.{check}", NOT_SEEN[case]) is OPEN


@pytest.mark.parametrize("area", ["dns", "mail"])
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://192.0.2.1/", "dns-target-is-address"),
        ("https://[2001:db8::1]/", "dns-target-is-address"),
        ("http://localhost/", "dns-name-not-public"),
        ("https://may-chu.local/", "dns-name-not-public"),
    ],
)
def test_addresses_and_private_names_have_no_zone(area: str, url: str, code: str) -> None:
    view = names_view(url=url)
    check = {"dns": "dns.no-caa", "mail": "mail.spf-missing"}[area]
    [verdict] = judge(check, view)
    assert verdict.result is Outcome.NOT_APPLICABLE
    assert verdict.reason is not None
    assert verdict.reason.code == code


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{HOST} CAA": ['0 issue ";"']}, PASS),
        ({f"{HOST} CAA": ['0 ISSUEWILD "ca.vn"'], f"{ZONE} CAA": DOWN}, PASS),
        # Only the nearest set counts, and one without "issue" restricts nobody.
        ({f"{HOST} CAA": ['0 iodef "mailto:a@b.vn"']}, FAIL),
        ({f"{ZONE} CAA": [], "gov.vn CAA": [], "vn CAA": []}, FAIL),
        ({f"{ZONE} CAA": [], "gov.vn CAA": [], "vn CAA": ['128 issue "ca.vn"']}, PASS),
        ({f"{ZONE} CAA": [], "gov.vn CAA": DOWN, "vn CAA": []}, OPEN),
        ({f"{ZONE} CAA": []}, OPEN),
        ({f"{HOST} CAA": DOWN}, OPEN),
    ],
)
def test_caa_climbs_to_the_root(changes: Answers, expected: Outcome) -> None:
    assert result("no-caa", changes) is expected


SIX = "2001:dc8::53"


def chained(state: str | None, **more: object) -> View:
    return names_view(named(), chain(state, **more))


def test_every_broken_chain_fails() -> None:
    assert judge_one("dns.no-dnssec", chained("insecure", broken_at=ZONE)) is FAIL
    [verdict] = judge("dns.no-dnssec", chained("bogus", broken_at=ZONE, error="expired"))
    assert verdict.result is FAIL
    assert (verdict.evidence["state"], verdict.evidence["error"]) == ("bogus", "expired")


def test_an_unknown_state_is_inconclusive() -> None:
    assert judge_one("dns.no-dnssec", chained(None, fault=Reason(code="dnssec-not-passed"))) is OPEN
    assert judge_one("dns.no-dnssec", names_view(named())) is OPEN


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{ZONE} NS": ["ns1.hue.gov.vn."]}, FAIL),
        ({f"{ZONE} NS": ["ns1.hue.gov.vn.", "NS1.hue.gov.vn."]}, FAIL),
        ({"ns2.hue.gov.vn A": ["113.160.0.53"]}, FAIL),
        # One machine with two addresses under two names is one machine.
        ({"ns1.hue.gov.vn AAAA": [SIX], "ns2.hue.gov.vn A": [], "ns2.hue.gov.vn AAAA": [SIX]}, FAIL),
        ({"ns2.hue.gov.vn A": None, "ns2.hue.gov.vn AAAA": None}, FAIL),
        ({"ns2.hue.gov.vn A": DOWN}, OPEN),
        ({"ns2.hue.gov.vn A": DOWN, "ns2.hue.gov.vn AAAA": [SIX]}, PASS),
        ({f"{ZONE} NS": DOWN}, OPEN),
        ({f"{ZONE} NS": []}, OPEN),
    ],
)  # fmt: skip
def test_nameservers_are_counted_by_machine(changes: Answers, expected: Outcome) -> None:
    assert result("single-nameserver", changes) is expected


OUT = Reason(code="not-in-scope", params={"host": "ns2.hue.gov.vn", "port": 53})
GIVEN = tried(open=True, answer="NOERROR", types=("SOA", "NS"))
UNSEEN = tried("ns2.hue.gov.vn", open=None, fault=OUT)


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ([GIVEN, UNSEEN], FAIL),
        ([tried(), UNSEEN], OPEN),
        ([tried()], OPEN),
        ([], OPEN),
    ],
)  # fmt: skip
def test_one_open_nameserver_fails_and_one_unseen_keeps_it_open(tries: list[object], expected: Outcome) -> None:
    assert judge_one("dns.zone-transfer", names_view(named(), *tries)) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{HOST} AAAA": []}, FAIL),
        ({f"{HOST} AAAA": ["::1", "fe80::1", "fd00::1", "::ffff:113.160.0.1"]}, FAIL),
        ({f"{HOST} AAAA": ["64:ff9b::71a0:1", "2002:71a0:1::1"]}, FAIL),
        ({f"{HOST} AAAA": DOWN}, OPEN),
        ({f"{HOST} AAAA": [], f"{HOST} A": []}, OPEN),
        ({f"{HOST} AAAA": None, f"{HOST} A": None}, OPEN),
    ],
)
def test_only_a_public_address_counts_as_ipv6(changes: Answers, expected: Outcome) -> None:
    assert result("no-ipv6", changes) is expected


def aliased(end: str, answer: object, *, final: object = "unasked") -> View:
    further = [look(f"mail.{HOST} A", answer, [end])]  # type: ignore[arg-type]
    if final != "unasked":
        further.append(look(f"{end} A", final))  # type: ignore[arg-type]
    return names_view(named(None, *further))


def test_an_alias_of_a_name_that_is_gone_fails() -> None:
    [verdict] = judge("dns.dangling-cname", aliased("gone.example.vn", None))
    assert verdict.result is FAIL
    assert (verdict.place, verdict.evidence["points_to"]) == (f"mail.{HOST}", ["gone.example.vn"])


def test_the_end_of_an_alias_is_asked_where_the_resolver_does_not_follow() -> None:
    assert judge_one("dns.dangling-cname", aliased("gone.example.vn", [], final=None)) is FAIL
    assert judge_one("dns.dangling-cname", aliased("there.example.vn", [], final=[])) is PASS
    assert judge_one("dns.dangling-cname", aliased("down.example.vn", [], final=DOWN)) is OPEN
    assert judge_one("dns.dangling-cname", aliased("unasked.example.vn", [])) is OPEN
    assert judge_one("dns.dangling-cname", aliased("there.example.vn", ["192.0.2.1"])) is PASS


def test_an_unanswered_name_keeps_the_question_of_aliases_open() -> None:
    assert result("dangling-cname", {f"www.{HOST} A": DOWN}) is OPEN


def test_two_dead_names_are_two_findings() -> None:
    view = names_view(
        named(None, look(f"mail.{HOST} A", None, ["a.gone.vn"]), look(f"ftp.{HOST} A", None, ["b.gone.vn"]))
    )
    assert {verdict.place for verdict in judge("dns.dangling-cname", view)} == {f"mail.{HOST}", f"ftp.{HOST}"}
