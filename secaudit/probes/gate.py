"""The gate that every connection of every probe passes: scope, pinned addresses, budget, count of connections.

Probing a system without permission is an offence (Law 116/2025 Art. 7; Decree 330/2026 Art. 16.1.đ), so a probe
never connects to an address that the gate did not hand out.
"""

from __future__ import annotations

import copy
import socket
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from secaudit.model.authorisation import LOOPBACK, Authorisation, is_loopback
from secaudit.model.base import Reason
from secaudit.model.target import address_or_none
from secaudit.model.traffic import Budget, Traffic
from secaudit.probes.ledger import Ledger

Resolver = Callable[[str], list[str]]


class Refused(Exception):
    """A connection that must not be made, or a name that leads nowhere.

    Attributes:
        reason: `not-in-scope`, `name-not-resolved` or `budget-spent`, for the observation's fault.
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

    Thread-safe. What was let through is counted, by probe, and held within the budget.
    """

    def __init__(
        self,
        authorisations: Sequence[Authorisation],
        clock: Callable[[], datetime],
        resolver: Resolver = system_resolver,
        budget: Budget | None = None,
    ) -> None:
        self._authorisations = tuple(authorisations)
        self._clock = clock
        self._resolver = resolver
        self._pinned: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self._ledger = Ledger(budget)
        self._probe = ""

    @property
    def connections(self) -> int:
        """Return how many connections of all probes were let through or reported."""
        return self._ledger.connections

    def for_probe(self, name: str) -> Gate:
        """Return the same gate, the same budget and pins included, that counts under the name of a probe."""
        gate = copy.copy(self)
        gate._probe = name
        return gate

    def traffic(self) -> Traffic:
        """Return what all probes used so far."""
        return self._ledger.traffic()

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
        """Ask right before each connection or datagram; counts it, and waits where too many begin in one second.

        Raises:
            Refused: the address is not one that `host` was pinned to, no record in force covers it, or the scan's
                budget is spent.
        """
        if address not in self.resolve(host) or self.covering(host, address, port) is None:
            raise Refused(Reason(code="not-in-scope", params={"host": host, "port": port}))
        if spent := self._ledger.enter(self._probe):
            raise Refused(spent)

    def again(self, host: str, address: str, port: int) -> None:
        """Ask before each further request over a connection that `enter` let through; counts no connection.

        Raises:
            Refused: no record in force covers the address any more, or the scan's budget is spent.
        """
        if self.covering(host, address, port) is None:
            raise Refused(Reason(code="not-in-scope", params={"host": host, "port": port}))
        if spent := self._ledger.spent():
            raise Refused(spent)

    def count(self, connections: int) -> None:
        """Add connections that a tool made to an address which `enter` had let through."""
        self._ledger.add(self._probe, connections=connections)

    def used(self, *, requests: int = 0, received: int = 0) -> None:
        """Add HTTP requests that were sent, and bytes that were received."""
        self._ledger.add(self._probe, requests=requests, received=received)

    def covering(self, host: str, address: str, port: int | None) -> str | None:
        """Return the id of the record that covers the address now, `loopback`, or None."""
        if is_loopback(address):
            return LOOPBACK
        now = self._clock()
        for record in self._authorisations:
            if record.in_force(now) and record.covers(host, address, port):
                return record.id
        return None
