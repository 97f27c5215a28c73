"""The TLS probe and its checks against real servers, each with its known truth."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from secaudit.model.base import Reason
from secaudit.model.observation import CertificateObservation, Observation, TlsObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import build_url, parse_target
from secaudit.model.words import Profile
from secaudit.probes.gate import Gate
from secaudit.probes.probe import ProbeContext, ProbeFailed
from secaudit.probes.tls.probe import TlsProbe
from secaudit.probes.tls.profiles import DEPTHS
from tests.checks.tls_views import IDS, verdicts
from tests.servers.authority import LabAuthority
from tests.servers.capture_tls import look, now
from tests.servers.process import free_port
from tests.servers.strangers import first_flight, stranger
from tests.servers.tls import LabServer, tls_lab

pytestmark = pytest.mark.network

NAMES = (
    "good", "good-by-name", "tls13-only", "tls12-only", "early-data", "weak", "tls10-only", "expired",
    "not-yet-valid", "expires-soon", "wrong-name", "self-signed", "short-chain", "too-long", "unknown-root",
    "weak-key", "sha1", "client-renegotiation", "insecure-renegotiation", "no-extended-master-secret", "rc4-3des",
    "ssl3", "heartbleed", "ccs-injection", "robot", "no-fallback-scsv",
)  # fmt: skip
# Whether a known root stands behind a broken chain, or a whole chain before an unknown root, nobody can say.
UNDECIDED = {
    "short-chain": {"cert.untrusted", "cert.no-sct"},
    "unknown-root": {"cert.incomplete-chain"},
}


@dataclass(frozen=True)
class Looked:
    """A lab server, what was seen on it, and how many connections and seconds that took."""

    server: LabServer
    observations: list[Observation]
    connections: int
    seconds: float

    def outcomes(self, result: str) -> set[str]:
        return {check for check in IDS for one in verdicts(check, *self.observations) if one.result == result}

    @property
    def tls(self) -> TlsObservation:
        return next(one for one in self.observations if isinstance(one, TlsObservation))

    @property
    def certificate(self) -> CertificateObservation:
        return next(one for one in self.observations if isinstance(one, CertificateObservation))


@pytest.fixture(scope="session")
def lab(
    tmp_path_factory: pytest.TempPathFactory, authority: LabAuthority, root_file: Path
) -> Iterator[dict[str, Looked]]:
    """Every server of the lab, looked at once, two at a time."""
    with tls_lab(tmp_path_factory.mktemp("tls") / "lab", authority) as servers:

        def examine(server: LabServer) -> Looked:
            gate, begun = Gate([], now), time.monotonic()
            observations = look(server, root_file, gate)
            return Looked(server, observations, gate.connections, time.monotonic() - begun)

        with ThreadPoolExecutor(2) as pool:
            yield {looked.server.name: looked for looked in pool.map(examine, servers.values())}


def test_every_server_of_the_lab_is_tested(lab: dict[str, Looked]) -> None:
    assert set(lab) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_known_truth(lab: dict[str, Looked], name: str) -> None:
    assert lab[name].outcomes("fail") == lab[name].server.truth
    assert lab[name].outcomes("inconclusive") == UNDECIDED.get(name, set())


def test_the_good_server_in_detail(lab: dict[str, Looked]) -> None:
    good = lab["good"]
    accepted = {one.version.value: {suite.name for suite in one.accepted} for one in good.tls.versions}
    assert accepted["TLSv1.2"] == {
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    }  # fmt: skip
    assert len(accepted["TLSv1.3"]) == 3
    assert not accepted["SSLv2"] | accepted["SSLv3"] | accepted["TLSv1.0"] | accepted["TLSv1.1"]
    assert {"X25519", "secp256r1"} <= set(good.tls.curves)
    assert (good.tls.sni, good.tls.address) == ("", "127.0.0.1")
    assert lab["good-by-name"].tls.sni == "localhost"
    assert len(good.certificate.chain) == 2
    assert [one.store for one in good.certificate.trust if one.trusted] == ["own"]
    assert good.connections <= 60
    assert {"X25519", "ffdhe2048"} <= set(good.tls.groups)
    assert not any(name.startswith("ffdhe") for name in good.tls.curves)


def test_sizes_of_ephemeral_keys(lab: dict[str, Looked]) -> None:
    sizes = {
        (suite.exchange, suite.exchange_bits)
        for one in lab["weak"].tls.versions
        for suite in one.accepted
        if suite.exchange == "DH"
    }
    assert sizes == {("DH", 1024)}


def run(url: str, gate: Gate | None = None, **options: object) -> list[Observation]:
    context = ProbeContext(gate or Gate([], now), ScanOptions.model_validate(options), now)
    return list(TlsProbe().run(parse_target(url), context))


def faults(observations: list[Observation]) -> set[str]:
    return {one.fault.code for one in observations if one.fault}


def results(observations: list[Observation]) -> dict[str, str]:
    return {check: one.result for check in IDS for one in verdicts(check, *observations)}


def test_a_refused_port() -> None:
    seen = run(f"https://127.0.0.1:{free_port()}/")
    assert faults(seen) == {"connect-refused"}
    judged = results(seen)
    assert judged.pop("tls.unavailable") == "fail"
    assert set(judged.values()) == {"not-applicable"}


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b""])
def test_a_port_that_does_not_speak_tls(answer: bytes) -> None:
    with stranger(answer) as port:
        seen = run(f"https://127.0.0.1:{port}/")
    assert faults(seen) == {"tls-not-spoken"}
    assert results(seen)["tls.unavailable"] == "fail"


def test_a_stalled_handshake_ends_within_seconds() -> None:
    begun = time.monotonic()
    with stranger(b"", stays=True) as port:
        seen = run(f"https://127.0.0.1:{port}/")
    assert time.monotonic() - begun < 12
    assert faults(seen) == {"tls-no-answer"}
    assert set(results(seen).values()) == {"inconclusive"}


def test_a_certificate_that_no_parser_likes() -> None:
    with stranger(first_flight(b"\x30\x03no!"), stays=True) as port:
        seen = run(f"https://127.0.0.1:{port}/")
    tls, certificate = seen
    assert tls.fault is not None
    assert tls.fault.code == "tls-bad-choice"
    assert isinstance(certificate, CertificateObservation)
    assert certificate.fault is None
    assert certificate.chain[0].fault is not None
    assert certificate.chain[0].pem.startswith("-----BEGIN CERTIFICATE-----")
    assert set(results(seen).values()) == {"inconclusive"}


def test_a_name_that_leads_nowhere_and_a_host_out_of_scope() -> None:
    assert faults(run("https://khong-co.invalid/")) == {"name-not-resolved"}
    gate = Gate([], now, lambda _: ["192.0.2.1"])
    assert faults(run("https://xa.tinh.gov.vn/", gate)) == {"not-in-scope"}
    assert gate.connections == 0


def test_the_gate_is_asked_for_the_port(lab: dict[str, Looked]) -> None:
    """A name that resolves to loopback needs no record; every connection is counted."""
    server = lab["tls12-only"].server
    gate = Gate((), now, lambda _: ["127.0.0.1"])
    seen = run(build_url("https", "xa.tinh.gov.vn", server.port), gate)
    assert isinstance(seen[0], TlsObservation)
    assert (seen[0].sni, seen[0].address) == ("xa.tinh.gov.vn", "127.0.0.1")
    assert 20 < gate.connections <= 60
    assert isinstance(seen[1], CertificateObservation)
    assert seen[1].hostname_matches is False


def test_the_time_limit_keeps_what_was_seen(lab: dict[str, Looked]) -> None:
    server = lab["tls12-only"].server
    kept: list[Observation] = []
    context = ProbeContext(Gate([], now), ScanOptions(time_limit=0.1), now)
    with pytest.raises(ProbeFailed) as failed:
        kept.extend(TlsProbe().run(parse_target(build_url("https", "127.0.0.1", server.port)), context))
    assert failed.value.reason == Reason(code="probe-time-limit", params={"probe": "tls", "seconds": 0})
    tls, certificate = kept
    assert isinstance(tls, TlsObservation)
    assert tls.heartbleed.fault == tls.early_data.fault == failed.value.reason
    assert isinstance(certificate, CertificateObservation)
    assert len(certificate.chain) == 2
    judged = results(kept)
    assert {check for check, result in judged.items() if result == "pass"} >= {
        "tls.unavailable",
        "cert.expired",
        "cert.not-yet-valid",
        "cert.expires-soon",
        "cert.hostname-mismatch",
        "cert.self-signed",
        "cert.weak-key",
        "cert.weak-signature",
        "cert.validity-too-long",
    }
    assert {check for check, result in judged.items() if result == "fail"} <= server.truth


def test_a_cancelled_scan_ends_at_once(lab: dict[str, Looked]) -> None:
    server, context = lab["tls12-only"].server, ProbeContext(Gate([], now), ScanOptions(), now)
    context.stop.set()
    with pytest.raises(ProbeFailed) as failed:
        list(TlsProbe().run(parse_target(build_url("https", "127.0.0.1", server.port)), context))
    assert failed.value.reason.code == "probe-interrupted"


def test_the_raw_result_is_kept_and_progress_is_told(lab: dict[str, Looked], root_file: Path) -> None:
    server = lab["good"].server
    raw: dict[str, bytes] = {}
    said: list[str] = []
    context = ProbeContext(
        Gate([], now), ScanOptions(ca_file=str(root_file)), now,
        say=lambda reason: said.append(reason.code), keep_raw=raw.__setitem__,
    )  # fmt: skip
    list(TlsProbe().run(parse_target(build_url("https", "127.0.0.1", server.port)), context))
    assert said == ["tls-doing-hello", "tls-doing-hellos", "tls-doing-sslyze"]
    commands = json.loads(raw["sslyze"].decode("utf-8"))["scan_result"]
    completed = {name for name, one in commands.items() if one["status"] == "COMPLETED"}
    assert completed == set(DEPTHS[Profile.STANDARD].commands)


def test_ipv6() -> None:
    with stranger(b"hello", address="::1") as port:
        assert faults(run(f"https://[::1]:{port}/")) == {"tls-not-spoken"}


def test_a_quick_look_says_what_it_left_out(lab: dict[str, Looked]) -> None:
    gate = Gate([], now)
    seen = run(build_url("https", "127.0.0.1", lab["weak"].server.port), gate, profile="quick")
    tls = seen[0]
    assert isinstance(tls, TlsObservation)
    assert {(one.version, suite.name) for one in tls.versions for suite in one.accepted} == {
        (one.version, suite.name) for one in lab["weak"].tls.versions for suite in one.accepted
    }
    left_out = Reason(code="tls-not-in-profile")
    assert tls.groups_fault == tls.heartbleed.fault == tls.robot.fault == tls.early_data.fault == left_out
    judged = results(seen)
    assert judged["tls.heartbleed"] == judged["tls.robot"] == "inconclusive"
    assert gate.connections < lab["weak"].connections


@pytest.mark.parametrize(("profile", "least", "most"), [("quick", 10, 40), ("standard", 40, 60), ("full", 600, 900)])
def test_the_plan_sends_nothing(profile: str, least: int, most: int) -> None:
    options = ScanOptions.model_validate({"profile": profile})
    steps = TlsProbe().plan(parse_target("https://xa.tinh.gov.vn:8443/"), options)
    assert {step.target for step in steps} == {"xa.tinh.gov.vn:8443"}
    assert least < sum(step.connections for step in steps) <= most
