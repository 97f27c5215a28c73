"""Requests and answers over http, raw, and what a crawl learnt beside them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from secaudit.model.base import Frozen, Reason
from secaudit.model.observation_base import ObservationBase


class HttpExchange(Frozen):
    """One request and its answer, raw.

    Attributes:
        headers: names and values in the order received, nothing merged; undecodable bytes as Latin-1.
        body: the first part of the decoded text.
        body_bytes: bytes received after decompression.
        truncated: a limit on bytes or size cut the body.
        seconds: time from connecting to the last byte.
        fault: why there is no (complete) answer.
    """

    url: str
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    address: str = ""
    status: int = 0
    http_version: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    body_sha256: str = ""
    body_bytes: int = 0
    truncated: bool = False
    seconds: float = 0.0
    fault: Reason | None = None

    def values(self, name: str) -> list[str]:
        """Return all values of header `name`, in order, letter case ignored."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

    @property
    def is_html(self) -> bool:
        """Tell whether the answer is an HTML page; without a Content-Type, whether it looks like one."""
        kinds = self.values("content-type")
        return "html" in kinds[0].lower() if kinds else self.body.lstrip()[:1] == "<"


class VisitEnd(StrEnum):
    """How a visit ended."""

    FINAL = "final"
    LOOP = "loop"
    TOO_MANY = "too-many"
    OFF_SCOPE = "off-scope"
    BAD_LOCATION = "bad-location"
    FAULT = "fault"


VisitPurpose = Literal[
    "page-http",
    "page-https",
    "trace",
    "options",
    "cors",
    "home",
    "home-again",
    "as-crawler",
    "as-search-visitor",
    "crawl",
    "no-such-page",
    "robots",
    "sitemap",
    "security-txt",
    "contact-page",
]
"""What a visit was for. Of the crawl: `home` the first page as a browser sees it, `home-again` once more at the end,
`as-crawler` as a search engine's crawler, `as-search-visitor` as somebody who comes from a search engine, `crawl`
another page, `no-such-page` an address that does not exist. Of disclosure: `security-txt` RFC 9116's file,
`contact-page` a page that may tell how to report."""


class HttpVisit(ObservationBase):
    """One visit: the first address, every hop of redirects, and how it ended. `target` is the first URL.

    Attributes:
        purpose: what the visit was for.
        exchanges: every hop in order; the last one is the page when `end` is `final`.
        next_url: where the last redirect pointed when it was not followed.
    """

    kind: Literal["http-visit"] = "http-visit"
    purpose: VisitPurpose
    exchanges: tuple[HttpExchange, ...] = ()
    end: VisitEnd = VisitEnd.FINAL
    next_url: str = ""

    @property
    def page(self) -> HttpExchange | None:
        """Return the final page, or None when the visit did not reach one."""
        return self.exchanges[-1] if self.end is VisitEnd.FINAL and self.exchanges else None


class CrawlObservation(ObservationBase):
    """How a crawl went; the pages themselves are visits. `target` is the first page's URL.

    Attributes:
        pages: pages that answered, the first one included.
        planned: most pages that the profile allows.
        requests: requests sent, redirects, robots.txt and sitemaps included.
        received: bytes of bodies received, after decompression.
        seconds: wall time.
        left: addresses known but not fetched when the crawl ended.
        skipped: how many addresses were not followed, by the phrase code that says why.
        delay: seconds between requests that robots.txt asks for (Crawl-delay), 0 for none.
        stopped: why the crawl ended before `planned` pages or before it knew no more addresses.
        changed: the first page's title or links changed while it was looked at.
    """

    kind: Literal["crawl"] = "crawl"
    pages: int = 0
    planned: int = 0
    requests: int = 0
    received: int = 0
    seconds: float = 0.0
    left: int = 0
    skipped: dict[str, int] = {}
    delay: float = 0.0
    stopped: Reason | None = None
    changed: bool = False


class ScriptHostObservation(ObservationBase):
    """Whether the name of a host that a page loads scripts from still exists. `target` is the host.

    Attributes:
        resolution: `not-looked` carries a fault; `no-address` means that the name exists without an address.
        closest: for `no-such-name`, the longest parent of the name that does exist.
    """

    kind: Literal["script-host"] = "script-host"
    host: str
    resolution: Literal["resolves", "no-such-name", "no-address", "not-looked"] = "not-looked"
    closest: str = ""
