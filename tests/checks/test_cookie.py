from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.checks.cookie import is_session_like
from secaudit.checks.setcookie import SetCookie, parse_cookie_date, parse_set_cookie
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.words import Outcome
from tests.checks.judging import judge, judge_areas, make_view
from tests.checks.visits import HTTP, HTTPS, REFUSED, TIMEOUT, answer, broken, redirecting, site, visit

PASS, FAIL = Outcome.PASS, Outcome.FAIL
OPEN, NONE = Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE
CHECKS = ("no-secure", "no-httponly", "no-samesite", "samesite-none-insecure", "broad-domain")


def cookies(*values: str, url: str = HTTPS) -> View:
    page = answer(url, 200, [("Set-Cookie", value) for value in values])
    if url.startswith("http:"):
        return site(broken("page-https", REFUSED), visit("page-http", page))
    return site(visit("page-https", page), redirecting())


def results(check: str, view: View) -> dict[str, Outcome]:
    return {verdict.place: verdict.result for verdict in judge(f"cookie.{check}", view)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a=1", SetCookie("a")),
        (" a = 1 ; Secure ;HTTPONLY; SameSite=lax", SetCookie("a", True, True, "lax")),
        ("a=1; SameSite=None; Secure=anything", SetCookie("a", True, False, "none")),
        ("a=1; SameSite=bogus", SetCookie("a")),
        ("a=1; Domain=.Xa.Example; Path=/b", SetCookie("a", domain="xa.example", path="/b")),
        ("a=1; Domain=a.example; Domain=b.example", SetCookie("a", domain="b.example")),
        ("a=1; Max-Age=60", SetCookie("a", max_age=60)),
        ("a=1; Max-Age=1e3", SetCookie("a")),
        ("a=1; Max-Age=" + "9" * 900, SetCookie("a", max_age=10**18)),
        ("value-only", SetCookie("")),
        ("=v", SetCookie("")),
        ("a=", SetCookie("a")),
        ("", None),
        ("=", None),
        ("; Secure", None),
        ("a=1\x00; Secure", None),
        ("a=" + "x" * 4096, None),
    ],
)
def test_reading_set_cookie(value: str, expected: SetCookie | None) -> None:
    assert parse_set_cookie(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 09 Jun 2021 10:18:14 GMT", datetime(2021, 6, 9, 10, 18, 14, tzinfo=UTC)),
        ("Wednesday, 09-Jun-21 10:18:14 GMT", datetime(2021, 6, 9, 10, 18, 14, tzinfo=UTC)),
        ("Thu Jan  1 00:00:00 1970", datetime(1970, 1, 1, tzinfo=UTC)),
        ("01 jan 70 0:0:0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("0", None),
        ("Wed, 31 Feb 2021 10:18:14 GMT", None),
        ("Wed, 09 Jun 1600 10:18:14 GMT", None),
        ("Wed, 09 Jun 2021", None),
    ],
)
def test_reading_cookie_dates(text: str, expected: datetime | None) -> None:
    assert parse_cookie_date(text) == expected


@pytest.mark.parametrize(
    ("cookie", "removal"),
    [
        ("a=1; Max-Age=0", True),
        ("a=1; Max-Age=-5; Expires=Wed, 09 Jun 2099 10:18:14 GMT", True),
        ("a=1; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT", False),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("a=1", False),
    ],
)
def test_removals(cookie: str, removal: bool) -> None:
    found = parse_set_cookie(cookie)
    assert found is not None
    assert found.is_removal(datetime(2026, 1, 1, tzinfo=UTC)) is removal


def test_a_good_cookie_passes_everything() -> None:
    view = cookies("PHPSESSID=x; Secure; HttpOnly; SameSite=Lax")
    assert {check: results(check, view) for check in CHECKS} == {check: {"PHPSESSID": PASS} for check in CHECKS}


def test_every_cookie_has_a_verdict_of_its_own() -> None:
    view = cookies("a=1; Secure; SameSite=Lax", "b=1", "c=1; SameSite=None", "d=1; Secure; SameSite=None")
    assert results("no-secure", view) == {"a": PASS, "b": FAIL, "c": FAIL, "d": PASS}
    assert results("no-samesite", view) == {"a": PASS, "b": FAIL, "c": PASS, "d": PASS}
    assert results("samesite-none-insecure", view) == {"a": PASS, "b": PASS, "c": FAIL, "d": PASS}
    assert results("no-httponly", view) == dict.fromkeys("abcd", NONE)


