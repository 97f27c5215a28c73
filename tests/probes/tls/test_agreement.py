"""Our own enumeration and sslyze's on every server of the lab: the same suites, or sslyze cannot offer them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from secaudit.model.base import Reason
from secaudit.model.observation import TlsObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import build_url, parse_target
from secaudit.model.words import Profile
from secaudit.probes.gate import Gate
from secaudit.probes.probe import ProbeContext
from secaudit.probes.tls.enumeration import Enumeration, enumerate_server
from secaudit.probes.tls.probe import TlsProbe
from secaudit.probes.tls.sender import Server
from tests.servers.authority import LabAuthority
from tests.servers.capture_tls import now
from tests.servers.tls import LabServer, tls_lab

pytestmark = [pytest.mark.network, pytest.mark.slow]

# sslyze's two libraries know no anonymous Camellia with SHA-256; nginx with OpenSSL 3 takes it when told "ALL".
BEYOND_SSLYZE = "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256, TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256"
MORE = Reason(
    code="tls-enumerations-differ", params={"version": "TLSv1.2", "own": BEYOND_SSLYZE, "sslyze": "-"}
)  # fmt: skip


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, authority: LabAuthority) -> Iterator[dict[str, LabServer]]:
    with tls_lab(tmp_path_factory.mktemp("agreement") / "lab", authority) as servers:
        yield servers


def both(server: LabServer) -> tuple[TlsObservation, list[Reason]]:
    notes: list[Reason] = []
    context = ProbeContext(Gate([], now), ScanOptions(profile=Profile.FULL), now, note=notes.append)
    target = parse_target(build_url("https", server.host, server.port))
    return next(one for one in TlsProbe().run(target, context) if isinstance(one, TlsObservation)), notes


def own(server: LabServer) -> Enumeration:
    address = Server(Gate([], now), "127.0.0.1", "127.0.0.1", server.port, "")
    return enumerate_server(address, threading.Event())


def test_both_ways_see_the_same_suites_on_every_server(lab: dict[str, LabServer]) -> None:
    with ThreadPoolExecutor(2) as pool:
        seen = dict(zip(lab, pool.map(both, lab.values()), strict=True))
    assert {name: notes for name, (_, notes) in seen.items() if notes} == {"weak": [MORE], "no-fallback-scsv": [MORE]}
    for name, (together, _) in seen.items():
        alone = own(lab[name])
        assert {look.version: {suite.name for suite in look.accepted} for look in together.versions} == {
            look.version: {suite.name for suite in look.accepted} for look in alone.versions
        }
        assert not [look.fault for look in (*together.versions, *alone.versions) if look.fault]


def test_a_good_server_is_enumerated_in_few_connections(lab: dict[str, LabServer]) -> None:
    assert own(lab["good"]).connections <= 40
