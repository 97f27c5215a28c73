"""Which generations of browsers and telephones can still connect to the endpoints that a scan looked at."""

from __future__ import annotations

from secaudit.checks.clients import reach_of
from secaudit.model.clients import EndpointClients
from secaudit.model.observation import CertificateObservation, TlsObservation
from secaudit.model.scan import Scan
from secaudit.model.target import host_port
from secaudit.reference.clients import known_clients

__all__ = ["clients_of", "known_clients"]


def clients_of(scan: Scan) -> tuple[EndpointClients, ...]:
    """Return for each endpoint that spoke TLS what becomes of every known client there."""
    data = known_clients()
    reached = []
    for tls in scan.observations:
        if not isinstance(tls, TlsObservation) or tls.fault is not None or not tls.versions:
            continue
        served = [
            seen
            for seen in scan.observations
            if isinstance(seen, CertificateObservation) and (seen.host, seen.port) == (tls.host, tls.port)
        ]
        clients = tuple(reach_of(client, tls, served) for client in data.clients)
        reached.append(EndpointClients(endpoint=host_port(tls.host, tls.port), as_of=data.date, clients=clients))
    return tuple(reached)
