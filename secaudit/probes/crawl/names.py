"""Whether the name of a script host still exists, asked of a resolver; nothing is ever sent to the host itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import dns.exception
import dns.name
import dns.resolver

from secaudit.model.base import Reason

SECONDS = 4.0
"""Longest time for all tries of one question."""


@dataclass(frozen=True)
class NameLook:
    """What the resolver says; see `ScriptHostObservation`."""

    resolution: Literal["resolves", "no-such-name", "no-address", "not-looked"]
    addresses: tuple[str, ...] = ()
    closest: str = ""
    fault: Reason | None = None


class NameLookup:
    """Asks one resolver.

    Args:
        server: IP address of a DNS server, empty for the system's.
        port: its UDP and TCP port.
    """

    def __init__(self, server: str, port: int = 53) -> None:
        self._server, self._port = server, port

    def __call__(self, host: str) -> NameLook:
        """Return whether `host` exists. Only the resolver's NXDOMAIN counts as proof that it does not (RFC 8020)."""
        try:
            asked = dns.resolver.Resolver(configure=not self._server)
            if self._server:
                asked.nameservers, asked.port = [self._server], self._port
            asked.lifetime = SECONDS
            return self._look(asked, host)
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            fault = Reason(code="crawl-name-not-looked", params={"host": host, "detail": type(error).__name__})
            return NameLook("not-looked", fault=fault)

    def _look(self, asked: dns.resolver.Resolver, host: str) -> NameLook:
        addresses: list[str] = []
        for kind in ("A", "AAAA"):
            try:
                addresses += [record.to_text() for record in asked.resolve(host, kind, search=False)]
            except dns.resolver.NXDOMAIN:
                return NameLook("no-such-name", closest=self._closest(asked, host))
            except dns.resolver.NoAnswer:
                continue
            if addresses:
                return NameLook("resolves", tuple(addresses))
        return NameLook("no-address")

    @staticmethod
    def _closest(asked: dns.resolver.Resolver, host: str) -> str:
        name = dns.name.from_text(host)
        while len(name) > 2:
            name = name.parent()
            try:
                asked.resolve(name, "SOA", search=False, raise_on_no_answer=False)
            except dns.resolver.NXDOMAIN:
                continue
            return name.to_text(omit_final_dot=True)
        return ""
