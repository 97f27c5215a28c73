"""The gate that every connection of every probe passes: scope, pinned addresses, count of connections.

Probing a system without permission is an offence (Law 116/2025 Art. 7; Decree 330/2026 Art. 16.1.đ), so a probe
never connects to an address that the gate did not hand out.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from secaudit.model.authorisation import LOOPBACK, Authorisation, is_loopback
from secaudit.model.base import Reason
from secaudit.model.target import address_or_none

Resolver = Callable[[str], list[str]]


class Refused(Exception):
    """A connection that must not be made, or a name that leads nowhere.

    Attributes:
        reason: `not-in-scope` or `name-not-resolved`, for the observation's fault.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def system_resolver(host: str) -> list[str]:
    """Return the addresses of `host` in the order of the operating system, IPv4 and IPv6.

    Raises:
        OSError: the name does not resolve.
    """
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in answers))


class Gate:
    """Hands out addresses that may be connected to, each name resolved once and pinned for the whole scan.

    Thread-safe. `connections` counts what was let through.
    """

    def __init__(
        self,
        authorisations: Sequence[Authorisation],
        clock: Callable[[], datetime],
        resolver: Resolver = system_resolver,
    ) -> None:
        self._authorisations = tuple(authorisations)
        self._clock = clock
        self._resolver = resolver
        self._pinned: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self.connections = 0

    def resolve(self, host: str) -> tuple[str, ...]:
        """Return all addresses of `host`, pinned at the first call. An address is its own answer.

        Raises:
            Refused: the name does not resolve.
        """
        if address_or_none(host):
            return (host,)
        with self._lock:
            if host not in self._pinned:
                try:
                    self._pinned[host] = tuple(self._resolver(host))
                except (OSError, UnicodeError):
                    self._pinned[host] = ()
            addresses = self._pinned[host]
        if not addresses:
            raise Refused(Reason(code="name-not-resolved", params={"host": host}))
        return addresses

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Return the addresses of `host` that may be connected to on `port`. Does not count a connection.

        Raises:
            Refused: the name does not resolve, or none of its addresses is in scope.
        """
        allowed = tuple(a for a in self.resolve(host) if self.covering(host, a, port) is not None)
        if not allowed:
            raise Refused(Reason(code="not-in-scope", params={"host": host, "port": port}))
        return allowed

    def enter(self, host: str, address: str, port: int) -> None:
        """Ask right before each connection; counts it.

        Raises:
            Refused: the address is not one that `host` was pinned to, or no record in force covers it.
        """
        if address not in self.resolve(host) or self.covering(host, address, port) is None:
            raise Refused(Reason(code="not-in-scope", params={"host": host, "port": port}))
        with self._lock:
            self.connections += 1

    def count(self, connections: int) -> None:
        """Add connections that a tool made to an address which `enter` had let through."""
        with self._lock:
            self.connections += connections

    def covering(self, host: str, address: str, port: int | None) -> str | None:
        """Return the id of the record that covers the address now, `loopback`, or None."""
        if is_loopback(address):
            return LOOPBACK
        now = self._clock()
        for record in self._authorisations:
            if record.in_force(now) and record.covers(host, address, port):
                return record.id
        return None
