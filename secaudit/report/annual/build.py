"""From what is stored, scanned and judged to the facts of the yearly progress report: a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from secaudit.model.assessment import Assessment
from secaudit.model.organisation import Organisation, System
from secaudit.model.requirement import Checklist
from secaudit.model.solution import Portfolio
from secaudit.report.annual.facts import Annual, AnnualFile, FindingLine, ScanLine, SystemStanding
from secaudit.report.annual.since import Since
from secaudit.report.official.letter import letter_gaps, letter_of
from secaudit.report.official.requirements import requirement_lines
from secaudit.report.plan.lines import WorkLine


@dataclass(frozen=True)
class AnnualInputs:
    """Everything that the report is made from.

    Attributes:
        systems: each with its judged lists that count.
        portfolio: the plan's figure over these systems.
        scans, findings: of the period, in the order to be shown.
        work: the remediation register of all systems.
        since: what changed since the start of the period.
        pages: how many pages there are; compared: how many of them were scanned at least twice.
    """

    organisation: Organisation
    systems: Sequence[tuple[System, Sequence[Assessment]]]
    portfolio: Portfolio
    checklists: Sequence[Checklist]
    scans: Sequence[ScanLine]
    findings: Sequence[FindingLine]
    pages: int
    compared: int
    officer: AnnualFile
    today: date
    work: Sequence[WorkLine] = ()
    since: Since | None = None


def period_of(officer: AnnualFile, today: date) -> tuple[int, date, date]:
    """Return the year of the report with first and last day of its period."""
    year = officer.year or today.year
    return year, officer.period_from or date(year - 1, 11, 1), officer.period_to or date(year, 10, 31)


def build_annual(inputs: AnnualInputs) -> Annual:
    """Return the report, marked as a draft while its head or foot lacks something."""
    officer = inputs.officer
    letter = letter_of(inputs.organisation, officer.document).model_copy(update={"signer": officer.signer})
    year, first, last = period_of(officer, inputs.today)
    return Annual(
        year=year,
        first=first,
        last=last,
        as_of=inputs.today,
        letter=letter.model_copy(update={"draft": bool(letter_gaps(letter))}),
        summary=officer.summary,
        bases=officer.bases,
        targets=officer.targets or inputs.portfolio.rule.targets,
        threshold=officer.threshold,
        systems=tuple(_standing(inputs, system, judged) for system, judged in inputs.systems),
        portfolio=inputs.portfolio,
        pages=inputs.pages,
        compared=inputs.compared,
        scans=tuple(inputs.scans),
        findings=tuple(inputs.findings),
        work=tuple(line for line in inputs.work if _within(line, first, last)),
        done=officer.done,
        difficulties=officer.difficulties,
        proposals=officer.proposals,
        since=inputs.since,
        notices=tuple({c.notice.vi: None for c in inputs.checklists if c.counts}),
    )


def _within(line: WorkLine, first: date, last: date) -> bool:
    """Tell whether the work was open, accepted or proven done in the period."""
    return line.opened_at.date() <= last and (line.closed_at is None or line.closed_at.date() >= first)


def _standing(inputs: AnnualInputs, system: System, judged: Sequence[Assessment]) -> SystemStanding:
    applicable = sum(one.total.applicable for one in judged)
    met = sum(one.total.met for one in judged)
    partial = sum(one.total.partial for one in judged)
    verdict = next(one for one in inputs.portfolio.verdicts if one.system == system.id)
    return SystemStanding(
        name=system.name or system.id,
        level=system.level,
        applicable=applicable,
        met=met,
        unanswered=sum(
            row.counted and row.answer is None and row.inherited is None for one in judged for row in one.rows
        ),
        strict=met / applicable if applicable else None,
        progress=(met + partial / 2) / applicable if applicable else None,
        requirements=requirement_lines(inputs.checklists, judged),
        counted=verdict.counted,
        has_solution=verdict.has,
    )
