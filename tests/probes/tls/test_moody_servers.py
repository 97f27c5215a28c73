"""The enumeration and the whole probe against servers that misbehave, over real sockets on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from secaudit.model.observation import CertificateObservation, Observation, TlsObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import build_url, parse_target
from secaudit.probes.gate import Gate
from secaudit.probes.probe import ProbeContext, ProbeFailed
from secaudit.probes.tls.enumeration import Enumeration, enumerate_server
from secaudit.probes.tls.exchange import Patience
from secaudit.probes.tls.probe import TlsProbe
from secaudit.probes.tls.sender import Limits, Server
from tests.checks.tls_views import IDS, verdicts
from tests.probes.tls.wire import message, record, server_hello
from tests.servers.authority import LabAuthority
from tests.servers.capture_tls import now
from tests.servers.moody import Mood, drips, floods, guard, half_closes, moody, stalls
from tests.servers.nginx import nginx
from tests.servers.process import free_port

pytestmark = pytest.mark.network

SHORT = Limits(seconds=8, patience=Patience(connect=1.0, answer=0.6, rest=0.2))
HELLO = record(22, server_hello(0xC02F))


def ask(port: int, limits: Limits = SHORT) -> Enumeration:
    server = Server(Gate([], now), "127.0.0.1", "127.0.0.1", port, "")
    return enumerate_server(server, threading.Event(), limits=limits)


@pytest.mark.parametrize(
    ("mood", "codes"),
    [
        (stalls(b""), {"tls-no-server-hello", "tls-version-unanswered"}),
        (stalls(HELLO), {"tls-bad-choice", "tls-version-unanswered"}),
        (stalls(HELLO[:20]), {"tls-no-server-hello", "tls-version-unanswered"}),
        (drips(b"\x16\x03\x03\x40\x00" + bytes(500)), {"tls-no-server-hello", "tls-version-unanswered"}),
        (floods(bytes(4096)), {"tls-strange-answer"}),
        (floods(record(22, message(4, bytes(1000)))), {"tls-strange-answer"}),
        (half_closes(HELLO[:9]), {"tls-no-server-hello"}),
    ],
    ids=["silent", "stalls-after-hello", "stalls-in-hello", "drips", "garbage", "endless", "half-closed"],
)
def test_an_enumeration_ends_within_its_limits(mood: Mood, codes: set[str]) -> None:
    begun = time.monotonic()
    with moody(mood) as port:
        seen = ask(port)
        seconds = time.monotonic() - begun
    assert seconds < SHORT.seconds + 1
    found = {look.fault.code for look in seen.versions if look.fault}
    assert found <= codes
    # Nothing is said of TLS 1.2, except what was heard.
    twelve = seen.versions[4]
    assert twelve.fault is not None or {suite.name for suite in twelve.accepted}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, authority: LabAuthority) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("moody")
    certificate, key = authority.issue("127.0.0.1", "::1").write(folder, "good")
    port = free_port()
    block = (
        f"server {{ listen 127.0.0.1:{port} ssl; listen [::1]:{port} ssl;"
        f" ssl_certificate {certificate}; ssl_certificate_key {key};"
        ' ssl_protocols TLSv1.2 TLSv1.3; location / { return 200 "ok"; } }'
    )
    with nginx(folder / "nginx", [block], [port]):
        yield port


@pytest.mark.parametrize("manner", ["reset", "close", "silence"])
@pytest.mark.parametrize("welcome", [3, 12])
def test_a_guard_that_has_had_enough_is_named(good: int, manner: str, welcome: int) -> None:
    with guard(good, welcome, manner) as port:
        seen = ask(port)
    blocked = [look.fault for look in seen.versions if look.fault]
    assert blocked
    assert {fault.code for fault in blocked} <= {
        "tls-blocked-after", "tls-version-unanswered", "tls-suites-unanswered",
    }  # fmt: skip
    named = [int(fault.params["count"]) for fault in blocked if fault.code == "tls-blocked-after"]
    assert named
    assert all(0 < count <= welcome + SHORT.at_once for count in named)


def run(port: int, host: str = "127.0.0.1") -> tuple[list[Observation], float, str]:
    begun, failure = time.monotonic(), ""
    kept: list[Observation] = []
    context = ProbeContext(Gate([], now), ScanOptions(), now)
    try:
        for one in TlsProbe().run(parse_target(build_url("https", host, port)), context):
            kept.append(one)
    except ProbeFailed as failed:
        failure = failed.reason.code
    return kept, time.monotonic() - begun, failure


@pytest.mark.parametrize("manner", ["reset", "silence"])
def test_the_whole_probe_behind_such_a_guard_passes_nothing_unseen(good: int, manner: str) -> None:
    with guard(good, 15, manner) as port:
        kept, seconds, _ = run(port)
    assert seconds < 60
    tls = next(one for one in kept if isinstance(one, TlsObservation))
    unseen = [look for look in tls.versions if look.fault]
    assert unseen
    judged = {check: {one.result.value for one in verdicts(check, *kept)} for check in IDS}
    by_version = {"SSLv2": "tls.sslv2", "SSLv3": "tls.sslv3", "TLSv1.0": "tls.tls10", "TLSv1.1": "tls.tls11"}
    for look in unseen:
        if check := by_version.get(look.version.value):
            assert judged[check] == {"inconclusive"}
    assert "pass" not in judged["tls.cipher-rc4"]
    assert "pass" not in judged["tls.no-forward-secrecy"]


def test_the_whole_probe_on_a_server_that_stalls_after_its_hello() -> None:
    with moody(stalls(HELLO)) as port:
        kept, seconds, _ = run(port)
    assert seconds < 60
    tls = next(one for one in kept if isinstance(one, TlsObservation))
    accepted = {look.version.value: [suite.name for suite in look.accepted] for look in tls.versions if look.accepted}
    assert accepted == {"TLSv1.2": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]}
    assert all(look.fault for look in tls.versions if look.version.value not in ("SSLv2", "TLSv1.3"))
    certificate = next(one for one in kept if isinstance(one, CertificateObservation))
    assert certificate.fault is not None
    passed = {check for check in IDS for one in verdicts(check, *kept) if one.result == "pass"}
    # A ServerHello of TLS 1.2 is an answer to the hello of SSL 2.0 as well.
    assert passed <= {"tls.unavailable", "tls.sslv2", "tls.no-tls12", "tls.compression"}


def test_an_address_of_ipv6(good: int) -> None:
    kept, _, failure = run(good, "::1")
    assert failure == ""
    tls, certificate = kept
    assert isinstance(tls, TlsObservation)
    assert isinstance(certificate, CertificateObservation)
    assert (tls.fault, tls.target, tls.address, tls.sni) == (None, f"[::1]:{good}", "::1", "")
    assert [look.version.value for look in tls.versions if look.accepted] == ["TLSv1.2", "TLSv1.3"]
    assert certificate.hostname_matches is True
