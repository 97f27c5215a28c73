"""The crawl probe: the first page as a browser, a search crawler and a search visitor see it, then its neighbours."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace

from secaudit.html.addresses import is_foreign
from secaudit.html.page import Page
from secaudit.html.sitemap import parse_sitemap
from secaudit.model.base import Reason
from secaudit.model.errors import BadInput
from secaudit.model.observation import (
    CrawlObservation,
    DocumentObservation,
    HttpExchange,
    HttpVisit,
    Observation,
    ScriptHostObservation,
    VisitEnd,
    VisitPurpose,
)
from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target, address_or_none, parse_target
from secaudit.probes.crawl.disguise import Headers, as_browser, as_crawler, as_search_visitor
from secaudit.probes.crawl.documents import chosen, document_look, read_documents
from secaudit.probes.crawl.frontier import Frontier, folders_of
from secaudit.probes.crawl.limits import (
    BOUNDS,
    CRAWL_DELAY_MOST,
    FAILURES_IN_A_ROW,
    LIMITS,
    REFUSALS,
    ROBOTS_BYTES,
    SCRIPT_HOSTS,
    SHARE_OF_TIME,
    Bounds,
)
from secaudit.probes.crawl.looks import addresses_in, differs, files_in, foreign_script_hosts, page_of
from secaudit.probes.crawl.names import NameLook, NameLookup
from secaudit.probes.crawl.pace import Pace
from secaudit.probes.crawl.packed import unpacked
from secaudit.probes.crawl.robots import Robots, parse_robots
from secaudit.probes.http.fetch import Ask, receive
from secaudit.probes.http.identity import request_headers
from secaudit.probes.http.limits import Limits
from secaudit.probes.http.probe import sides
from secaudit.probes.http.visit import Errand, make_visit
from secaudit.probes.probe import PlannedStep, ProbeContext

NO_SUCH_PAGE = "/secaudit-khong-co-trang-nay.html"
"""An address that no site has, asked for once to see what the server says then."""
_LEAST_SECONDS = 0.5


class CrawlProbe:
    """Looks at one site's pages.

    Attributes:
        limits: the limits of each exchange.
        bounds: how much is fetched; the profile's where None.
        lookup: says whether a host name exists; asks the resolver of the options where None.
    """

    name = "crawl"

    def __init__(
        self,
        limits: Limits = LIMITS,
        bounds: Bounds | None = None,
        lookup: Callable[[str], NameLook] | None = None,
    ) -> None:
        self.limits, self.bounds, self.lookup = limits, bounds, lookup

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        """Return what `run` would send; sends nothing itself."""
        bounds = self.bounds or BOUNDS[options.profile]
        plain, secure = sides(target, options)
        seen: dict[str, str | int | float] = {"url": secure.url, "plain": plain.url}
        steps = [
            (secure.url, Reason(code="crawl-plan-home", params=seen), 2),
            (secure.url, Reason(code="crawl-plan-eyes", params=seen), 2),
            (secure.origin, Reason(code="crawl-plan-robots", params={"count": bounds.sitemaps}), 1 + bounds.sitemaps),
            (
                secure.origin,
                Reason(code="crawl-plan-pages", params={"pages": bounds.pages - 1, "rate": bounds.per_second}),
                bounds.pages - 1,
            ),
            (secure.origin + NO_SUCH_PAGE, Reason(code="crawl-plan-no-such-page"), 1),
        ]
        if bounds.documents:
            documents = Reason(code="crawl-plan-documents", params={"count": bounds.documents})
            steps.append((secure.origin, documents, bounds.documents))
        return [PlannedStep(self.name, where, what, connections) for where, what, connections in steps]

    def run(self, target: Target, context: ProbeContext) -> Iterator[Observation]:
        """Yield each visit as soon as it is over, and at last how the crawl went."""
        bounds = self.bounds or BOUNDS[context.options.profile]
        yield from _Crawl(self, target, context, bounds).run()


class _Crawl:
    """One crawl."""

    def __init__(self, probe: CrawlProbe, target: Target, context: ProbeContext, bounds: Bounds) -> None:
        self._context, self._bounds, self._limits = context, bounds, probe.limits
        self._lookup = probe.lookup or NameLookup(context.options.resolver)
        self._began = time.monotonic()
        self._deadline = self._began + context.options.time_limit * SHARE_OF_TIME
        self._pace = Pace(bounds.burst, bounds.per_second, context.stop)
        self._plain, self._secure = sides(target, context.options)
        self._robots = Robots()
        self._pages = self._received = self._failures = 0
        self._stopped: Reason | None = None
        self._hosts: list[str] = []
        self._offered: list[str] = []
        self._linked: list[str] = []
        self._changed = False
        self._count = threading.Lock()

    def run(self) -> Iterator[Observation]:
        with ThreadPoolExecutor(max_workers=self._bounds.at_once, thread_name_prefix="secaudit-crawl") as pool:
            home = self._visit("home", self._secure)
            if _no_answer(home) and not _was_stopped(home):
                plain = self._visit("home", self._plain)
                home = home if _no_answer(plain) else plain
            yield home
            if _no_answer(home):
                yield self._summary(home.target, 0, home.fault)
                return
            self._pages = 1
            yield from self._around(home, pool)

    def _around(self, home: HttpVisit, pool: ThreadPoolExecutor) -> Iterator[Observation]:
        """Look at everything that the first page leads to."""
        start = parse_target(home.page.url if home.page else home.target)
        # The gate let a redirect to another name pass; the crawl follows it only within what one body registered.
        if is_foreign(start.host, self._secure.host):
            start = parse_target(home.target)
        contact = self._context.options.contact
        first = [
            pool.submit(self._visit, "robots", start.model_copy(update={"path": "/robots.txt"}), as_ours(contact)),
            pool.submit(self._visit, "as-crawler", parse_target(home.target), as_crawler(contact)),
            pool.submit(self._visit, "as-search-visitor", parse_target(home.target), as_search_visitor(contact)),
            pool.submit(self._visit, "no-such-page", start.model_copy(update={"path": NO_SUCH_PAGE})),
        ]
        frontier = Frontier(start, self._bounds)
        frontier.mark_seen(home.target)
        page = page_of(home)
        if page is not None:
            frontier.add(addresses_in(page))
            self._linked += addresses_in(page)
        seen = {visit.purpose: visit for visit in (future.result() for future in first)}
        yield from seen.values()
        yield from self._rules(seen["robots"], frontier, start)
        folders = folders_of(files_in(page), start)[: self._bounds.folders] if page is not None else []
        self._note_hosts(page)
        names = pool.submit(self._names, list(self._hosts)) if self._hosts else None
        yield from self._pages_of(frontier, folders, pool)
        yield from self._documents(start, pool)
        if any(_content(visit) != _content(home) for name, visit in seen.items() if name.startswith("as-")):
            again = self._visit("home-again", parse_target(home.target))
            self._changed = differs(home, again)
            yield again
        looked = names.result() if names else []
        yield from looked
        known = {look.host for look in looked}
        yield from self._names([host for host in self._hosts if host not in known])
        if self._changed:
            self._context.note(Reason(code="crawl-site-changed", params={"url": home.target}))
        self._context.note(Reason(code="crawl-note-eyes"))
        yield self._summary(home.target, len(frontier), self._stopped, frontier)

    def _rules(self, visit: HttpVisit, frontier: Frontier, start: Target) -> Iterator[HttpVisit]:
        """Read robots.txt and the sitemaps that it names."""
        self._robots = _robots_of(visit)
        if self._robots.refuses_all:
            self._context.note(Reason(code="crawl-no-robots"))
        if self._robots.delay:
            self._pace.slow_down(min(self._robots.delay, CRAWL_DELAY_MOST))
        waiting = list(self._robots.sitemaps) or [start.model_copy(update={"path": "/sitemap.xml"}).url]
        read: set[str] = set()
        while waiting and len(read) < self._bounds.sitemaps:
            url = waiting.pop(0)
            target = _on_host(url, start)
            if target is None or target.url in read or self._robots.refuses_all:
                continue
            read.add(target.url)
            sitemap = self._visit("sitemap", target, as_ours(self._context.options.contact))
            yield sitemap
            if sitemap.page is not None and sitemap.page.status == 200 and not sitemap.page.is_html:
                found = parse_sitemap(sitemap.page.body)
                waiting += found.sitemaps
                frontier.add(found.pages)
                self._offered += found.pages

    def _pages_of(self, frontier: Frontier, folders: list[str], pool: ThreadPoolExecutor) -> Iterator[HttpVisit]:
        """Fetch further pages until one of the bounds is reached, and yield them as they come."""
        running: set[Future[HttpVisit]] = set()
        started = 1
        while True:
            while len(running) < self._bounds.at_once and started < self._bounds.pages and not self._over():
                last_turns = started >= self._bounds.pages - len(folders)
                target = parse_target(folders.pop()) if folders and last_turns else self._next(frontier)
                if target is None:
                    if not folders:
                        break
                    target = parse_target(folders.pop())
                if not self._robots.allows(target.url):
                    frontier.skipped["crawl-skip-robots"] += 1
                    continue
                running.add(pool.submit(self._visit, "crawl", target))
                started += 1
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for visit in (future.result() for future in done):
                if page := page_of(visit):
                    frontier.mark_seen(page.url)
                    frontier.add(addresses_in(page))
                    self._linked += addresses_in(page)
                    self._note_hosts(page)
                self._pages += not _no_answer(visit)
                yield visit

    def _documents(self, start: Target, pool: ThreadPoolExecutor) -> Iterator[DocumentObservation]:
        """Fetch some of the documents that lie on the site, and read them."""
        files = [
            one
            for one in chosen(self._offered, self._linked, start, self._bounds.documents)
            if self._robots.allows(one[0].url) and not self._over()
        ]
        if not files:
            return
        headers = as_browser(self._context.options.contact)
        got = list(pool.map(lambda one: self._receive(Ask(one[0], headers=headers), whole=True), files))
        whole = [content for exchange, content in got if exchange.status == 200 and content.startswith(b"%PDF-")]
        answers = iter(read_documents(whole, self._context.stop) if whole else ())
        for (target, offered), (exchange, content) in zip(files, got, strict=True):
            is_pdf = exchange.status == 200 and content.startswith(b"%PDF-")
            answer = next(answers) if is_pdf else exchange.fault or Reason(code="crawl-document-none")
            yield document_look(target, offered, exchange, answer, self._context.clock())

    def _next(self, frontier: Frontier) -> Target | None:
        while (target := frontier.next()) is not None:
            if self._robots.allows(target.url):
                return target
            frontier.skipped["crawl-skip-robots"] += 1
        return None

    def _over(self) -> bool:
        """Tell whether no further page may be fetched, and keep why."""
        if self._stopped is None:
            if self._context.stop.is_set() or time.monotonic() > self._deadline - _LEAST_SECONDS:
                self._stopped = Reason(code="crawl-time-limit")
            elif self._received > self._bounds.total_bytes:
                self._stopped = Reason(code="crawl-byte-limit", params={"mib": self._bounds.total_bytes >> 20})
        return self._stopped is not None

    def _note_hosts(self, page: Page | None) -> None:
        found = foreign_script_hosts(page) if page is not None else []
        new = [host for host in found if host not in self._hosts and not address_or_none(host)]
        self._hosts += new[: max(0, SCRIPT_HOSTS - len(self._hosts))]

    def _names(self, hosts: list[str]) -> list[ScriptHostObservation]:
        looks = []
        for host in hosts:
            self._context.say(Reason(code="crawl-looking-up", params={"host": host}))
            late = self._context.stop.is_set() or time.monotonic() > self._deadline
            look = NameLook("not-looked", fault=Reason(code="crawl-time-limit")) if late else self._lookup(host)
            looks.append(
                ScriptHostObservation(
                    target=host,
                    at=self._context.clock(),
                    host=host,
                    address=look.addresses[0] if look.addresses else "",
                    resolution=look.resolution,
                    closest=look.closest,
                    fault=look.fault,
                )
            )
        return looks

    def _visit(self, purpose: VisitPurpose, start: Target, headers: Headers | None = None) -> HttpVisit:
        errand = Errand(purpose, start, headers or as_browser(self._context.options.contact))
        visit = make_visit(errand, self._context.gate, self._context.clock, self._ask)
        self._watch(visit)
        return visit

    def _ask(self, one: Ask) -> HttpExchange:
        exchange, content = self._receive(one)
        return unpacked(exchange, content, self._limits.text_bytes) if one.target.path.endswith(".gz") else exchange

    def _receive(self, one: Ask, *, whole: bool = False) -> tuple[HttpExchange, bytes]:
        """Send one request when its turn has come.

        Args:
            whole: keep all bytes that were received, for what is no text.
        """
        if self._stopped is not None or not self._pace.wait(self._deadline - _LEAST_SECONDS):
            return HttpExchange(url=one.target.url, method=one.method, fault=Reason(code="http-no-time-left")), b""
        seconds = min(self._limits.seconds, self._deadline - time.monotonic())
        self._context.say(Reason(code="http-fetching", params={"method": one.method, "url": one.target.url}))
        limits = replace(self._limits, seconds=max(seconds, _LEAST_SECONDS))
        if one.target.path == "/robots.txt":
            limits = replace(limits, wire_bytes=min(limits.wire_bytes, ROBOTS_BYTES))
        if whole:
            limits = replace(limits, text_bytes=limits.wire_bytes)
        return receive(self._context.gate, one, limits)

    def _watch(self, visit: HttpVisit) -> None:
        """Count what came, and see whether the server asks for less or has begun to block us."""
        with self._count:
            self._received += sum(exchange.body_bytes for exchange in visit.exchanges)
            last = visit.exchanges[-1]
            if _was_stopped(visit):
                return
            self._failures = self._failures + 1 if last.status == 0 else 0
            asked = visit.purpose in ("crawl", "home", "home-again")
            blocked = self._failures >= FAILURES_IN_A_ROW and self._pages > 0
            if self._stopped is None and (blocked or (last.status in REFUSALS and asked and self._pages > 0)):
                self._stopped = Reason(
                    code="crawl-blocked", params={"requests": self._pace.requests, "status": last.status}
                )
                self._context.note(self._stopped)

    def _summary(
        self, target: str, left: int, stopped: Reason | None, frontier: Frontier | None = None
    ) -> CrawlObservation:
        return CrawlObservation(
            target=target,
            at=self._context.clock(),
            pages=self._pages,
            planned=self._bounds.pages,
            requests=self._pace.requests,
            received=self._received,
            seconds=round(time.monotonic() - self._began, 3),
            left=left,
            skipped=dict(sorted(frontier.skipped.items())) if frontier is not None else {},
            delay=self._robots.delay,
            stopped=stopped,
            changed=self._changed,
        )


def as_ours(contact: str) -> Headers:
    """Return the headers of a program that says plainly what it is: robots.txt and sitemaps are for programs."""
    return request_headers(contact)


def _no_answer(visit: HttpVisit) -> bool:
    return not any(exchange.status for exchange in visit.exchanges)


def _was_stopped(visit: HttpVisit) -> bool:
    """Tell whether the visit ended because we sent nothing more."""
    return visit.fault is not None and visit.fault.code == "http-no-time-left"


def _content(visit: HttpVisit) -> tuple[VisitEnd, str, str]:
    return visit.end, visit.next_url, visit.exchanges[-1].body_sha256


def _robots_of(visit: HttpVisit) -> Robots:
    """Return the rules that a look at robots.txt gives (RFC 9309, section 2.3.1)."""
    page = visit.page
    if page is None:
        # A redirect that leads nowhere counts as no file; no answer at all forbids everything.
        return Robots(refuses_all=visit.end is VisitEnd.FAULT)
    if page.status >= 500 or page.fault is not None:
        return Robots(refuses_all=True)
    if page.status != 200 or page.is_html:
        return Robots()
    return parse_robots(page.body)


def _on_host(url: str, start: Target) -> Target | None:
    try:
        target = parse_target(url)
    except (BadInput, ValueError):
        return None
    return target if (target.host, target.port) == (start.host, start.port) else None
