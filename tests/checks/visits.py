"""Constructed HTTP visits for tests of rules."""

from __future__ import annotations

from collections.abc import Sequence

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange, HttpVisit, VisitEnd
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from tests.checks.judging import AT, make_view

HTTP, HTTPS = "http://xa.example/", "https://xa.example/"
Headers = Sequence[tuple[str, str]]
REFUSED = Reason(code="connect-refused", params={"host": "xa.example", "port": 443})
TIMEOUT = Reason(code="connect-timeout", params={"host": "xa.example", "port": 443, "seconds": 8})
NO_REASON = Reason(code="http-no-answer")


def answer(url: str, status: int = 200, headers: Headers = (), **more: object) -> HttpExchange:
    """Return one exchange that got an answer."""
    return HttpExchange.model_validate(
        {"url": url, "status": status, "headers": tuple(headers), "address": "192.0.2.1", **more}
    )


def visit(purpose: str, *exchanges: HttpExchange, end: VisitEnd = VisitEnd.FINAL, next_url: str = "") -> HttpVisit:
    """Return a visit that ended without a fault."""
    first = exchanges[0].url if exchanges else HTTPS
    return HttpVisit.model_validate(
        {"target": first, "at": AT, "purpose": purpose, "exchanges": exchanges, "end": end, "next_url": next_url}
    )


def broken(purpose: str, fault: Reason, *before: HttpExchange) -> HttpVisit:
    """Return a visit whose last exchange could not be made."""
    url = HTTP if purpose == "page-http" else HTTPS
    last = HttpExchange(url=url, fault=fault)
    return HttpVisit.model_validate(
        {
            "target": before[0].url if before else url,
            "at": AT,
            "purpose": purpose,
            "exchanges": (*before, last),
            "end": VisitEnd.FAULT,
            "fault": fault,
        }
    )


def redirecting(purpose: str = "page-http") -> HttpVisit:
    """Return the plain visit of a well-kept site."""
    return visit(purpose, answer(HTTP, 301, [("Location", HTTPS)]), answer(HTTPS))


def page_view(headers: Headers = (), *, body: str = "", status: int = 200, **more: object) -> View:
    """Return a view of a site whose https page has these headers."""
    return site(visit("page-https", answer(HTTPS, status, headers, body=body, **more)), redirecting())


def site(*visits: HttpVisit) -> View:
    """Return a view of these visits."""
    return make_view(visits, target=parse_target(HTTPS), options=ScanOptions())
