"""From the remediation register to the facts of the plan: a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from secaudit.model.organisation import Organisation, System
from secaudit.model.remediation import RegisterEntry
from secaudit.model.requirement import Checklist
from secaudit.report.official.letter import Letter, letter_gaps, letter_of
from secaudit.report.plan.facts import Gap, Plan, RemediationFile, SystemWork
from secaudit.report.plan.lines import WorkLine, work_lines


@dataclass(frozen=True)
class PlanInputs:
    """Everything that the plan is made from.

    Attributes:
        register: every piece of work with the state that holds today.
        now: when the plan is made; its time zone decides on which day something was proven.
    """

    organisation: Organisation
    systems: Sequence[System]
    register: Sequence[RegisterEntry]
    checklists: Sequence[Checklist]
    officer: RemediationFile
    now: datetime


def build_plan(inputs: PlanInputs) -> Plan:
    """Return the plan, marked as a draft while its head, its foot or its register lacks something."""
    officer, today = inputs.officer, inputs.now.date()
    year = officer.year or today.year
    first, last = officer.period_from or date(year, 1, 1), officer.period_to or today
    lines = work_lines(inputs.register, inputs.checklists)
    systems = tuple(_system(one, lines, first, last, inputs.now) for one in inputs.systems)
    gaps = _gaps([line for line in lines if line.standing == "open"], any_work=bool(lines))
    letter = letter_of(inputs.organisation, officer.document).model_copy(update={"signer": officer.signer})
    draft = bool(plan_letter_gaps(letter)) or bool(gaps)
    return Plan(
        year=year,
        first=first,
        last=last,
        as_of=today,
        letter=letter.model_copy(update={"draft": draft}),
        summary=officer.summary,
        bases=officer.bases,
        purpose=officer.purpose,
        organisation=officer.organisation,
        systems=systems,
        gaps=gaps,
        notices=tuple({one.notice.vi: None for one in inputs.checklists if one.counts}),
    )


def plan_letter_gaps(letter: Letter) -> tuple[str, ...]:
    """Return codes of what head and foot lack; a plan is addressed to nobody in particular."""
    return tuple(gap for gap in letter_gaps(letter) if gap != "addressee")


def _system(system: System, lines: Sequence[WorkLine], first: date, last: date, now: datetime) -> SystemWork:
    mine = [_local(line, now) for line in lines if line.system == system.id]
    return SystemWork(
        name=system.name or system.id,
        open=tuple(line for line in mine if line.standing == "open"),
        accepted=tuple(line for line in mine if line.standing == "accepted"),
        closed=tuple(
            line
            for line in mine
            if line.standing == "closed" and line.closed_at is not None and first <= line.closed_at.date() <= last
        ),
    )


def _local(line: WorkLine, now: datetime) -> WorkLine:
    """Return the line with its proof at the time of the plan's own zone, which decides on the day."""
    at = line.closed_at
    return line.model_copy(update={"closed_at": at.astimezone(now.tzinfo)}) if at else line


def _gaps(lines: Sequence[WorkLine], *, any_work: bool) -> dict[Gap, int]:
    counts: dict[Gap, int] = {
        "no-work": int(not any_work),
        "unassigned": sum(not (line.owner or line.unit) for line in lines),
        "undated": sum(line.due is None for line in lines),
    }
    return {gap: count for gap, count in counts.items() if count}
