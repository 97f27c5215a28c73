"""What the remediation plan says, and what the officer's file adds to it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from secaudit.model.base import Composed, Frozen
from secaudit.report.official.letter import DocumentFields, Letter, Signer
from secaudit.report.plan.lines import WorkLine

Gap = Literal["no-work", "unassigned", "undated"]


class RemediationFile(Frozen):
    """The officer's file.

    Attributes:
        period_from, period_to: work that was proven done between these days is listed; by default from 1 January of
            the year to today.
        bases: legal bases, one each, as they are to be printed.
        purpose, organisation: sentences of the parts I and V, instead of the program's own.
    """

    year: int | None = Field(default=None, ge=2023, le=2100)
    period_from: dt.date | None = None
    period_to: dt.date | None = None
    document: DocumentFields = DocumentFields()
    signer: Signer = Signer()
    summary: Composed = ""
    bases: tuple[Composed, ...] = ()
    purpose: tuple[Composed, ...] = ()
    organisation: tuple[Composed, ...] = ()


class SystemWork(Frozen):
    """The work of one system, most urgent first.

    Attributes:
        closed: what was proven done in the period.
    """

    name: str
    open: tuple[WorkLine, ...]
    accepted: tuple[WorkLine, ...]
    closed: tuple[WorkLine, ...]


class Plan(Frozen):
    """The whole plan.

    Attributes:
        as_of: day on which it was made.
        gaps: what the register lacks for a plan that somebody signs, with how many pieces of work it concerns.
    """

    year: int
    first: dt.date
    last: dt.date
    as_of: dt.date
    letter: Letter
    summary: str
    bases: tuple[str, ...]
    purpose: tuple[str, ...]
    organisation: tuple[str, ...]
    systems: tuple[SystemWork, ...]
    gaps: dict[Gap, int]
    notices: tuple[str, ...]

    @property
    def open(self) -> tuple[WorkLine, ...]:
        """Return the open work of all systems."""
        return tuple(line for one in self.systems for line in one.open)
