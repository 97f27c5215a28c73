"""The pages of a scan read once, and why rules over them cannot say that all is well."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from secaudit.checks.pages import is_https, without_query
from secaudit.checks.registry import Verdict, failed, inconclusive, passed
from secaudit.checks.view import View
from secaudit.html.page import Page, read_page
from secaudit.model.base import Json, Reason
from secaudit.model.observation import CrawlObservation, HttpExchange, HttpVisit

SITE_PURPOSES = ("home", "crawl")
EYES = ("as-crawler", "as-search-visitor")
PLAIN_PURPOSES = ("page-http",)
ENOUGH_PAGES = 3
"""Pages after which a crawl that ran out of time still counts as a look at the site: those of the quick profile."""
_SHOWN_PAGES = 5


@dataclass(frozen=True)
class SeenPage:
    """One HTML page as one visit saw it."""

    visit: HttpVisit
    exchange: HttpExchange
    page: Page

    @property
    def url(self) -> str:
        """Return the page's address without a query."""
        return without_query(self.exchange.url)

    @property
    def is_whole(self) -> bool:
        """Tell whether the page was read to its end."""
        return not (self.exchange.truncated or self.exchange.fault or self.page.cut)


@dataclass(frozen=True)
class Crawled:
    """What the crawl gave.

    Attributes:
        pages: HTML pages by the purpose of their visit.
        why_not: why nothing may be called free of faults; None when the look was good enough.
    """

    target: str
    pages: dict[str, tuple[SeenPage, ...]]
    crawl: CrawlObservation | None
    why_not: Reason | None

    def of(self, *purposes: str) -> list[SeenPage]:
        """Return the pages of these purposes, in that order."""
        return [page for purpose in purposes for page in self.pages.get(purpose, ())]

    @property
    def home(self) -> SeenPage | None:
        """Return the first page as a browser saw it."""
        return next(iter(self.of("home")), None)


def crawled(view: View) -> Crawled:
    """Return the pages of a view, read once for all rules."""
    return view.once(_read)


def _read(view: View) -> Crawled:
    pages: dict[str, list[SeenPage]] = {}
    read: dict[tuple[str, str], Page] = {}
    target = without_query(view.target.url)
    for visit in view.seen(HttpVisit):
        if visit.purpose == "home":
            target = without_query(visit.target)
        exchange = visit.page
        if exchange is None or not exchange.is_html:
            continue
        key = exchange.url, exchange.body
        if key not in read:
            read[key] = read_page(exchange.body, exchange.url)
        pages.setdefault(visit.purpose, []).append(SeenPage(visit, exchange, read[key]))
    kept = {purpose: tuple(found) for purpose, found in pages.items()}
    crawl = next(iter(view.seen(CrawlObservation)), None)
    return Crawled(target, kept, crawl, _why_not(view, crawl, kept))


def _why_not(view: View, crawl: CrawlObservation | None, pages: dict[str, tuple[SeenPage, ...]]) -> Reason | None:
    home = next((visit for visit in view.seen(HttpVisit) if visit.purpose == "home"), None)
    if home is None or crawl is None:
        return view.why_not_run("crawl")
    if not pages.get("home"):
        return _why_no_home(home)
    status = pages["home"][0].exchange.status
    if status >= 400:
        return Reason(code="crawl-home-status", params={"status": status})
    if crawl.stopped is not None and (crawl.stopped.code == "crawl-blocked" or crawl.pages < ENOUGH_PAGES):
        return crawl.stopped
    part = next((page for purpose in SITE_PURPOSES for page in pages.get(purpose, ()) if not page.is_whole), None)
    return Reason(code="crawl-page-cut", params={"url": part.url}) if part else None


def _why_no_home(home: HttpVisit) -> Reason:
    if home.fault is not None:
        return home.fault
    if home.page is None:
        return Reason(code="crawl-home-elsewhere", params={"url": home.next_url[:200]})
    return Reason(code="crawl-home-no-html", params={"url": without_query(home.page.url)})


Facts = dict[str, Json]
Find = Callable[[SeenPage], Iterable[tuple[str, Facts]]]
"""Returns place and facts of each fault on a page."""


def by_place(
    view: View, find: Find, purposes: tuple[str, ...] = SITE_PURPOSES, *, why_not: Reason | None = None, **shown: Json
) -> list[Verdict]:
    """Return one failure per place over all pages, else a pass, else that nobody can say.

    Args:
        find: looks at one page.
        purposes: which visits' pages are looked at.
        why_not: one more reason why no fault found does not mean that there is none.
        shown: evidence of a pass.
    """
    seen = crawled(view)
    places: dict[str, Facts] = {}
    on_pages: dict[str, list[Json]] = {}
    pages = seen.of(*purposes)
    for page in pages:
        for place, facts in find(page):
            places.setdefault(place, facts)
            if page.url not in on_pages.setdefault(place, []):
                on_pages[place].append(page.url)
    if places:
        return [
            failed(seen.target, place=place, **facts, pages=on_pages[place][:_SHOWN_PAGES], on=len(on_pages[place]))
            for place, facts in sorted(places.items())
        ]
    if reason := seen.why_not or why_not:
        return [inconclusive(seen.target, reason)]
    return [passed(seen.target, looked_at=len(pages), **shown)]


def https_pages(seen: Crawled) -> list[SeenPage]:
    """Return the site's pages that came over https."""
    return [page for page in seen.of(*SITE_PURPOSES) if is_https(page.exchange.url)]
