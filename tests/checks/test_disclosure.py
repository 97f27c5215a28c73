"""security.txt: missing, expired, invalid; and what nobody can say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange, HttpVisit, VisitEnd
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome
from tests.checks.judging import AT, judge, judge_one, make_view

PASS, FAIL, OPEN, NONE = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE
BASE = "https://xa.hue.gov.vn"
FILE = f"{BASE}/.well-known/security.txt"
PLAIN_FILE = FILE.replace("https://", "http://")
PLAIN = (("Content-Type", "text/plain; charset=utf-8"),)
GOOD = "Contact: mailto:anm@hue.gov.vn\nExpires: 2026-12-31T00:00:00Z\nPreferred-Languages: vi, en\n"
IDS = ("missing", "expired", "invalid")


def fetched(body: str = GOOD, url: str = FILE, **more: object) -> HttpVisit:
    facts = {"url": url, "status": 200, "headers": PLAIN, "body": body, "body_bytes": len(body.encode()), **more}
    exchange = HttpExchange.model_validate(facts)
    return HttpVisit(target=url, at=AT, purpose="security-txt", exchanges=(exchange,))


def failed_visit(code: str, url: str = FILE) -> HttpVisit:
    fault = Reason(code=code, params={"host": "xa.hue.gov.vn", "port": 443, "detail": "x"})
    exchange = HttpExchange(url=url, fault=fault)
    return HttpVisit(target=url, at=AT, purpose="security-txt", exchanges=(exchange,), end=VisitEnd.FAULT, fault=fault)


def view(*visits: HttpVisit) -> View:
    return make_view(visits, target=parse_target(f"{BASE}/"))


def results(*visits: HttpVisit) -> list[Outcome]:
    """Return missing, expired, invalid."""
    return [judge_one(f"disclosure.security-txt-{check}", view(*visits)) for check in IDS]


def faults(*visits: HttpVisit) -> object:
    [verdict] = judge("disclosure.security-txt-invalid", view(*visits))
    return verdict.evidence.get("faults", [])


def test_a_good_file_passes() -> None:
    assert results(fetched()) == [PASS, PASS, PASS]
    signed_off = fetched("# của xã\n\nContact: https://hue.gov.vn/bao-cao\nExpires: 2026-06-01T07:00:00+07:00")
    assert results(signed_off) == [PASS, PASS, PASS]


@pytest.mark.parametrize(
    "visit",
    [
        fetched("nothing", status=404),
        fetched("", status=410),
        fetched("<!DOCTYPE html><title>Không tìm thấy</title>", headers=(("Content-Type", "text/html"),)),
        fetched("<html>", headers=()),
        fetched("", headers=PLAIN),
        fetched("OK"),
    ],
    ids=["404", "410", "soft-404", "html", "empty", "words"],
)
def test_no_file(visit: HttpVisit) -> None:
    assert results(visit) == [FAIL, NONE, NONE]


@pytest.mark.parametrize(
    "visits",
    [
        [],
        [fetched(status=403)],
        [fetched(status=503)],
        [failed_visit("connect-timeout")],
        [failed_visit("not-in-scope")],
        [failed_visit("connect-refused"), failed_visit("connect-refused", PLAIN_FILE)],
        [failed_visit("http-not-tls")],
        [HttpVisit(target=FILE, at=AT, purpose="security-txt", end=VisitEnd.OFF_SCOPE, next_url="https://hue.gov.vn/")],
        [fetched("x", status=404), failed_visit("http-time-limit", f"{BASE}/security.txt")],
        [fetched(GOOD, fault=Reason(code="http-body-cut-short"))],
    ],
    ids=["not-run", "403", "503", "timeout", "scope", "closed", "no-tls", "off-scope", "second-unseen", "cut"],
)
def test_what_nobody_can_say(visits: list[HttpVisit]) -> None:
    assert results(*visits) == [OPEN, OPEN, OPEN]


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        ("2026-05-04T07:59:59Z", FAIL),
        ("2026-05-04T08:00:01Z", PASS),
        ("2026-05-04T14:59:59+07:00", FAIL),
        ("2020-01-01t00:00:00z", FAIL),
        ("2026-12-31", OPEN),
        ("31/12/2026", OPEN),
        ("2026-13-45T99:00:00Z", OPEN),
        ("", OPEN),
    ],
)
def test_expiry_counts_from_the_moment_of_the_scan(expires: str, expected: Outcome) -> None:
    visit = fetched(f"Contact: mailto:a@b.vn\nExpires: {expires}\n")
    assert judge_one("disclosure.security-txt-expired", view(visit)) is expected


def test_a_site_over_plain_http_only_is_looked_at_there() -> None:
    assert results(failed_visit("connect-refused"), fetched("x", PLAIN_FILE, status=404)) == [FAIL, NONE, NONE]
    assert results(failed_visit("connect-refused"), fetched(GOOD, PLAIN_FILE)) == [PASS, PASS, FAIL]


def test_the_earlier_of_two_dates_counts_and_two_are_a_fault() -> None:
    visit = fetched(GOOD + "Expires: 2026-01-01T00:00:00Z\n")
    assert results(visit) == [PASS, FAIL, FAIL]
    assert faults(visit) == ["multi-expire"]


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        (fetched("Expires: 2026-12-31T00:00:00Z\n"), ["no-contact"]),
        (fetched("Contact: mailto:a@b.vn\n"), ["no-expire"]),
        (fetched(GOOD.replace("mailto:", "")), ["no-uri"]),
        (fetched(GOOD.replace("mailto:anm@hue.gov.vn", "http://hue.gov.vn/")), ["no-https"]),
        (fetched(GOOD + "một dòng lạ\n"), ["invalid-line"]),
        (fetched(GOOD.replace("vi, en", "tiếng Việt")), ["invalid-lang"]),
        (fetched(GOOD + "Canonical: https://khac.vn/security.txt\n"), ["no-canonical-match"]),
        (fetched(GOOD + f"Canonical: {FILE}\n"), []),
        (fetched(GOOD, headers=(("Content-Type", "application/octet-stream"),)), ["not-text-plain"]),
        (fetched(GOOD, headers=()), ["not-text-plain"]),
        (fetched(GOOD, headers=(("Content-Type", "text/plain; charset=windows-1258"),)), ["not-text-plain"]),
        (fetched(GOOD, headers=(("Content-Type", 'Text/Plain; Charset="UTF-8"'),)), []),
        (fetched(GOOD + "# \ufffd\n"), ["not-utf-8"]),
        (fetched(GOOD, PLAIN_FILE), ["no-https"]),
        (fetched(GOOD, f"{BASE}/security.txt"), ["wrong-place"]),
    ],
)
def test_faults_are_named(visit: HttpVisit, expected: list[str]) -> None:
    assert faults(visit) == expected
    assert judge_one("disclosure.security-txt-invalid", view(visit)) is (FAIL if expected else PASS)


def test_a_file_at_the_former_place_is_found_but_in_the_wrong_one() -> None:
    visits = (fetched("x", status=404), fetched(GOOD, f"{BASE}/security.txt"))
    assert results(*visits) == [PASS, PASS, FAIL]
    assert faults(*visits) == ["wrong-place"]


def test_an_endless_file_is_not_judged() -> None:
    visit = fetched(GOOD, body_bytes=70_000)
    assert results(visit) == [PASS, PASS, OPEN]


@pytest.mark.parametrize(
    "line",
    ["Contact: https://[", "Expires: 99999999999999999999", "-----BEGIN PGP SIGNED MESSAGE-----",
     "Expires: 0000-00-00T00:00:00Z"],
)  # fmt: skip
def test_odd_lines_never_raise(line: str) -> None:
    assert results(fetched(f"{line}\n{GOOD}"))[0] is PASS


PIECES = st.sampled_from(
    ["Contact: ", "Expires: ", "Canonical: ", "mailto:", "https://", "[", "2026-", "-----BEGIN PGP SIGNED MESSAGE-----",
     "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----", "\n", "\n\n", ":", "Hash: SHA256",
     "á", "\x00", "99999"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_file_raises(body: str) -> None:
    for outcome in results(fetched(body)):
        assert outcome in (PASS, FAIL, OPEN, NONE)


def test_the_target_is_the_place_of_the_file_whatever_was_asked() -> None:
    for visits in ([], [failed_visit("connect-refused")], [fetched(GOOD, f"{BASE}/security.txt")]):
        assert {
            verdict.target for check in IDS for verdict in judge(f"disclosure.security-txt-{check}", view(*visits))
        } == {FILE}
