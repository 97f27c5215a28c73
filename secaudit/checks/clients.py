"""Which clients can connect: what each offers, held against what the server was seen to accept. Not a check.

Only the handshake is judged (RFC 5246, section 7.4.1; RFC 8446, section 4.1). Whether a client trusts the certificate
is said where its trust store is known not to hold the root; certificates that nobody trusts are told of elsewhere.
Whatever was not enumerated makes the answer unknown, never a yes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.model.base import Reason
from secaudit.model.clients import ClientReach, Reach
from secaudit.model.tls_look import (
    Certificate,
    CertificateObservation,
    CipherSuite,
    TlsObservation,
    TlsVersion,
    VersionLook,
)
from secaudit.reference.clients import Client

_NEWEST_FIRST = tuple(reversed(TlsVersion))
_ROOT_NAME = re.compile(r"CN=([^,+]+)")
_FINITE = re.compile(r"_DHE_|_DH_anon_")
_ELLIPTIC = re.compile(r"_ECDHE_|_ECDH_anon_")
# Numbers of signature_algorithms that a key can make (RFC 8446, section 4.2.3), by the version that asks for it.
_RSA_13 = frozenset({"0804", "0805", "0806"})
_RSA_12 = frozenset({"0201", "0301", "0401", "0501", "0601", "0804", "0805", "0806"})
_EC_13 = {256: "0403", 384: "0503", 521: "0603"}
_EC_12 = frozenset({"0203", "0303", "0403", "0503", "0603"})
_EC_GROUP = {256: "secp256r1", 384: "secp384r1", 521: "secp521r1"}
_WITH_SIGNATURES = (TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
_EDWARDS = {"Ed25519": "0807", "Ed448": "0808"}


def reach_of(client: Client, tls: TlsObservation, certificates: Sequence[CertificateObservation] = ()) -> ClientReach:
    """Return what becomes of a client's handshake with a server.

    Args:
        client: what it offers.
        tls: what the server was seen to accept; one without a fault.
        certificates: the chains that the same endpoint serves.
    """
    return _Meeting(client, tls, tuple(c for c in certificates if c.chain)).outcome()


@dataclass(frozen=True)
class _Meeting:
    client: Client
    tls: TlsObservation
    certificates: tuple[CertificateObservation, ...]

    def outcome(self) -> ClientReach:
        looks = {look.version: look for look in self.tls.versions}
        for version in _NEWEST_FIRST:
            if version not in self.client.versions:
                continue
            look = looks.get(version)
            if look is None or (look.fault and not look.accepted):
                return self._said(Reach.UNKNOWN, self._unseen(version))
            if look.accepted:
                # A server answers in the newest version that both know; when that fails, no older one is tried.
                return self._in_version(look)
        spoken = [look.version.value for look in self.tls.versions if look.accepted]
        newest = max(self.client.versions, key=list(TlsVersion).index).value
        params: dict[str, str | int | float] = {"newest": newest, "spoken": ", ".join(spoken)}
        if not spoken:
            return self._said(Reach.UNKNOWN, self._unseen(None))
        return self._said(Reach.CANNOT, Reason(code="client-version", params=params))

    def _in_version(self, look: VersionLook) -> ClientReach:
        version = look.version
        accepted = {suite.name: suite for suite in look.accepted}
        common = [accepted[name] for name in self.client.suites if name in accepted]
        if not common:
            if look.fault:
                return self._said(Reach.UNKNOWN, self._unseen(version), version)
            return self._said(Reach.CANNOT, Reason(code="client-suites", params={"version": version.value}), version)
        fitting = {suite.name: self._group_fits(suite, version) for suite in common}
        usable = tuple(name for name, fits in fitting.items() if fits)
        if not usable:
            if None in fitting.values() or look.fault:
                return self._said(Reach.UNKNOWN, Reason(code="client-groups-unseen"), version)
            return self._said(Reach.CANNOT, Reason(code="client-groups", params={"version": version.value}), version)
        signed = [name for name in usable if self._signature_fits(accepted[name], version)]
        if not signed:
            reason = Reason(code="client-signature", params={"key": self._keys()})
            return self._said(Reach.CANNOT, reason, version)
        if root := self._missing_root():
            return self._said(Reach.CANNOT, Reason(code="client-root", params={"root": root}), version)
        if not self.client.sni and self.tls.sni:
            return self._said(Reach.UNKNOWN, Reason(code="client-without-sni"), version)
        return self._said(Reach.CONNECTS, None, version, tuple(signed))

    def _group_fits(self, suite: CipherSuite, version: TlsVersion) -> bool | None:
        """Tell whether both agree on a group for the suite; None where too little was seen of the server's."""
        known = set(self.client.groups)
        if version is TlsVersion.TLS_1_3:
            return self._shares_group(known, suite)
        if _ELLIPTIC.search(suite.name):
            return self._shares_group(known, suite) if known else False
        if _FINITE.search(suite.name):
            if not suite.exchange_bits:
                return None if self.client.dh_least or self.client.dh_most else True
            most = self.client.dh_most or suite.exchange_bits
            return self.client.dh_least <= suite.exchange_bits <= most
        return True

    def _shares_group(self, known: set[str], suite: CipherSuite) -> bool | None:
        if known & {*self.tls.groups, suite.curve}:
            return True
        return None if self.tls.groups_fault or not self.tls.groups else False

    def _signature_fits(self, suite: CipherSuite, version: TlsVersion) -> bool:
        """Tell whether a certificate that was seen can sign in a way that the client takes.

        Before TLS 1.2 nobody says what he takes. Where no certificate was seen nothing is held against the client: a
        suite that was accepted has a certificate that fits it.
        """
        leaves = [chain.chain[0] for chain in self.certificates if not chain.chain[0].fault]
        if not self.client.signatures or not leaves or suite.anonymous or version not in _WITH_SIGNATURES:
            return True
        return any(_can_sign(leaf, suite, version, self.client) for leaf in leaves)

    def _keys(self) -> str:
        return ", ".join(dict.fromkeys(f"{c.chain[0].key_type} {c.chain[0].key_bits}" for c in self.certificates))

    def _missing_root(self) -> str:
        """Return the root that every chain ends at and the client does not hold, empty where there is none."""
        lacking = set(self.client.lacks_roots)
        ends = [set(_ROOT_NAME.findall(chain.chain[-1].issuer)) & lacking for chain in self.certificates]
        return next(iter(ends[0]), "") if ends and all(ends) else ""

    def _unseen(self, version: TlsVersion | None) -> Reason:
        return Reason(code="client-unseen", params={"version": version.value if version else "TLS"})

    def _said(
        self, reach: Reach, reason: Reason | None, version: TlsVersion | None = None, suites: tuple[str, ...] = ()
    ) -> ClientReach:
        return ClientReach(
            client=self.client.id, name=self.client.name, kind=self.client.kind, confirmed=self.client.confirmed,
            reach=reach, version=version, suites=suites, reason=reason,
        )  # fmt: skip


def _can_sign(leaf: Certificate, suite: CipherSuite, version: TlsVersion, client: Client) -> bool:
    """Tell whether a key can prove the server to a client in a suite; kinds of keys not known here are given credit."""
    old, by_ec = version is TlsVersion.TLS_1_2, "_ECDSA_" in suite.name
    if leaf.key_type == "RSA":
        wanted = _RSA_12 if old else _RSA_13
        return not (old and by_ec) and bool(wanted & set(client.signatures))
    if leaf.key_type == "EC" and old:
        # The curve of the certificate must be one that the client names (RFC 8422, section 5.1.1).
        return by_ec and _EC_GROUP.get(leaf.key_bits, "") in client.groups and bool(_EC_12 & set(client.signatures))
    if leaf.key_type == "EC":
        return _EC_13.get(leaf.key_bits, "") in client.signatures
    if leaf.key_type in _EDWARDS:
        return (by_ec or not old) and _EDWARDS[leaf.key_type] in client.signatures
    return True
