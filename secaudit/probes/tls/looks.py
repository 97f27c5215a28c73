"""Facts that a ServerHello in plain bytes shows better than sslyze 6.3 does.

- Extended master secret: sslyze says yes as soon as the server speaks TLS 1.3, also when its TLS 1.2 has none.
- Fallback signal: sslyze always tries the version right below the highest; a refusal counts as support, also when
  the server never spoke that version.
- Compression and renegotiation: where the server refuses sslyze's old client, sslyze takes it for TLS 1.3 only.
"""

from __future__ import annotations

from dataclasses import dataclass

from secaudit.model.base import Reason
from secaudit.model.observation import Fact, TlsVersion
from secaudit.probes.tls.enumeration import Enumeration
from secaudit.probes.tls.server_answer import ServerAnswer

_WITH_EXTENSIONS = (TlsVersion.TLS_1_2, TlsVersion.TLS_1_1, TlsVersion.TLS_1_0, TlsVersion.SSL_3_0)


@dataclass(frozen=True)
class Looks:
    """What the hellos showed; a fact without value says why.

    Attributes:
        stapled_sct_count: timestamps in the TLS extension, None where no TLS 1.2 ServerHello came.
        certificates: DER of the chain that came with the newest readable ServerHello, leaf first.
    """

    extended_master_secret: Fact
    secure_renegotiation: Fact
    compression: Fact
    stapled_sct_count: int | None = None
    certificates: tuple[bytes, ...] = ()


def read_looks(found: Enumeration) -> Looks:
    """Return the facts of the newest version before TLS 1.3, whose hellos are the last in plain bytes."""
    answer = next((found.answers[version] for version in _WITH_EXTENSIONS if version in found.answers), None)
    if answer is None:
        return _without_hello(found)
    stapled = found.answers.get(TlsVersion.TLS_1_2)
    return Looks(
        Fact(value=answer.extended_master_secret),
        Fact(value=answer.secure_renegotiation),
        Fact(value=answer.compressed),
        stapled.sct_count if stapled else None,
        _chain(answer, found),
    )


def _without_hello(found: Enumeration) -> Looks:
    unseen = next((one.fault for one in found.versions if one.fault), None)
    if found.spoken != [TlsVersion.TLS_1_3] or unseen:
        fact = Fact(fault=unseen or Reason(code="tls-no-server-hello"))
        return Looks(fact, fact, fact)
    # TLS 1.3 has neither compression nor renegotiation (RFC 8446, sections 4.1.2 and 4.1.3).
    return Looks(Fact(fault=Reason(code="tls-only-13")), Fact(value=True), Fact(value=False))


def _chain(answer: ServerAnswer, found: Enumeration) -> tuple[bytes, ...]:
    if answer.certificates:
        return answer.certificates
    # The newest answer may have been to an anonymous suite.
    return next((one.certificates for one in found.answers.values() if one.certificates), ())
