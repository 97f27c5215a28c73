from __future__ import annotations

import pytest

from secaudit.model.base import Reason
from secaudit.model.observation import CipherSuite, Fact, TlsObservation, TlsVersion, VersionLook
from tests.checks.tls_views import IDS, captured, failing, verdict, verdicts

TLS_IDS = [check for check in IDS if check.startswith("tls.")]
GOOD, _ = captured("good")
TIMEOUT = Reason(code="connect-timeout", params={"host": "xa.tinh.gov.vn", "port": 443, "seconds": 5})
SILENT = Reason(code="tls-suites-unanswered", params={"version": "x", "count": 1})
FACTS = {
    "tls.compression": ("compression", True),
    "tls.heartbleed": ("heartbleed", True),
    "tls.ccs-injection": ("ccs_injection", True),
    "tls.robot": ("robot", True),
    "tls.insecure-renegotiation": ("secure_renegotiation", False),
    "tls.client-renegotiation": ("client_renegotiation", True),
    "tls.early-data": ("early_data", True),
    "tls.no-extended-master-secret": ("extended_master_secret", False),
}
SUITES = {
    "tls.cipher-null": "TLS_RSA_WITH_NULL_SHA",
    "tls.cipher-anonymous": "TLS_DH_anon_WITH_AES_128_CBC_SHA",
    "tls.cipher-export": "TLS_RSA_EXPORT_WITH_RC4_40_MD5",
    "tls.cipher-rc4": "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
    "tls.cipher-3des": "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "tls.cipher-cbc": "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "tls.no-forward-secrecy": "TLS_RSA_WITH_AES_128_GCM_SHA256",
}
VERSIONS = {
    "tls.sslv2": TlsVersion.SSL_2_0,
    "tls.sslv3": TlsVersion.SSL_3_0,
    "tls.tls10": TlsVersion.TLS_1_0,
    "tls.tls11": TlsVersion.TLS_1_1,
}


def changed(version: TlsVersion, *names: str, fault: Reason | None = None, bits: int = 0) -> TlsObservation:
    """Return the good server with other suites in one version."""
    suites = tuple(CipherSuite(name=name, exchange_bits=bits) for name in names)
    look = VersionLook(version=version, accepted=suites, offered=80, fault=fault)
    return GOOD.model_copy(update={"versions": tuple(look if old.version is version else old for old in GOOD.versions)})


