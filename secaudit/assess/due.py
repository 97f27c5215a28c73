"""What falls due: rows whose evidence must be renewed within so many days, and rows that are overdue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from secaudit.model.assessment import RequirementStatus
from secaudit.model.words import RowState

HORIZONS = (30, 60, 90)
"""Days ahead that people ask for."""


@dataclass(frozen=True)
class DueRow:
    """One row that needs new evidence.

    Attributes:
        requirement: its id.
        group: of the checklist.
        due: last day on which the present evidence holds; None where it never held (no date, or one to come).
        days_left: from today to that day; negative when it is past, None as for `due`.
        overdue: it does not count any more.
    """

    requirement: str
    group: str
    due: date | None
    days_left: int | None
    overdue: bool


def falling_due(rows: Iterable[RequirementStatus], today: date, days: int) -> tuple[DueRow, ...]:
    """Return the rows that are overdue or fall due within `days` days, today included.

    The longest overdue come first, those without a date before all; rows of the same day in the order of the source.
    A row that is contradicted by a scan and overdue as well is listed too: both must be put right.
    """
    found = []
    for row in rows:
        past = row.due is not None and row.due < today
        if row.state is RowState.STALE or past:
            found.append(_due(row, today, overdue=True))
        elif row.due is not None and (row.due - today).days <= days:
            found.append(_due(row, today, overdue=False))
    return tuple(sorted(found, key=lambda one: one.due or date.min))


def _due(row: RequirementStatus, today: date, *, overdue: bool) -> DueRow:
    left = (row.due - today).days if row.due else None
    return DueRow(row.requirement, row.group, row.due, left, overdue)
