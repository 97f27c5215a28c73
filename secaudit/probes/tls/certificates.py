"""Reading X.509 certificates as served (RFC 5280), tolerant: what cannot be parsed is kept as it came."""

from __future__ import annotations

import hashlib
import ssl
import warnings
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID

from secaudit.model.base import Reason
from secaudit.model.observation import Certificate
from secaudit.model.target import address_or_none

T = TypeVar("T", bound=x509.ExtensionType)

# Real certificates break RFC 5280 in ways that the parser tolerates with a warning; the officer cannot help it.
warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning)

# Algorithms for which cryptography names no hash, although there is one (RFC 8017, appendix C).
_HASHES_BY_OID = {"1.2.840.113549.1.1.2": "md2", "1.2.840.113549.1.1.3": "md4"}
_ALGORITHMS_WITHOUT_HASH = ("1.3.101.112", "1.3.101.113")
_Fault = (ValueError, TypeError, KeyError, UnsupportedAlgorithm, x509.DuplicateExtension)


def load(pem: str) -> x509.Certificate | None:
    """Return the parsed certificate, or None when it cannot be parsed."""
    try:
        return x509.load_pem_x509_certificate(pem.encode("ascii"))
    except _Fault:
        return None


def pem_of(der: bytes) -> str:
    """Return DER as PEM text."""
    return ssl.DER_cert_to_PEM_cert(der)


def read_certificate(pem: str) -> Certificate:
    """Return what a certificate says. One that no parser likes carries `fault`, its fingerprint and its PEM."""
    fingerprint = _fingerprint(pem)
    parsed = load(pem)
    try:
        if parsed is None:
            raise ValueError("not a certificate that can be parsed")
        return _facts(parsed, fingerprint, pem)
    except _Fault as error:
        detail = str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
        return Certificate(
            sha256=fingerprint, pem=pem, fault=Reason(code="certificate-unreadable", params={"detail": detail})
        )


def _fingerprint(pem: str) -> str:
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    except ValueError:
        return hashlib.sha256(pem.encode()).hexdigest()


def _facts(parsed: x509.Certificate, fingerprint: str, pem: str) -> Certificate:
    key_type, key_bits = _key(parsed)
    constraints = _extension(parsed, x509.BasicConstraints)
    return Certificate(
        subject=parsed.subject.rfc4514_string(),
        issuer=parsed.issuer.rfc4514_string(),
        serial=f"{parsed.serial_number:x}",
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        key_type=key_type,
        key_bits=key_bits,
        signature_hash=_signature_hash(parsed),
        names=tuple(str(name) for name in (*_dns_names(parsed), *_addresses(parsed))),
        is_ca=constraints.ca if constraints else False,
        self_issued=parsed.subject == parsed.issuer,
        sct_count=_sct_count(parsed),
        ca_issuers=_ca_issuers(parsed),
        sha256=fingerprint,
        pem=pem,
    )


def _extension(parsed: x509.Certificate, kind: type[T]) -> T | None:
    try:
        return parsed.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _key(parsed: x509.Certificate) -> tuple[str, int]:
    try:
        key = parsed.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return f"oid:{parsed.public_key_algorithm_oid.dotted_string}", 0
    match key:
        case rsa.RSAPublicKey():
            return "RSA", key.key_size
        case ec.EllipticCurvePublicKey():
            return "EC", key.curve.key_size
        case dsa.DSAPublicKey():
            return "DSA", key.key_size
        case ed25519.Ed25519PublicKey():
            return "Ed25519", 256
        case ed448.Ed448PublicKey():
            return "Ed448", 456
    return type(key).__name__.removesuffix("PublicKey"), 0


def _signature_hash(parsed: x509.Certificate) -> str:
    oid = parsed.signature_algorithm_oid.dotted_string
    try:
        algorithm = parsed.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return _HASHES_BY_OID.get(oid, f"oid:{oid}")
    if algorithm is not None:
        return algorithm.name
    return "" if oid in _ALGORITHMS_WITHOUT_HASH else f"oid:{oid}"


def _sct_count(parsed: x509.Certificate) -> int | None:
    try:
        found = parsed.extensions.get_extension_for_oid(ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS)
    except x509.ExtensionNotFound:
        return 0
    value = found.value
    return len(value) if isinstance(value, x509.PrecertificateSignedCertificateTimestamps) else None


def _ca_issuers(parsed: x509.Certificate) -> tuple[str, ...]:
    access = _extension(parsed, x509.AuthorityInformationAccess)
    return tuple(
        entry.access_location.value
        for entry in access or ()
        if entry.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        and isinstance(entry.access_location, x509.UniformResourceIdentifier)
    )


def _dns_names(parsed: x509.Certificate) -> list[str]:
    alternatives = _extension(parsed, x509.SubjectAlternativeName)
    return alternatives.get_values_for_type(x509.DNSName) if alternatives else []


def _addresses(parsed: x509.Certificate) -> list[object]:
    alternatives = _extension(parsed, x509.SubjectAlternativeName)
    return list(alternatives.get_values_for_type(x509.IPAddress)) if alternatives else []


def names_host(pem: str, host: str) -> bool | None:
    """Tell whether the certificate names `host` (RFC 9525): DNS names for a name, IP addresses for an address.

    The common name never counts (RFC 9525, section 2). None when the certificate cannot be read.
    """
    parsed = load(pem)
    if parsed is None:
        return None
    try:
        if address_or_none(host):
            return ip_address(host) in _addresses(parsed)
        return matches_dns_name(_dns_names(parsed), host)
    except _Fault:
        return None


def matches_dns_name(patterns: Sequence[str], host: str) -> bool:
    """Tell whether one presented DNS name matches `host` (RFC 9525, section 6.3).

    A wildcard counts only as the whole left-most label and stands for exactly one label. `*.vn` and the like,
    which would name a whole top-level domain, never match: no public certificate may carry them (CA/Browser Forum
    Baseline Requirements, section 3.2.2.6).
    """
    wanted = host.rstrip(".").lower().split(".")
    for pattern in patterns:
        labels = pattern.rstrip(".").lower().split(".")
        if len(labels) != len(wanted):
            continue
        if labels == wanted:
            return True
        if labels[0] == "*" and len(labels) > 2 and labels[1:] == wanted[1:]:
            return True
    return False
