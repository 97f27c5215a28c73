"""The table of clients that can connect."""

from __future__ import annotations

from collections.abc import Sequence

from secaudit.model.clients import EndpointClients
from secaudit.report.bounds import bounded
from secaudit.report.clients_model import ClientEntry, ClientTable
from secaudit.report.observed import Phrase, said


def client_tables(endpoints: Sequence[EndpointClients], phrase: Phrase) -> tuple[ClientTable, ...]:
    """Return one table per endpoint."""
    return tuple(
        ClientTable(
            endpoint=bounded(endpoint.endpoint),
            as_of=endpoint.as_of,
            clients=tuple(
                ClientEntry(
                    client=one.client,
                    name=one.name,
                    kind=one.kind,
                    confirmed=one.confirmed,
                    reach=one.reach,
                    version=one.version,
                    suite=one.suites[0] if one.suites else "",
                    others=max(0, len(one.suites) - 1),
                    reason=said(one.reason, phrase),
                )
                for one in endpoint.clients
            ),
        )
        for endpoint in endpoints
    )
