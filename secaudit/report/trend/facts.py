"""How a system developed: the figures at each past look, judged again by today's rules."""

from __future__ import annotations

from secaudit.model.base import Frozen, Instant
from secaudit.model.words import Profile, Severity


class CertificateDays(Frozen):
    """Days left of the certificate that a server itself showed, from that scan; negative when it was over."""

    endpoint: str
    days_left: int


class TrendPoint(Frozen):
    """The system at one moment.

    Attributes:
        scan: id of the scan at that moment; empty for the making of the report, some time after the last scan.
        profile: how much that scan looked at.
        complete: every probe of it could look.
        applicable, met, partial, unanswered: requirements of the lists that count, by the answers given until then.
        strict, progress: shares of 0 to 1; None when no requirement applies.
        severities: findings of the latest scan of each page until then.
        certificates: of that scan only.
    """

    at: Instant
    scan: str = ""
    profile: Profile | None = None
    complete: bool = True
    applicable: int
    met: int
    partial: int
    unanswered: int
    strict: float | None
    progress: float | None
    severities: dict[Severity, int]
    certificates: tuple[CertificateDays, ...] = ()


class FixTime(Frozen):
    """How long it took to put findings right, in days from the scan that saw one first to the scan that proved it gone.

    Attributes:
        severity: None for all together.
        fixed: stretches that a scan proved ended.
        median, longest: of those; None where there is none.
        open: still there, or not proved gone.
        oldest: days since the oldest of the open ones was first seen.
        unproven: those of the open ones that the latest scan could not look at.
    """

    severity: Severity | None
    fixed: int
    median: float | None
    longest: float | None
    open: int
    oldest: float | None
    unproven: int


class Movement(Frozen):
    """What became of the findings of one severity over a time: before + new + back - fixed - moot = now.

    Attributes:
        severity: None for all together.
        before: open at the start; now: open at the end, those not proved gone included (`unproven`).
        fixed: proved gone by a scan; moot: their check does not apply any more.
    """

    severity: Severity | None
    before: int
    new: int
    back: int
    fixed: int
    moot: int
    now: int
    unproven: int


class Trend(Frozen):
    """The development of one system, or of one page of it.

    Attributes:
        scans: scans that ended by themselves; with fewer than two there is nothing to compare yet.
        points: oldest first; where there are very many, the last one of each week, month or quarter.
        thinned: scans that have no point of their own for that reason.
        mixed: the scans were of different depth.
    """

    scans: int
    points: tuple[TrendPoint, ...] = ()
    thinned: int = 0
    fix_times: tuple[FixTime, ...] = ()
    total: FixTime | None = None
    mixed: bool = False

    @property
    def comparable(self) -> bool:
        """Tell whether there are two scans to compare."""
        return self.scans > 1
