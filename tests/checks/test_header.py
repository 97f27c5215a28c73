from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.checks.header import referrer_policy
from secaudit.checks.hsts import LEAST_SECONDS, Hsts, parse_hsts
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.words import Outcome
from tests.checks.judging import judge, judge_areas, judge_one, make_view
from tests.checks.visits import (
    HTTP,
    HTTPS,
    REFUSED,
    TIMEOUT,
    Headers,
    answer,
    broken,
    page_view,
    redirecting,
    site,
    visit,
)

PASS, FAIL = Outcome.PASS, Outcome.FAIL
OPEN, NONE = Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE
HEADER_CHECKS = tuple(name for name in judge_areas(make_view([]), ["header"]) if name.startswith("header."))


# --- Strict-Transport-Security ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("max-age=31536000", Hsts(31536000)),
        ("max-age=31536000; includeSubDomains; preload", Hsts(31536000, True, True)),
        ('MAX-AGE="31536000" ;INCLUDESUBDOMAINS', Hsts(31536000, True)),
        (";; max-age=1 ;", Hsts(1)),
        ('max-age=1; note="a; b \\" c"', Hsts(1)),
        ("max-age = 0", Hsts(0)),
        ("max-age=" + "9" * 5000, Hsts(10**18)),
        ("", Hsts(fault="max-age-missing")),
        ("includeSubDomains", Hsts(fault="max-age-missing")),
        ("max-age=1; Max-Age=2", Hsts(fault="duplicate-directive")),
        ("max-age=abc", Hsts(fault="max-age-not-a-number")),
        ("max-age=-1", Hsts(fault="max-age-not-a-number")),
        ("max-age", Hsts(fault="max-age-not-a-number")),
        ("max-age=1, max-age=2", Hsts(fault="max-age-not-a-number")),
        ("max-age=1; includeSubDomains=yes", Hsts(fault="include-subdomains-with-value")),
        ("max-age=1; sp ace", Hsts(fault="syntax")),
    ],
)
def test_reading_hsts(value: str, expected: Hsts) -> None:
    assert parse_hsts(value) == expected


def hsts(*values: str) -> View:
    return page_view([("strict-transport-security", value) for value in values])


@pytest.mark.parametrize(
    ("view", "missing", "short", "invalid"),
    [
        (hsts(), FAIL, NONE, NONE),
        (hsts("max-age=31536000"), PASS, PASS, PASS),
        (hsts(f"max-age={LEAST_SECONDS}"), PASS, PASS, PASS),
        (hsts(f"max-age={LEAST_SECONDS - 1}"), PASS, FAIL, PASS),
        (hsts("max-age=0"), PASS, FAIL, PASS),
        (hsts("max-age=x"), PASS, NONE, FAIL),
        # Only the first field counts.
        (hsts("max-age=1", "max-age=31536000"), PASS, FAIL, PASS),
        (site(broken("page-https", REFUSED), visit("page-http", answer(HTTP))), NONE, NONE, NONE),
        (site(broken("page-https", TIMEOUT), visit("page-http", answer(HTTP))), OPEN, OPEN, OPEN),
        (site(broken("page-https", REFUSED), broken("page-http", REFUSED)), OPEN, OPEN, OPEN),
    ],
)
def test_hsts(view: View, missing: Outcome, short: Outcome, invalid: Outcome) -> None:
    found = [judge_one(f"header.{check}", view) for check in ("hsts-missing", "hsts-short", "hsts-invalid")]
    assert found == [missing, short, invalid]


def test_hsts_is_judged_over_https_only() -> None:
    field = [("Strict-Transport-Security", "max-age=31536000")]
    down = visit("page-https", answer(HTTPS, 302), answer(HTTP, 200, field))
    assert judge_one("header.hsts-missing", site(down, redirecting())) is FAIL


