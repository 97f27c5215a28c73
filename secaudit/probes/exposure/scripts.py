"""Which scripts of the first page are worth a look: those of its own host whose version their address does not tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from html import unescape
from urllib.parse import urljoin

from secaudit.model.errors import BadInput
from secaudit.model.exposure_look import ScriptFileObservation
from secaudit.model.observation import HttpExchange
from secaudit.model.target import Target, parse_target
from secaudit.probes.exposure.excerpt import PIECE
from secaudit.probes.http.fetch import head_complete
from secaudit.probes.http.head import printable
from secaudit.reference.shapes import Script

_SRC = re.compile(r"""<script\b[^>]{0,300}?\bsrc\s*=\s*["']?([^"'\s>]{1,500})""", re.IGNORECASE)
_START = 600


def wanted_scripts(page: str, base: Target, libraries: Sequence[Script], most: int) -> list[Target]:
    """Return at most `most` scripts of the page's own host and port.

    Those that look like a known library without telling its version come first; those that tell it are left out.
    """
    unknown, nameless = [], []
    for target in _own_scripts(page, base):
        found = [match for lib in libraries for pattern in lib.files if (match := re.search(pattern, target.url))]
        if not found:
            nameless.append(target)
        elif not any(match.groupdict().get("version") for match in found):
            unknown.append(target)
    return [*unknown, *nameless][:most]


def _own_scripts(page: str, base: Target) -> list[Target]:
    found: dict[str, Target] = {}
    for source in _SRC.findall(page):
        try:
            target = parse_target(urljoin(base.url, unescape(source)))
        except (BadInput, ValueError):
            continue
        if target.origin == base.origin:
            found.setdefault(target.url, target)
    return list(found.values())


def script_look(
    target: Target, answer: HttpExchange, text: str, libraries: Sequence[Script], at: datetime
) -> ScriptFileObservation:
    """Return what is kept of a script: its first characters, and the pieces that name a library's version."""
    pieces = [text[:_START]]
    for pattern in (pattern for library in libraries for pattern in library.contents):
        match = re.search(pattern, text)
        if match and match.end() > _START:
            pieces.append(match[0][:PIECE])
    kept = "\n".join(dict.fromkeys(pieces))
    return ScriptFileObservation(
        target=target.url,
        at=at,
        address=answer.address,
        fault=None if head_complete(answer) else answer.fault,
        status=answer.status,
        excerpt="".join(c if c in "\n\t" or c.isprintable() else printable(c) for c in kept),
        body_bytes=answer.body_bytes,
        body_sha256=answer.body_sha256,
        truncated=answer.truncated,
    )
