from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from secaudit.model.base import Reason
from secaudit.model.observation import CertificateObservation, Fact, TlsObservation, TlsVersion, VersionLook
from secaudit.probes.tls import facts
from secaudit.probes.tls.chains import read_deployments
from secaudit.probes.tls.comparison import compare
from secaudit.probes.tls.enumeration import Enumeration
from secaudit.probes.tls.looks import read_looks
from secaudit.probes.tls.server_answer import ServerAnswer

BASE = TlsObservation(target="a.vn:443", at=datetime(2026, 11, 1, tzinfo=UTC), host="a.vn", port=443)
ANSWERS = {
    TlsVersion.TLS_1_2: ServerAnswer(
        speaks_tls=True, version=0x0303, suite=0xC02F, extended_master_secret=True, secure_renegotiation=True,
        sct_count=2, certificates=(b"leaf",),
    )
}  # fmt: skip
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


def read(**commands: dict[str, Any]) -> TlsObservation:
    whole = result(**commands)
    found = Enumeration(facts.read_versions(whole), (29, 260), answers=ANSWERS, fallback=Fact(value=True))
    return facts.read_tls(BASE, found, whole["scan_result"])


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
    assert seen.groups == ("X25519", "ffdhe8192")
    assert seen.fault is None


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


def test_facts_of_the_newest_hello_in_plain_bytes() -> None:
    old = ServerAnswer(speaks_tls=True, version=0x0301, suite=0x002F, compressed=True)
    looks = read_looks(Enumeration((), answers={**ANSWERS, TlsVersion.TLS_1_0: old}))
    assert (looks.extended_master_secret.value, looks.compression.value, looks.stapled_sct_count) == (True, False, 2)
    assert looks.certificates == (b"leaf",)
    looks = read_looks(Enumeration((), answers={TlsVersion.TLS_1_0: old}))
    assert (looks.extended_master_secret.value, looks.compression.value, looks.stapled_sct_count) == (False, True, None)


def test_without_a_plain_hello_only_a_pure_tls_13_server_is_known_to_have_no_compression() -> None:
    versions = facts.read_versions(result(tls_1_2_cipher_suites=suites()))
    looks = read_looks(Enumeration(versions))
    assert (looks.compression, looks.secure_renegotiation) == (Fact(value=False), Fact(value=True))
    doubt = facts.read_versions(result(tls_1_2_cipher_suites=broken()))
    assert read_looks(Enumeration(doubt)).compression.value is None
    assert read_looks(Enumeration(())).compression == Fact(fault=Reason(code="tls-no-server-hello"))


def test_a_server_that_takes_nothing_was_not_seen() -> None:
    refused = tuple(VersionLook(version=version, offered=5) for version in TlsVersion)
    seen = facts.read_tls(BASE, Enumeration(refused), result()["scan_result"])
    assert seen.fault is not None
    assert seen.fault.code == "tls-handshake-failed"
    silent = Reason(code="tls-version-unanswered", params={"version": "TLSv1.2", "count": 40})
    unseen = Enumeration((*refused[:-2], refused[-2].model_copy(update={"fault": silent}), refused[-1]))
    assert facts.read_tls(BASE, unseen, result()["scan_result"]).fault == silent


def test_without_sslyze_the_enumeration_stands() -> None:
    reason = Reason(code="probe-crashed", params={"probe": "tls", "detail": "x"})
    found = Enumeration(facts.read_versions(result()), answers=ANSWERS, fallback=Fact(value=True))
    seen = facts.read_tls(BASE, found, reason)
    assert len(look(seen, TlsVersion.TLS_1_2).accepted) == 1
    assert {name for name in FACT_NAMES if getattr(seen, name).fault == reason} == {
        "heartbleed", "ccs_injection", "robot", "client_renegotiation", "early_data",
    }  # fmt: skip


def test_what_a_profile_leaves_out_is_said() -> None:
    left_out = {"status": "NOT_SCHEDULED", "error_reason": None, "error_trace": None, "result": None}
    assert read(heartbleed=left_out).heartbleed == Fact(fault=Reason(code="tls-not-in-profile"))


def test_where_two_enumerations_disagree_both_count_and_it_is_said() -> None:
    own = Enumeration(facts.read_versions(result(tls_1_2_cipher_suites=suites("TLS_RSA_WITH_RC4_128_SHA"))))
    merged, (difference,) = compare(own, facts.read_versions(result()))
    assert [suite.name for suite in merged.versions[4].accepted] == [
        "TLS_RSA_WITH_RC4_128_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    ]  # fmt: skip
    assert difference.params == {
        "version": "TLSv1.2", "own": "TLS_RSA_WITH_RC4_128_SHA", "sslyze": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    }  # fmt: skip


def test_where_only_one_could_look_there_is_no_disagreement() -> None:
    blind = Enumeration(facts.read_versions(result(tls_1_0_cipher_suites=broken())))
    merged, differences = compare(blind, facts.read_versions(result(tls_1_3_cipher_suites=broken())))
    assert differences == []
    assert all(look.fault is None for look in merged.versions)
    both, differences = compare(blind, facts.read_versions(result(tls_1_0_cipher_suites=broken())))
    assert differences == []
    assert [look.version for look in both.versions if look.fault] == [TlsVersion.TLS_1_0]
