"""Rules of the area `header`, over the final page: transport, framing, sniffing, referrer, CORS, product names.

The rules over Content-Security-Policy stand in `policy.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from secaudit.checks import policy
from secaudit.checks.csp import parse_policies, restricts
from secaudit.checks.hsts import LEAST_SECONDS, Hsts, parse_hsts
from secaudit.checks.meta import head_metas
from secaudit.checks.pages import (
    Page,
    answers,
    https_state,
    is_https,
    on_page,
    shown,
    why_no_page,
    without_query,
)
from secaudit.checks.registry import Verdict, check, inconclusive, not_applicable
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.observation import HttpExchange

PROBES = ("http",)
__all__ = ["policy"]

HSTS = "Strict-Transport-Security"


def _secure_answer(view: View) -> Page | Verdict:
    """Return the last answer over https; browsers heed the field nowhere else (RFC 6797, section 8.1)."""
    for purpose in ("page-https", "page-http"):
        visit = view.visit(purpose)
        secure = [exchange for exchange in answers(visit) if is_https(exchange.url)]
        if visit is not None and secure:
            return Page(without_query(visit.target), secure[-1])
    target, state = without_query(view.https_url), https_state(view)
    if isinstance(state, Reason):
        return inconclusive(target, state)
    plain = view.visit("page-http")
    if not answers(plain):
        return inconclusive(target, why_no_page(view, plain))
    return not_applicable(target, Reason(code="no-https"))


def _on_hsts(view: View, rule: Callable[[Page, Hsts], Verdict]) -> list[Verdict]:
    """Apply `rule` to the first field, the only one that counts (RFC 6797, section 8.1)."""
    page = _secure_answer(view)
    if isinstance(page, Verdict):
        return [page]
    values = page.header(HSTS)
    if not values:
        return [not_applicable(page.target, _absent(HSTS))]
    return [rule(page, parse_hsts(values[0]))]


def _absent(header: str) -> Reason:
    return Reason(code="http-header-absent", params={"header": header})


@check("header.hsts-missing")
def _hsts_missing(view: View) -> list[Verdict]:
    page = _secure_answer(view)
    if isinstance(page, Verdict):
        return [page]
    values = page.header(HSTS)
    return [page.verdict(fault=not values, values=shown(values))]


@check("header.hsts-short")
def _hsts_short(view: View) -> list[Verdict]:
    def rule(page: Page, hsts: Hsts) -> Verdict:
        if hsts.max_age is None:
            return not_applicable(page.target, Reason(code="http-header-invalid", params={"header": HSTS}))
        short = hsts.max_age < LEAST_SECONDS
        return page.verdict(fault=short, max_age_seconds=hsts.max_age, least_seconds=LEAST_SECONDS)

    return _on_hsts(view, rule)


@check("header.hsts-invalid")
def _hsts_invalid(view: View) -> list[Verdict]:
    def rule(page: Page, hsts: Hsts) -> Verdict:
        return page.verdict(fault=bool(hsts.fault), values=shown(page.header(HSTS)), what=hsts.fault)

    return _on_hsts(view, rule)


@check("header.framing-allowed")
def _framing_allowed(view: View) -> list[Verdict]:
    def rule(page: Page) -> Verdict:
        policies = parse_policies(page.header("Content-Security-Policy"))
        ancestors = [p.directives["frame-ancestors"] for p in policies if "frame-ancestors" in p.directives]
        options = [v.strip().lower() for field in page.header("X-Frame-Options") for v in field.split(",")]
        # frame-ancestors switches X-Frame-Options off (CSP Level 3, section 6.4.2.2).
        protected = any(restricts(sources) for sources in ancestors) if ancestors else _frame_options(options)
        return page.verdict(
            fault=not protected,
            frame_ancestors=[" ".join(sources) for sources in ancestors],
            x_frame_options=[*options],
        )

    return on_page(view, rule)


def _frame_options(values: list[str]) -> bool:
    """Tell whether browsers keep the page out of foreign frames (HTML, section 7.7, "X-Frame-Options")."""
    distinct = set(values)
    if len(distinct) > 1:
        return bool(distinct & {"deny", "sameorigin", "allowall"})
    return bool(distinct & {"deny", "sameorigin"})


@check("header.nosniff-missing")
def _nosniff_missing(view: View) -> list[Verdict]:
    def rule(page: Page) -> Verdict:
        values = page.header("X-Content-Type-Options")
        # Only the first value counts (Fetch, section 3.6 "determine nosniff").
        sound = bool(values) and values[0].split(",")[0].strip().lower() == "nosniff"
        return page.verdict(fault=not sound, values=shown(values))

    return on_page(view, rule)


REFERRER_POLICIES = frozenset(
    {
        "no-referrer",
        "no-referrer-when-downgrade",
        "same-origin",
        "origin",
        "strict-origin",
        "origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    }
)
UNSAFE_REFERRER_POLICIES = frozenset({"unsafe-url", "no-referrer-when-downgrade"})
_LEGACY_REFERRER = {
    "never": "no-referrer",
    "default": "strict-origin-when-cross-origin",
    "always": "unsafe-url",
    "origin-when-crossorigin": "origin-when-cross-origin",
}


def referrer_policy(headers: list[str], page: str) -> str:
    """Return the policy in force, empty where none is set.

    The last valid word counts, unknown ones are skipped (Referrer Policy, section 8.1); a `<meta name="referrer">`
    in the page comes after the header (HTML, section 4.2.5.1).
    """
    words = [word.strip().lower() for field in headers for word in field.split(",")]
    in_page = [
        m.get("content", "").strip().lower() for m in head_metas(page) if m.get("name", "").lower() == "referrer"
    ]
    words += [_LEGACY_REFERRER.get(word, word) for word in in_page]
    return next((word for word in reversed(words) if word in REFERRER_POLICIES), "")


@check("header.referrer-policy-missing")
def _referrer_policy_missing(view: View) -> list[Verdict]:
    def rule(page: Page) -> Verdict:
        values = page.header("Referrer-Policy")
        found = referrer_policy(values, page.exchange.body)
        if not found and page.exchange.fault is not None:
            return inconclusive(page.target, page.exchange.fault)
        return page.verdict(fault=not found, values=shown(values), policy=found)

    return on_page(view, rule)


@check("header.referrer-policy-unsafe")
def _referrer_policy_unsafe(view: View) -> list[Verdict]:
    def rule(page: Page) -> Verdict:
        found = referrer_policy(page.header("Referrer-Policy"), page.exchange.body)
        if not found:
            return not_applicable(page.target, _absent("Referrer-Policy"))
        return page.verdict(fault=found in UNSAFE_REFERRER_POLICIES, policy=found)

    return on_page(view, rule)


@check("header.permissions-policy-missing")
def _permissions_policy_missing(view: View) -> list[Verdict]:
    def rule(page: Page) -> Verdict:
        values = [value for value in page.header("Permissions-Policy") if value.strip()]
        former = page.header("Feature-Policy")
        return page.verdict(fault=not values, values=shown(values), feature_policy=shown(former))

    return on_page(view, rule)


@check("header.cors-any-origin")
def _cors_any_origin(view: View) -> list[Verdict]:
    asked = view.visit("cors")

    def rule(page: Page) -> Verdict:
        both = [page.exchange] + ([asked.page] if asked is not None and asked.page is not None else [])
        for exchange in both:
            if "*" in [value.strip() for value in exchange.values("Access-Control-Allow-Origin")]:
                return page.verdict(fault=True, credentials=_with_credentials(exchange))
        if len(both) == 1:
            return inconclusive(page.target, why_no_page(view, asked))
        return page.verdict(fault=False, values=shown(both[-1].values("Access-Control-Allow-Origin")))

    return on_page(view, rule)


@check("header.cors-reflects-origin")
def _cors_reflects_origin(view: View) -> list[Verdict]:
    visit = view.visit("cors")
    if visit is None or visit.page is None:
        return [inconclusive(without_query(view.target.url), why_no_page(view, visit))]
    page = Page(without_query(visit.target), visit.page)
    sent = next((value for name, value in visit.page.request_headers if name == "Origin"), "")
    values = page.header("Access-Control-Allow-Origin")
    reflects = bool(sent) and sent in [value.strip() for value in values]
    credentials = _with_credentials(visit.page)
    return [page.verdict(fault=reflects, origin_sent=sent, allow_origin=shown(values), credentials=credentials)]


def _with_credentials(exchange: HttpExchange) -> bool:
    return [value.strip() for value in exchange.values("Access-Control-Allow-Credentials")] == ["true"]


_VERSION = re.compile(r"/\s*v?\d+(?:[._]\d+)*(?![0-9A-Za-z])|\b\d+\.\d+(?:\.\d+)*\b")
_DISCLOSING = (
    "X-Powered-By",
    "X-AspNet-Version",
    "X-AspNetMvc-Version",
    "X-Generator",
    "X-Powered-CMS",
    "Liferay-Portal",
    "MicrosoftSharePointTeamServices",
)


@check("header.server-version")
def _server_version(view: View) -> list[Verdict]:
    def rule(page: Page) -> Verdict:
        values = page.header("Server")
        telling = any(_VERSION.search(value) for value in values)
        return page.verdict(fault=telling, values=shown(values))

    return on_page(view, rule)


@check("header.powered-by")
def _powered_by(view: View) -> list[Verdict]:
    def rule(page: Page) -> Verdict:
        found: dict[str, Json] = {}
        for name in _DISCLOSING:
            if values := [value for value in page.header(name) if value.strip()]:
                found[name] = shown(values)
        return page.verdict(fault=bool(found), headers=found)

    return on_page(view, rule)
