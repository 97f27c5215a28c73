"""The HTTP probe: the page over http and https, and what the server says to TRACE, OPTIONS and another origin."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange, HttpVisit, VisitEnd, VisitPurpose
from secaudit.model.scan import ScanOptions, http_address, https_address
from secaudit.model.target import Target, parse_target
from secaudit.probes.http.fetch import Ask, fetch
from secaudit.probes.http.identity import ECHO_HEADER, ORIGIN, request_headers
from secaudit.probes.http.limits import REDIRECTS, Limits
from secaudit.probes.http.visit import Errand, make_visit
from secaudit.probes.probe import PlannedStep, ProbeContext

_SHARE_OF_TIME = 0.9
"""How much of the probe's time limit its exchanges may use, so that it ends before it is ended."""
_LEAST_SECONDS = 0.5


class HttpProbe:
    """Makes five visits: the two pages side by side, then TRACE, OPTIONS and CORS side by side.

    Attributes:
        limits: the limits of each exchange.
    """

    name = "http"

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        """Return what `run` would send; sends nothing itself."""
        plain, secure = sides(target, options)
        pages = [(plain, "http-plan-page"), (secure, "http-plan-page")]
        single = [(secure, "http-plan-trace"), (secure, "http-plan-options"), (secure, "http-plan-cors")]
        return [
            PlannedStep(
                self.name,
                side.url,
                Reason(code=code, params={"url": side.url, "redirects": REDIRECTS}),
                connections=1,
            )
            for side, code in pages + single
        ]

    def run(self, target: Target, context: ProbeContext) -> Iterator[HttpVisit]:
        """Yield each visit as soon as it is over. A visit that could not be made carries its fault."""
        deadline = time.monotonic() + context.options.time_limit * _SHARE_OF_TIME
        plain, secure = sides(target, context.options)
        headers = request_headers(context.options.contact)
        pages: dict[str, HttpVisit] = {}
        first = [Errand("page-https", secure, headers), Errand("page-http", plain, headers)]
        for visit in self._side_by_side(first, context, deadline):
            pages[visit.purpose] = visit
            yield visit
        side, fault = answering_side(pages)
        if fault is not None:
            yield from _unmade(secure if side == "page-https" else plain, fault, context)
            return
        start = secure if side == "page-https" else plain
        page = pages[side].page
        errands = [
            Errand("trace", start, (*headers, ECHO_HEADER), method="TRACE", follow=False),
            Errand("options", start, headers, method="OPTIONS", follow=False),
            Errand("cors", parse_target(page.url) if page else start, (*headers, ("Origin", ORIGIN))),
        ]
        yield from self._side_by_side(errands, context, deadline)

    def _side_by_side(self, errands: list[Errand], context: ProbeContext, deadline: float) -> Iterator[HttpVisit]:
        def go(errand: Errand) -> HttpVisit:
            return make_visit(errand, context.gate, context.clock, ask)

        def ask(one: Ask) -> HttpExchange:
            seconds = min(self.limits.seconds, deadline - time.monotonic())
            if context.stop.is_set() or seconds < _LEAST_SECONDS:
                fault = Reason(code="http-no-time-left")
                return HttpExchange(url=one.target.url, method=one.method, fault=fault)
            context.say(Reason(code="http-fetching", params={"method": one.method, "url": one.target.url}))
            return fetch(context.gate, one, replace(self.limits, seconds=seconds))

        with ThreadPoolExecutor(max_workers=len(errands), thread_name_prefix="secaudit-http") as pool:
            running = [pool.submit(go, errand) for errand in errands]
            for done in as_completed(running):
                yield done.result()


def sides(target: Target, options: ScanOptions) -> tuple[Target, Target]:
    """Return the page's http and https addresses, with the target's path and query."""
    plain_host, plain_port = http_address(target, options)
    secure_host, secure_port = https_address(target, options)
    return (
        target.model_copy(update={"scheme": "http", "host": plain_host, "port": plain_port}),
        target.model_copy(update={"scheme": "https", "host": secure_host, "port": secure_port}),
    )


def answering_side(pages: dict[str, HttpVisit]) -> tuple[str, Reason | None]:
    """Return which page visit got an answer from its first address, https preferred; a fault when neither did."""
    for side in ("page-https", "page-http"):
        visit = pages.get(side)
        if visit is not None and visit.exchanges and visit.exchanges[0].status > 0:
            return side, None
    faults = [v.fault for side in ("page-https", "page-http") if (v := pages.get(side)) and v.fault]
    return "page-https", faults[0] if faults else Reason(code="no-page")


def _unmade(start: Target, fault: Reason, context: ProbeContext) -> Iterator[HttpVisit]:
    purposes: tuple[VisitPurpose, ...] = ("trace", "options", "cors")
    for purpose in purposes:
        yield HttpVisit(target=start.url, at=context.clock(), purpose=purpose, end=VisitEnd.FAULT, fault=fault)
