"""What changed since the start of a reporting period, over all systems of a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from secaudit.app.knowledge import Knowledge
from secaudit.app.status import SystemStatus
from secaudit.app.trend import SystemPast, system_past
from secaudit.model.assessment import Assessment
from secaudit.report.annual.since import Since, SystemSince, added
from secaudit.report.trend.build import build_trend, movements
from secaudit.store.workspace import Workspace


def year_since(
    workspace: Workspace, knowledge: Knowledge, statuses: Sequence[SystemStatus], period: tuple[date, date],
    now: datetime,
) -> Since | None:  # fmt: skip
    """Return the comparison with the start of a period, None while no page was scanned by its end.

    Args:
        statuses: every system as it stands now, as the rest of the report says it.
        period: first and last day, of this computer's time zone; a last day to come ends now.
    """
    zone = now.astimezone().tzinfo
    start = datetime.combine(period[0], time.min, zone)
    end = min(now, datetime.combine(period[1] + timedelta(days=1), time.min, zone) - timedelta(microseconds=1))
    counting = {checklist.id for checklist in knowledge.checklists if checklist.counts}
    systems, tables, lives, unseen = [], [], [], 0
    for status in statuses:
        judged = [one for _, one in status.sites if one is not None]
        past = system_past(
            workspace, status.system, [site for site, _ in status.sites], knowledge, end, now, judged
        )  # fmt: skip
        standing = [one for one in status.assessments if one.checklist in counting]
        systems.append(_system(status.system.name or status.system.id, past, standing, start))
        for site in past.sites:
            if site.looks:
                begun = site.latest(start) is not None
                unseen += not begun
                own = site.lives
                tables.append(movements(own, start if begun else site.looks[0].at, end))
                lives += [life for life in own if life.ended is not None and start < life.ended <= end]
    if not tables:
        return None
    fixed = build_trend([], lives, 0, end).total
    assert fixed is not None
    return Since(
        start=period[0], end=min(period[1], end.date()), systems=tuple(systems), first_scans=unseen,
        movements=added(tables), fixed=fixed,
    )  # fmt: skip


def _system(name: str, past: SystemPast, standing: Sequence[Assessment], start: datetime) -> SystemSince:
    """Return the figures then and now; nobody having answered anything then is no figure of zero."""
    answered = any(answer.answered_at <= start for answer in past.answers)
    then = past.assessments(start) if answered else []
    return SystemSince(
        name=name,
        strict_then=_share(then, 0),
        progress_then=_share(then, 0.5),
        strict_now=_share(standing, 0),
        progress_now=_share(standing, 0.5),
    )


def _share(judged: Sequence[Assessment], weight: float) -> float | None:
    applicable = sum(one.total.applicable for one in judged)
    points = sum(one.total.met + weight * one.total.partial for one in judged)
    return points / applicable if applicable else None
