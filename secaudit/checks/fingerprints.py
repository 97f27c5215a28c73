"""Which software a site shows, and how sure that is: pure recognition over what the probes saw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from html import unescape
from urllib.parse import urljoin

from secaudit.checks.lookalike import baselines, judge_look
from secaudit.checks.meta import head_metas
from secaudit.checks.setcookie import parse_set_cookie
from secaudit.checks.view import View
from secaudit.model.exposure_look import ExposureObservation, FileLook, ScriptFileObservation
from secaudit.model.observation import HttpExchange, HttpVisit
from secaudit.reference.paths import path_entries
from secaudit.reference.shapes import Product, Script, System
from secaudit.reference.versions import Version

PAGES = 20
"""Most pages that are read; software is a matter of the site, not of each page."""
_READ = 128 * 1024
# Pages shown to others than a visitor, and answers that are no pages of the site.
_NOT_PAGES = frozenset(
    {"trace", "options", "cors", "no-such-page", "robots", "sitemap", "as-crawler", "as-search-visitor"}
)
_ASSET = re.compile(
    r"""<(?:script|link|img|form|a)\b[^>]{0,300}?\b(?:src|href|action)\s*=\s*["']?([^"'\s>]{1,500})""", re.I
)
_SCRIPT = re.compile(r"""<script\b[^>]{0,300}?\bsrc\s*=\s*["']?([^"'\s>]{1,500})""", re.I)
_DISTRIBUTION = re.compile(
    r"\b(Ubuntu|Debian|Raspbian|CentOS|Red ?Hat|Rocky ?Linux|AlmaLinux|Fedora|SUSE|openSUSE|Amazon Linux|Oracle Linux"
    r"|EL[6-9]|Univention)\b|(?<=[-+~.\d])(ubuntu|deb|el[6-9])(?=\d|_)",
    re.IGNORECASE,
)
_SOFTWARE_HEADERS = ("Server", "X-Powered-By", "X-AspNet-Version")


class Certainty(IntEnum):
    """How sure a recognition is."""

    POSSIBLE = 1
    LIKELY = 2
    STATED = 3

    @property
    def word(self) -> str:
        """Return the word for evidence."""
        return self.name.lower()


@dataclass(frozen=True)
class Sighting:
    """Software that was recognised.

    Attributes:
        version: as shown, empty where none is.
        marks: the pieces of the answers that betray it.
        url: where it was seen, or the script's address.
    """

    id: str
    name: str
    version: str
    certainty: Certainty
    marks: tuple[str, ...]
    url: str


def pages_seen(view: View) -> list[HttpExchange]:
    """Return the pages of the site that were reached, without repetition, at most `PAGES`."""
    found: dict[str, HttpExchange] = {}
    for visit in view.seen(HttpVisit):
        if visit.purpose not in _NOT_PAGES and visit.page is not None and visit.page.body:
            found.setdefault(visit.page.body_sha256 or visit.page.url, visit.page)
    return list(found.values())[:PAGES]


