"""Which generations of browsers, telephones and programs can still connect to a server."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from secaudit.model.base import Frozen, Reason
from secaudit.model.tls_look import TlsVersion

ClientKind = Literal["telephone", "computer", "program"]


class Reach(StrEnum):
    """What becomes of a client's attempt to connect."""

    CONNECTS = "connects"
    CANNOT = "cannot"
    UNKNOWN = "unknown"


class ClientReach(Frozen):
    """What becomes of one client's TLS handshake with one server.

    Attributes:
        client: id of the client in the data set.
        name: as people call it.
        confirmed: what the client says was recorded from this very client.
        version: the version that both would speak; None where they share none, or nobody can say.
        suites: IANA names of the suites that both know in that version, in the client's order; the server may choose
            any of them.
        reason: why it cannot, or why nobody can say.
    """

    client: str
    name: str
    kind: ClientKind
    confirmed: bool
    reach: Reach
    version: TlsVersion | None = None
    suites: tuple[str, ...] = ()
    reason: Reason | None = None


class EndpointClients(Frozen):
    """All known clients at one endpoint (`host:port`); the data set of clients holds as of the day `as_of`."""

    endpoint: str
    as_of: date
    clients: tuple[ClientReach, ...]
