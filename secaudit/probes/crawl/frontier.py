"""Which address of a site is fetched next. Pure: no address leaves the host, ends a session or changes anything."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from secaudit.model.errors import BadInput
from secaudit.model.target import Target, parse_target
from secaudit.probes.crawl.limits import (
    KNOWN_ADDRESSES,
    PATH_LENGTH,
    PATH_SEGMENTS,
    QUERY_LENGTH,
    QUERY_PARAMETERS,
    Bounds,
)

# Words of addresses that end a session or change something, in English and Vietnamese. A GET should not, but in old
# content managers it does.
# Vietnamese words count only where nothing follows by hyphen: /xoa-doi-giam-ngheo is news of fighting poverty.
_DANGEROUS = re.compile(
    r"(?:^|[/_.=&?-])(?:log-?_?out|log-?_?off|sign-?_?out|del(?:ete)?|remove|destroy|purge|unsubscribe|add-?to|clear-?cache"
    r"|shutdown|restart)(?=$|[/_.=&?-])"
    r"|[/_.=&?](?:dang-?_?xuat|thoat|exit|drop|xoa|xoa-?bo|huy|cancel|huy-?dang-?ky|edit|update|create|insert|publish"
    r"|approve|duyet|vote|binh-?chon|reset|install|setup)(?=$|[/.=&?])",
    re.IGNORECASE,
)
_NOT_PAGES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|bmp|tiff?|css|js|mjs|map|json|xml|rss|atom|woff2?|ttf|eot|otf|mp[34]|m4[av]|avi"
    r"|mov|wmv|flv|webm|ogg|wav|zip|rar|7z|gz|tar|exe|msi|apk|dmg|iso|pdf|docx?|xlsx?|pptx?|odt|ods|csv|txt|ics)$",
    re.IGNORECASE,
)


class Frontier:
    """The addresses yet to be fetched, one kind of page after the other.

    Pages of a site look alike within a section; taking the next one from the section that was fetched least shows
    more of the site than following the first links.

    Attributes:
        skipped: how many addresses were not taken, by the phrase code that says why.
    """

    def __init__(self, start: Target, bounds: Bounds) -> None:
        self._start, self._bounds = start, bounds
        self._seen: set[str] = {start.url}
        self._waiting: dict[str, deque[Target]] = {}
        self._fetched: Counter[str] = Counter()
        self._per_path: Counter[str] = Counter()
        self._known = 0
        self.skipped: Counter[str] = Counter()

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in self._waiting.values())

    def add(self, urls: Iterable[str]) -> None:
        """Take addresses that a page or a sitemap names."""
        for url in urls:
            self._add(url)

    def mark_seen(self, url: str) -> None:
        """Note that an address was fetched by another way, for example behind a redirect."""
        self._seen.add(url)

    def next(self) -> Target | None:
        """Return the next address, or None when there is none."""
        kinds = [kind for kind, waiting in self._waiting.items() if waiting]
        if not kinds:
            return None
        kind = min(kinds, key=lambda kind: self._fetched[kind])
        self._fetched[kind] += 1
        return self._waiting[kind].popleft()

    def _add(self, url: str) -> None:
        if self._known >= KNOWN_ADDRESSES:
            return
        try:
            target = parse_target(url)
        except (BadInput, ValueError):
            return
        if target.url in self._seen:
            return
        self._seen.add(target.url)
        if why := self._refusal(target):
            self.skipped[why] += 1
            return
        self._known += 1
        self._waiting.setdefault(_kind(target), deque()).append(target)

    def _refusal(self, target: Target) -> str:
        """Return the phrase code of why an address is not followed, empty when it is."""
        if (target.scheme, target.host, target.port) != (self._start.scheme, self._start.host, self._start.port):
            return "crawl-skip-other-host"
        parts = urlsplit(target.path)
        path = unquote(parts.path)
        if _NOT_PAGES.search(path):
            return "crawl-skip-file"
        if _DANGEROUS.search(unquote(target.path)):
            return "crawl-skip-dangerous"
        segments = [segment for segment in path.split("/") if segment]
        repeated = max(Counter(segments).values(), default=0) > 2
        parameters = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None) if parts.query else []
        long = len(path) > PATH_LENGTH or len(segments) > PATH_SEGMENTS or len(parts.query) > QUERY_LENGTH
        if long or repeated or len(parameters) > QUERY_PARAMETERS:
            return "crawl-skip-trap"
        if parameters:
            self._per_path[path] += 1
            if self._per_path[path] > self._bounds.queries:
                return "crawl-skip-query"
        return ""


def folders_of(urls: Iterable[str], start: Target) -> list[str]:
    """Return the folders on the site that hold the given files, the most used first, deepest of equals first."""
    counted: Counter[str] = Counter()
    for url in urls:
        try:
            target = parse_target(url)
        except (BadInput, ValueError):
            continue
        if (target.host, target.port) == (start.host, start.port):
            folder = urlsplit(target.path).path.rpartition("/")[0] + "/"
            if folder != "/" and len(folder) <= PATH_LENGTH:
                counted[start.model_copy(update={"path": folder}).url] += 1
    return sorted(counted, key=lambda url: (-counted[url], -url.count("/"), url))


def _kind(target: Target) -> str:
    """Return the section of the site that an address lies in."""
    segments = [s for s in urlsplit(target.path).path.split("/") if s]
    return "/".join(segments[:-1][:2]) + ("?" if "?" in target.path else "")
