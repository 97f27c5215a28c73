"""sslyze's JSON (`--json_out`): protocol versions, suites, known weaknesses and the served certificates."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from secaudit.importers.document import Imported, NotReadable, json_of, mapping, members, moment, words
from secaudit.model.base import Reason
from secaudit.model.observation import (
    Certificate,
    CertificateObservation,
    CipherSuite,
    Fact,
    Observation,
    TlsObservation,
    TlsVersion,
    VersionLook,
)
from secaudit.model.target import address_or_none, host_port

_VERSIONS = {
    TlsVersion.SSL_2_0: "ssl_2_0_cipher_suites",
    TlsVersion.SSL_3_0: "ssl_3_0_cipher_suites",
    TlsVersion.TLS_1_0: "tls_1_0_cipher_suites",
    TlsVersion.TLS_1_1: "tls_1_1_cipher_suites",
    TlsVersion.TLS_1_2: "tls_1_2_cipher_suites",
    TlsVersion.TLS_1_3: "tls_1_3_cipher_suites",
}
_FACTS = {
    "compression": ("tls_compression", "supports_compression"),
    "heartbleed": ("heartbleed", "is_vulnerable_to_heartbleed"),
    "ccs_injection": ("openssl_ccs_injection", "is_vulnerable_to_ccs_injection"),
    "secure_renegotiation": ("session_renegotiation", "supports_secure_renegotiation"),
    "client_renegotiation": ("session_renegotiation", "is_vulnerable_to_client_renegotiation_dos"),
    "fallback_scsv": ("tls_fallback_scsv", "supports_fallback_scsv"),
    "early_data": ("tls_1_3_early_data", "supports_early_data"),
    "extended_master_secret": ("tls_extended_master_secret", "supports_ems_extension"),
}
_ROBOT = {
    "VULNERABLE_STRONG_ORACLE": True,
    "VULNERABLE_WEAK_ORACLE": True,
    "NOT_VULNERABLE_NO_ORACLE": False,
    "NOT_VULNERABLE_RSA_NOT_SUPPORTED": False,
}
_NOT_LOOKED = Fact(fault=Reason(code="import-not-in-file"))
_MOST_CERTIFICATES = 20


def read(data: bytes, now: datetime) -> Imported:
    """Return the facts of a file of sslyze. Certificates carry their fingerprint and PEM only.

    Raises:
        NotReadable: it is none.
    """
    whole = mapping(json_of(data), "the file")
    if "server_scan_results" not in whole:
        raise NotReadable("it holds no server_scan_results")
    version, made_at = words(whole.get("sslyze_version"), 60), moment(whole.get("date_scans_completed"))
    found: list[Observation] = []
    hosts: list[str] = []
    try:
        for one in members(whole["server_scan_results"], "server_scan_results"):
            server = mapping(one, "a server")
            where = mapping(server["server_location"], "server_location")
            hosts += [words(where["hostname"]), words(where.get("ip_address"))]
            found += _server(server, where, made_at or now)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotReadable(f"an unexpected value: {type(error).__name__} {error}"[:160]) from None
    return Imported("sslyze", version, made_at, tuple(found), tuple(dict.fromkeys(filter(None, hosts))))


def _server(server: Mapping[str, Any], where: Mapping[str, Any], at: datetime) -> Iterator[Observation]:
    host, port = words(where["hostname"]), int(where["port"])
    base: dict[str, Any] = {
        "target": host_port(host, port), "at": at, "address": words(where.get("ip_address")), "host": host,
        "port": port, "sni": "" if address_or_none(host) else host,
    }  # fmt: skip
    if server.get("scan_result") is None:
        fault = Reason(code="import-not-reached", params={"host": host, "port": port, "tool": "sslyze"})
        yield TlsObservation(**base, fault=fault)
        yield CertificateObservation(**base, fault=fault)
        return
    scan = mapping(server["scan_result"], "scan_result")
    robot, detail = _robot(scan)
    facts = {name: _fact(scan, command, key) for name, (command, key) in _FACTS.items()}
    curves = members((_result(scan, "elliptic_curves") or {}).get("supported_curves"), "supported_curves")
    yield TlsObservation(
        **base, **facts, versions=tuple(_look(version, scan, name) for version, name in _VERSIONS.items()),
        robot=robot, robot_detail=detail, curves=tuple(words(one["name"], 60) for one in curves),
    )  # fmt: skip
    yield from _certificates(base, _result(scan, "certificate_info"))


def _result(scan: Mapping[str, Any], command: str) -> Mapping[str, Any] | None:
    """Return the result of one scan command, None when it was not run or failed."""
    attempt = scan.get(command)
    if not isinstance(attempt, dict) or attempt.get("status") != "COMPLETED":
        return None
    return mapping(attempt["result"], command)


def _fact(scan: Mapping[str, Any], command: str, key: str) -> Fact:
    value = (_result(scan, command) or {}).get(key)
    return Fact(value=value) if isinstance(value, bool) else _NOT_LOOKED


def _robot(scan: Mapping[str, Any]) -> tuple[Fact, str]:
    detail = words((_result(scan, "robot") or {}).get("robot_result"), 60)
    value = _ROBOT.get(detail)
    return (Fact(value=value) if value is not None else _NOT_LOOKED), detail


def _look(version: TlsVersion, scan: Mapping[str, Any], command: str) -> VersionLook:
    result = _result(scan, command)
    if result is None:
        return VersionLook(version=version, fault=_NOT_LOOKED.fault)
    accepted, refused = (
        members(result["accepted_cipher_suites"], command),
        members(result["rejected_cipher_suites"], command),
    )
    silent = sum("timed out" in str(one.get("error_message", "")) for one in refused)
    return VersionLook(
        version=version,
        accepted=tuple(_suite(one) for one in accepted),
        offered=len(accepted) + len(refused),
        fault=Reason(code="import-unanswered", params={"count": silent}) if silent else None,
    )


def _suite(accepted: Mapping[str, Any]) -> CipherSuite:
    suite, key = accepted["cipher_suite"], accepted.get("ephemeral_key") or {}
    return CipherSuite(
        name=words(suite["name"], 100),
        openssl_name=words(suite.get("openssl_name"), 100),
        key_bits=int(suite.get("key_size") or 0),
        anonymous=bool(suite["is_anonymous"]),
        exchange=words(key.get("type_name"), 20),
        exchange_bits=int(key.get("size") or 0),
        curve=words(key.get("curve_name"), 60),
    )


def _certificates(base: dict[str, Any], result: Mapping[str, Any] | None) -> Iterator[CertificateObservation]:
    if result is None:
        yield CertificateObservation(**base, fault=_NOT_LOOKED.fault)
        return
    for one in members(result["certificate_deployments"], "certificate_deployments"):
        chain = members(one["received_certificate_chain"], "received_certificate_chain")[:_MOST_CERTIFICATES]
        yield CertificateObservation(**base, chain=tuple(_certificate(str(entry["as_pem"])) for entry in chain))


def _certificate(pem: str) -> Certificate:
    lines = pem.strip().splitlines()
    if lines[:1] != ["-----BEGIN CERTIFICATE-----"] or lines[-1:] != ["-----END CERTIFICATE-----"]:
        raise ValueError("a certificate that is not in PEM form")
    der = base64.b64decode("".join(lines[1:-1]), validate=True)
    return Certificate(sha256=hashlib.sha256(der).hexdigest(), pem=pem)
