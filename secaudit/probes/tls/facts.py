"""Turning sslyze's JSON and what our own hellos found into a TlsObservation. No judgement, no network."""

from __future__ import annotations

import re
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.observation import CipherSuite, Fact, TlsObservation, TlsVersion, VersionLook
from secaudit.probes.tls.enumeration import Enumeration
from secaudit.probes.tls.looks import read_looks
from secaudit.probes.tls.suites import group_name, is_curve, is_finite_field_ephemeral

_COMMANDS = {
    TlsVersion.SSL_2_0: "ssl_2_0_cipher_suites",
    TlsVersion.SSL_3_0: "ssl_3_0_cipher_suites",
    TlsVersion.TLS_1_0: "tls_1_0_cipher_suites",
    TlsVersion.TLS_1_1: "tls_1_1_cipher_suites",
    TlsVersion.TLS_1_2: "tls_1_2_cipher_suites",
    TlsVersion.TLS_1_3: "tls_1_3_cipher_suites",
}
_TIMED_OUT = "timed out"
UNANSWERED = "tls-version-unanswered"
"""Fault of a version to which not one hello was answered."""

_ROBOT = {
    "VULNERABLE_STRONG_ORACLE": True,
    "VULNERABLE_WEAK_ORACLE": True,
    "NOT_VULNERABLE_NO_ORACLE": False,
    "NOT_VULNERABLE_RSA_NOT_SUPPORTED": False,
}
# What sslyze's old client offers by default: HIGH and MEDIUM of OpenSSL 1.0.2 without these.
_NOT_IN_OLD_CLIENT = re.compile(r"anon|NULL|3DES|CAMELLIA|CHACHA20|_CCM|ARIA|EXPORT|_DES_|RC2")


def read_versions(result: dict[str, Any]) -> tuple[VersionLook, ...]:
    """Return one look per protocol version, oldest first, from sslyze's JSON of one server."""
    commands = result["scan_result"]
    looks = [_version_look(version, commands[name]) for version, name in _COMMANDS.items()]
    highest = str((result.get("connectivity_result") or {}).get("highest_tls_version_supported", ""))
    spoken = next((look for look in looks if look.version.name == highest), None)
    if spoken is None or spoken.accepted or spoken.fault:
        return tuple(looks)
    # The version that sslyze had just spoken is refused throughout: the server shut us out in the middle.
    doubt = Reason(code="tls-shut-out")
    return tuple(look if look.accepted else look.model_copy(update={"fault": doubt}) for look in looks)


def _version_look(version: TlsVersion, attempt: dict[str, Any]) -> VersionLook:
    if fault := command_fault(attempt):
        return VersionLook(version=version, fault=fault)
    accepted, refused = attempt["result"]["accepted_cipher_suites"], attempt["result"]["rejected_cipher_suites"]
    silent = sum(1 for one in refused if _TIMED_OUT in one["error_message"])
    fault = None
    if silent:
        code = UNANSWERED if silent == len(refused) and not accepted else "tls-suites-unanswered"
        fault = Reason(code=code, params={"version": version.value, "count": silent})
    elif not accepted and not refused:
        fault = Reason(code="tls-version-not-offered", params={"version": version.value})
    return VersionLook(
        version=version,
        accepted=tuple(_suite(one) for one in accepted),
        offered=len(accepted) + len(refused),
        fault=fault,
    )


def _suite(accepted: dict[str, Any]) -> CipherSuite:
    suite, key = accepted["cipher_suite"], accepted["ephemeral_key"] or {}
    name = str(suite["name"])
    exchange = str(key.get("type_name") or ("DH" if is_finite_field_ephemeral(name) else ""))
    return CipherSuite(
        name=name,
        openssl_name=suite["openssl_name"],
        key_bits=suite["key_size"] or 0,
        anonymous=suite["is_anonymous"],
        exchange=exchange,
        exchange_bits=int(key.get("size") or 0),
        curve=str(key.get("curve_name") or ""),
    )


def command_fault(attempt: dict[str, Any]) -> Reason | None:
    """Return why one scan command of sslyze has no result, or None when it has one."""
    if attempt["status"] == "NOT_SCHEDULED":
        return Reason(code="tls-not-in-profile")
    if attempt["status"] == "COMPLETED" and attempt["result"] is not None:
        return None
    if attempt["error_reason"] == "CLIENT_CERTIFICATE_NEEDED":
        return Reason(code="tls-client-certificate")
    return Reason(code="tls-look-failed", params={"detail": last_words(attempt["error_trace"])})


