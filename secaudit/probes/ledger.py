"""What a scan has used of its budget: counted in one place, by probe, and never more than allowed per second."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Literal

from secaudit.model.base import Reason
from secaudit.model.traffic import Budget, ProbeTraffic, Traffic

_BURST = 0.1
"""Seconds of rate that may be caught up at once: an event loop that was busy begins several connections together.
The pace is slower by as much, so that no second holds more than the budget says."""
_MEGABYTE = 1_000_000


class Ledger:
    """Counts, thread-safe.

    Args:
        budget: None for no limit.
        monotonic, sleep: seconds, passed in for tests.
    """

    def __init__(
        self,
        budget: Budget | None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._budget = budget
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._connections: Counter[str] = Counter()
        self._requests: Counter[str] = Counter()
        self._received: Counter[str] = Counter()
        self._slot = float("-inf")
        self._second, self._in_second, self._busiest = 0, 0, 0
        self._spent: Literal["connections", "requests", "megabytes", ""] = ""

    @property
    def connections(self) -> int:
        """Return how many connections were counted."""
        with self._lock:
            return self._connections.total()

    def enter(self, probe: str) -> Reason | None:
        """Count one connection, after waiting for its turn; return why there may be none any more, else None."""
        with self._lock:
            if self._budget and (reason := self._exhausted(self._budget)):
                return reason
            self._connections[probe] += 1
            wait = self._turn()
        if wait > 0:
            self._sleep(wait)
        return None

    def spent(self) -> Reason | None:
        """Return why nothing more may be sent, None while the budget holds; counts nothing."""
        with self._lock:
            return self._exhausted(self._budget) if self._budget else None

    def add(self, probe: str, connections: int = 0, requests: int = 0, received: int = 0) -> None:
        """Count what was used already."""
        with self._lock:
            self._connections[probe] += connections
            self._requests[probe] += requests
            self._received[probe] += received

    def traffic(self) -> Traffic:
        """Return what was used so far."""
        with self._lock:
            names = sorted({*self._connections, *self._requests, *self._received})
            return Traffic(
                connections=self._connections.total(),
                requests=self._requests.total(),
                received=self._received.total(),
                busiest_second=self._busiest,
                probes={
                    name: ProbeTraffic(
                        connections=self._connections[name],
                        requests=self._requests[name],
                        received=self._received[name],
                    )
                    for name in names
                },
                budget=self._budget,
                spent=self._spent,
            )

    def _exhausted(self, budget: Budget) -> Reason | None:
        if self._connections.total() >= budget.connections:
            self._spent = "connections"
        elif self._requests.total() >= budget.requests:
            self._spent = "requests"
        elif self._received.total() >= budget.megabytes * _MEGABYTE:
            self._spent = "megabytes"
        else:
            return None
        params: dict[str, str | int | float] = {
            "connections": budget.connections, "requests": budget.requests, "megabytes": budget.megabytes,
        }  # fmt: skip
        return Reason(code="budget-spent", params=params)

    def _turn(self) -> float:
        """Note the moment at which this connection begins, and return the seconds until then."""
        now = self._monotonic()
        begins = now
        if self._budget:
            self._slot = max(self._slot + (1 + _BURST) / self._budget.per_second, now - _BURST)
            begins = max(now, self._slot)
        second = int(begins)
        self._in_second = self._in_second + 1 if second == self._second else 1
        self._second = second
        self._busiest = max(self._busiest, self._in_second)
        return begins - now