def only(*versions: TlsVersion) -> TlsObservation:
    """Return the good server with suites in these versions only."""
    suite = (CipherSuite(name="TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),)
    return GOOD.model_copy(
        update={
            "versions": tuple(
                VersionLook(version=version, accepted=suite if version in versions else (), offered=5)
                for version in TlsVersion
            )
        }
    )


def test_the_contract_names_24_tls_checks() -> None:
    assert len(TLS_IDS) == 24


@pytest.mark.parametrize("check", TLS_IDS)
def test_the_good_server_fails_nothing(check: str) -> None:
    assert verdict(check, GOOD).result == "pass"


@pytest.mark.parametrize("check", TLS_IDS)
def test_a_timeout_is_inconclusive(check: str) -> None:
    result = verdict(check, GOOD.model_copy(update={"fault": TIMEOUT}))
    assert (result.result, result.reason) == ("inconclusive", TIMEOUT)


@pytest.mark.parametrize("check", TLS_IDS)
def test_a_probe_that_did_not_run_is_inconclusive(check: str) -> None:
    (result,) = verdicts(check)
    assert (result.result, result.reason) == ("inconclusive", Reason(code="probe-not-run", params={"probe": "tls"}))
    assert result.target == "xa.tinh.gov.vn:443"


@pytest.mark.parametrize("code", ["connect-refused", "tls-not-spoken"])
@pytest.mark.parametrize("check", TLS_IDS)
def test_no_https_is_one_finding_only(check: str, code: str) -> None:
    result = verdict(check, GOOD.model_copy(update={"fault": Reason(code=code, params={"detail": "SSH-2.0"})}))
    if check == "tls.unavailable":
        assert result.result == "fail"
        assert result.evidence == {"seen": code, "detail": "SSH-2.0"}
    else:
        assert (result.result, result.reason) == ("not-applicable", Reason(code="no-https"))


@pytest.mark.parametrize(("check", "fact"), FACTS.items())
def test_facts(check: str, fact: tuple[str, bool]) -> None:
    name, bad = fact
    assert verdict(check, GOOD.model_copy(update={name: Fact(value=bad)})).result == "fail"
    assert verdict(check, GOOD.model_copy(update={name: Fact(value=not bad)})).result == "pass"
    unseen = verdict(check, GOOD.model_copy(update={name: Fact(fault=SILENT)}))
    assert (unseen.result, unseen.reason) == ("inconclusive", SILENT)
    # A fact without value never passes, whatever the probe forgot to say.
    assert verdict(check, GOOD.model_copy(update={name: Fact()})).result == "inconclusive"


@pytest.mark.parametrize(("check", "version"), VERSIONS.items())
def test_old_versions(check: str, version: TlsVersion) -> None:
    accepted = verdict(check, changed(version, "TLS_RSA_WITH_AES_128_CBC_SHA"))
    assert accepted.result == "fail"
    assert accepted.evidence == {"version": version.value, "suites": ["TLS_RSA_WITH_AES_128_CBC_SHA"]}
    assert verdict(check, changed(version, fault=SILENT)).result == "inconclusive"
    assert verdict(check, changed(version, "TLS_RSA_WITH_AES_128_CBC_SHA", fault=SILENT)).result == "fail"
    assert verdict(check, GOOD.model_copy(update={"versions": ()})).result == "inconclusive"


def test_only_the_checks_of_an_unseen_version_are_inconclusive() -> None:
    half_blind = changed(TlsVersion.SSL_3_0, fault=SILENT)
    inconclusive = {check for check in TLS_IDS if verdict(check, half_blind).result == "inconclusive"}
    assert inconclusive == {"tls.sslv3", "tls.weak-dh", *SUITES}


@pytest.mark.parametrize(("check", "suite"), SUITES.items())
def test_suites(check: str, suite: str) -> None:
    bad = verdict(check, changed(TlsVersion.TLS_1_2, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", suite))
    assert bad.result == "fail"
    assert bad.evidence == {"suites": {"TLSv1.2": [suite]}}
    # What was seen counts, although another version could not be looked at.
    assert verdict(check, changed(TlsVersion.TLS_1_0, suite, fault=SILENT)).result == "fail"
    assert verdict(check, changed(TlsVersion.TLS_1_0, fault=SILENT)).result == "inconclusive"
    assert verdict(check, changed(TlsVersion.TLS_1_3, fault=SILENT)).result == "pass"


@pytest.mark.parametrize(
    ("suite", "checks"),
    [
        ("SSL_CK_DES_192_EDE3_CBC_WITH_MD5", {"tls.cipher-3des", "tls.cipher-cbc", "tls.no-forward-secrecy"}),
        ("SSL_CK_RC4_128_EXPORT40_WITH_MD5", {"tls.cipher-rc4", "tls.cipher-export", "tls.no-forward-secrecy"}),
        ("TLS_ECDHE_ECDSA_WITH_NULL_SHA", {"tls.cipher-null"}),
        ("TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256", {"tls.no-forward-secrecy"}),
        ("TLS_ECDH_anon_WITH_RC4_128_SHA", {"tls.cipher-anonymous", "tls.cipher-rc4"}),
        ("TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", set()),
        ("TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256", set()),
    ],
)
def test_names_of_suites(suite: str, checks: set[str]) -> None:
    seen = changed(TlsVersion.TLS_1_2, suite, bits=2048)
    assert {check for check in SUITES if verdict(check, seen).result == "fail"} == checks


def test_evidence_of_suites_is_bounded() -> None:
    names = [f"TLS_RSA_WITH_TEST_{number:03}_CBC_SHA" for number in range(50)]
    evidence = verdict("tls.cipher-cbc", changed(TlsVersion.TLS_1_2, *names)).evidence
    assert evidence == {"suites": {"TLSv1.2": [*names[:20], "+ 30"]}}


def test_newest_versions() -> None:
    tls13, tls12, tls10 = TlsVersion.TLS_1_3, TlsVersion.TLS_1_2, TlsVersion.TLS_1_0
    assert verdict("tls.no-tls12", only(tls10)).result == "fail"
    assert verdict("tls.no-tls12", only(tls10)).evidence == {"offered": ["TLSv1.0"]}
    assert verdict("tls.no-tls12", only(tls13)).result == "not-applicable"
    assert verdict("tls.no-tls12", changed(tls12, fault=SILENT)).result == "not-applicable"
    assert verdict("tls.no-tls13", only(tls12)).result == "fail"
    assert verdict("tls.no-tls13", changed(tls13, fault=SILENT)).result == "inconclusive"
    blind_to_newest = only(tls10).model_copy(
        update={"versions": (*only(tls10).versions[:-1], VersionLook(version=tls13, fault=SILENT))}
    )
    assert verdict("tls.no-tls12", blind_to_newest).result == "inconclusive"


@pytest.mark.parametrize(
    ("bits", "result"), [(512, "fail"), (1024, "fail"), (2047, "fail"), (2048, "pass"), (0, "inconclusive")]
)
def test_diffie_hellman(bits: int, result: str) -> None:
    seen = changed(TlsVersion.TLS_1_2, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", bits=bits)
    assert verdict("tls.weak-dh", seen).result == result


def test_a_small_group_counts_although_another_size_is_unknown() -> None:
    weak = changed(TlsVersion.TLS_1_2, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", bits=1024)
    blind = VersionLook(
        version=TlsVersion.TLS_1_1, accepted=(CipherSuite(name="TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),), offered=80
    )
    seen = weak.model_copy(update={"versions": (*weak.versions[:3], blind, *weak.versions[4:])})
    assert verdict("tls.weak-dh", seen).evidence["bits"] == [1024]


@pytest.mark.parametrize(
    ("versions", "supported", "result"),
    [
        ((TlsVersion.TLS_1_3,), None, "not-applicable"),
        ((TlsVersion.TLS_1_2,), None, "not-applicable"),
        ((TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), True, "pass"),
        ((TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), False, "not-applicable"),
        ((TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), None, "inconclusive"),
        ((TlsVersion.TLS_1_0, TlsVersion.TLS_1_2), False, "fail"),
        ((TlsVersion.TLS_1_0, TlsVersion.TLS_1_2), True, "pass"),
    ],
)
def test_fallback(versions: tuple[TlsVersion, ...], supported: bool | None, result: str) -> None:
    fact = Fact(value=supported, fault=SILENT if supported is None else None)
    seen = only(*versions).model_copy(update={"fallback_scsv": fact})
    assert verdict("tls.no-fallback-scsv", seen).result == result


def test_one_version_is_not_known_to_be_the_only_one_when_another_was_not_seen() -> None:
    seen = only(TlsVersion.TLS_1_2)
    blind = seen.model_copy(
        update={"versions": (VersionLook(version=TlsVersion.SSL_2_0, fault=SILENT), *seen.versions[1:])}
    )
    assert verdict("tls.no-fallback-scsv", blind).result == "inconclusive"


def test_what_does_not_arise() -> None:
    without_13 = only(TlsVersion.TLS_1_2)
    assert verdict("tls.early-data", without_13).result == "not-applicable"
    only_13 = only(TlsVersion.TLS_1_3).model_copy(update={"extended_master_secret": Fact(fault=SILENT)})
    assert verdict("tls.no-extended-master-secret", only_13).result == "not-applicable"


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("good", set()),
        ("heartbleed", {"tls.heartbleed", "tls.no-tls13"}),
        (
            "weak",
            {"tls.tls10", "tls.tls11", "tls.cipher-null", "tls.cipher-anonymous", "tls.cipher-cbc",
             "tls.no-forward-secrecy", "tls.weak-dh"},
        ),
        ("self-signed", {"cert.self-signed"}),
        ("short-chain", {"cert.incomplete-chain"}),
    ],
)  # fmt: skip
def test_recorded_servers(name: str, truth: set[str]) -> None:
    assert failing(captured(name)) == truth


def test_silence_to_sslv2_alone_does_not_hide_the_suites_of_other_versions() -> None:
    seen = only(TlsVersion.TLS_1_2)
    silent = seen.model_copy(
        update={"versions": (VersionLook(version=TlsVersion.SSL_2_0, fault=SILENT), *seen.versions[1:])}
    )
    assert verdict("tls.sslv2", silent).result == "inconclusive"
    assert verdict("tls.cipher-rc4", silent).result == "pass"
    wholly = silent.model_copy(
        update={"versions": tuple(VersionLook(version=look.version, fault=SILENT) for look in seen.versions)}
    )
    assert verdict("tls.cipher-rc4", wholly).result == "inconclusive"
