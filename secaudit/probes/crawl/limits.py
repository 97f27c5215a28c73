"""How much a crawl sends and takes, per profile. Everything here is a promise to the site."""

from __future__ import annotations

from dataclasses import dataclass

from secaudit.model.words import Profile
from secaudit.probes.http.limits import Limits

PAGE_SECONDS = 10.0
CONNECT_SECONDS = 4.0
PAGE_WIRE_BYTES = 2 * 1024 * 1024
"""Most bytes of one page as sent."""
PAGE_BODY_BYTES = 4 * 1024 * 1024
"""Most bytes of one page after decompression."""
PAGE_TEXT_BYTES = 1024 * 1024
"""How much of a page is kept as text: injected links often stand at the very end."""
ROBOTS_BYTES = 512 * 1024
"""How much of robots.txt is read (RFC 9309, section 2.5, asks for at least 500 KiB)."""
SHARE_OF_TIME = 0.85
"""How much of the probe's time limit the crawl may use, so that it ends before it is ended."""
CRAWL_DELAY_MOST = 2.0
"""Longest Crawl-delay of robots.txt that is heeded, in seconds; it is no part of RFC 9309."""
FAILURES_IN_A_ROW = 3
"""So many requests in a row without an answer mean that the server has begun to block us."""
REFUSALS = frozenset({429, 503})
"""Statuses with which a server asks for less (RFC 6585, section 4; RFC 9110, section 15.6.4)."""
PATH_LENGTH = 300
PATH_SEGMENTS = 10
QUERY_LENGTH = 200
QUERY_PARAMETERS = 4
KNOWN_ADDRESSES = 3000
"""Most addresses that are remembered as yet to be fetched."""
SCRIPT_HOSTS = 40
"""Most names of foreign script hosts that are looked up."""


@dataclass(frozen=True)
class Bounds:
    """What one profile allows.

    Attributes:
        pages: most pages, the first one included.
        folders: of these, folders of the site's own files that are opened to see whether they list themselves.
        sitemaps: most sitemap files.
        queries: most addresses that differ in their query only.
        at_once: requests at the same time.
        burst: requests that may go out without waiting, a browser's first page sends more.
        per_second: requests per second after that.
        total_bytes: bytes of bodies after which no further page is fetched.
        documents: PDF files that are looked into.
    """

    pages: int
    folders: int
    sitemaps: int
    queries: int
    at_once: int
    burst: int
    per_second: float
    total_bytes: int
    documents: int = 0


BOUNDS = {
    Profile.QUICK: Bounds(3, 0, 1, 1, 2, 8, 12.0, 8 * 1024 * 1024),
    Profile.STANDARD: Bounds(10, 2, 3, 3, 3, 8, 12.0, 24 * 1024 * 1024, 2),
    Profile.FULL: Bounds(100, 8, 10, 10, 3, 8, 5.0, 96 * 1024 * 1024, 12),
}
LIMITS = Limits(
    seconds=PAGE_SECONDS,
    connect_seconds=CONNECT_SECONDS,
    wire_bytes=PAGE_WIRE_BYTES,
    body_bytes=PAGE_BODY_BYTES,
    text_bytes=PAGE_TEXT_BYTES,
)


def most_requests(bounds: Bounds) -> int:
    """Return how many requests a profile sends at most where nothing redirects.

    Beside the pages: robots.txt, sitemaps, the first page as a crawler, as a search visitor and once more, and one
    address that does not exist.
    """
    return bounds.pages + 1 + bounds.sitemaps + 4 + bounds.documents
