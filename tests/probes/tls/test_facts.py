from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from secaudit.model.base import Reason
from secaudit.model.observation import CertificateObservation, Fact, TlsObservation, TlsVersion
from secaudit.probes.tls import facts
from secaudit.probes.tls.chains import read_deployments
from secaudit.probes.tls.looks import Looks

BASE = TlsObservation(target="a.vn:443", at=datetime(2026, 11, 1, tzinfo=UTC), host="a.vn", port=443)
SEEN = Looks(Fact(value=True), Fact(value=True), Fact(value=False), Fact(value=True), still_answers=True)
NO_HELLO = "Connection to server timed out during the TLS handshake"
ALERT = "TLS alert: handshake failure"


def done(**result: Any) -> dict[str, Any]:
    return {"status": "COMPLETED", "error_reason": None, "error_trace": None, "result": result}


def broken(trace: str = "sslyze.errors.TlsHandshakeTimedOut: late", reason: str = "BUG_IN_SSLYZE") -> dict[str, Any]:
    return {"status": "ERROR", "error_reason": reason, "error_trace": trace, "result": None}


def suite(name: str, key: dict[str, Any] | None = None) -> dict[str, Any]:
    description = {"name": name, "openssl_name": "X", "key_size": 128, "is_anonymous": "anon" in name}
    return {"cipher_suite": description, "ephemeral_key": key}


def suites(*accepted: str, refused: tuple[str, ...] = (ALERT, ALERT)) -> dict[str, Any]:
    return done(
        accepted_cipher_suites=[suite(name) for name in accepted],
        rejected_cipher_suites=[{"error_message": message} for message in refused],
    )


def result(**commands: dict[str, Any]) -> dict[str, Any]:
    """Return sslyze's JSON of a good TLS 1.2 and 1.3 server, some commands replaced."""
    scan = {
        "ssl_2_0_cipher_suites": suites(),
        "ssl_3_0_cipher_suites": suites(),
        "tls_1_0_cipher_suites": suites(),
        "tls_1_1_cipher_suites": suites(),
        "tls_1_2_cipher_suites": suites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        "tls_1_3_cipher_suites": suites("TLS_AES_128_GCM_SHA256"),
        "tls_compression": done(supports_compression=False),
        "tls_1_3_early_data": done(supports_early_data=False),
        "openssl_ccs_injection": done(is_vulnerable_to_ccs_injection=False),
        "tls_fallback_scsv": done(supports_fallback_scsv=True),
        "heartbleed": done(is_vulnerable_to_heartbleed=False),
        "robot": done(robot_result="NOT_VULNERABLE_RSA_NOT_SUPPORTED"),
        "session_renegotiation": done(
            supports_secure_renegotiation=True, is_vulnerable_to_client_renegotiation_dos=False
        ),
        "elliptic_curves": done(supports_ecdh_key_exchange=True, supported_curves=[{"name": "X25519"}]),
        "tls_extended_master_secret": done(supports_ems_extension=True),
    }
    return {"connectivity_result": {"highest_tls_version_supported": "TLS_1_3"}, "scan_result": {**scan, **commands}}


def read(looks: Looks = SEEN, **commands: dict[str, Any]) -> TlsObservation:
    whole = result(**commands)
    return facts.read_tls(BASE, whole, facts.read_versions(whole), looks)


def look(seen: TlsObservation, version: TlsVersion) -> Any:
    return next(one for one in seen.versions if one.version is version)


FACT_NAMES = [name for name, field in TlsObservation.model_fields.items() if field.annotation is Fact]


def test_a_good_server_is_seen_whole() -> None:
    seen = read()
    assert [one.version for one in seen.versions] == list(TlsVersion)
    assert all(one.fault is None for one in seen.versions)
    assert {name: getattr(seen, name).value for name in FACT_NAMES} == {
        "compression": False, "heartbleed": False, "ccs_injection": False, "robot": False,
        "secure_renegotiation": True, "client_renegotiation": False, "fallback_scsv": True, "early_data": False,
        "extended_master_secret": True,
    }  # fmt: skip
    assert seen.curves == ("X25519",)


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        ("heartbleed", "heartbleed"),
        ("openssl_ccs_injection", "ccs_injection"),
        ("robot", "robot"),
        ("tls_1_3_early_data", "early_data"),
        ("session_renegotiation", "client_renegotiation"),
    ],
)
def test_one_failing_command_costs_its_own_fact_only(command: str, fact: str) -> None:
    seen = read(**{command: broken()})
    unseen = {name for name in FACT_NAMES if getattr(seen, name).value is None}
    assert unseen == {fact}
    assert getattr(seen, fact).fault == Reason(code="tls-look-failed", params={"detail": "TlsHandshakeTimedOut: late"})


def test_a_failing_version_costs_itself_only() -> None:
    seen = read(tls_1_0_cipher_suites=broken(reason="CLIENT_CERTIFICATE_NEEDED"))
    assert look(seen, TlsVersion.TLS_1_0).fault == Reason(code="tls-client-certificate")
    assert [one.version for one in seen.versions if one.fault] == [TlsVersion.TLS_1_0]


