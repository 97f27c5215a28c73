"""Which clients reach the endpoints of a scan: only those that spoke TLS, each with its own certificates."""

from __future__ import annotations

from secaudit.app.clients import clients_of
from secaudit.model.base import Reason
from secaudit.model.clients import Reach
from secaudit.model.observation import TlsObservation
from secaudit.reference.clients import known_clients
from tests.report.sample import scan


def test_every_known_client_is_held_against_every_endpoint_that_spoke_tls() -> None:
    sample = scan()
    spoke = [one for one in sample.observations if isinstance(one, TlsObservation) and one.versions and not one.fault]
    found = clients_of(sample)
    assert [one.endpoint for one in found] == [f"{one.host}:{one.port}" for one in spoke]
    assert found
    for one in found:
        assert len(one.clients) == len(known_clients().clients)
        assert one.as_of == known_clients().date


def test_where_tls_could_not_be_looked_at_nothing_is_said() -> None:
    sample = scan()
    blind = tuple(
        one.model_copy(update={"fault": Reason(code="connect-refused")}) if isinstance(one, TlsObservation) else one
        for one in sample.observations
    )
    assert clients_of(sample.model_copy(update={"observations": blind})) == ()


def test_a_half_seen_server_makes_no_client_connect_by_guess() -> None:
    sample = scan()
    fault = Reason(code="tls-version-unanswered")
    unseen = tuple(
        one.model_copy(
            update={"versions": tuple(v.model_copy(update={"accepted": (), "fault": fault}) for v in one.versions)}
        )
        if isinstance(one, TlsObservation)
        else one
        for one in sample.observations
    )
    found = clients_of(sample.model_copy(update={"observations": unseen}))
    assert {client.reach for endpoint in found for client in endpoint.clients} == {Reach.UNKNOWN}
