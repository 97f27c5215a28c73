"""Rules of the area `http`: plain http, redirects, methods."""

from __future__ import annotations

from secaudit.checks.pages import (
    ABSENT,
    https_state,
    is_https,
    shown,
    why_no_page,
    without_query,
)
from secaudit.checks.registry import Verdict, check, failed, inconclusive, not_applicable, passed
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.observation import HttpExchange, HttpVisit, VisitEnd

PROBES = ("http",)


# Methods that change what the server holds, or turn it into a relay (RFC 9110, 5789, 4918, 3253, 5842).
# TRACE has a check of its own.
UNSAFE_METHODS = frozenset(
    {"PUT", "DELETE", "PATCH", "CONNECT", "TRACK", "DEBUG"}
    | {"PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH", "ACL"}
    | {"BIND", "UNBIND", "REBIND", "CHECKIN", "CHECKOUT", "UNCHECKOUT", "VERSION-CONTROL", "MKACTIVITY"}
    | {"MKWORKSPACE", "MERGE", "UPDATE", "LABEL", "REPORT"}
)
_REFUSES_OPTIONS = frozenset({405, 501})
_NO_SERVICE = {"page-http": Reason(code="no-http"), "page-https": Reason(code="no-https")}


@check("http.plain-only")
def _plain_only(view: View) -> list[Verdict]:
    target = without_query(view.http_url)
    https = https_state(view)
    if https is True:
        return [passed(target, https=without_query(view.https_url))]
    plain = view.visit("page-http")
    if plain is None or plain.page is None:
        return [inconclusive(target, why_no_page(view, plain))]
    if isinstance(https, Reason):
        return [inconclusive(target, https)]
    why = why_no_page(view, view.visit("page-https"))
    return [failed(target, page=without_query(plain.page.url), status=plain.page.status, https=why.code)]


@check("http.no-https-redirect")
def _no_https_redirect(view: View) -> list[Verdict]:
    target = without_query(view.http_url)
    visit = view.visit("page-http")
    if visit is None:
        return [inconclusive(target, why_no_page(view, visit))]
    chain = _chain(visit)
    if visit.page is None:
        return [_redirected_without_page(view, visit, target, chain)]
    if is_https(visit.page.url):
        return [passed(target, chain=chain)]
    https = https_state(view)
    if https is not True:
        # Without https there is nowhere to redirect to; http.plain-only says that.
        reason = https if isinstance(https, Reason) else Reason(code="no-https")
        return [inconclusive(target, reason) if isinstance(https, Reason) else not_applicable(target, reason)]
    if visit.page.status >= 400:
        return [inconclusive(target, Reason(code="http-error-page", params={"status": visit.page.status}))]
    return [failed(target, chain=chain, status=visit.page.status)]


def _redirected_without_page(view: View, visit: HttpVisit, target: str, chain: list[Json]) -> Verdict:
    """Judge a plain visit that reached no page: a redirect to https counts, wherever it got stuck later."""
    hops = [exchange.url for exchange in visit.exchanges] + [visit.next_url]
    if any(is_https(url) for url in hops):
        return passed(target, chain=chain)
    if visit.fault is not None and visit.fault.code in ABSENT and len(visit.exchanges) <= 1:
        return not_applicable(target, Reason(code="no-http"))
    return inconclusive(target, why_no_page(view, visit))


@check("http.redirect-loop")
def _redirect_loop(view: View) -> list[Verdict]:
    return [
        failed(without_query(visit.target), chain=_chain(visit), end=visit.end.value)
        if visit.end in (VisitEnd.LOOP, VisitEnd.TOO_MANY)
        else passed(without_query(visit.target), redirects=len(visit.exchanges) - 1)
        for visit in _followed(view)
    ] + _not_followed(view)


@check("http.redirect-off-scope")
def _redirect_off_scope(view: View) -> list[Verdict]:
    return [
        failed(without_query(visit.target), leads_to=without_query(visit.next_url), chain=_chain(visit))
        if visit.end is VisitEnd.OFF_SCOPE
        else passed(without_query(visit.target), redirects=len(visit.exchanges) - 1)
        for visit in _followed(view)
    ] + _not_followed(view)


def _page_visits(view: View) -> dict[str, HttpVisit | None]:
    return {purpose: view.visit(purpose) for purpose in ("page-https", "page-http")}


def _followed(view: View) -> list[HttpVisit]:
    """Return the page visits whose redirects were all seen."""
    return [v for v in _page_visits(view).values() if v is not None and v.end is not VisitEnd.FAULT]


def _not_followed(view: View) -> list[Verdict]:
    """Return a verdict for each page visit that broke off, or was not made."""
    verdicts = []
    for purpose, visit in _page_visits(view).items():
        if visit is not None and visit.end is not VisitEnd.FAULT:
            continue
        url = view.https_url if purpose == "page-https" else view.http_url
        target, reason = without_query(url), why_no_page(view, visit)
        nothing = reason.code in ABSENT and visit is not None and len(visit.exchanges) <= 1
        verdicts.append(not_applicable(target, _NO_SERVICE[purpose]) if nothing else inconclusive(target, reason))
    return verdicts


def _chain(visit: HttpVisit) -> list[Json]:
    """Return the addresses of a visit in order, with the one that was not followed last; no queries."""
    hops: list[Json] = [f"{exchange.status} {without_query(exchange.url)}" for exchange in visit.exchanges]
    return [*hops, without_query(visit.next_url)] if visit.next_url else hops


@check("http.trace-enabled")
def _trace_enabled(view: View) -> list[Verdict]:
    visit = view.visit("trace")
    if visit is None or visit.page is None:
        return [inconclusive(without_query(view.target.url), why_no_page(view, visit))]
    target, answer = without_query(visit.target), visit.page
    if not _echoes(answer):
        return [passed(target, status=answer.status)]
    return [failed(target, status=answer.status, echoed=answer.body[:200])]


def _echoes(answer: HttpExchange) -> bool:
    """Tell whether the body is the request itself, as RFC 9110, section 9.3.8 has it, not merely a page."""
    if not 200 <= answer.status < 300 or not answer.body.lstrip().startswith("TRACE "):
        return False
    body = answer.body.lower()
    own = [name.lower() for name, _ in answer.request_headers if name.lower().startswith("x-")]
    return bool(own) and all(name in body for name in own)


@check("http.unsafe-methods")
def _unsafe_methods(view: View) -> list[Verdict]:
    visit = view.visit("options")
    if visit is None or visit.page is None:
        return [inconclusive(without_query(view.target.url), why_no_page(view, visit))]
    target, answer = without_query(visit.target), visit.page
    fields = answer.values("allow") + answer.values("public")
    if not fields:
        # Refusing OPTIONS as a method announces nothing. Any other answer without Allow says nothing either way.
        if answer.status in _REFUSES_OPTIONS:
            return [passed(target, status=answer.status)]
        return [inconclusive(target, Reason(code="http-options-silent", params={"status": answer.status}))]
    named = {method.strip().upper() for field in fields for method in field.split(",")}
    unsafe: list[Json] = [*sorted(named & UNSAFE_METHODS)]
    if unsafe:
        return [failed(target, status=answer.status, methods=unsafe, allow=shown(fields))]
    return [passed(target, status=answer.status, allow=shown(fields))]
