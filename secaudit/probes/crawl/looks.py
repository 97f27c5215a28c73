"""What a visit yields for the crawl itself: addresses to follow, script hosts, and whether a page changed."""

from __future__ import annotations

from collections.abc import Iterable

from secaudit.html.addresses import host_of, is_foreign
from secaudit.html.page import Page, read_page
from secaudit.model.observation import HttpVisit


def page_of(visit: HttpVisit | None) -> Page | None:
    """Return the facts of the HTML page that a visit reached, None where it reached none."""
    exchange = visit.page if visit else None
    return read_page(exchange.body, exchange.url) if exchange and exchange.is_html else None


def addresses_in(page: Page) -> list[str]:
    """Return the addresses that a page leads to: links and frames."""
    return [link.url for link in page.links] + [frame.url for frame in page.frames]


def files_in(page: Page) -> list[str]:
    """Return the addresses of the files that a page shows or loads."""
    return [resource.url for resource in (*page.media, *page.scripts, *page.styles) if resource.url]


def foreign_script_hosts(page: Page) -> list[str]:
    """Return the hosts of other domains that a page loads scripts from, as named."""
    own = host_of(page.url)
    hosts = (host_of(script.url) for script in page.scripts)
    return list(dict.fromkeys(host for host in hosts if is_foreign(host, own)))


def differs(first: HttpVisit | None, second: HttpVisit | None) -> bool:
    """Tell whether two looks at one page differ in where it ended, its title, or the hosts that it links to."""
    pages = page_of(first), page_of(second)
    if first is None or second is None or None in pages:
        return first is not None and second is not None and first.end is not second.end
    one, two = (page for page in pages if page is not None)
    return (one.url, one.title, _hosts(one.links)) != (two.url, two.title, _hosts(two.links))


def _hosts(links: Iterable[object]) -> set[str]:
    return {host_of(getattr(link, "url", "")) for link in links}
