"""Detached signatures over a manifest: made with a key or PKCS#12 file of the user, and proven again.

Beside `NAME.seal.json` stand

* `NAME.seal.json.sig`: JSON, `secaudit.signature/1`, with algorithm, public key, certificates and the value over the
  manifest's bytes (Ed25519 by RFC 8032; RSA PKCS #1 v1.5 or ECDSA with SHA-256);
* where there is a certificate with an RSA or EC key, `NAME.seal.json.p7s`: CMS SignedData, detached, DER (RFC 5652),
  which the signing programs of offices read.

Whether to believe the authority that issued a certificate, nobody here checks: that takes the authority's own program
and its list of revoked certificates.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, Hash, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509.oid import NameOID

from secaudit.app.key_files import PassphraseNeeded, PrivateKey, fingerprint, load_key, raw_public
from secaudit.checklist.validate import contents
from secaudit.model.errors import BadInput, message
from secaudit.model.seal import Certified, SignatureCheck, SignatureState, Signer

SCHEMA = "secaudit.signature/1"
PublicKey = Ed25519PublicKey | RSAPublicKey | EllipticCurvePublicKey
Signed = tuple[PublicKey, list[x509.Certificate]]
"""A signer's key and certificates, its own first; none for a bare key."""
_HASHES: dict[str, type[HashAlgorithm]] = {"sha256": SHA256, "sha384": SHA384, "sha512": SHA512}
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError, x509.InvalidVersion)
"""What the readers of ASN.1 and JSON raise over bytes that are no signature."""


@dataclass(frozen=True)
class SealingKey:
    """What signs; `certificates` begins with the signer's own and may be empty."""

    key: PrivateKey
    certificates: Sequence[x509.Certificate] = ()


def load_pem(path: Path, passphrase: bytes | None) -> SealingKey:
    """Return the key of a PEM file, with the certificates that stand in the same file.

    Raises:
        PassphraseNeeded, BadInput: as `load_key`; a certificate of another key first.
    """
    key = load_key(path, passphrase)
    raw = contents(path)
    certificates: list[x509.Certificate] = []
    if b"BEGIN CERTIFICATE" in raw:
        try:
            certificates = x509.load_pem_x509_certificates(raw)
        except ValueError:
            raise BadInput(message("The certificate in {file} cannot be read."), file=path) from None
    return _fitting(path, key, certificates)


def load_p12(path: Path, passphrase: bytes | None) -> SealingKey:
    """Return key and certificates of a PKCS#12 file (.p12, .pfx).

    Raises:
        PassphraseNeeded: the passphrase is missing or wrong.
        BadInput: the file cannot be read, or holds no key and certificate that can sign.
    """
    raw = contents(path)
    if raw[:1] != b"\x30":
        raise BadInput(message("{file} is no PKCS#12 file (.p12, .pfx)."), file=path)
    try:
        found = load_pkcs12(raw, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise PassphraseNeeded(
            message("{file} cannot be opened: its passphrase is missing or wrong, or the file is damaged."), file=path
        ) from None
    if found.cert is None or not isinstance(found.key, Ed25519PrivateKey | RSAPrivateKey | EllipticCurvePrivateKey):
        raise BadInput(message("{file} holds no private key with a certificate that can sign."), file=path)
    others = [other.certificate for other in found.additional_certs]
    return _fitting(path, found.key, [found.cert.certificate, *others])


def _fitting(path: Path, key: PrivateKey, certificates: Sequence[x509.Certificate]) -> SealingKey:
    if certificates and _spki(certificates[0].public_key()) != _spki(key.public_key()):
        raise BadInput(message("The first certificate in {file} is not of the key beside it."), file=path)
    return SealingKey(key, tuple(certificates))


def signature_files(sealing: SealingKey, manifest: bytes) -> dict[str, bytes]:
    """Return the signature files by the ending that goes behind the manifest's name."""
    made = {".sig": _own_form(sealing, manifest)}
    key = sealing.key
    if sealing.certificates and isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        builder = PKCS7SignatureBuilder().set_data(manifest).add_signer(sealing.certificates[0], key, SHA256())
        for other in sealing.certificates[1:]:
            builder = builder.add_certificate(other)
        options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary]
        made[".p7s"] = builder.sign(Encoding.DER, options)
    return made


