"""What is known of the past: scans as they count today, and the life of a finding over them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from secaudit.model.base import Frozen, Instant
from secaudit.model.judgement import CheckOutcome, Finding

LifeState = Literal["open", "unproven", "fixed", "no-longer-applies"]
"""`unproven`: the latest scan did not see it and could not prove it gone, so it counts as open."""


class Look(Frozen):
    """What today's rules say of one past scan; evidence may be left out."""

    at: Instant
    scan: str
    outcomes: tuple[CheckOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()


class FindingLife(Frozen):
    """One stretch in which a fault was there. A fault that comes back after its end begins a new one.

    Attributes:
        first_seen: start of the scan that saw it first; last_seen: of the latest scan that saw it.
        ended: start of the scan that proved it gone, or in which its check did not apply any more; None while open.
        back: it had ended before.
    """

    finding: Finding
    first_seen: Instant
    last_seen: Instant
    state: LifeState = "open"
    ended: Instant | None = None
    back: bool = False

    @property
    def time_to_fix(self) -> timedelta | None:
        """Return the time from first seen to the proof, None where no scan proved it gone."""
        return self.ended - self.first_seen if self.state == "fixed" and self.ended else None

    def open_at(self, moment: datetime) -> bool:
        """Tell whether it was there, or not proved gone, at that moment."""
        return self.first_seen <= moment and (self.ended is None or self.ended > moment)
