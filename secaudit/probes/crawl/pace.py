"""How fast requests may go out: a few at once as a browser sends them, then so many per second."""

from __future__ import annotations

import threading
import time


class Pace:
    """A token bucket shared by the threads of one crawl.

    Attributes:
        requests: how many were let through.
    """

    def __init__(self, burst: int, per_second: float, stop: threading.Event) -> None:
        self.requests = 0
        self._stop = stop
        self._lock = threading.Lock()
        self._interval = 1.0 / per_second
        self._slack = self._interval * burst
        self._next = 0.0

    def slow_down(self, seconds: float) -> None:
        """Let no request out sooner than `seconds` after the one before, from now on."""
        with self._lock:
            self._interval = max(self._interval, seconds)
            self._slack = 0.0

    def wait(self, deadline: float) -> bool:
        """Wait for the next turn; False when that would be after `deadline` or the scan is being stopped."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            if turn > deadline or self._stop.is_set():
                return False
            # `_next` lags behind the clock by the slack, which is the burst that is allowed.
            self._next = max(self._next, now - self._slack) + self._interval
            self.requests += 1
        return not self._stop.wait(turn - now) if turn > now else True
