"""A private certificate authority for the lab: root, intermediate, and leaves with any fault that is wanted."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Pair:
    """A certificate, its key, and the chain that a good server sends with it."""

    certificate: x509.Certificate
    key: Key
    chain: tuple[x509.Certificate, ...] = ()

    def write(self, folder: Path, name: str, *, with_chain: bool = True) -> tuple[Path, Path]:
        """Write PEM files and return (certificate file, key file)."""
        folder.mkdir(parents=True, exist_ok=True)
        certificates = (self.certificate, *(self.chain if with_chain else ()))
        pem = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)
        certificate_file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
        certificate_file.write_bytes(pem)
        key_file.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
        )
        key_file.chmod(0o600)
        return certificate_file, key_file


def new_key(kind: str = "ec") -> Key:
    """Return a new key: `ec` (P-256), `ec384` (P-384), `rsa2048`, `rsa1024`."""
    if kind.startswith("ec"):
        return ec.generate_private_key(ec.SECP384R1() if kind == "ec384" else ec.SECP256R1())
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "secaudit lab"),
         x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )  # fmt: skip


def _authority(subject: str, key: Key, issuer: x509.Name, signer: CertificateIssuerPrivateKeyTypes,
               depth: int) -> x509.Certificate:  # fmt: skip
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
        .add_extension(x509.KeyUsage(True, False, False, False, False, True, True, False, False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )


class LabAuthority:
    """Root and intermediate, made anew for each test session."""

    def __init__(self) -> None:
        self._root_key = new_key()
        self.root = _authority("Lab Root", self._root_key, _name("Lab Root"), self._root_key, 1)
        self._intermediate_key = new_key()
        self.intermediate = _authority("Lab Intermediate", self._intermediate_key, self.root.subject, self._root_key, 0)

    def intermediate_key_pem(self) -> bytes:
        """Return the intermediate's private key, for programs that sign what this class cannot."""
        return self._intermediate_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )

    def write_root(self, folder: Path) -> Path:
        """Write the root as PEM, for `--ca-file`."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "root.pem"
        path.write_bytes(self.root.public_bytes(serialization.Encoding.PEM))
        return path

    def issue(
        self,
        *names: str,
        key: str = "ec",
        begins: timedelta = timedelta(days=-10),
        ends: timedelta = timedelta(days=80),
        hash_: hashes.HashAlgorithm | None = None,
        self_signed: bool = False,
    ) -> Pair:
        """Return a leaf for `names` (DNS names or addresses), valid from now+begins to now+ends."""
        leaf_key = new_key(key)
        now = datetime.now(UTC)
        subject = _name(names[0])
        alternatives: list[x509.GeneralName] = []
        for name in names:
            try:
                alternatives.append(x509.IPAddress(ipaddress.ip_address(name)))
            except ValueError:
                alternatives.append(x509.DNSName(name))
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if self_signed else self.intermediate.subject)
            .public_key(leaf_key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begins)
            .not_valid_after(now + ends)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(True, False, key != "ec", False, False, False, False, False, False),
                critical=True,
            )
            .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(leaf_key.public_key()), critical=False)
        )
        if not self_signed:
            issuer_key = self._intermediate_key.public_key()
            builder = builder.add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False
            )
        signer = leaf_key if self_signed else self._intermediate_key
        certificate = builder.sign(signer, hash_ or hashes.SHA256())
        return Pair(certificate, leaf_key, () if self_signed else (self.intermediate,))
