"""Reading the head of an HTTP/1 answer: status line and header lines as sent, nothing merged (RFC 9112)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from secaudit.model.base import Reason
from secaudit.probes.http.limits import INTERIM_ANSWERS, Limits

_STATUS_LINE = re.compile(rb"(HTTP/1(?:\.\d)?)[ \t]+(\d{3})(?:[ \t][^\r\n]*)?\r?\n?")
_FIELD_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# Only what frames the body is handed on to the HTTP library: cookies and addresses that a hostile server sends
# are then never parsed by code that was written for friendly ones.
_FRAMING = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})


@dataclass(frozen=True)
class Head:
    """What came before the body.

    Attributes:
        status: status code, 0 where none could be read.
        version: `HTTP/1.1` or as sent.
        headers: names and values in the order received, bytes as Latin-1.
        fault: why the head is not complete; None when the empty line after it was read.
    """

    status: int = 0
    version: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    fault: Reason | None = None

    def framing(self) -> bytes:
        """Return a head with the fields that say where the body ends, for the HTTP library."""
        lines = [f"{self.version} {self.status:03d} -"]
        lines += [f"{name}: {value}" for name, value in self.headers if name.lower() in _FRAMING]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class _Cut(Exception):
    def __init__(self, fault: Reason) -> None:
        super().__init__(fault.code)
        self.fault = fault


def read_head(readline: Callable[[int], bytes], limits: Limits) -> Head:
    """Read one answer's head, interim answers (1xx) skipped.

    Args:
        readline: reads up to and with the next line feed, at most that many bytes; empty at the end.
        limits: how many bytes and header lines are taken.

    Returns:
        the head; with a fault when it is not HTTP, ends too early or is over a limit, and then with what was read.
    """
    lines = _Lines(readline, limits)
    head = Head()
    try:
        for _ in range(INTERIM_ANSWERS + 1):
            version, status = _status_line(lines.next())
            head = Head(status, version)
            head = Head(status, version, *_fields(lines, limits))
            if head.fault or status >= 200 or status == 101:
                return head
    except _Cut as cut:
        return Head(head.status, head.version, fault=cut.fault)
    return Head(head.status, head.version, fault=Reason(code="http-interim-limit", params={"limit": INTERIM_ANSWERS}))


class _Lines:
    """Hands out lines until the limit on bytes is reached."""

    def __init__(self, readline: Callable[[int], bytes], limits: Limits) -> None:
        self._readline = readline
        self._left = limits.head_bytes
        self._limit = header_limit(limits)

    def next(self) -> bytes:
        line = self._readline(self._left) if self._left else b""
        self._left -= len(line)
        if not line.endswith(b"\n") and self._left <= 0:
            raise _Cut(self._limit)
        return line


def header_limit(limits: Limits) -> Reason:
    """Return the fault of a head over the limits."""
    return Reason(
        code="http-header-limit", params={"count": limits.header_count, "kib": max(1, limits.head_bytes // 1024)}
    )


def _status_line(line: bytes) -> tuple[str, int]:
    if not line:
        raise _Cut(Reason(code="http-no-answer"))
    found = _STATUS_LINE.fullmatch(line)
    if found is None:
        raise _Cut(Reason(code="http-not-http", params={"detail": printable(line[:60].decode("latin-1"))}))
    return found[1].decode("ascii"), int(found[2])


def _fields(lines: _Lines, limits: Limits) -> tuple[tuple[tuple[str, str], ...], Reason | None]:
    fields: list[tuple[str, str]] = []
    count = 0
    while True:
        try:
            line = lines.next()
        except _Cut as cut:
            return tuple(fields), cut.fault
        text = line.rstrip(b"\r\n").decode("latin-1")
        if not line.endswith(b"\n"):
            return tuple(fields), Reason(code="http-cut-short")
        if not text:
            return tuple(fields), None
        count += 1
        if count > limits.header_count:
            return tuple(fields), header_limit(limits)
        _add(fields, text)


def _add(fields: list[tuple[str, str]], text: str) -> None:
    if text[0] in " \t":
        # An obsolete line fold (RFC 9112, section 5.2) belongs to the field before it.
        if fields:
            name, value = fields[-1]
            fields[-1] = name, " ".join((value, text.strip(" \t"))).strip(" ")
        return
    name, colon, value = text.partition(":")
    name = name.rstrip(" \t")
    if colon and _FIELD_NAME.fullmatch(name):
        fields.append((name, value.strip(" \t")))


def printable(text: str) -> str:
    """Return `text` with everything that is not a printable character escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