@pytest.mark.parametrize(
    "name",
    ["PHPSESSID", "JSESSIONID", "ASP.NET_SessionId", "connect.sid", "laravel_session", "ci_session", ".ASPXAUTH",
     "access_token", "jwt", "wordpress_logged_in_ab12", "SESS1a2b3c", "remember_web_1", "LtpaToken2", "sid"],
)  # fmt: skip
def test_names_of_login_cookies(name: str) -> None:
    assert is_session_like(name)
    assert results("no-httponly", cookies(f"{name}=1")) == {name: FAIL}
    assert results("no-httponly", cookies(f"{name}=1; HttpOnly")) == {name: PASS}


@pytest.mark.parametrize(
    "name",
    ["lang", "_ga", "XSRF-TOKEN", "csrftoken", "__RequestVerificationToken", "GUEST_LANGUAGE_ID", "theme", "author",
     "BIGipServerpool", "side", "residence"],
)  # fmt: skip
def test_other_cookies_need_no_httponly(name: str) -> None:
    (verdict,) = judge("cookie.no-httponly", cookies(f"{name}=1"))
    assert verdict.result is NONE
    assert verdict.reason == Reason(code="cookie-not-session", params={"cookie": name})


def test_one_faulty_setting_among_several_is_enough_and_is_shown() -> None:
    first = answer(HTTPS, 302, [("Location", "/x"), ("Set-Cookie", "a=1; Secure; SameSite=Lax")])
    last = answer("https://xa.example/x?q=1", 200, [("Set-Cookie", "a=2; SameSite=Lax")])
    (verdict,) = judge("cookie.no-secure", site(visit("page-https", first, last), redirecting()))
    assert (verdict.result, verdict.target) == (FAIL, HTTPS)
    assert verdict.evidence["set_by"] == "https://xa.example/x"
    assert "2" not in str(verdict.evidence["cookie"])


def test_secure_does_not_arise_without_https() -> None:
    (verdict,) = judge("cookie.no-secure", cookies("a=1", url=HTTP))
    assert (verdict.result, verdict.reason) == (NONE, Reason(code="no-https"))
    assert verdict.target == HTTP


def test_a_cookie_of_the_http_side_alone_is_judged_where_https_works() -> None:
    plain = visit("page-http", answer(HTTP, 301, [("Location", HTTPS), ("Set-Cookie", "a=1")]), answer(HTTPS))
    assert results("no-secure", site(visit("page-https", answer(HTTPS)), plain)) == {"a": FAIL}


def test_what_browsers_do_not_store_is_not_judged() -> None:
    view = cookies("a=1; Domain=other.example", "b=; Max-Age=0", "c=1\x01")
    assert results("no-secure", view) == {"": NONE}
    insecure = cookies("s=1; Secure", url=HTTP)
    assert results("no-samesite", insecure) == {"": NONE}


@pytest.mark.parametrize(
    ("host", "domain", "expected"),
    [
        ("www.xa.example", "xa.example", FAIL),
        ("www.xa.example", ".XA.example", FAIL),
        ("www.xa.example", "www.xa.example", PASS),
        ("xa.example", "", PASS),
    ],
)
def test_broad_domain(host: str, domain: str, expected: Outcome) -> None:
    view = cookies(f"a=1; Domain={domain}", url=f"https://{host}/")
    assert results("broad-domain", view) == {"a": expected}


@pytest.mark.parametrize("check", CHECKS)
def test_no_cookies_and_no_page(check: str) -> None:
    (none,) = judge(f"cookie.{check}", cookies())
    assert (none.result, none.reason) == (NONE, Reason(code="no-cookies"))
    (unseen,) = judge(f"cookie.{check}", site(broken("page-https", TIMEOUT), broken("page-http", REFUSED)))
    assert (unseen.result, unseen.reason) == (OPEN, TIMEOUT)
    (unrun,) = judge(f"cookie.{check}", make_view([]))
    assert unrun.result is OPEN


@given(st.text())
def test_reading_set_cookie_never_raises(value: str) -> None:
    found = parse_set_cookie(value)
    assert found is None or found.same_site in ("", "strict", "lax", "none")
    parse_cookie_date(value)


@given(st.text(alphabet="0123456789:-,; JanFebGMT"))
def test_cookie_dates_never_raise(value: str) -> None:
    found = parse_cookie_date(value)
    assert found is None or found.year >= 1601


@given(st.lists(st.text(), max_size=5))
def test_any_cookies_get_verdicts_in_every_check(values: list[str]) -> None:
    judged = judge_areas(cookies(*values), ["cookie"])
    assert len({len(verdicts) for verdicts in judged.values()}) == 1
    assert all(verdicts for verdicts in judged.values())
