"""Which ports of one address are open and what speaks on them, as seen."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from secaudit.model.base import Frozen
from secaudit.model.observation_base import ObservationBase


class PortState(StrEnum):
    """What a port answered: `filtered` means no answer within the time limit."""

    OPEN = "open"
    CLOSED = "closed"
    FILTERED = "filtered"


class PortLook(Frozen):
    """The state of one port."""

    port: int
    state: PortState


class PortScanObservation(ObservationBase):
    """Which ports of one address are open. `target` is the host.

    A fault beside ports that were tried says why the look ended before all were: what stands in `tried` holds.

    Attributes:
        engine: `embedded` or `nmap`.
        tried: ports that were looked at, ascending.
        found: the open and the filtered ones; every other tried port is closed.
        seconds: how long it took.
    """

    kind: Literal["port-scan"] = "port-scan"
    host: str
    protocol: Literal["tcp", "udp"] = "tcp"
    engine: Literal["embedded", "nmap"] = "embedded"
    tried: tuple[int, ...] = ()
    found: tuple[PortLook, ...] = ()
    seconds: float = 0.0


class ServiceObservation(ObservationBase):
    """What speaks on one open port. `target` is `host:port`.

    Attributes:
        service: name such as `ssh`, `http`, `redis`; empty when unknown.
        method: how it was learnt; `number` means guessed from the port number only.
        banner: first bytes as text, control characters escaped.
    """

    kind: Literal["service"] = "service"
    host: str
    port: int
    protocol: Literal["tcp", "udp"] = "tcp"
    service: str = ""
    product: str = ""
    version: str = ""
    method: Literal["nmap", "banner", "site", "number"] = "number"
    banner: str = ""