ENDINGS = (".sig", ".p7s")


def _own_form(sealing: SealingKey, manifest: bytes) -> bytes:
    key = sealing.key
    if isinstance(key, Ed25519PrivateKey):
        algorithm, value = "Ed25519", key.sign(manifest)
    elif isinstance(key, RSAPrivateKey):
        algorithm, value = "RSA-PKCS1v15-SHA256", key.sign(manifest, padding.PKCS1v15(), SHA256())
    else:
        algorithm, value = "ECDSA-SHA256", key.sign(manifest, ECDSA(SHA256()))
    return _written(algorithm, key.public_key(), sealing.certificates, value)


def _written(algorithm: str, key: PublicKey, certificates: Sequence[x509.Certificate], value: bytes) -> bytes:
    """Return the file in the one form in which it is written."""
    data = {
        "schema": SCHEMA,
        "algorithm": algorithm,
        "public_key": key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii"),
        "certificates": [one.public_bytes(Encoding.PEM).decode("ascii") for one in certificates],
        "value": base64.b64encode(value).decode("ascii"),
    }
    return (json.dumps(data, indent=2) + "\n").encode("utf-8")


class _Unsupported(Exception):
    """A kind of signature that cannot be checked here."""


def check_signature(name: str, raw: bytes, manifest: bytes, sealed_at: datetime | None) -> list[SignatureCheck]:
    """Return what a signature file says of a manifest, one entry per signer; one that cannot be read is bad.

    Args:
        name: of the signature file, by whose ending its form is told.
        raw: its bytes.
        manifest: the bytes that should have been signed.
        sealed_at: when the manifest says that it was made, None where that cannot be read.
    """
    try:
        signers = (_check_cms if name.endswith(".p7s") else _check_own)(raw, manifest)
        said = [_said(key, certificates, sealed_at) for key, certificates in signers]
    except (_Unsupported, UnsupportedAlgorithm):
        # What is not known here was never written in our own form.
        state = SignatureState.UNKNOWN if name.endswith(".p7s") else SignatureState.BAD
        return [SignatureCheck(file=name, state=state)]
    except (*_BROKEN, InvalidSignature):
        return [SignatureCheck(file=name, state=SignatureState.BAD)]
    return [SignatureCheck(file=name, state=SignatureState.GOOD, signer=signer) for signer in said]


def _check_own(raw: bytes, manifest: bytes) -> list[Signed]:
    data: dict[str, Any] = json.loads(raw.decode("utf-8"))
    key = load_pem_public_key(data["public_key"].encode("ascii"))
    certificates = [x509.load_pem_x509_certificate(text.encode("ascii")) for text in data["certificates"]]
    value = base64.b64decode(data["value"], validate=True)
    if isinstance(key, Ed25519PublicKey) and data["algorithm"] == "Ed25519":
        key.verify(value, manifest)
    elif isinstance(key, RSAPublicKey) and data["algorithm"] == "RSA-PKCS1v15-SHA256":
        key.verify(value, manifest, padding.PKCS1v15(), SHA256())
    elif isinstance(key, EllipticCurvePublicKey) and data["algorithm"] == "ECDSA-SHA256":
        key.verify(value, manifest, ECDSA(SHA256()))
    else:
        raise ValueError("the key does not fit the algorithm")
    if raw != _written(data["algorithm"], key, certificates, value):
        raise ValueError("not as it was written")
    if certificates and _spki(certificates[0].public_key()) != _spki(key):
        raise ValueError("the certificate is of another key")
    return [(key, certificates)]


