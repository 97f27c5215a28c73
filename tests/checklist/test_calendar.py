"""Dates that come back every year: the next occurrence, and equal to the reference."""

from __future__ import annotations

from datetime import date

import pytest

from secaudit.checklist.calendar import load_calendar, upcoming


def test_the_dates_are_those_of_the_reference() -> None:
    assert [(d.month, d.day) for d in load_calendar()] == [(11, 1), (12, 14), (12, 20), (12, 25)]
    for yearly in load_calendar():
        assert yearly.text.vi != yearly.text.en
        assert yearly.source


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 22), ["2026-12-14", "2026-12-20", "2026-12-25", "2027-11-01"]),
        (date(2026, 12, 20), ["2026-12-20", "2026-12-25", "2027-11-01", "2027-12-14"]),
        (date(2026, 12, 26), ["2027-11-01", "2027-12-14", "2027-12-20", "2027-12-25"]),
    ],
)
def test_the_next_occurrence_counts(today: date, expected: list[str]) -> None:
    assert [milestone.date.isoformat() for milestone in upcoming(load_calendar(), today)] == expected
