"""Dates that the law and plans set every year: `calendar.yaml`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib.resources.abc import Traversable

from secaudit.checklist.compiled import compiled_data
from secaudit.checklist.resources import CALENDAR, shipped
from secaudit.model.requirement import Milestone, YearlyDate


def load_calendar(root: Traversable | None = None) -> tuple[YearlyDate, ...]:
    """Return the yearly dates of the shipped data (or of `root`)."""
    file = (root or shipped()) / CALENDAR
    data = compiled_data(file)
    return tuple(YearlyDate.model_validate(entry) for entry in data["dates"])


def upcoming(dates: Iterable[YearlyDate], today: date) -> tuple[Milestone, ...]:
    """Return the next occurrence of each yearly date, `today` included, the nearest first."""
    found = []
    for yearly in dates:
        this_year = date(today.year, yearly.month, yearly.day)
        due = this_year if this_year >= today else date(today.year + 1, yearly.month, yearly.day)
        found.append(Milestone(date=due, text=yearly.text, source=yearly.source))
    return tuple(sorted(found, key=lambda milestone: milestone.date))
