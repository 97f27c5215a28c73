"""How much a scan sent, and how much it may send."""

from __future__ import annotations

from typing import Literal

from secaudit.model.base import Frozen


class Budget(Frozen):
    """What one scan of one page may use up at most.

    Attributes:
        connections: TCP connections and UDP datagrams together.
        per_second: of those, how many may begin in one second.
        requests: HTTP requests.
        megabytes: bytes received over HTTP and UDP, in units of 1,000,000.
    """

    connections: int
    per_second: int
    requests: int
    megabytes: int


class ProbeTraffic(Frozen):
    """What one probe used.

    Attributes:
        connections: TCP connections and UDP datagrams.
        requests: HTTP requests.
        received: bytes received over HTTP and UDP.
    """

    connections: int = 0
    requests: int = 0
    received: int = 0


class Traffic(ProbeTraffic):
    """What a whole scan used. Handshakes of TLS and greetings of open ports are connections without bytes here.

    Attributes:
        busiest_second: most connections that passed the gate within one second. What a tool of others made on its
            own (sslyze, nmap's identification) is in `connections` where the tool tells it, and not in here.
        probes: the same by probe.
        budget: what the scan's profile allows.
        spent: which part of the budget ran out, empty when none did.
    """

    busiest_second: int = 0
    probes: dict[str, ProbeTraffic] = {}
    budget: Budget | None = None
    spent: Literal["connections", "requests", "megabytes", ""] = ""
