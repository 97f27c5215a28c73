"""Planned moments and turns, on any day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.model.schedule import Cadence, PeriodicRun, RunState, Schedule
from secaudit.schedule.cadence import MOST_ATTEMPTS, is_due, last_slot, next_slot

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)  # a Sunday


def plan(cadence: Cadence, **more: int) -> Schedule:
    return Schedule(cadence=cadence, saved_at=NOW, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("schedule", "last", "following"),
    [
        (plan(Cadence.DAILY), "2026-11-22T02:30", "2026-11-23T02:30"),
        (plan(Cadence.DAILY, hour=20), "2026-11-21T20:30", "2026-11-22T20:30"),
        (plan(Cadence.WEEKLY), "2026-11-16T02:30", "2026-11-23T02:30"),
        (plan(Cadence.WEEKLY, weekday=6, hour=14, minute=5), "2026-11-22T14:05", "2026-11-29T14:05"),
        (plan(Cadence.WEEKLY, weekday=6, hour=14, minute=6), "2026-11-15T14:06", "2026-11-22T14:06"),
        (plan(Cadence.MONTHLY), "2026-11-01T02:30", "2026-12-01T02:30"),
        (plan(Cadence.MONTHLY, day=28), "2026-10-28T02:30", "2026-11-28T02:30"),
    ],
)
def test_planned_moments(schedule: Schedule, last: str, following: str) -> None:
    assert f"{last_slot(schedule, NOW):%Y-%m-%dT%H:%M}" == last
    assert f"{next_slot(schedule, NOW):%Y-%m-%dT%H:%M}" == following


schedules = st.builds(
    Schedule,
    cadence=st.sampled_from(Cadence),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    weekday=st.integers(0, 6),
    day=st.integers(1, 28),
    saved_at=st.just(NOW),
)
moments = st.integers(0, 220_000_000).map(lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


@given(schedules, moments)
def test_now_lies_between_two_neighbouring_moments(schedule: Schedule, now: datetime) -> None:
    last, following = last_slot(schedule, now), next_slot(schedule, now)
    assert last <= now < following
    assert last_slot(schedule, following) == following
    assert last_slot(schedule, following - timedelta(microseconds=1)) == last
    assert next_slot(schedule, last) == following


def turn(state: RunState, attempts: int = 1) -> PeriodicRun:
    return PeriodicRun(site="s", slot=NOW, state=state, attempts=attempts, started_at=NOW)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("scanned", "run", "alive", "due"),
    [
        ([], None, False, True),
        ([NOW - HOUR], None, False, True),
        ([NOW + HOUR], None, False, False),  # the officer scanned by hand since
        ([], turn(RunState.DONE), False, False),
        ([], turn(RunState.RUNNING), True, False),  # somebody is at it
        ([], turn(RunState.RUNNING), False, True),  # killed half-way
        ([], turn(RunState.FAILED), False, True),
        ([], turn(RunState.FAILED, MOST_ATTEMPTS), False, False),
        ([], turn(RunState.RUNNING, MOST_ATTEMPTS), False, False),
    ],
)
def test_a_turn_is_done_once_and_tried_a_few_times(
    scanned: list[datetime], run: PeriodicRun | None, alive: bool, due: bool
) -> None:
    assert is_due(NOW, scanned, run, still_running=alive) is due