# --- Framing, sniffing, referrer, permissions ---------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], FAIL),
        ([("X-Frame-Options", "DENY")], PASS),
        ([("X-Frame-Options", " sameorigin ")], PASS),
        ([("X-Frame-Options", "SAMEORIGIN"), ("X-Frame-Options", "SAMEORIGIN")], PASS),
        ([("X-Frame-Options", "SAMEORIGIN, DENY")], PASS),
        ([("X-Frame-Options", "ALLOW-FROM https://a.example")], FAIL),
        ([("X-Frame-Options", "ALLOWALL")], FAIL),
        ([("X-Frame-Options", "'DENY'")], FAIL),
        ([("Content-Security-Policy", "frame-ancestors 'none'")], PASS),
        ([("Content-Security-Policy", "frame-ancestors https://tinh.gov.vn")], PASS),
        ([("Content-Security-Policy", "frame-ancestors *"), ("X-Frame-Options", "DENY")], FAIL),
        ([("Content-Security-Policy", "frame-ancestors *, frame-ancestors 'self'")], PASS),
        ([("Content-Security-Policy", "default-src 'self'"), ("X-Frame-Options", "DENY")], PASS),
        ([("Content-Security-Policy", "default-src 'self'")], FAIL),
        ([("Content-Security-Policy-Report-Only", "frame-ancestors 'none'")], FAIL),
    ],
)
def test_framing_allowed(headers: Headers, expected: Outcome) -> None:
    assert judge_one("header.framing-allowed", page_view(headers)) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], FAIL),
        (["nosniff"], PASS),
        (["NoSniff "], PASS),
        (["sniff"], FAIL),
        (["x, nosniff"], FAIL),
        (["nosniff", "x"], PASS),
    ],
)
def test_nosniff_missing(values: list[str], expected: Outcome) -> None:
    view = page_view([("X-Content-Type-Options", value) for value in values])
    assert judge_one("header.nosniff-missing", view) is expected


@pytest.mark.parametrize(
    ("values", "page", "policy", "missing", "unsafe"),
    [
        ([], "", "", FAIL, NONE),
        (["strict-origin"], "", "strict-origin", PASS, PASS),
        (["unsafe-url"], "", "unsafe-url", PASS, FAIL),
        (["no-referrer-when-downgrade"], "", "no-referrer-when-downgrade", PASS, FAIL),
        (["unsafe-url, Strict-Origin"], "", "strict-origin", PASS, PASS),
        (["strict-origin, unknown"], "", "strict-origin", PASS, PASS),
        (["no-referrer", "unsafe-url"], "", "unsafe-url", PASS, FAIL),
        (["nonsense"], "", "", FAIL, NONE),
        (["unsafe-url"], '<meta name="Referrer" content="no-referrer">', "no-referrer", PASS, PASS),
        ([], '<meta name="referrer" content="always">', "unsafe-url", PASS, FAIL),
    ],
)
def test_referrer_policy(values: list[str], page: str, policy: str, missing: Outcome, unsafe: Outcome) -> None:
    assert referrer_policy(values, page) == policy
    view = page_view([("Referrer-Policy", value) for value in values], body=page)
    assert (judge_one("header.referrer-policy-missing", view), judge_one("header.referrer-policy-unsafe", view)) == (
        missing,
        unsafe,
    )


@pytest.mark.parametrize(
    ("headers", "expected"),
    [([], FAIL), ([("Permissions-Policy", "camera=()")], PASS), ([("Permissions-Policy", " ")], FAIL),
     ([("Feature-Policy", "camera 'none'")], FAIL)],
)  # fmt: skip
def test_permissions_policy_missing(headers: Headers, expected: Outcome) -> None:
    assert judge_one("header.permissions-policy-missing", page_view(headers)) is expected


# --- Cross-origin access ------------------------------------------------------------------------------

ORIGIN = "https://secaudit-origin-check.example"


def cors(page: Headers, asked: Headers) -> View:
    sent = (("Host", "xa.example"), ("Origin", ORIGIN))
    return site(
        visit("page-https", answer(HTTPS, 200, page)),
        redirecting(),
        visit("cors", answer(HTTPS, 200, asked, request_headers=sent)),
    )


def allow(value: str) -> Headers:
    return [("Access-Control-Allow-Origin", value)]


@pytest.mark.parametrize(
    ("view", "anyone", "reflects"),
    [
        (cors([], []), PASS, PASS),
        (cors(allow("*"), allow("*")), FAIL, PASS),
        (cors([], allow("*")), FAIL, PASS),
        (cors([], allow(ORIGIN)), PASS, FAIL),
        (cors([], allow("https://tinh.gov.vn")), PASS, PASS),
        (site(visit("page-https", answer(HTTPS)), broken("cors", TIMEOUT)), OPEN, OPEN),
        (site(visit("page-https", answer(HTTPS, 200, allow("*"))), broken("cors", TIMEOUT)), FAIL, OPEN),
    ],
)
def test_cors(view: View, anyone: Outcome, reflects: Outcome) -> None:
    assert (judge_one("header.cors-any-origin", view), judge_one("header.cors-reflects-origin", view)) == (
        anyone,
        reflects,
    )


