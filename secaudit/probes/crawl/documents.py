"""Which uploaded documents are looked into, and reading them where a hostile file can do no harm."""

from __future__ import annotations

import base64
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from secaudit.model.base import Reason
from secaudit.model.document_look import DocumentObservation
from secaudit.model.errors import BadInput
from secaudit.model.observation import HttpExchange
from secaudit.model.target import Target, parse_target
from secaudit.probes.http.head import printable
from secaudit.probes.tls.child import Child, ChildFailed

Offered = Literal["sitemap", "page"]
WORKER = (sys.executable, "-P", "-X", "utf8", "-m", "secaudit.probes.crawl.document_worker")
SECONDS = 8.0
"""Time for reading all documents of one crawl."""
_PDF = re.compile(r"\.pdf$", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """What a document says."""

    title: str
    text: str
    links: tuple[str, ...]
    pages: int


def chosen(offered: Iterable[str], linked: Iterable[str], start: Target, most: int) -> list[tuple[Target, Offered]]:
    """Return at most `most` PDF files of the site's own host, taken from its folders in turn.

    Those of sitemaps come first: files that somebody put there for search engines are linked from no page.

    Args:
        offered: addresses in sitemaps.
        linked: addresses on pages, listings of folders included.
        start: the site's first page.
        most: how many.
    """
    found: dict[str, tuple[Target, Offered]] = {}
    for urls, kind in ((offered, "sitemap"), (linked, "page")):
        for url in urls:
            target = _own_pdf(url, start)
            if target is not None:
                found.setdefault(target.url, (target, "sitemap" if kind == "sitemap" else "page"))
    folders: dict[tuple[str, str], list[tuple[Target, Offered]]] = defaultdict(list)
    for one in found.values():
        folders[one[1], urlsplit(one[0].path).path.rpartition("/")[0]].append(one)
    turns = [one for turn in range(most) for files in folders.values() for one in files[turn : turn + 1]]
    return sorted(turns, key=lambda one: one[1] != "sitemap")[:most]


def _own_pdf(url: str, start: Target) -> Target | None:
    try:
        target = parse_target(url)
    except (BadInput, ValueError):
        return None
    own = (target.scheme, target.host, target.port) == (start.scheme, start.host, start.port)
    return target if own and _PDF.search(urlsplit(target.path).path) else None


def read_documents(files: Sequence[bytes], stop: threading.Event, seconds: float = SECONDS) -> list[Read | Reason]:
    """Return what each PDF file says, or why it cannot be read, in order.

    A process of its own reads them: such files can be made to take any time and memory.

    Args:
        files: contents, possibly cut off.
        stop: ends the reading at once when set.
        seconds: for all files together.
    """
    request = {"files": [base64.b64encode(content).decode("ascii") for content in files]}
    try:
        with Child(WORKER) as child:
            answers = child.ask(request, seconds, stop)["documents"]
    except ChildFailed as failed:
        return [Reason(code="crawl-document-unread", params={"detail": printable(failed.code)})] * len(files)
    return [_read(answer) for answer in answers]


def document_look(
    target: Target, offered: Offered, answer: HttpExchange, said: Read | Reason, at: datetime
) -> DocumentObservation:
    """Return the observation of one document: what was received, and what it says or why that is unknown."""
    look = DocumentObservation(
        target=target.url,
        at=at,
        address=answer.address,
        fault=said if isinstance(said, Reason) else None,
        offered=offered,
        status=answer.status,
        body_bytes=answer.body_bytes,
        body_sha256=answer.body_sha256,
        truncated=answer.truncated,
    )
    if isinstance(said, Reason):
        return look
    facts = {"title": said.title, "text": said.text, "links": said.links, "pages": said.pages}
    return look.model_copy(update=facts)


def _read(answer: dict[str, Any]) -> Read | Reason:
    if "error" in answer:
        return Reason(code="crawl-document-unread", params={"detail": printable(str(answer["error"]))[:80]})
    links = tuple(str(link) for link in answer["links"])
    return Read(str(answer["title"]), str(answer["text"]), links, int(answer["pages"]))
