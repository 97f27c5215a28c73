"""TCP connect scan of one address on asyncio: bounded in rate, in sockets at once and in time.

A connection is made in full and closed at once; nothing is sent. That needs no privilege, works on Windows'
Proactor event loop as well as on selectors, and is what any browser does, only to more ports.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from secaudit.model.base import Reason
from secaudit.model.observation import PortState
from secaudit.model.words import Profile
from secaudit.probes.gate import Refused
from secaudit.probes.ports.discovery import SweepResult

REFUSAL_DELAY = 2.2 if sys.platform == "win32" else 0.0
"""Seconds that the operating system sits on a refusal: Windows sends a refused SYN twice more, half a second and
then a second later, before it says so. A shorter deadline would read every closed port as silent."""


@dataclass(frozen=True)
class Pace:
    """How fast to go.

    Attributes:
        concurrency: sockets open at once.
        per_second: connections begun per second.
        seconds: how long one port may take to answer.
    """

    concurrency: int
    per_second: float
    seconds: float

    def gentler(self) -> Pace:
        """Return a quarter of the rate with twice the patience, for ports that gave no answer at first."""
        return Pace(max(1, self.concurrency // 2), self.per_second / 4, self.seconds * 2)


PACES = {
    Profile.QUICK: Pace(concurrency=60, per_second=500, seconds=1.5 + REFUSAL_DELAY),
    Profile.STANDARD: Pace(concurrency=250, per_second=1500, seconds=1.5 + REFUSAL_DELAY),
    Profile.FULL: Pace(concurrency=400, per_second=1500, seconds=1.5 + REFUSAL_DELAY),
}
"""1,500 connections a second are about 90 kB/s of SYN packets, less than the page's own pictures, and at most 250
wait for an answer at any moment: a small office's router tracks some thousands. With 250 at once and 100 ms there
and back, 1,000 ports take 0.7 s. 1.5 s leave room for the SYN that the system repeats after 1 s."""

_FEWEST = 8
"""Workers that stay when sockets run short; those wait instead of going."""
_PATIENCE = 80
"""How often the last workers together wait for a socket (2.5 s when all do) before the rest is left alone."""
_PAUSE = 0.25
_BURST = 0.02
"""Seconds of rate that may be caught up at once, because timers are coarse (16 ms on Windows)."""

_SHORT_OF_SOCKETS = {
    errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EADDRINUSE, errno.EAGAIN,
}  # fmt: skip
_WINDOWS_SHORT = {10024, 10048, 10055}
_BLOCKED_HERE = {errno.EACCES, errno.EPERM}
_SOCKETS_OF_OTHERS = 64
"""Descriptors left for the probes that run side by side, the store and the terminal."""


class _NoSocket(Exception):
    """No socket to spare on this computer at the moment; says nothing about the port."""


class _BlockedHere(Exception):
    """Forbidden by the firewall of this very computer; says nothing about the port."""


def has_route(address: str) -> bool:
    """Tell whether this computer could send to that address at all (no IPv6 here, for example). Sends nothing."""
    family, sockaddr = _sockaddr(address)
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((sockaddr[0], 9, *sockaddr[2:]))
    except OSError as error:
        # For want of a socket nothing is known of the way; the sweep will meet the same want and say so.
        return _is_shortage(error) and error.errno != errno.EADDRNOTAVAIL
    return True


def connect_scan(
    address: str,
    ports: Sequence[int],
    pace: Pace,
    enter: Callable[[int], None],
    *,
    until: float,
    stop: threading.Event,
) -> SweepResult:
    """Connect to each port of `address` once and return what each answered, in no more time than `until` allows.

    Ports that could not be looked at (no socket, out of scope, out of time) are missing in the result, and its
    `trouble` says why.

    Args:
        address: IPv4 or IPv6 address.
        ports: in the order in which they are to be looked at.
        pace: how fast to go.
        enter: asked right before each connection; raises `Refused` where none may be made.
        until: value of `time.monotonic()` after which no connection is begun.
        stop: set when the scan is being cancelled.
    """
    try:
        return asyncio.run(_Sweep(address, ports, pace, enter, until, stop).run())
    except OSError as error:  # the event loop itself needs descriptors
        if not _is_shortage(error):
            raise
        return SweepResult({}, _sockets_short(address, len(ports)))


@dataclass
class _Sweep:
    address: str
    ports: Sequence[int]
    pace: Pace
    enter: Callable[[int], None]
    until: float
    stop: threading.Event
    states: dict[int, PortState] = field(default_factory=dict)
    trouble: Reason | None = None

    async def run(self) -> SweepResult:
        self._queue = deque(self.ports)
        self._family, self._sockaddr = _sockaddr(self.address)
        self._workers = min(self.pace.concurrency, _sockets_to_spare(), len(self.ports))
        self._waits = 0
        self._slot = 0.0
        await asyncio.gather(*(self._work() for _ in range(self._workers)))
        if self._queue and self.trouble is None:
            self.trouble = (
                Reason(code="probe-interrupted", params={"probe": "ports"})
                if self.stop.is_set()
                else Reason(code="ports-time-limit", params={"address": self.address, "left": len(self._queue)})
            )
        return SweepResult(self.states, self.trouble)

    async def _work(self) -> None:
        while self._queue:
            await self._turn()
            if not self._queue or self.stop.is_set() or time.monotonic() >= self.until:
                return
            port = self._queue.popleft()
            try:
                self.enter(port)
                self.states[port] = await self._look(port)
            except Refused as refused:
                self.trouble = refused.reason
            except _BlockedHere:
                self.trouble = Reason(code="ports-blocked-here", params={"address": self.address, "port": port})
            except _NoSocket:
                self._queue.appendleft(port)
                if self._workers > _FEWEST:
                    self._workers -= 1
                    return
                self._waits += 1
                if self._waits > _PATIENCE:
                    self.trouble = _sockets_short(self.address, len(self._queue))
                    return
                await asyncio.sleep(_PAUSE)

    async def _turn(self) -> None:
        """Wait until the rate allows one more connection."""
        now = time.monotonic()
        self._slot = max(self._slot + 1 / self.pace.per_second, now - _BURST)
        if self._slot > now:
            await asyncio.sleep(self._slot - now)

    async def _look(self, port: int) -> PortState:
        loop = asyncio.get_running_loop()
        try:
            with socket.socket(self._family, socket.SOCK_STREAM) as sock:
                sock.setblocking(False)
                async with asyncio.timeout(self.pace.seconds):
                    await loop.sock_connect(sock, (self._sockaddr[0], port, *self._sockaddr[2:]))
                # On loopback the system may pick the very port as the source and so connect a socket to itself.
                itself = sock.getsockname() == sock.getpeername()
                return PortState.CLOSED if itself else PortState.OPEN
        except TimeoutError:
            return PortState.FILTERED
        except ConnectionError:
            return PortState.CLOSED
        except OSError as error:
            if _is_shortage(error):
                raise _NoSocket from error
            if error.errno in _BLOCKED_HERE:
                raise _BlockedHere from error
            # What is left is "unreachable" said by a router or firewall on the way: no answer of the port.
            return PortState.FILTERED


def _is_shortage(error: OSError) -> bool:
    return error.errno in _SHORT_OF_SOCKETS or getattr(error, "winerror", 0) in _WINDOWS_SHORT


def _sockets_short(address: str, left: int) -> Reason:
    return Reason(code="ports-sockets-short", params={"address": address, "left": left})


def _sockaddr(address: str) -> tuple[socket.AddressFamily, tuple[str, int, *tuple[int, ...]]]:
    """Return family and socket address, with the scope of a link-local IPv6 address kept."""
    entry = socket.getaddrinfo(address, 0, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)[0]
    sockaddr = entry[4]
    return entry[0], (str(sockaddr[0]), 0, *(int(part) for part in sockaddr[2:]))


def _sockets_to_spare() -> int:
    """Return how many sockets one sweep may hold: half of what the process has left after the others' share.

    macOS allows 256 descriptors by default. Windows counts sockets otherwise and has no such limit.
    """
    if sys.platform == "win32":
        return sys.maxsize
    import resource  # noqa: PLC0415 - POSIX only

    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return sys.maxsize
    return max(_FEWEST, (soft - _SOCKETS_OF_OTHERS) // 2)
