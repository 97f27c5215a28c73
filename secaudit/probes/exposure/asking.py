"""One harmless request of the exposure probe, and the observation that is kept of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from secaudit.model.base import Reason
from secaudit.model.exposure_look import FileLook
from secaudit.model.observation import HttpExchange
from secaudit.model.target import Target
from secaudit.probes.exposure import excerpt
from secaudit.probes.exposure.limits import FILE_BYTES, PAGE_BYTES, PANEL_REDIRECTS, REQUEST_SECONDS
from secaudit.probes.gate import Gate
from secaudit.probes.http.decode import charset_of
from secaudit.probes.http.fetch import Ask, head_complete, receive
from secaudit.probes.http.identity import request_headers
from secaudit.probes.http.limits import Limits
from secaudit.probes.http.redirects import BadLocation, next_hop
from secaudit.probes.http.spare import Spare
from secaudit.reference.shapes import PathEntry

_KEPT_HEADERS = frozenset(
    {
        "content-length",
        "content-range",
        "content-type",
        "last-modified",
        "liferay-portal",
        "location",
        "microsoftsharepointteamservices",
        "retry-after",
        "server",
        "www-authenticate",
        "x-aspnet-version",
        "x-aspnetmvc-version",
        "x-generator",
        "x-powered-by",
    }
)
_VALUE = 200
_MAGIC = 16
# What servers write below their own error pages.
SIGNATURES = (
    r"(?i)<address>[^<]{1,120}</address>",
    r"(?i)<hr><center>[^<]{1,60}</center>",
    r"(?i)Microsoft-IIS/[\d.]{1,6}",
)


@dataclass(frozen=True)
class Question:
    """What to ask for.

    Attributes:
        entry: id for the observation.
        known: the entry of the list; None for addresses that cannot exist and the page itself.
    """

    entry: str
    target: Target
    known: PathEntry | None = None

    @property
    def is_page(self) -> bool:
        """Tell whether a page is expected rather than a file."""
        return self.known is None or self.known.keep == "page"


@dataclass(frozen=True)
class Asker:
    """Sends questions within limits.

    Attributes:
        contact: sent with each request.
        seconds: gives the time that one request may take now.
        send: `receive`, or another in tests.
        spare: connections that stay open from one request to the next.
    """

    gate: Gate
    contact: str
    clock: Callable[[], datetime]
    seconds: Callable[[], float] = lambda: REQUEST_SECONDS
    send: Callable[[Gate, Ask, Limits, Spare | None], tuple[HttpExchange, bytes]] = receive
    spare: Spare | None = None

    def look(self, question: Question, number: int) -> FileLook:
        """Ask and return what was seen; for a login form, redirects on the same host and port are followed."""
        size = PAGE_BYTES if question.is_page else FILE_BYTES
        target, final_url = question.target, ""
        answer, data = self.bytes_of(target, size, ranged=not question.is_page)
        for _ in range(PANEL_REDIRECTS if question.known and question.known.panel else 0):
            hop = next_hop(target, answer.status, answer.values("location"))
            if hop is None or isinstance(hop, BadLocation) or hop.origin != target.origin:
                break
            target, final_url = hop, hop.url
            answer, data = self.bytes_of(target, size, ranged=False)
        return _observed(question, number, answer, data, final_url, self.clock())

    def bytes_of(self, target: Target, size: int, *, ranged: bool) -> tuple[HttpExchange, bytes]:
        """Return an answer with the first `size` bytes of its body, as they are stored on the server."""
        extra = (("Range", f"bytes=0-{size - 1}"),) if ranged else ()
        headers = tuple(
            ("Accept-Encoding", "identity") if name == "Accept-Encoding" else (name, value)
            for name, value in request_headers(self.contact, *extra, stays=self.spare is not None)
        )
        limits = Limits(
            seconds=self.seconds(), connect_seconds=min(5.0, self.seconds()), wire_bytes=size + 64 * 1024,
            body_bytes=size, text_bytes=size,
        )  # fmt: skip
        return self.send(self.gate, Ask(target, headers=headers), limits, self.spare)


def decoded(data: bytes, answer: HttpExchange) -> str:
    """Return bytes as text, whatever type the server calls them."""
    return data.decode(charset_of(data, next(iter(answer.values("content-type")), "")), "replace")


def _observed(
    question: Question, number: int, answer: HttpExchange, data: bytes, final_url: str, at: datetime
) -> FileLook:
    fault: Reason | None = None if head_complete(answer) else answer.fault
    sniffed = excerpt.sniff(data)
    text = decoded(data, answer) if sniffed != "binary" else ""
    patterns: Iterable[str] = question.known.match if question.known else SIGNATURES
    may_be = question.known is None or answer.status in question.known.statuses
    keep = excerpt.KEEPERS[question.known.keep if question.known else "page"]
    return FileLook(
        target=question.target.url,
        at=at,
        address=answer.address,
        fault=fault,
        entry=question.entry,
        number=number,
        final_url=final_url,
        status=answer.status,
        headers=tuple(
            (n, excerpt.without_secrets(v)[:_VALUE]) for n, v in answer.headers if n.lower() in _KEPT_HEADERS
        ),
        sniffed=sniffed,
        magic=data[:_MAGIC].hex() if sniffed == "binary" else "",
        title=excerpt.title_of(text) if sniffed in ("html", "xml") else "",
        # Of an answer that cannot be the file there is nothing to recognise, so nothing is kept.
        excerpt=keep(text, patterns) if text and may_be else "",
        body_bytes=answer.body_bytes,
        body_sha256=answer.body_sha256,
        truncated=answer.truncated,
    )
