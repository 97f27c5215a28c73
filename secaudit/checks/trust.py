"""Who vouches for a served chain, and if nobody: why. Helper of the certificate checks; registers no check.

How the causes are told apart, given that no trust store leads from the leaf to a root:

1. The leaf names itself as its issuer: self-signed.
2. The last certificate that issuer names link to the leaf names itself: the chain is whole, its root is unknown.
3. A store holds a root with the very name of the last issuer, yet the signature does not fit or that path is not
   valid: whatever is missing, it is not a certificate from the server. Unknown root.
4. A store holds another root of the same organisation: an intermediate of a known authority is missing.
5. Only the leaf is served, and it says where its issuer can be fetched (AIA, RFC 5280 section 4.2.2.1), as the
   leaves of public authorities do, which never issue from their roots: the intermediate is missing.
6. Otherwise a private authority nobody knows: unknown root. Whether a certificate is missing too cannot be seen.
"""

from __future__ import annotations

from enum import StrEnum

from secaudit.model.observation import Certificate, CertificateObservation

BROWSER_STORES = frozenset({"Mozilla", "Windows", "Apple"})
"""Stores that must all know a root before visitors see no warning; the others follow them late."""


class Standing(StrEnum):
    """What stands behind a leaf certificate."""

    TRUSTED = "trusted"
    PARTLY = "partly"
    SELF_SIGNED = "self-signed"
    INCOMPLETE = "incomplete"
    UNKNOWN_ROOT = "unknown-root"
    NOT_LOOKED = "not-looked"


def standing(observation: CertificateObservation) -> Standing:
    """Return what stands behind the chain of an observation that has one."""
    leaf = observation.chain[0]
    if trusted_by_own(observation):
        return Standing.TRUSTED
    trusting = {look.store for look in observation.trust if look.trusted}
    if trusting:
        asked = {look.store for look in observation.trust} & BROWSER_STORES
        return Standing.TRUSTED if asked <= trusting else Standing.PARTLY
    if leaf.self_issued:
        return Standing.SELF_SIGNED
    if not observation.trust:
        return Standing.NOT_LOOKED
    last = last_linked(observation)
    known = {look.issuer_known for look in observation.trust}
    if last.self_issued or "name" in known:
        return Standing.UNKNOWN_ROOT
    if "organisation" in known or (last is leaf and leaf.ca_issuers):
        return Standing.INCOMPLETE
    return Standing.UNKNOWN_ROOT


def last_linked(observation: CertificateObservation) -> Certificate:
    """Return the last certificate that issuer names lead to from the leaf, in whatever order the chain came."""
    by_subject = {one.subject: one for one in observation.chain[1:] if one.fault is None}
    last = observation.chain[0]
    for _ in observation.chain:
        following = by_subject.get(last.issuer)
        if following is None or following is last:
            break
        last = following
    return last


def trusted_by_own(observation: CertificateObservation) -> bool:
    """Tell whether the CA file given by the officer vouches for the chain."""
    return any(look.trusted for look in observation.trust if look.store == "own")


def trusted_publicly(observation: CertificateObservation) -> bool:
    """Tell whether any public trust store vouches for the chain."""
    return any(look.trusted for look in observation.trust if look.store != "own")