def test_unanswered_suites_are_not_refused_suites() -> None:
    partly = read(tls_1_0_cipher_suites=suites("TLS_RSA_WITH_AES_128_CBC_SHA", refused=(ALERT, NO_HELLO)))
    ten = look(partly, TlsVersion.TLS_1_0)
    assert ten.fault.code == "tls-suites-unanswered"
    assert len(ten.accepted) == 1
    assert ten.offered == 3


def test_a_version_met_by_silence_counts_as_refused_only_if_all_else_was_answered() -> None:
    silent = {"ssl_2_0_cipher_suites": suites(refused=(NO_HELLO, NO_HELLO))}
    assert look(read(**silent), TlsVersion.SSL_2_0).fault is None
    shut = Looks(Fact(value=True), Fact(value=True), Fact(value=False), Fact(value=True), still_answers=False)
    assert look(read(shut, **silent), TlsVersion.SSL_2_0).fault.code == "tls-version-unanswered"
    wavering = {**silent, "ssl_3_0_cipher_suites": suites(refused=(ALERT, NO_HELLO))}
    assert look(read(**wavering), TlsVersion.SSL_2_0).fault.code == "tls-version-unanswered"


def test_a_server_that_shuts_us_out_half_way_is_not_taken_for_a_good_one() -> None:
    seen = read(tls_1_3_cipher_suites=suites())
    assert look(seen, TlsVersion.SSL_3_0).fault == Reason(code="tls-shut-out")
    assert look(seen, TlsVersion.TLS_1_2).fault is None


def test_a_version_of_which_nothing_was_offered_was_not_looked_at() -> None:
    assert look(read(ssl_2_0_cipher_suites=suites(refused=())), TlsVersion.SSL_2_0).fault.code == (
        "tls-version-not-offered"
    )


def test_sizes_of_keys() -> None:
    curve = {"type_name": "ECDH", "size": 253, "curve_name": "X25519"}
    group = {"type_name": "DH", "size": 2048, "curve_name": None}
    offered = done(
        accepted_cipher_suites=[
            suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", curve),
            suite("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", group),
            suite("TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"),
        ],
        rejected_cipher_suites=[],
    )
    twelve = look(read(tls_1_2_cipher_suites=offered), TlsVersion.TLS_1_2).accepted
    assert [(s.exchange, s.exchange_bits, s.curve) for s in twelve] == [
        ("ECDH", 253, "X25519"), ("DH", 2048, ""), ("DH", 0, "")
    ]  # fmt: skip
    sized = Looks(SEEN.extended_master_secret, SEEN.secure_renegotiation, SEEN.compression, SEEN.fallback_scsv,
                  {TlsVersion.TLS_1_2: 768}, still_answers=True)  # fmt: skip
    twelve = look(read(sized, tls_1_2_cipher_suites=offered), TlsVersion.TLS_1_2).accepted
    assert [s.exchange_bits for s in twelve] == [253, 2048, 768]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("VULNERABLE_STRONG_ORACLE", True),
        ("VULNERABLE_WEAK_ORACLE", True),
        ("NOT_VULNERABLE_NO_ORACLE", False),
        ("NOT_VULNERABLE_RSA_NOT_SUPPORTED", False),
        ("UNKNOWN_INCONSISTENT_RESULTS", None),
    ],
)
def test_robot(words: str, value: bool | None) -> None:
    seen = read(robot=done(robot_result=words))
    assert seen.robot.value is value
    assert (seen.robot.fault is None) is (value is not None)
    assert seen.robot_detail == words


def test_robot_is_unclear_where_rsa_was_tried_in_the_wrong_version() -> None:
    assert read(tls_1_0_cipher_suites=suites("TLS_RSA_WITH_AES_128_CBC_SHA")).robot.value is None


def test_renegotiation_is_unseen_where_the_old_client_is_refused() -> None:
    assert read(tls_1_2_cipher_suites=suites("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")).client_renegotiation == (
        Fact(fault=Reason(code="tls-old-client-refused"))
    )


def test_nothing_seen_is_nothing_said() -> None:
    reason = Reason(code="probe-time-limit", params={"probe": "tls", "seconds": 5})
    seen = facts.all_unseen(BASE, reason)
    assert all(one.fault == reason and not one.accepted for one in seen.versions)
    assert all(getattr(seen, name) == Fact(fault=reason) for name in FACT_NAMES)


def test_last_words() -> None:
    assert facts.last_words(None) == "no reason given"
    assert facts.last_words("Traceback\n  x\na.b.Error: why\n") == "Error: why"


def test_certificates_without_a_look() -> None:
    base = CertificateObservation(target="a.vn:443", at=BASE.at, host="a.vn", port=443)
    failed = {"result": {"scan_result": {"certificate_info": broken()}}, "chain": []}
    (seen,) = read_deployments(base, failed, 0)
    assert seen.fault is not None
    assert seen.fault.code == "tls-look-failed"
    (kept,) = read_deployments(base, {**failed, "chain": ["not a certificate"]}, 0)
    assert kept.fault is None
    assert kept.chain[0].fault is not None
    none = {"result": {"scan_result": {"certificate_info": done(certificate_deployments=[])}}, "chain": []}
    assert read_deployments(base, none, 0)[0].fault == Reason(code="no-certificate")