def _assets(page: HttpExchange, pattern: re.Pattern[str]) -> list[str]:
    found = []
    for source in pattern.findall(page.body[:_READ]):
        try:
            found.append(urljoin(page.url, unescape(source)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _Facts:
    """What every system is looked for in, read once from a page and not once for each system."""

    page: HttpExchange
    generators: tuple[str, ...]
    assets: tuple[str, ...]
    cookies: tuple[str, ...]


def _facts(view: View) -> list[_Facts]:
    return [
        _Facts(
            page,
            tuple(m.get("content", "") for m in head_metas(page.body) if m.get("name", "").lower() == "generator"),
            tuple(_assets(page, _ASSET)),
            tuple(cookie.name for value in page.values("set-cookie") if (cookie := parse_set_cookie(value))),
        )
        for page in view.once(pages_seen)
    ]


# --- content management systems ---------------------------------------------------------------------


def systems_seen(view: View, systems: Sequence[System]) -> list[Sighting]:
    """Return the systems that the pages betray, the surest first."""
    pages = view.once(_facts)
    panels = _panels(view)
    found = [sighting for system in systems if (sighting := _system(system, pages, panels)) is not None]
    return sorted(found, key=lambda sighting: -sighting.certainty)


def _system(system: System, pages: Sequence[_Facts], panels: dict[str, str]) -> Sighting | None:
    stated: list[str] = []
    kinds: dict[str, str] = {}
    versions: list[str] = []
    for page in pages:
        for kind, match in _marks(system, page):
            if kind == "stated":
                stated.append(match[0])
            kinds.setdefault(kind, match[0])
            if version := match.groupdict().get("version"):
                versions.append(version)
    if system.name in panels:
        kinds["panel"] = panels[system.name]
    if not kinds:
        return None
    certainty = Certainty.STATED if stated else Certainty.LIKELY if len(kinds) > 1 else Certainty.POSSIBLE
    version = max(versions, key=lambda text: len(Version(text).numbers), default="")
    marks = tuple(dict.fromkeys(mark[:120] for mark in kinds.values()))
    return Sighting(system.id, system.name, version, certainty, marks, pages[0].page.url if pages else "")


def _marks(system: System, facts: _Facts) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield each kind of mark with its match: what the page says of itself, then what betrays it."""
    if system.generator:
        for generator in facts.generators:
            yield from _matches("stated", system.generator, [generator])
    for name, pattern in system.headers.items():
        yield from _matches("stated", pattern, facts.page.values(name))
    for pattern in system.assets:
        yield from _matches("asset", pattern, facts.assets)
    for pattern in system.cookies:
        yield from _matches("cookie", pattern, facts.cookies)
    for pattern in system.markup:
        yield from _matches("markup", pattern, [facts.page.body[:_READ]])


def _matches(kind: str, pattern: str, texts: Iterable[str]) -> Iterator[tuple[str, re.Match[str]]]:
    for text in texts:
        if match := re.search(pattern, text.strip()):
            yield kind, match
            return


def _panels(view: View) -> dict[str, str]:
    """Return the systems whose login form was found, with its address."""
    whole = next(iter(view.seen(ExposureObservation)), None)
    if whole is None or whole.fault is not None:
        return {}
    looks = view.seen(FileLook)
    usual = baselines(looks)
    entries = {entry.id: entry for entry in path_entries() if entry.panel}
    return {
        entries[look.entry].panel: look.target
        for look in looks
        if look.entry in entries and judge_look(look, entries[look.entry], whole, usual).found
    }


# --- scripts ------------------------------------------------------------------------------------------


def scripts_seen(view: View, libraries: Sequence[Script]) -> list[Sighting]:
    """Return the libraries that the pages load, each version once; what a file says goes before its address."""
    contents = {seen.target: seen for seen in view.seen(ScriptFileObservation) if seen.fault is None}
    found: dict[tuple[str, str], Sighting] = {}
    for url in dict.fromkeys(url for page in view.once(pages_seen) for url in _assets(page, _SCRIPT)):
        for sighting in _libraries(url, contents.get(url), libraries):
            found.setdefault((sighting.id, sighting.version), sighting)
    return [s for s in found.values() if s.version or not any(k[0] == s.id and k[1] for k in found)]


def _libraries(url: str, file: ScriptFileObservation | None, libraries: Sequence[Script]) -> Iterator[Sighting]:
    for library in libraries:
        text = file.excerpt if file is not None and file.status in (200, 206) else ""
        if match := _versioned(library.contents, text):
            yield Sighting(library.id, library.name, match["version"], Certainty.STATED, (match[0][:120],), url)
        elif match := _versioned(library.files, url):
            yield Sighting(library.id, library.name, match["version"] or "", Certainty.LIKELY, (match[0][:120],), url)
        elif any(re.search(pattern, url) for pattern in library.files):
            yield Sighting(library.id, library.name, "", Certainty.POSSIBLE, (), url)


def _versioned(patterns: Iterable[str], text: str) -> re.Match[str] | None:
    for pattern in patterns:
        match = re.search(pattern, text) if text else None
        if match is not None and match.groupdict().get("version"):
            return match
    return None


# --- servers and languages ----------------------------------------------------------------------------


def servers_seen(view: View, products: Sequence[Product]) -> list[Sighting]:
    """Return servers and languages whose version is shown, each version once."""
    found: dict[tuple[str, str], Sighting] = {}
    for url, line in _lines(view):
        for product in products:
            for pattern in product.patterns:
                if match := re.search(pattern, line):
                    version = match["version"].rstrip(".-+~")
                    sighting = Sighting(product.id, product.name, version, Certainty.STATED, (line[:160],), url)
                    found.setdefault((product.id, version), sighting)
                    break
    return list(found.values())


def distribution_seen(view: View) -> str:
    """Return the Linux distribution that the server's own words name, empty where they name none."""
    for _, line in _lines(view):
        if match := _DISTRIBUTION.search(line):
            return match[0]
    return ""


def _lines(view: View) -> Iterator[tuple[str, str]]:
    """Yield every line in which a server names its software, with where it was seen."""
    for visit in view.seen(HttpVisit):
        for exchange in visit.exchanges:
            for name in _SOFTWARE_HEADERS:
                yield from ((exchange.url, f"{name}: {value}") for value in exchange.values(name))
    for look in view.seen(FileLook):
        for name in _SOFTWARE_HEADERS:
            yield from ((look.target, f"{name}: {value}") for value in look.values(name))
        yield from ((look.target, line) for line in look.excerpt.splitlines())
