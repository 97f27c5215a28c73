"""Which answer of the HTTP visits a rule judges, and why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from secaudit.checks.registry import Verdict, inconclusive
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.observation import HttpExchange, HttpVisit, VisitEnd
from secaudit.model.words import Outcome

ABSENT = frozenset({"connect-refused", "http-not-tls"})
"""Faults that prove that nothing of the kind is served; every other one only says that nobody could look."""
_SHOWN = 300


@dataclass(frozen=True)
class Page:
    """One answer to judge.

    Attributes:
        target: the first URL of its visit without the query: it stays the same from scan to scan, where the final
            address may carry a session.
    """

    target: str
    exchange: HttpExchange

    def facts(self, **more: Json) -> dict[str, Json]:
        """Return evidence: which page, with which status, and what else was seen."""
        return {"page": without_query(self.exchange.url), "status": self.exchange.status, **more}

    def verdict(self, *, fault: bool, **more: Json) -> Verdict:
        """Return that the fault is there, or that it is not, with the evidence of `facts`."""
        return Verdict(Outcome.FAIL if fault else Outcome.PASS, self.target, self.facts(**more))

    def header(self, name: str) -> list[str]:
        """Return the values of a header, in order."""
        return self.exchange.values(name)


def without_query(url: str) -> str:
    """Return `url` without query and fragment."""
    return url.partition("#")[0].partition("?")[0]


def shown(values: list[str]) -> list[Json]:
    """Return header values for evidence, long ones cut, at most ten."""
    return [value[:_SHOWN] for value in values[:10]]


def is_https(url: str) -> bool:
    """Tell whether the URL's scheme is https."""
    return urlsplit(url).scheme == "https"


def answers(visit: HttpVisit | None) -> tuple[HttpExchange, ...]:
    """Return the exchanges of a visit whose head is complete."""
    if visit is None:
        return ()
    return visit.exchanges[:-1] if visit.end is VisitEnd.FAULT else visit.exchanges


def site_target(view: View) -> str:
    """Return the URL that stands for the whole site: https where it answered, else http; no query."""
    return without_query(view.https_url if answers(view.visit("page-https")) else view.http_url)


def why_no_page(view: View, visit: HttpVisit | None) -> Reason:
    """Return why a visit did not reach a page."""
    if visit is None:
        return view.why_nothing(HttpVisit)
    if visit.end is VisitEnd.FAULT:
        return visit.fault or Reason(code="no-page")
    code = {
        VisitEnd.LOOP: "http-redirect-loop",
        VisitEnd.TOO_MANY: "http-redirect-too-many",
        VisitEnd.OFF_SCOPE: "http-redirect-off-scope",
        VisitEnd.BAD_LOCATION: "http-bad-location",
    }.get(visit.end, "no-page")
    return Reason(code=code, params={"url": visit.next_url[:_SHOWN]} if visit.next_url else {})


def why_unseen(view: View) -> Reason:
    """Return why no page was reached at all; what could not be looked at says more than what is not there."""
    reasons = [why_no_page(view, view.visit(purpose)) for purpose in ("page-https", "page-http")]
    return next((reason for reason in reasons if reason.code not in ABSENT), reasons[0])


def judged_page(view: View) -> Page | None:
    """Return the final page of the https visit, else of the http visit, else None."""
    for visit in (view.visit("page-https"), view.visit("page-http")):
        if visit is not None and visit.page is not None:
            return Page(without_query(visit.target), visit.page)
    return None


def on_page(view: View, rule: Callable[[Page], Verdict]) -> list[Verdict]:
    """Apply `rule` to the page that is judged; inconclusive where there is none."""
    page = judged_page(view)
    return [rule(page) if page else inconclusive(without_query(view.target.url), why_unseen(view))]


def https_state(view: View) -> bool | Reason:
    """Return whether the site answers over https; a reason where nobody could look."""
    visit = view.visit("page-https")
    if answers(visit):
        return True
    if any(is_https(exchange.url) for exchange in answers(view.visit("page-http"))):
        return True
    reason = why_no_page(view, visit)
    return False if reason.code in ABSENT else reason
