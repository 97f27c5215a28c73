"""Content-Security-Policy: reading it, and what a set of policies lets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.checks.csp import parse_policies, policies_in_page, wide_sources
from secaudit.checks.header import referrer_policy
from secaudit.checks.meta import head_metas
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.words import Outcome
from tests.checks.judging import judge, judge_one
from tests.checks.visits import page_view

PASS, FAIL = Outcome.PASS, Outcome.FAIL
OPEN, NONE = Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE


CSP_CHECKS = ("csp-unsafe-inline", "csp-unsafe-eval", "csp-wildcard", "csp-no-object-src", "csp-no-base-uri")


def csp(*values: str, body: str = "") -> View:
    return page_view([("Content-Security-Policy", value) for value in values], body=body)


def faults(view: View) -> set[str]:
    return {check.removeprefix("csp-") for check in CSP_CHECKS if judge_one(f"header.{check}", view) is FAIL}


STRICT = "default-src 'self'; object-src 'none'; base-uri 'none'"


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ([STRICT], set()),
        (["default-src 'self'"], {"no-base-uri"}),
        (["default-src 'self'; base-uri 'self'; script-src 'self' 'unsafe-inline'"], {"unsafe-inline"}),
        (["default-src 'self' 'UNSAFE-INLINE' 'unsafe-eval'; base-uri 'self'"], {"unsafe-inline", "unsafe-eval"}),
        # A nonce, a hash or strict-dynamic switches unsafe-inline off; the last also every list of servers.
        ([STRICT + "; script-src 'unsafe-inline' 'nonce-AbC123=='"], set()),
        ([STRICT + "; script-src 'unsafe-inline' 'sha256-AbC123+/='"], set()),
        ([STRICT + "; script-src 'unsafe-inline' https: 'strict-dynamic' 'nonce-a'"], set()),
        ([STRICT + "; script-src 'unsafe-inline' 'nonce-'"], {"unsafe-inline"}),
        # Event handlers have a directive of their own.
        ([STRICT + "; script-src-attr 'unsafe-inline'"], {"unsafe-inline"}),
        ([STRICT + "; script-src 'self' 'unsafe-inline'; script-src-elem 'self'; script-src-attr 'none'"], set()),
        ([STRICT + "; style-src 'unsafe-inline' *; img-src * data:"], set()),
        ([STRICT + "; script-src *"], {"wildcard"}),
        ([STRICT + "; script-src https:"], {"wildcard"}),
        ([STRICT + "; script-src 'self' data:"], {"wildcard"}),
        ([STRICT + "; script-src https://*"], {"wildcard"}),
        ([STRICT + "; script-src https://*.gov.vn"], set()),
        (["default-src *; base-uri *"], {"wildcard", "no-object-src", "no-base-uri"}),
        # The first of equal directives counts.
        (["script-src 'self'; script-src *; object-src 'none'; base-uri 'self'"], set()),
        # Several policies apply together: one that prevents the fault is enough.
        (["script-src * 'unsafe-inline' 'unsafe-eval'", STRICT], set()),
        (["script-src * 'unsafe-inline'; base-uri 'self', default-src 'self'; object-src 'none'"], set()),
        (["script-src 'unsafe-inline' 'self'", "object-src 'none'; base-uri 'none'"], {"unsafe-inline"}),
        # Scripts not restricted at all: one finding says so.
        (["frame-ancestors 'self'"], {"wildcard", "no-object-src", "no-base-uri"}),
        (["script-src-elem 'self'; object-src 'none'; base-uri 'self'"], {"unsafe-inline", "unsafe-eval"}),
    ],
)
def test_csp_faults(policies: list[str], expected: set[str]) -> None:
    assert faults(csp(*policies)) == expected


def test_csp_missing_and_what_depends_on_it() -> None:
    view = page_view([("Content-Security-Policy-Report-Only", STRICT)])
    (verdict,) = judge("header.csp-missing", view)
    assert verdict.result is FAIL
    assert verdict.evidence["report_only"] == [STRICT]
    assert {judge_one(f"header.{check}", view) for check in CSP_CHECKS} == {NONE}
    assert judge_one("header.csp-missing", csp(STRICT)) is PASS
    assert judge_one("header.csp-missing", csp(" ; ")) is FAIL


def test_without_a_script_rule_inline_and_eval_do_not_arise() -> None:
    (verdict,) = judge("header.csp-unsafe-inline", csp("frame-ancestors 'self'"))
    assert verdict.reason == Reason(code="csp-no-script-rule")


META = '<head><meta http-equiv="content-security-policy" content="{}"></head>'


def test_a_policy_in_the_page_counts_but_not_for_frames() -> None:
    view = csp(body=META.format(STRICT + "; frame-ancestors 'none'"))
    assert judge_one("header.csp-missing", view) is PASS
    assert faults(view) == set()
    assert judge_one("header.framing-allowed", view) is FAIL


@pytest.mark.parametrize(
    "page",
    [
        "<head><!-- " + META.format(STRICT) + " --></head>",
        "<head><script>" + META.format(STRICT) + "</script></head>",
        "<head></head><body>" + META.format(STRICT),
        "<head><noscript>" + META.format(STRICT) + "</noscript></head>",
        META.format("frame-ancestors 'self'; report-uri /r"),
        "<head><meta name=csp content=\"default-src 'self'\"></head>",
    ],
)
def test_a_policy_that_browsers_ignore_does_not_count(page: str) -> None:
    assert judge_one("header.csp-missing", csp(body=page)) is FAIL


def test_a_page_that_did_not_come_whole_may_hide_a_policy() -> None:
    cut = Reason(code="http-body-cut-short")
    view = page_view([], fault=cut, truncated=True)
    assert judge("header.csp-missing", view)[0].reason == cut
    assert judge_one("header.referrer-policy-missing", view) is OPEN
    weak = page_view([("Content-Security-Policy", "script-src *")], fault=cut)
    assert judge_one("header.csp-wildcard", weak) is OPEN
    assert judge_one("header.csp-missing", weak) is PASS


def test_metas_are_read_as_written() -> None:
    page = "<HTML><meta charset=utf-8><META NAME = 'a>b' content=\"x &amp; y\" content=z><meta/name=c/content=d>"
    assert head_metas(page)[:2] == [{"charset": "utf-8"}, {"name": "a>b", "content": "x & y"}]


@given(st.text() | st.text(alphabet="defaultscrip-'*;, \t:/"))
def test_reading_csp_never_raises(value: str) -> None:
    for policy in parse_policies([value]):
        assert policy.directives
        for name, sources in policy.directives.items():
            assert name == name.lower()
            assert set(wide_sources(sources)) <= set(sources)


@given(st.text() | st.text(alphabet="<>meta!-/ ='\"body"))
def test_reading_a_page_never_raises(page: str) -> None:
    assert all(isinstance(meta, dict) for meta in head_metas(page))
    policies_in_page(page)
    assert referrer_policy([page], page) == referrer_policy([page.upper()], page)
