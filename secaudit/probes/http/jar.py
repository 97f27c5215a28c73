"""The cookies of one visit: kept only while it lasts, sent back only to the host that set them.

Some sites redirect for ever until their cookie comes back, so a visit without cookies would never see the page.
"""

from __future__ import annotations

import re

from secaudit.model.observation import HttpExchange
from secaudit.model.target import Target

_SENDABLE = re.compile(r"[!-:<-~\x80-\xff][ -:<-~\x80-\xff]*")
_SECURE = re.compile(r";\s*secure\s*(;|$)", re.IGNORECASE)
_MOST = 50
_LENGTH = 4096


class VisitJar:
    """Name and value per host; paths, domains and ages do not matter within one visit."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, tuple[str, bool]]] = {}

    def keep(self, target: Target, exchange: HttpExchange) -> None:
        """Remember what the answer set."""
        for value in exchange.values("set-cookie"):
            pair = value.partition(";")[0].strip(" \t")
            name, equals, content = pair.partition("=")
            of_host = self._kept.setdefault(target.host, {})
            if equals and len(pair) <= _LENGTH and len(of_host) < _MOST and _SENDABLE.fullmatch(pair):
                of_host[name.strip()] = content.strip(), bool(_SECURE.search(value))

    def header(self, target: Target) -> tuple[tuple[str, str], ...]:
        """Return the Cookie header for a request to `target`, empty when there is nothing to send."""
        pairs = [
            f"{name}={value}"
            for name, (value, secure) in self._kept.get(target.host, {}).items()
            if target.scheme == "https" or not secure
        ]
        return (("Cookie", "; ".join(pairs)),) if pairs else ()
