"""Looks of our own where sslyze 6.3 answers without having looked.

- Extended master secret: sslyze says yes as soon as the server speaks TLS 1.3, also when its TLS 1.2 has none.
- Fallback signal: sslyze always tries the version right below the highest; a refusal counts as support, also when
  the server never spoke that version.
- Compression and renegotiation: where the server refuses sslyze's old client, sslyze takes it for TLS 1.3 only.
- Diffie-Hellman primes too small for sslyze's own library: the suite is accepted, but the size is lost.

All of it can be read from a ServerHello in plain bytes (`hello.py`).
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

from secaudit.model.base import Reason
from secaudit.model.observation import Fact, TlsVersion, VersionLook
from secaudit.probes.gate import Gate
from secaudit.probes.tls import hello
from secaudit.probes.tls.hello import FirstFlight
from secaudit.probes.tls.reach import ANSWER_SECONDS, CONNECT_SECONDS

_NUMBERS = {
    TlsVersion.SSL_3_0: hello.SSL_3_0,
    TlsVersion.TLS_1_0: hello.TLS_1_0,
    TlsVersion.TLS_1_1: hello.TLS_1_1,
    TlsVersion.TLS_1_2: hello.TLS_1_2,
}


@dataclass(frozen=True)
class Looks:
    """What our own looks saw; a fact without value says why.

    Attributes:
        dh_bits: size of the Diffie-Hellman prime per version, where sslyze could not tell it.
        still_answers: after all of sslyze's connections the server still answered a hello at once.
        stapled_sct_count: timestamps in the TLS extension, None where no TLS 1.2 ServerHello came.
    """

    extended_master_secret: Fact
    secure_renegotiation: Fact
    compression: Fact
    fallback_scsv: Fact
    dh_bits: dict[TlsVersion, int] = field(default_factory=dict)
    still_answers: bool = False
    stapled_sct_count: int | None = None


@dataclass(frozen=True)
class Asker:
    """Says hello to one pinned address, each time through the gate. `sni` is empty for an IP address."""

    gate: Gate
    host: str
    address: str
    port: int
    sni: str

    def ask(
        self, version: TlsVersion, suites: Sequence[int] = hello.ALL_SUITES, *, fallback: bool = False
    ) -> FirstFlight | None:
        """Return the answer to a hello of `version`, or None when there was none.

        Raises:
            Refused: the gate no longer lets connections through.
        """
        self.gate.enter(self.host, self.address, self.port)
        message = hello.client_hello(self.sni, _NUMBERS[version], suites, fallback=fallback)
        try:
            with socket.create_connection((self.address, self.port), timeout=CONNECT_SECONDS) as connection:
                return hello.first_flight(connection, message, ANSWER_SECONDS)
        except OSError:
            return None


def look_again(asker: Asker, first: FirstFlight | None, versions: Sequence[VersionLook]) -> Looks:
    """Look at what sslyze took for granted; at most six short connections.

    Args:
        asker: says hello.
        first: the answer to the very first hello.
        versions: which suites of which version sslyze saw accepted.

    Raises:
        Refused: the gate no longer lets connections through.
    """
    offered = [look.version for look in versions if look.accepted and look.version in _NUMBERS]
    anything_newer = any(look.accepted and look.version is TlsVersion.TLS_1_3 for look in versions)
    highest = offered[-1] if offered else TlsVersion.TLS_1_2
    flight = asker.ask(highest)
    still_answers = flight is not None
    if not offered:
        unseen = Fact(fault=Reason(code="tls-only-13"))
        one_version = Fact(fault=Reason(code="tls-one-version"))
        return Looks(unseen, unseen, unseen, one_version, still_answers=still_answers)
    if flight is None or not flight.version:
        flight = first if first and first.version == _NUMBERS[highest] else flight
    common = _from_server_hello(flight)
    older = offered if anything_newer else offered[:-1]
    unknown = [look.version for look in versions if _has_unsized_dhe(look) and look.version in _NUMBERS]
    sizes = {}
    for version in unknown[:3]:
        answer = asker.ask(version, suites=hello.DHE_SUITES)
        if answer and answer.dh_bits:
            sizes[version] = answer.dh_bits
    return Looks(
        *common,
        _fallback(asker, older[-1]) if older else Fact(fault=Reason(code="tls-one-version")),
        sizes,
        still_answers,
        flight.sct_count if flight and flight.version == hello.TLS_1_2 else None,
    )


def _from_server_hello(flight: FirstFlight | None) -> tuple[Fact, Fact, Fact]:
    if flight is None or not flight.version:
        unseen = Fact(fault=Reason(code="tls-no-server-hello"))
        return unseen, unseen, unseen
    return (
        Fact(value=flight.extended_master_secret),
        Fact(value=flight.secure_renegotiation),
        Fact(value=flight.compressed),
    )


def _fallback(asker: Asker, version: TlsVersion) -> Fact:
    """Ask like a client that fell back to `version` (RFC 7507, section 3)."""
    answer = asker.ask(version, fallback=True)
    if answer and answer.alert == hello.INAPPROPRIATE_FALLBACK:
        return Fact(value=True)
    if answer and answer.version:
        return Fact(value=False)
    # Refused in another way. If the same hello without the signal is welcome, it was the signal that was refused.
    plain = asker.ask(version)
    if plain and plain.version:
        return Fact(value=True)
    return Fact(fault=Reason(code="tls-no-server-hello"))


def _has_unsized_dhe(look: VersionLook) -> bool:
    return any(is_finite_field_ephemeral(s.name) and not s.exchange_bits for s in look.accepted)


def is_finite_field_ephemeral(suite: str) -> bool:
    """Tell whether a suite agrees its key by ephemeral Diffie-Hellman over a finite field."""
    return "_DHE_" in suite or "_DH_anon_" in suite