@pytest.mark.parametrize("value", ["*", ORIGIN])
def test_cors_evidence_says_whether_credentials_go_along(value: str) -> None:
    check = "header.cors-any-origin" if value == "*" else "header.cors-reflects-origin"
    without = judge(check, cors([], allow(value)))[0]
    with_them = judge(check, cors([], [*allow(value), ("Access-Control-Allow-Credentials", "true")]))[0]
    assert (without.evidence["credentials"], with_them.evidence["credentials"]) == (False, True)


# --- Product names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("nginx", PASS),
        ("Apache (Debian)", PASS),
        ("cloudflare", PASS),
        ("ECS (sgn/0A1B)", PASS),
        ("AmazonS3", PASS),
        ("nginx/1.24.0", FAIL),
        ("Apache/2.4.57 (Debian) OpenSSL/3.0.9", FAIL),
        ("Microsoft-IIS/10.0", FAIL),
        ("Apache/2", FAIL),
        ("Oracle-HTTP-Server 12.2.1.4", FAIL),
    ],
)
def test_server_version(value: str, expected: Outcome) -> None:
    assert judge_one("header.server-version", page_view([("Server", value)])) is expected


def test_no_server_header_is_a_pass() -> None:
    assert judge_one("header.server-version", page_view()) is PASS


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], PASS),
        ([("X-Powered-By", "")], PASS),
        ([("x-powered-by", "PHP/7.4")], FAIL),
        ([("X-AspNet-Version", "4.0.30319")], FAIL),
        ([("X-AspNetMvc-Version", "5.2")], FAIL),
        ([("X-Generator", "Drupal 7")], FAIL),
        ([("X-Request-Id", "1")], PASS),
    ],
)
def test_powered_by(headers: Headers, expected: Outcome) -> None:
    assert judge_one("header.powered-by", page_view(headers)) is expected


# --- Which page is judged -----------------------------------------------------------------------------


def test_all_header_checks_are_here() -> None:
    assert len(HEADER_CHECKS) == 18


@pytest.mark.parametrize("check", HEADER_CHECKS)
def test_nothing_seen_is_inconclusive_with_the_reason(check: str) -> None:
    both = site(broken("page-https", REFUSED), broken("page-http", TIMEOUT), broken("cors", TIMEOUT))
    (verdict,) = judge(check, both)
    assert (verdict.result, verdict.reason) == (OPEN, TIMEOUT)
    (unseen,) = judge(check, make_view([]))
    assert unseen.result is OPEN
    assert unseen.reason == Reason(code="probe-not-run", params={"probe": "http"})


def test_the_https_page_goes_before_the_http_page() -> None:
    powered = [("X-Powered-By", "x")]
    plain = visit("page-http", answer(HTTP, 200, powered))
    assert judge_one("header.powered-by", site(visit("page-https", answer(HTTPS)), plain)) is PASS
    (verdict,) = judge("header.powered-by", site(broken("page-https", REFUSED), plain))
    assert (verdict.result, verdict.target) == (FAIL, HTTP)


def test_the_target_is_stable_and_the_evidence_says_where_and_how() -> None:
    first = answer("https://xa.example/tin?a=1", 302, [("Location", "/x")])
    final = answer("https://xa.example/x;jsessionid=42?b=2", 403)
    (verdict,) = judge("header.nosniff-missing", site(visit("page-https", first, final)))
    assert verdict.target == "https://xa.example/tin"
    assert verdict.evidence["page"] == "https://xa.example/x;jsessionid=42"
    assert verdict.evidence["status"] == 403


# --- Any text at all ----------------------------------------------------------------------------------


@given(st.text())
def test_reading_hsts_never_raises(value: str) -> None:
    found = parse_hsts(value)
    assert (found.max_age is None) is bool(found.fault)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "Content-Security-Policy",
                    "Server",
                    "Referrer-Policy",
                    "X-Frame-Options",
                    "Strict-Transport-Security",
                    "X-Content-Type-Options",
                ]
            ),
            st.text(),
        )
    )
)
def test_any_headers_get_one_verdict_per_check(headers: list[tuple[str, str]]) -> None:  # fmt: skip
    judged = judge_areas(page_view(headers), ["header"])
    assert {len(verdicts) for verdicts in judged.values()} == {1}
