"""The disclosure probe: security.txt (RFC 9116), and pages that may tell how to report an incident."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange, HttpVisit, VisitEnd, VisitPurpose
from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target, parse_target
from secaudit.probes.disclosure.links import contact_links
from secaudit.probes.http.fetch import Ask, fetch
from secaudit.probes.http.identity import request_headers
from secaudit.probes.http.limits import Limits
from secaudit.probes.http.probe import sides
from secaudit.probes.http.visit import Errand, make_visit
from secaudit.probes.probe import PlannedStep, ProbeContext

WELL_KNOWN = "/.well-known/security.txt"
LEGACY = "/security.txt"
"""Where the file stood before RFC 9116; section 3 lets it stand there beside the right place only."""
CONTACT_PAGES = 3
"""Most pages that are fetched beside the home page."""
FILE_BYTES = 128 * 1024
_SHARE_OF_TIME = 0.9
_LEAST_SECONDS = 0.5
_NOT_SERVED = frozenset({"connect-refused", "http-not-tls"})


class DisclosureProbe:
    """Fetches security.txt, the home page, and at most three pages that its menu names as contact or reporting.

    One request after the other: at most seven. The home page is fetched for its links, beside the HTTP probe's own
    look, since probes run side by side and do not know each other.

    Attributes:
        limits: the limits of each exchange.
    """

    name = "disclosure"

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        """Return what `run` would send; sends nothing itself."""
        _, secure = sides(target, options)
        file = secure.model_copy(update={"path": WELL_KNOWN}).url
        return [
            PlannedStep(self.name, file, Reason(code="disclosure-plan-file", params={"url": file}), connections=2),
            PlannedStep(
                self.name,
                secure.url,
                Reason(code="disclosure-plan-pages", params={"url": secure.url, "most": CONTACT_PAGES}),
                connections=1 + CONTACT_PAGES,
            ),
        ]

    def run(self, target: Target, context: ProbeContext) -> Iterator[HttpVisit]:
        """Yield each visit as soon as it is over. A visit that could not be made carries its fault."""
        deadline = time.monotonic() + context.options.time_limit * _SHARE_OF_TIME
        plain, secure = sides(target, context.options)

        def go(start: Target, purpose: VisitPurpose, limits: Limits) -> HttpVisit:
            return self._visit(start, purpose, limits, context, deadline)

        small = replace(self.limits, body_bytes=min(FILE_BYTES, self.limits.body_bytes))
        file = go(secure.model_copy(update={"path": WELL_KNOWN}), "security-txt", small)
        yield file
        side = secure
        if _not_served(file):
            side = plain
            file = go(plain.model_copy(update={"path": WELL_KNOWN}), "security-txt", small)
            yield file
        if file.page is not None and _is_something_else(file.page):
            yield go(side.model_copy(update={"path": LEGACY}), "security-txt", small)
        home = go(side, "contact-page", self.limits)
        yield home
        if home.page is None:
            return
        found = contact_links(parse_target(home.page.url), home.page.body)
        for link in found[:CONTACT_PAGES]:
            yield go(link, "contact-page", self.limits)
        for link in found[CONTACT_PAGES:]:
            limit = Reason(code="contact-page-limit", params={"count": CONTACT_PAGES, "url": link.url[:300]})
            yield _unmade(link, "contact-page", limit, context)
            break

    def _visit(
        self, start: Target, purpose: VisitPurpose, limits: Limits, context: ProbeContext, deadline: float
    ) -> HttpVisit:
        def ask(one: Ask) -> HttpExchange:
            seconds = min(limits.seconds, deadline - time.monotonic())
            if context.stop.is_set() or seconds < _LEAST_SECONDS:
                return HttpExchange(url=one.target.url, method=one.method, fault=Reason(code="http-no-time-left"))
            context.say(Reason(code="http-fetching", params={"method": one.method, "url": one.target.url}))
            return fetch(context.gate, one, replace(limits, seconds=seconds))

        # The visitor does not care what its visits are for; the list of purposes is the model's.
        errand = Errand(purpose, start, request_headers(context.options.contact))
        return make_visit(errand, context.gate, context.clock, ask)


def _not_served(visit: HttpVisit) -> bool:
    return visit.fault is not None and visit.fault.code in _NOT_SERVED and len(visit.exchanges) <= 1


def _is_something_else(page: HttpExchange) -> bool:
    """Tell whether what came cannot be the file, so that its former place is worth one more request."""
    return page.status in (404, 410) or (page.status == 200 and page.body.lstrip().startswith("<"))


def _unmade(start: Target, purpose: VisitPurpose, fault: Reason, context: ProbeContext) -> HttpVisit:
    return HttpVisit(target=start.url, at=context.clock(), purpose=purpose, end=VisitEnd.FAULT, fault=fault)
