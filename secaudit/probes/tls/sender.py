"""Sending hellos to one address one by one: through the gate, in limits, and noticing when nobody answers any more."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

from secaudit.model.base import Reason
from secaudit.probes.gate import Gate, Refused
from secaudit.probes.tls.exchange import Ending, Patience, Reply, exchange

SHUT_OUT = "tls-blocked-after"
"""Reason of what could not be seen because the server stopped answering us."""
_MOST_IN_A_ROW = 4
"""So many hellos unanswered one after the other, and the server has stopped talking to us."""


@dataclass(frozen=True)
class Limits:
    """How much an enumeration may take.

    Attributes:
        at_once: connections open at the same time.
        connections: in all.
        seconds: in all.
    """

    at_once: int = 6
    connections: int = 400
    seconds: float = 40.0
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Server:
    """Where to ask: one pinned address behind the gate. `sni` is empty for an IP address."""

    gate: Gate
    host: str
    address: str
    port: int
    sni: str


class Sender:
    """Sends hellos to one server.

    Attributes:
        over: why nothing more is sent, None while the limits allow more.
        refused: what the gate said when it let no more connections through.
        connections: how many were made.
    """

    def __init__(self, server: Server, stop: threading.Event, limits: Limits) -> None:
        self.over: Reason | None = None
        self.refused: Refused | None = None
        self.connections = 0
        self._server = server
        self._stop = stop
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.at_once)
        self._answered_at = 0
        self._unanswered = 0

    async def send(self, hello: bytes, *, again: bool = True) -> Reply:
        """Send one hello; silence is tried once more unless `again` is false, since a packet may get lost."""
        async with self._slots:
            if not self._may_send():
                return Reply(Ending.NOT_SENT)
            number = self.connections
            reply = await exchange(self._server.address, self._server.port, hello, self._limits.patience)
        if reply.ending in (Ending.ANSWERED, Ending.STRANGE):
            self._answered_at = max(self._answered_at, number)
            self._unanswered = 0
        elif reply.ending in (Ending.SILENT, Ending.NOT_CONNECTED):
            self._unanswered += 1
            if self._unanswered >= _MOST_IN_A_ROW:
                self.over = self.over or self.shut_out()
            if again:
                return await self.send(hello, again=False)
        return reply

    def shut_out(self) -> Reason:
        """Return the reason that says after how many connections the server fell silent."""
        if not self._answered_at:
            return Reason(code="tls-no-server-hello")
        return Reason(code=SHUT_OUT, params={"count": self._answered_at})

    def _may_send(self) -> bool:
        if self._stop.is_set():
            self.over = Reason(code="probe-interrupted", params={"probe": "tls"})
        elif self.connections >= self._limits.connections:
            self.over = self.over or Reason(code="tls-connection-limit", params={"count": self._limits.connections})
        if self.over or self.refused:
            return False
        try:
            self._server.gate.enter(self._server.host, self._server.address, self._server.port)
        except Refused as refused:
            self.refused = refused
            return False
        self.connections += 1
        return True
