"""Sitemaps (sitemaps.org): the addresses in `<loc>`, read safely from a text that may be cut or hostile.

expat reads piece by piece, so a sitemap that a limit has cut still gives what came before. Any document type
declaration ends the reading: without one there are no entities, hence nothing that expands and nothing that names a
file or another server. That is all that defusedxml would forbid, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

MOST = 20_000
"""Addresses that are read from one sitemap (sitemaps.org allows 50,000)."""
_LONGEST = 2000


class _Enough(Exception):
    pass


@dataclass(frozen=True)
class Sitemap:
    """Addresses of pages and of further sitemaps, as written; `fault` tells a document type or broken XML."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    fault: str = ""


def parse_sitemap(text: str) -> Sitemap:
    """Read a sitemap, an index of sitemaps, or a plain list with one address per line; never raises."""
    stripped = text.lstrip("\ufeff \t\r\n")
    if not stripped.startswith("<"):
        lines = [line.strip() for line in stripped.splitlines()[:MOST]]
        return Sitemap(tuple(line for line in lines if re.match(r"https?://\S{1,2000}$", line)))
    reader = _Reader()
    fault = reader.read(stripped)
    return Sitemap(tuple(reader.pages), tuple(reader.sitemaps), fault)


class _Reader:
    def __init__(self) -> None:
        self.pages: list[str] = []
        self.sitemaps: list[str] = []
        self._path: list[str] = []
        self._text: list[str] = []

    def read(self, text: str) -> str:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse
        # The declared encoding is that of the bytes; this is text already.
        content = re.sub(r"^<\?xml[^>]*\?>", "", text, count=1)
        try:
            parser.Parse(content.encode("utf-8", "replace"), True)
        except _Enough as ended:
            return str(ended)
        except expat.ExpatError:
            return "xml"
        return ""

    def _start(self, name: str, _: object) -> None:
        if len(self._path) > 20:
            raise _Enough("xml")
        self._path.append(name.rpartition(":")[2].lower())
        self._text.clear()

    def _characters(self, data: str) -> None:
        if self._path and self._path[-1] == "loc":
            self._text.append(data)

    def _end(self, _: str) -> None:
        inside, name = self._path[-2:-1], self._path.pop()
        if name != "loc":
            return
        address = "".join(self._text).strip()[:_LONGEST]
        if address:
            (self.sitemaps if inside == ["sitemap"] else self.pages).append(address)
        if len(self.pages) + len(self.sitemaps) >= MOST:
            raise _Enough("")

    @staticmethod
    def _refuse(*_: object) -> None:
        raise _Enough("doctype")
