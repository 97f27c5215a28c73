from __future__ import annotations

import pytest

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import VisitEnd
from secaudit.model.words import Outcome
from tests.checks.judging import judge, make_view
from tests.checks.visits import HTTP, HTTPS, REFUSED, TIMEOUT, answer, broken, redirecting, site, visit

PASS, FAIL = Outcome.PASS, Outcome.FAIL
OPEN, NONE = Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE
NOT_TLS = Reason(code="http-not-tls", params={"host": "xa.example", "port": 443})
GOOD = visit("page-https", answer(HTTPS))
PLAIN = visit("page-http", answer(HTTP))


def said(check: str, view: View) -> tuple[Outcome, str]:
    """Return the one verdict's result and reason code."""
    (verdict,) = judge(check, view)
    assert (verdict.reason is None) is (verdict.result in (PASS, FAIL))
    return verdict.result, verdict.reason.code if verdict.reason else ""


@pytest.mark.parametrize(
    ("https", "http", "result", "reason"),
    [
        (GOOD, redirecting(), PASS, ""),
        (broken("page-https", REFUSED), PLAIN, FAIL, ""),
        (broken("page-https", NOT_TLS), PLAIN, FAIL, ""),
        (broken("page-https", TIMEOUT), PLAIN, OPEN, "connect-timeout"),
        (broken("page-https", REFUSED), broken("page-http", REFUSED), OPEN, "connect-refused"),
        (GOOD, broken("page-http", REFUSED), PASS, ""),
        (broken("page-https", REFUSED), redirecting(), PASS, ""),
    ],
)
def test_plain_only(https: object, http: object, result: Outcome, reason: str) -> None:
    assert said("http.plain-only", site(https, http)) == (result, reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("https", "http", "result", "reason"),
    [
        (GOOD, redirecting(), PASS, ""),
        (GOOD, PLAIN, FAIL, ""),
        (GOOD, broken("page-http", REFUSED), NONE, "no-http"),
        (GOOD, broken("page-http", TIMEOUT), OPEN, "connect-timeout"),
        (broken("page-https", REFUSED), PLAIN, NONE, "no-https"),
        (broken("page-https", TIMEOUT), PLAIN, OPEN, "connect-timeout"),
        (GOOD, visit("page-http", answer(HTTP, 403)), OPEN, "http-error-page"),
        (GOOD, visit("page-http", answer(HTTP, 302), end=VisitEnd.OFF_SCOPE, next_url="https://o.example/"), PASS, ""),
        (
            GOOD,
            visit("page-http", answer(HTTP, 302), end=VisitEnd.OFF_SCOPE, next_url="http://o.example/"),
            OPEN,
            "http-redirect-off-scope",
        ),
        (GOOD, visit("page-http", answer(HTTP, 302), end=VisitEnd.LOOP, next_url=HTTP), OPEN, "http-redirect-loop"),
        # Sent to https and back to http again: what the visitor sees in the end is plain.
        (GOOD, visit("page-http", answer(HTTP, 302), answer(HTTPS, 302), answer(HTTP)), FAIL, ""),
    ],
)
def test_no_https_redirect(https: object, http: object, result: Outcome, reason: str) -> None:
    assert said("http.no-https-redirect", site(https, http)) == (result, reason)  # type: ignore[arg-type]


def test_the_redirect_chain_is_told_without_queries() -> None:
    there = visit("page-http", answer("http://xa.example/?sid=1", 302), answer("http://xa.example/a?x=2"))
    (verdict,) = judge("http.no-https-redirect", site(GOOD, there))
    assert verdict.evidence["chain"] == ["302 http://xa.example/", "200 http://xa.example/a"]
    assert verdict.target == HTTP


@pytest.mark.parametrize("end", [VisitEnd.LOOP, VisitEnd.TOO_MANY])
def test_a_redirect_loop_fails_on_its_side_only(end: VisitEnd) -> None:
    loop = visit("page-http", answer(HTTP, 302), end=end, next_url=HTTP)
    verdicts = {v.target: v.result for v in judge("http.redirect-loop", site(GOOD, loop))}
    assert verdicts == {HTTPS: PASS, HTTP: FAIL}


