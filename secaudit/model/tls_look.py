"""How one port speaks TLS and which certificates it serves, as seen."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from secaudit.model.base import Frozen, Instant, Reason
from secaudit.model.observation_base import ObservationBase


class TlsVersion(StrEnum):
    """Protocol versions, oldest first."""

    SSL_2_0 = "SSLv2"
    SSL_3_0 = "SSLv3"
    TLS_1_0 = "TLSv1.0"
    TLS_1_1 = "TLSv1.1"
    TLS_1_2 = "TLSv1.2"
    TLS_1_3 = "TLSv1.3"


class CipherSuite(Frozen):
    """One suite that the server accepted.

    Attributes:
        name: IANA name, for example `TLS_RSA_WITH_AES_128_CBC_SHA`.
        openssl_name: OpenSSL's name of it.
        key_bits: strength of the symmetric key in bits.
        anonymous: no certificate proves the server.
        exchange: `DH`, `ECDH`, … of the ephemeral key, empty where there is none.
        exchange_bits: size of the ephemeral key in bits, 0 where there is none or it is unknown.
        curve: name of the curve, empty where there is none.
    """

    name: str
    openssl_name: str = ""
    key_bits: int = 0
    anonymous: bool = False
    exchange: str = ""
    exchange_bits: int = 0
    curve: str = ""


class VersionLook(Frozen):
    """Which suites of one protocol version the server accepts.

    Attributes:
        accepted: suites accepted, empty when the version is refused.
        offered: how many suites were offered.
        fault: why this version could not be looked at.
    """

    version: TlsVersion
    accepted: tuple[CipherSuite, ...] = ()
    offered: int = 0
    fault: Reason | None = None


class Fact(Frozen):
    """A yes or no as seen; `value` is None, with a fault, when it could not be seen."""

    value: bool | None = None
    fault: Reason | None = None


class TlsObservation(ObservationBase):
    """How one port speaks TLS.

    Attributes:
        sni: server name that was sent, empty for an IP address.
        versions: one look per protocol version.
        heartbleed: vulnerable to CVE-2014-0160.
        ccs_injection: vulnerable to CVE-2014-0224.
        robot: vulnerable to the ROBOT attack; `robot_detail` says how sure.
        secure_renegotiation: RFC 5746 is supported.
        client_renegotiation: the client may renegotiate.
        fallback_scsv: RFC 7507 is supported.
        early_data: TLS 1.3 early data is accepted (RFC 8446, section 8).
        extended_master_secret: RFC 7627 is supported.
        curves: elliptic curves accepted.
        groups: all groups accepted for the key agreement: curves, finite fields, hybrids with ML-KEM.
        groups_fault: why `curves` and `groups` are not known, or not all.
    """

    kind: Literal["tls"] = "tls"
    host: str
    port: int
    sni: str = ""
    versions: tuple[VersionLook, ...] = ()
    compression: Fact = Fact()
    heartbleed: Fact = Fact()
    ccs_injection: Fact = Fact()
    robot: Fact = Fact()
    robot_detail: str = ""
    secure_renegotiation: Fact = Fact()
    client_renegotiation: Fact = Fact()
    fallback_scsv: Fact = Fact()
    early_data: Fact = Fact()
    extended_master_secret: Fact = Fact()
    curves: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    groups_fault: Reason | None = None


class Certificate(Frozen):
    """One X.509 certificate as served (RFC 5280).

    Attributes:
        key_type: `RSA`, `EC`, `Ed25519`, `DSA`, …
        key_bits: size of the key in bits.
        signature_hash: `sha256`, `sha1`, `md5`, … or empty for algorithms without a hash.
        names: DNS names and IP addresses of the subject alternative name.
        sct_count: signed certificate timestamps embedded in the certificate (RFC 6962), None where unreadable.
        ca_issuers: URLs where the issuer's certificate can be had (AIA).
        sha256: fingerprint, hexadecimal.
        fault: set when the certificate could not be parsed; then only `sha256` and `pem` hold.
    """

    subject: str = ""
    issuer: str = ""
    serial: str = ""
    not_before: Instant | None = None
    not_after: Instant | None = None
    key_type: str = ""
    key_bits: int = 0
    signature_hash: str = ""
    names: tuple[str, ...] = ()
    is_ca: bool = False
    self_issued: bool = False
    sct_count: int | None = None
    ca_issuers: tuple[str, ...] = ()
    sha256: str
    pem: str = ""
    fault: Reason | None = None


class TrustLook(Frozen):
    """Whether one trust store builds a path to the certificate.

    Attributes:
        store: name of the trust store, `own` for the file given with `--ca-file`.
        trusted: a path was found, whatever the leaf's own dates, names and key sizes.
        error: the strict validator's own words when it refused.
        issuer_known: the store holds a root with the very name of the issuer that ends the served chain
            (`name`), or at least one of the same organisation (`organisation`).
    """

    store: str
    version: str = ""
    trusted: bool
    error: str = ""
    issuer_known: Literal["name", "organisation", ""] = ""


class CertificateObservation(ObservationBase):
    """The chain that one port serves, leaf first, with every trust store's opinion.

    Attributes:
        hostname_matches: the leaf names the host (RFC 9525); None when it could not be compared.
        chain: certificates as served.
        stapled_sct_count: timestamps delivered by TLS extension or OCSP, None where not looked for.
    """

    kind: Literal["certificate"] = "certificate"
    host: str
    port: int
    sni: str = ""
    chain: tuple[Certificate, ...] = ()
    hostname_matches: bool | None = None
    trust: tuple[TrustLook, ...] = ()
    stapled_sct_count: int | None = None
