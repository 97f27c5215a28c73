"""Keys and certificates for the tests of seals: an authority, and what it issued."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PASSPHRASE = "mật khẩu".encode()
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@lru_cache
def key(kind: str) -> Key:
    """A key of a kind (`rsa`, `ec`, `ed25519`, or these with a number for another one)."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1()) if kind.startswith("ec") else ed25519.Ed25519PrivateKey.generate()


def certificate(owner: Key, common: str, issuer: Key, issuer_name: str, until: datetime) -> x509.Certificate:
    """A certificate that `issuer` signs, valid from a month before NOW."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(name(issuer_name))
        .public_key(owner.public_key())
        .serial_number(1 if issuer is owner else 0xABCDEF)
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=issuer is owner, path_length=None), critical=True)
    )
    return builder.sign(issuer, None if isinstance(issuer, ed25519.Ed25519PrivateKey) else SHA256())


@lru_cache
def chain(kind: str, until: datetime = NOW + timedelta(days=3650)) -> tuple[x509.Certificate, x509.Certificate]:
    """The certificate of Trần Thị B, and the one of the authority that issued it."""
    authority = key("rsa-authority")
    root = certificate(authority, "CA Thử", authority, "CA Thử", NOW + timedelta(days=9999))
    return certificate(key(kind), "Trần Thị B", authority, "CA Thử", until), root


def p12(kind: str, *, with_root: bool = True, until: datetime = NOW + timedelta(days=3650)) -> bytes:
    own, root = chain(kind, until)
    others = [root] if with_root else None
    lock = BestAvailableEncryption(PASSPHRASE)
    return pkcs12.serialize_key_and_certificates(b"b", key(kind), own, others, lock)


def pem(kind: str, passphrase: bytes | None = None) -> bytes:
    lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key(kind).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