def test_an_off_scope_redirect_says_where_to() -> None:
    away = visit("page-https", answer(HTTPS, 302), end=VisitEnd.OFF_SCOPE, next_url="https://o.example/x?id=1")
    verdicts = {v.target: v for v in judge("http.redirect-off-scope", site(away, redirecting()))}
    assert verdicts[HTTPS].result is FAIL
    assert verdicts[HTTPS].evidence["leads_to"] == "https://o.example/x"
    assert verdicts[HTTP].result is PASS


@pytest.mark.parametrize("check", ["http.redirect-loop", "http.redirect-off-scope"])
def test_redirects_that_nobody_could_follow(check: str) -> None:
    verdicts = {v.target: v for v in judge(check, site(broken("page-https", TIMEOUT), broken("page-http", REFUSED)))}
    assert verdicts[HTTPS].result is OPEN
    assert verdicts[HTTPS].reason == TIMEOUT
    assert verdicts[HTTP].result is NONE
    assert verdicts[HTTP].reason == Reason(code="no-http")


def test_a_refusal_after_a_redirect_is_not_a_missing_service() -> None:
    half = broken("page-http", REFUSED, answer(HTTP, 302))
    verdicts = {v.target: v.result for v in judge("http.redirect-loop", site(GOOD, half))}
    assert verdicts[HTTP] is OPEN


SENT = (("Host", "xa.example"), ("X-Secaudit-Echo", "trace-check"))
ECHO = "TRACE / HTTP/1.1\r\nHost: xa.example\r\nX-Secaudit-Echo: trace-check\r\n"


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (200, ECHO, FAIL),
        (200, "<html>TRACE / HTTP/1.1 X-Secaudit-Echo: trace-check</html>", PASS),
        (200, "TRACE is what you sent", PASS),
        (405, ECHO, PASS),
        (501, "", PASS),
        (302, "", PASS),
    ],
)
def test_trace_enabled_only_where_the_request_comes_back(status: int, body: str, result: Outcome) -> None:
    view = site(visit("trace", answer(HTTPS, status, body=body, request_headers=SENT, method="TRACE")))
    assert said("http.trace-enabled", view) == (result, "")


@pytest.mark.parametrize(
    ("status", "headers", "result", "reason"),
    [
        (200, [("Allow", "GET, HEAD, OPTIONS")], PASS, ""),
        (200, [("Allow", "GET, HEAD, put, TRACE")], FAIL, ""),
        (200, [("Public", "OPTIONS, TRACE, GET, HEAD, POST, PROPFIND")], FAIL, ""),
        (405, [("Allow", "GET"), ("Allow", "DELETE")], FAIL, ""),
        (405, [], PASS, ""),
        (501, [], PASS, ""),
        (200, [], OPEN, "http-options-silent"),
        (403, [], OPEN, "http-options-silent"),
        (200, [("Allow", "")], PASS, ""),
    ],
)
def test_unsafe_methods(status: int, headers: list[tuple[str, str]], result: Outcome, reason: str) -> None:
    view = site(visit("options", answer(HTTPS, status, headers, method="OPTIONS")))
    assert said("http.unsafe-methods", view) == (result, reason)


def test_unsafe_methods_are_named() -> None:
    view = site(visit("options", answer(HTTPS, 200, [("Allow", "PUT, GET, DELETE")])))
    assert judge("http.unsafe-methods", view)[0].evidence["methods"] == ["DELETE", "PUT"]


@pytest.mark.parametrize("check", ["http.trace-enabled", "http.unsafe-methods"])
def test_a_visit_without_answer_is_inconclusive(check: str) -> None:
    assert said(check, site(broken("trace", TIMEOUT), broken("options", TIMEOUT))) == (OPEN, "connect-timeout")


@pytest.mark.parametrize(
    "check",
    [
        "http.plain-only",
        "http.no-https-redirect",
        "http.redirect-loop",
        "http.redirect-off-scope",
        "http.trace-enabled",
        "http.unsafe-methods",
    ],
)
def test_without_the_probe_everything_is_inconclusive(check: str) -> None:
    crash = Reason(code="probe-crashed", params={"probe": "http", "detail": "x"})
    verdicts = judge(check, make_view([], missing={"http": crash}))
    assert verdicts
    assert all((verdict.result, verdict.reason) == (OPEN, crash) for verdict in verdicts)
