"""Asking gently: a limited rate, and stopping when the server begins to block."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from secaudit.model.base import Reason
from secaudit.probes.exposure.limits import DENIED_IN_A_ROW, DENYING, LOST_IN_A_ROW


class Pace:
    """Hands out turns, at most so many a second; thread-safe.

    Attributes:
        taken: turns handed out.
    """

    def __init__(
        self,
        per_second: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.taken = 0
        self._gap = 1 / per_second
        self._now, self._sleep = now, sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def turn(self) -> int:
        """Wait for the next turn and return its number, from 1."""
        with self._lock:
            start = max(self._now(), self._next)
            self._next = start + self._gap
            self.taken += 1
            number = self.taken
        self._sleep(max(0.0, start - self._now()))
        return number


class Watch:
    """Sees from the answers whether the server still answers everybody as before; thread-safe.

    Attributes:
        stopped: why nothing more should be sent, None while all is well.
        reliable: the last request whose answer can be trusted, once `stopped` is set.
    """

    def __init__(self, still_answers: Callable[[], bool]) -> None:
        """Begin watching.

        Args:
            still_answers: asks for an address that cannot exist and tells whether the answer is as it was at first.
        """
        self.stopped: Reason | None = None
        self.reliable = 0
        self._still_answers = still_answers
        self._lost: list[int] = []
        self._denied: list[int] = []
        self._harmless: set[int] = set()
        self._lock = threading.Lock()

    def note(self, number: int, status: int) -> None:
        """Take the status of an answer, 0 where there was none."""
        with self._lock:
            if self.stopped is not None:
                return
            if status == 429:
                self._stop(number)
            elif status == 0:
                self._lost.append(number)
                if len(self._lost) >= LOST_IN_A_ROW:
                    self._stop(self._lost[0])
            elif status in DENYING and status not in self._harmless:
                self._denied.append(number)
                if len(self._denied) >= DENIED_IN_A_ROW:
                    self._ask(status)
            else:
                self._lost.clear()
                self._denied.clear()

    def end(self, first_like: Callable[[], int]) -> None:
        """Ask once more at the end; `first_like` returns the first request that was answered like this last one."""
        if self.stopped is None and not self._still_answers():
            self._stop(first_like())

    def _ask(self, status: int) -> None:
        if self._still_answers():
            self._harmless.add(status)
            self._denied.clear()
        else:
            self._stop(self._denied[0])

    def _stop(self, first: int) -> None:
        self.reliable = first - 1
        self.stopped = Reason(code="exposure-blocked", params={"requests": first - 1})
