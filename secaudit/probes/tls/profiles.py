"""What the TLS probe asks in each profile, and about how many connections that takes."""

from __future__ import annotations

from dataclasses import dataclass

from secaudit.model.words import Profile


@dataclass(frozen=True)
class Depth:
    """How deep to look.

    Attributes:
        commands: scan commands of sslyze; empty for all of them, its own enumeration included.
        with_groups: ask for the groups of the key agreement.
        with_secrets: offer suites that need a secret shared beforehand.
        sslyze_seconds: after so long sslyze is ended.
        own_connections: about how many our hellos take on a well-kept server, as measured.
        sslyze_connections: about how many sslyze takes on a well-kept server, as measured.
    """

    commands: tuple[str, ...]
    with_groups: bool
    with_secrets: bool
    sslyze_seconds: float
    own_connections: int
    sslyze_connections: int

    @property
    def compares(self) -> bool:
        """Sslyze enumerates as well, so that both can be compared."""
        return not self.commands


# The longest first, so that the end does not wait for one of them alone.
_ALL_BUT_CERTIFICATE = (
    "tls_1_3_early_data", "robot", "session_renegotiation", "heartbleed", "openssl_ccs_injection",
)  # fmt: skip
DEPTHS = {
    Profile.QUICK: Depth(("certificate_info",), False, False, 40, 19, 6),
    Profile.STANDARD: Depth((*_ALL_BUT_CERTIFICATE, "certificate_info"), True, False, 40, 34, 12),
    Profile.FULL: Depth((), True, True, 600, 36, 603),
}
