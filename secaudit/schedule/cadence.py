"""Planned moments of periodic work, as pure functions of a schedule and the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from secaudit.model.schedule import Cadence, PeriodicRun, RunState, Schedule

MOST_ATTEMPTS = 3
"""How often one page's turn is begun in one period; a page that cannot be reached is not knocked at for ever."""


def last_slot(schedule: Schedule, now: datetime) -> datetime:
    """Return the latest planned moment that is not after `now`.

    Args:
        schedule: the periodic work.
        now: with the time zone in which the schedule's hours are meant.
    """
    return _slots_around(schedule, now)[0]


def next_slot(schedule: Schedule, now: datetime) -> datetime:
    """Return the first planned moment after `now`. Takes what `last_slot` takes."""
    return _slots_around(schedule, now)[1]


def _slots_around(schedule: Schedule, now: datetime) -> tuple[datetime, datetime]:
    today = now.replace(hour=schedule.hour, minute=schedule.minute, second=0, microsecond=0)
    if schedule.cadence is Cadence.MONTHLY:
        this = today.replace(day=schedule.day)
        before = (this.replace(day=1) - timedelta(days=1)).replace(day=schedule.day)
        after = (this.replace(day=28) + timedelta(days=4)).replace(day=schedule.day)
    else:
        days = 1 if schedule.cadence is Cadence.DAILY else 7
        this = today if days == 1 else today - timedelta(days=(now.weekday() - schedule.weekday) % 7)
        before, after = this - timedelta(days=days), this + timedelta(days=days)
    return (this, after) if this <= now else (before, this)


def is_due(slot: datetime, scanned: Iterable[datetime], run: PeriodicRun | None, *, still_running: bool) -> bool:
    """Tell whether one page's turn for a planned moment is still to be done.

    Args:
        slot: the planned moment.
        scanned: when the page's own scans that ended began, those that an officer started included.
        run: what was done for this moment so far, None for nothing.
        still_running: the process that has the turn is alive.
    """
    if run is not None:
        if run.state is RunState.DONE or still_running:
            return False
        return run.attempts < MOST_ATTEMPTS
    return not any(began >= slot for began in scanned)