def _check_cms(raw: bytes, manifest: bytes) -> list[Signed]:
    """Prove every signer of a detached CMS signature (RFC 5652, sections 5.4 and 5.6)."""
    from asn1crypto import cms

    info = cms.ContentInfo.load(raw, strict=True)
    if info["content_type"].native != "signed_data":
        raise ValueError("no signed data")
    signed = info["content"]
    held = signed["encap_content_info"]["content"].native
    if held is not None and held != manifest:
        raise ValueError("another content is inside")
    inside = [one.chosen for one in signed["certificates"]]
    signers = [_check_signer(one, inside, manifest) for one in signed["signer_infos"]]
    if not signers:
        raise ValueError("nobody signed")
    return signers


def _check_signer(signer: Any, inside: Sequence[Any], manifest: bytes) -> Signed:
    digest = _hash_named(signer["digest_algorithm"]["algorithm"].native)
    attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    content = manifest
    if attributes:
        if attributes["message_digest"][0].native != _hashed(manifest, digest):
            raise ValueError("another content was signed")
        if attributes["content_type"][0].native != "data":
            raise ValueError("another kind of content was signed")
        # Signed is the SET OF with its own tag, not the implicit one that it has inside (section 5.4).
        content = signer["signed_attrs"].untag().dump(force=True)
    certificates = _of_signer(signer["sid"], inside)
    key, value = certificates[0].public_key(), signer["signature"].native
    if isinstance(key, RSAPublicKey):
        key.verify(value, content, _rsa_padding(signer["signature_algorithm"]), digest)
    elif isinstance(key, EllipticCurvePublicKey):
        key.verify(value, content, ECDSA(digest))
    else:
        raise _Unsupported
    return key, certificates


def _hash_named(name: str) -> HashAlgorithm:
    if name not in _HASHES:
        raise _Unsupported
    return _HASHES[name]()


def _rsa_padding(algorithm: Any) -> padding.PKCS1v15 | padding.PSS:
    if algorithm.signature_algo != "rsassa_pss":
        return padding.PKCS1v15()
    mask = algorithm["parameters"]["mask_gen_algorithm"]["parameters"]["algorithm"].native
    return padding.PSS(padding.MGF1(_hash_named(mask)), algorithm["parameters"]["salt_length"].native)


def _of_signer(sid: Any, inside: Sequence[Any]) -> list[x509.Certificate]:
    """Return the certificates inside, the signer's first."""
    for one in inside:
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            fits = one.issuer.dump() == wanted["issuer"].dump() and one.serial_number == wanted["serial_number"].native
        else:
            fits = one.key_identifier == sid.chosen.native
        if fits:
            others = [other for other in inside if other is not one]
            return [x509.load_der_x509_certificate(each.dump()) for each in (one, *others)]
    raise ValueError("the signer's certificate is not inside")


def _hashed(content: bytes, algorithm: HashAlgorithm) -> bytes:
    digest = Hash(algorithm)
    digest.update(content)
    return digest.finalize()


def _said(key: PublicKey, certificates: Sequence[x509.Certificate], sealed_at: datetime | None) -> Signer:
    print_ = fingerprint(raw_public(key) if isinstance(key, Ed25519PublicKey) else _spki(key))
    if not certificates:
        return Signer(key=print_)
    own = certificates[0]
    first, last = own.not_valid_before_utc, own.not_valid_after_utc
    return Signer(
        name=_name(own.subject),
        issuer=_name(own.issuer),
        serial=f"{own.serial_number:x}",
        not_before=first,
        not_after=last,
        key=print_,
        certified=_certified(own, certificates[1:]),
        valid_at_sealing=first <= sealed_at <= last if sealed_at else None,
    )


def _certified(own: x509.Certificate, others: Sequence[x509.Certificate]) -> Certified:
    """Return who confirms the name.

    Raises:
        InvalidSignature, ValueError, TypeError: an issuer is inside, and it did not sign this certificate.
    """
    if own.subject == own.issuer:
        own.verify_directly_issued_by(own)
        return Certified.SELF
    issuers = [other for other in others if other.subject == own.issuer]
    for other in others:
        if other.subject == other.issuer:
            other.verify_directly_issued_by(other)
    for issuer in issuers[:1]:
        own.verify_directly_issued_by(issuer)
    return Certified.ISSUER if issuers else Certified.UNPROVEN


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _spki(key: Any) -> bytes:
    spki: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return spki
