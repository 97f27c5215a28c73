"""Rules of the area `header` over Content-Security-Policy. Only enforced policies count, report-only ones do not.

Several policies apply all at once, so a fault is there only when no policy prevents it (CSP Level 3, section 8.1).
"""

from __future__ import annotations

from collections.abc import Callable

from secaudit.checks.csp import (
    Policy,
    allows_evaluation,
    allows_inline,
    parse_policies,
    policies_in_page,
    restricts,
    wide_sources,
)
from secaudit.checks.pages import Page, on_page, shown
from secaudit.checks.registry import Verdict, check, inconclusive, not_applicable
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason

Evidence = dict[str, Json]
CSP = "Content-Security-Policy"


def _policies(page: Page) -> list[Policy]:
    return parse_policies(page.header(CSP)) + policies_in_page(page.exchange.body)


def _verdict(page: Page, *, fault: bool, **more: Json) -> Verdict:
    in_page: list[Json] = ["; ".join(sorted(p.directives))[:300] for p in policies_in_page(page.exchange.body)]
    return page.verdict(fault=fault, values=shown(page.header(CSP)), directives_in_meta=in_page, **more)


def _unread(page: Page) -> Reason | None:
    """Return why the page's own `<meta>` policies may have been missed: its body did not come whole."""
    return page.exchange.fault


@check("header.csp-missing")
def _csp_missing(view: View) -> list[Verdict]:
    def rule(page: Page) -> Verdict:
        if _policies(page):
            return _verdict(page, fault=False)
        if reason := _unread(page):
            return inconclusive(page.target, reason)
        return _verdict(page, fault=True, report_only=shown(page.header(f"{CSP}-Report-Only")))

    return on_page(view, rule)


def _on_policies(
    view: View, rule: Callable[[list[Policy]], Evidence | None], *, about_scripts: bool = False
) -> list[Verdict]:
    """Apply `rule`, which returns the evidence of the fault or None, to the page's policies."""

    def judge(page: Page) -> Verdict:
        policies = _policies(page)
        if not policies:
            reason = _unread(page)
            if reason is not None:
                return inconclusive(page.target, reason)
            return not_applicable(page.target, Reason(code="http-header-absent", params={"header": CSP}))
        if about_scripts and all(policy.script_elements is None for policy in policies):
            return not_applicable(page.target, Reason(code="csp-no-script-rule"))
        fault = rule(policies)
        if fault is None:
            return _verdict(page, fault=False)
        reason = _unread(page)
        # A policy in the part of the page that did not come could still prevent it.
        return inconclusive(page.target, reason) if reason else _verdict(page, fault=True, **fault)

    return on_page(view, judge)


@check("header.csp-unsafe-inline")
def _unsafe_inline(view: View) -> list[Verdict]:
    def rule(policies: list[Policy]) -> Evidence | None:
        elements = all(allows_inline(policy.script_elements) for policy in policies)
        attributes = all(allows_inline(policy.script_attributes) for policy in policies)
        return {"script_elements": elements, "event_handlers": attributes} if elements or attributes else None

    return _on_policies(view, rule, about_scripts=True)


@check("header.csp-unsafe-eval")
def _unsafe_eval(view: View) -> list[Verdict]:
    def rule(policies: list[Policy]) -> Evidence | None:
        return {} if all(allows_evaluation(policy.evaluation) for policy in policies) else None

    return _on_policies(view, rule, about_scripts=True)


@check("header.csp-wildcard")
def _wildcard(view: View) -> list[Verdict]:
    def rule(policies: list[Policy]) -> Evidence | None:
        if any(restricts(policy.script_elements, scripts=True) for policy in policies):
            return None
        wide: list[Json] = [
            source for policy in policies for source in wide_sources(policy.script_elements or (), scripts=True)
        ]
        return {"any_server_by": wide or "no script-src and no default-src"}

    return _on_policies(view, rule)


@check("header.csp-no-object-src")
def _no_object_src(view: View) -> list[Verdict]:
    def rule(policies: list[Policy]) -> Evidence | None:
        return None if any(restricts(policy.first("object-src", "default-src")) for policy in policies) else {}

    return _on_policies(view, rule)


@check("header.csp-no-base-uri")
def _no_base_uri(view: View) -> list[Verdict]:
    def rule(policies: list[Policy]) -> Evidence | None:
        return None if any(restricts(policy.first("base-uri")) for policy in policies) else {}

    return _on_policies(view, rule)
