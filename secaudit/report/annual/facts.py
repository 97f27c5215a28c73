"""What the yearly progress report says, and what the officer's file adds to it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from secaudit.model.base import Composed, Frozen
from secaudit.model.solution import Portfolio, Target
from secaudit.model.words import Responsible, Severity
from secaudit.report.annual.since import Since
from secaudit.report.official.letter import DocumentFields, Letter, Signer
from secaudit.report.official.requirements import RequirementLine
from secaudit.report.plan.lines import WorkLine

Fate = Literal["new", "back", "open", "fixed", "unknown", "no-longer-applies"]
DEADLINE = (11, 1)
"""Month and day before which the report is due (plan 86/KH-UBND, III.1)."""


class AnnualFile(Frozen):
    """The officer's file.

    Attributes:
        period_from, period_to: first and last day; by default 1 November of the year before to 31 October.
        summary: the line under BÁO CÁO.
        bases: legal bases, one each, as they are to be printed.
        targets: what the figure is held against; empty for those of the rule in force.
        threshold: per cent of met requirements that the office itself takes for enough; shown beside the strict
            figure and never instead of it.
        done: what was done beside the scans, in sentences.
    """

    year: int | None = Field(default=None, ge=2023, le=2100)
    period_from: dt.date | None = None
    period_to: dt.date | None = None
    document: DocumentFields = DocumentFields()
    signer: Signer = Signer()
    summary: Composed = ""
    bases: tuple[Composed, ...] = ()
    targets: tuple[Target, ...] = ()
    threshold: int | None = Field(default=None, ge=1, le=99)
    done: tuple[Composed, ...] = ()
    difficulties: tuple[Composed, ...] = ()
    proposals: tuple[Composed, ...] = ()


class SystemStanding(Frozen):
    """Where one system stands.

    Attributes:
        strict: share of requirements met, 0 to 1; None where none was judged.
        progress: the same with partly met ones at half.
        counted: it is of a kind that the plan's figure is about.
        has_solution: by the rule in force.
    """

    name: str
    level: int
    applicable: int
    met: int
    unanswered: int
    strict: float | None
    progress: float | None
    requirements: tuple[RequirementLine, ...] = ()
    counted: bool
    has_solution: bool

    def reaches(self, per_cent: int) -> bool:
        """Tell whether at least so many per cent of the requirements are met, at level 3 or above."""
        return self.level >= 3 and self.strict is not None and self.strict * 100 >= per_cent


class ScanLine(Frozen):
    """One scan of the period; `judged` tells whether the counts say anything."""

    day: dt.date
    page: str
    status: Literal["complete", "incomplete"]
    judged: bool
    counts: dict[Severity, int]


class FindingLine(Frozen):
    """One finding and what became of it since the first scan of the period."""

    page: str
    severity: Severity
    title: str
    fate: Fate
    action: str
    responsible: Responsible


class Annual(Frozen):
    """The whole report.

    Attributes:
        as_of: day on which it was made.
        work: the remediation register as far as it touches the period; empty where there is none.
        portfolio: the plan's figure with the rule that it is made by.
        compared: pages that were scanned at least twice, so that something can be said of what was put right.
        since: what changed since the start of the period; None where no page was scanned by its end.
    """

    year: int
    first: dt.date
    last: dt.date
    as_of: dt.date
    letter: Letter
    summary: str
    bases: tuple[str, ...]
    targets: tuple[Target, ...]
    threshold: int | None
    systems: tuple[SystemStanding, ...]
    portfolio: Portfolio
    pages: int
    compared: int
    scans: tuple[ScanLine, ...]
    findings: tuple[FindingLine, ...]
    done: tuple[str, ...]
    difficulties: tuple[str, ...]
    proposals: tuple[str, ...]
    notices: tuple[str, ...]
    work: tuple[WorkLine, ...] = ()
    since: Since | None = None

    @property
    def deadline(self) -> dt.date:
        """Return the day before which the report is due; it is for the officer, not for the document."""
        return dt.date(self.year, *DEADLINE)

    @property
    def share(self) -> float | None:
        """Return the share of the systems that the figure is about which have the solution, 0 to 1."""
        return self.portfolio.total.share
