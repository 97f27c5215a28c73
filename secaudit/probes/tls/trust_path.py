"""Whether a path leads from a leaf to a root of a trust store, apart from the leaf's own dates, names and sizes.

The strict validator of sslyze refuses a chain also for an expired leaf, another name or a small key. Each of these
is a fault of its own, so the question "does anyone vouch for this certificate" is asked here again by itself:
issuer names, signatures, CA flags, path lengths, the validity of every issuer, and the purpose of the leaf
(RFC 5280, sections 4.2.1.9, 4.2.1.12 and 6.1). Not looked at: name constraints, policies, revocation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_MOST_ISSUERS = 8
_Fault = (ValueError, TypeError, KeyError, UnsupportedAlgorithm, InvalidSignature)


@dataclass(frozen=True)
class Roots:
    """The certificates of one trust store by subject, and the organisations they name."""

    by_subject: dict[bytes, tuple[x509.Certificate, ...]]
    organisations: frozenset[str]


@lru_cache(maxsize=16)
def load_roots(path: Path) -> Roots:
    """Read a PEM file of roots.

    Raises:
        OSError, ValueError: it cannot be read, or holds no certificate.
    """
    by_subject: dict[bytes, tuple[x509.Certificate, ...]] = {}
    organisations = set()
    for root in x509.load_pem_x509_certificates(path.read_bytes()):
        subject = root.subject.public_bytes()
        by_subject[subject] = (*by_subject.get(subject, ()), root)
        organisations |= _organisations(root.subject)
    return Roots(by_subject, frozenset(organisations))


def is_vouched_for(chain: Sequence[x509.Certificate], roots: Roots, now: datetime) -> bool:
    """Tell whether served certificates lead from the leaf (first) to a root.

    A leaf outside its own dates is judged at the nearest moment within them.
    """
    if not chain:
        return False
    leaf, others = chain[0], chain[1:]
    try:
        at = min(max(now, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
        return _may_serve(leaf) and _leads_to_root(leaf, others, roots, at, 0)
    except _Fault:
        return False


def issuer_known(chain: Sequence[x509.Certificate], roots: Roots) -> Literal["name", "organisation", ""]:
    """Tell how a store knows the issuer of the last certificate that is linked to the leaf."""
    try:
        last = last_linked(chain)
        if last is None:
            return ""
        if last.issuer.public_bytes() in roots.by_subject:
            return "name"
        return "organisation" if _organisations(last.issuer) & roots.organisations else ""
    except _Fault:
        return ""


def last_linked(chain: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """Follow issuer names from the leaf through the served certificates, in whatever order they came."""
    if not chain:
        return None
    by_subject = {one.subject.public_bytes(): one for one in chain[1:]}
    last = chain[0]
    for _ in range(_MOST_ISSUERS):
        following = by_subject.get(last.issuer.public_bytes())
        if following is None or following == last:
            break
        last = following
    return last


def _leads_to_root(
    one: x509.Certificate, others: Sequence[x509.Certificate], roots: Roots, at: datetime, depth: int
) -> bool:
    subject, issuer = one.subject.public_bytes(), one.issuer.public_bytes()
    if one in roots.by_subject.get(subject, ()):
        return True
    if depth >= _MOST_ISSUERS:
        return False
    for root in roots.by_subject.get(issuer, ()):
        if _within(root, at) and _issued(root, one):
            return True
    for other in others:
        if other.subject.public_bytes() != issuer or other == one:
            continue
        if not (_within(other, at) and _may_issue(other, depth) and _issued(other, one)):
            continue
        if _leads_to_root(other, [o for o in others if o != other], roots, at, depth + 1):
            return True
    return False


def _issued(issuer: x509.Certificate, one: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except InvalidSignature:
        return False
    except _Fault:
        # MD5 and SHA-1 are not taken there any more. That they are weak is a finding of its own, not a broken path.
        return _signed_with_old_hash(issuer, one)
    return True


def _signed_with_old_hash(issuer: x509.Certificate, one: x509.Certificate) -> bool:
    try:
        key, algorithm = issuer.public_key(), one.signature_hash_algorithm
        if not isinstance(algorithm, hashes.SHA1 | hashes.MD5):
            return False
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(one.signature, one.tbs_certificate_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(one.signature, one.tbs_certificate_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except _Fault:
        return False
    return True


def _within(one: x509.Certificate, at: datetime) -> bool:
    return one.not_valid_before_utc <= at <= one.not_valid_after_utc


def _may_issue(one: x509.Certificate, below: int) -> bool:
    try:
        constraints = one.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False
    return constraints.ca and (constraints.path_length is None or constraints.path_length >= below)


def _may_serve(leaf: x509.Certificate) -> bool:
    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.SERVER_AUTH in usage or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in usage


def _organisations(name: x509.Name) -> set[str]:
    return {
        str(attribute.value).strip().casefold() for attribute in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    }