def last_words(trace: str | None) -> str:
    """Return the last line of a Python trace without the class's path, at most 200 characters."""
    lines = [line.strip() for line in (trace or "").splitlines() if line.strip()]
    if not lines:
        return "no reason given"
    return re.sub(r"^(\w+\.)+", "", lines[-1])[:200]


Attacks = dict[str, Any] | Reason
"""The `scan_result` of sslyze's JSON, or why there is none."""


def _fact(commands: Attacks, command: str, key: str) -> Fact:
    if isinstance(commands, Reason):
        return Fact(fault=commands)
    if fault := command_fault(commands[command]):
        return Fact(fault=fault)
    value = commands[command]["result"].get(key)
    return Fact(value=value) if isinstance(value, bool) else Fact(fault=Reason(code="tls-no-server-hello"))


def read_tls(base: TlsObservation, found: Enumeration, attacks: Attacks) -> TlsObservation:
    """Fill `base` (target, time, address, host, port, server name) with everything seen."""
    looks = read_looks(found)
    robot, robot_detail = _robot(attacks, found.versions)
    return base.model_copy(
        update={
            "fault": why_nothing(base, found),
            "versions": found.versions,
            "compression": looks.compression,
            "heartbleed": _fact(attacks, "heartbleed", "is_vulnerable_to_heartbleed"),
            "ccs_injection": _fact(attacks, "openssl_ccs_injection", "is_vulnerable_to_ccs_injection"),
            "robot": robot,
            "robot_detail": robot_detail,
            "secure_renegotiation": looks.secure_renegotiation,
            "client_renegotiation": _client_renegotiation(attacks, found.versions),
            "fallback_scsv": found.fallback,
            "early_data": _fact(attacks, "tls_1_3_early_data", "supports_early_data"),
            "extended_master_secret": looks.extended_master_secret,
            "curves": tuple(group_name(group) for group in found.groups if is_curve(group)),
            "groups": tuple(group_name(group) for group in found.groups),
            "groups_fault": found.groups_fault,
        }
    )


def why_nothing(base: TlsObservation, found: Enumeration) -> Reason | None:
    """Return why not one suite of any version is known to be accepted, None where one is.

    A server that speaks TLS and takes nothing was not seen: perhaps it wants a server name that we do not have.
    """
    if found.spoken:
        return None
    faults = [look.fault for look in reversed(found.versions) if look.fault]
    params = {"host": base.host, "port": base.port, "detail": "handshake_failure"}
    return faults[0] if faults else Reason(code="tls-handshake-failed", params=params)


def _robot(attacks: Attacks, versions: tuple[VersionLook, ...]) -> tuple[Fact, str]:
    if isinstance(attacks, Reason):
        return Fact(fault=attacks), ""
    attempt = attacks["robot"]
    if fault := command_fault(attempt):
        return Fact(fault=fault), ""
    detail = str(attempt["result"]["robot_result"])
    value = _ROBOT.get(detail)
    if value is None:
        return Fact(fault=Reason(code="tls-robot-unclear")), detail
    by_rsa = any(suite.name.startswith("TLS_RSA_") for look in versions for suite in look.accepted)
    if detail == "NOT_VULNERABLE_RSA_NOT_SUPPORTED" and by_rsa:
        # RSA key exchange is there, only not where sslyze tried it.
        return Fact(fault=Reason(code="tls-robot-unclear")), detail
    return Fact(value=value), detail


def _client_renegotiation(attacks: Attacks, versions: tuple[VersionLook, ...]) -> Fact:
    fact = _fact(attacks, "session_renegotiation", "is_vulnerable_to_client_renegotiation_dos")
    accepted = {look.version: look.accepted for look in versions}
    if fact.value is not False or not accepted.get(TlsVersion.TLS_1_3):
        return fact
    older = accepted.get(TlsVersion.TLS_1_2, ())
    if older and all(_NOT_IN_OLD_CLIENT.search(suite.name) for suite in older):
        # Only sslyze's old client can ask for renegotiation, and this server does not talk to it.
        return Fact(fault=Reason(code="tls-old-client-refused"))
    return fact


def all_unseen(base: TlsObservation, reason: Reason) -> TlsObservation:
    """Return an observation of a server that speaks TLS but could not be looked at any further, and why."""
    unseen = Fact(fault=reason)
    return base.model_copy(
        update={
            "versions": tuple(VersionLook(version=version, fault=reason) for version in TlsVersion),
            **{name: unseen for name, field in TlsObservation.model_fields.items() if field.annotation is Fact},
        }
    )
