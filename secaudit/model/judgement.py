"""What checks say of a scan: outcomes, and findings with an identity that lasts."""

from __future__ import annotations

import hashlib

from secaudit.model.base import Frozen, Json, Reason
from secaudit.model.words import Outcome, Severity


class CheckOutcome(Frozen):
    """One check on one target.

    Attributes:
        target: `host:port` or URL.
        place: normalised place within the target when one check can fail there several times
            (a cookie's name, a port, a script's host); empty otherwise.
        evidence: facts as seen, for a person to verify.
        reason: why it is inconclusive or not applicable.
    """

    check: str
    result: Outcome
    target: str
    place: str = ""
    evidence: dict[str, Json] = {}
    reason: Reason | None = None


class Finding(Frozen):
    """A failed check on one target, with the severity from the check's data."""

    identity: str
    check: str
    severity: Severity
    target: str
    place: str = ""
    evidence: dict[str, Json] = {}


def finding_identity(check: str, target: str, place: str) -> str:
    """Return the lasting identity of a finding: 16 hexadecimal digits over check, target and place.

    No scan number, wording, date or measured value goes in, so the same fault found again is the same finding.
    """
    return hashlib.sha256("\x1f".join((check, target.lower(), place)).encode()).hexdigest()[:16]
