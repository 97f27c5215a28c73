"""What the report says of clients that can connect."""

from __future__ import annotations

from datetime import date

from secaudit.model.base import Frozen, Text
from secaudit.model.clients import ClientKind, Reach
from secaudit.model.observation import TlsVersion


class ClientEntry(Frozen):
    """One generation of browsers, telephones or programs at one endpoint.

    Attributes:
        confirmed: what it offers was recorded from this very client.
        suite: the first suite that both know; the server may choose one of the `others` as well.
        reason: why it cannot connect, or why nobody can say.
    """

    client: str
    name: str
    kind: ClientKind
    confirmed: bool
    reach: Reach
    version: TlsVersion | None = None
    suite: str = ""
    others: int = 0
    reason: Text | None = None


class ClientTable(Frozen):
    """All known clients at one endpoint, as of the date of the data set."""

    endpoint: str
    as_of: date
    clients: tuple[ClientEntry, ...]

    def count(self, reach: str) -> int:
        """Return how many clients fare so."""
        return sum(1 for client in self.clients if client.reach == reach)
