"""From past scans and assessments to the trend: pure functions, so the same facts give the same figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TypeVar

from secaudit.model.assessment import Assessment
from secaudit.model.judgement import Finding
from secaudit.model.past import FindingLife
from secaudit.model.words import Profile, Severity
from secaudit.report.trend.facts import CertificateDays, FixTime, Movement, Trend, TrendPoint

MOST_POINTS = 24
"""Points of a chart that can still be read on paper."""
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Moment:
    """What is known of one moment.

    Attributes:
        scan: id of the scan that was made then, empty for none.
        assessments: of the lists that count, by the answers given until then.
        findings: of the latest scan of each page until then.
        certificates: days left by endpoint, of that scan.
    """

    at: datetime
    assessments: Sequence[Assessment]
    findings: Sequence[Finding]
    scan: str = ""
    profile: Profile | None = None
    complete: bool = True
    certificates: Sequence[CertificateDays] = ()


def build_trend(moments: Sequence[Moment], lives: Iterable[FindingLife], scans: int, now: datetime) -> Trend:
    """Return the development of a system.

    Args:
        moments: oldest first, thinned (`thin`) to what is to be shown.
        lives: of all findings, of all scans and not only of those shown.
        scans: how many scans there are.
        now: the report's moment, from which the age of open findings is counted.
    """
    every = list(lives)
    known = {life.finding.severity for life in every}
    depths = {moment.profile for moment in moments if moment.profile is not None}
    return Trend(
        scans=scans,
        points=tuple(_point(moment) for moment in moments),
        thinned=scans - sum(bool(moment.scan) for moment in moments),
        fix_times=tuple(
            _fix_time(severity, [life for life in every if life.finding.severity is severity], now)
            for severity in Severity
            if severity in known
        ),
        total=_fix_time(None, every, now),
        mixed=len(depths) > 1,
    )


T = TypeVar("T")


def thin(items: Sequence[T], when: Callable[[T], datetime], most: int = MOST_POINTS) -> list[T]:
    """Return at most `most` of the items, which stand oldest first: all, or the last of each day, week, month or year.

    The first and the last item always stay. Of more years than `most` the newest stay.
    """
    for period in _PERIODS:
        last: dict[Hashable, T] = {period(when(item)): item for item in items}
        kept = list(last.values())
        if kept and kept[0] is not items[0]:
            kept.insert(0, items[0])
        if len(kept) <= most:
            return kept
    return kept[-most:]


_PERIODS: tuple[Callable[[datetime], Hashable], ...] = (
    lambda at: at,
    lambda at: at.date(),
    lambda at: at.isocalendar()[:2],
    lambda at: (at.year, at.month),
    lambda at: (at.year, (at.month - 1) // 3),
    lambda at: at.year,
)


def movements(lives: Iterable[FindingLife], start: datetime, end: datetime) -> tuple[Movement, ...]:
    """Return per severity, and last for all together, what became of the findings from `start` to `end`."""
    known = [life for life in lives if life.first_seen <= end]
    rows = [
        _movement(severity, [life for life in known if life.finding.severity is severity], start, end)
        for severity in Severity
    ]
    return (*rows, _movement(None, known, start, end))


def _movement(severity: Severity | None, lives: Sequence[FindingLife], start: datetime, end: datetime) -> Movement:
    begun = [life for life in lives if life.first_seen > start]
    ended = [life for life in lives if life.ended is not None and start < life.ended <= end]
    return Movement(
        severity=severity,
        before=sum(life.open_at(start) for life in lives),
        new=sum(not life.back for life in begun),
        back=sum(life.back for life in begun),
        fixed=sum(life.state == "fixed" for life in ended),
        moot=sum(life.state != "fixed" for life in ended),
        now=sum(life.open_at(end) for life in lives),
        unproven=sum(life.state == "unproven" and life.open_at(end) for life in lives),
    )


def _point(moment: Moment) -> TrendPoint:
    judged = moment.assessments
    applicable = sum(one.total.applicable for one in judged)
    met = sum(one.total.met for one in judged)
    partial = sum(one.total.partial for one in judged)
    counts = Counter(finding.severity for finding in moment.findings)
    return TrendPoint(
        at=moment.at,
        scan=moment.scan,
        profile=moment.profile,
        complete=moment.complete,
        applicable=applicable,
        met=met,
        partial=partial,
        unanswered=sum(row.counted and row.answer is None for one in judged for row in one.rows),
        strict=met / applicable if applicable else None,
        progress=(met + partial / 2) / applicable if applicable else None,
        severities={severity: counts[severity] for severity in Severity},
        certificates=tuple(moment.certificates),
    )


def _fix_time(severity: Severity | None, lives: Sequence[FindingLife], now: datetime) -> FixTime:
    days = [life.time_to_fix.total_seconds() / _DAY for life in lives if life.time_to_fix is not None]
    still = [life for life in lives if life.ended is None]
    ages = [(now - life.first_seen).total_seconds() / _DAY for life in still]
    return FixTime(
        severity=severity,
        fixed=len(days),
        median=median(days) if days else None,
        longest=max(days, default=None),
        open=len(still),
        oldest=max(ages, default=None),
        unproven=sum(life.state == "unproven" for life in still),
    )
