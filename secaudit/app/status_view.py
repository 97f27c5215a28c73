"""Everything that the status of one system shows, put together once for the screen and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.app.knowledge import Knowledge
from secaudit.app.status import SystemStatus
from secaudit.app.status_register import RegisterCount
from secaudit.app.status_since import Since, changes_since, previous_moment
from secaudit.assess.contradictions import Contradiction, contradictions
from secaudit.assess.due import HORIZONS, DueRow, falling_due
from secaudit.assess.steps import Step, next_steps
from secaudit.model.assessment import Assessment
from secaudit.store.workspace import Workspace


@dataclass(frozen=True)
class SystemView:
    """One system, ready to be shown.

    Attributes:
        lists: its assessments of the checklists that have figures: the standard, then the duties outside it.
        contradictions: over those lists.
        due: overdue rows and those that fall due within the longest horizon, as `checklist:row` with the rest.
        steps: for the list that counts.
        since: what changed; None where there is nothing to compare with.
        register: None where the program keeps no register.
    """

    status: SystemStatus
    lists: Sequence[Assessment]
    contradictions: Sequence[Contradiction]
    due: Sequence[tuple[str, DueRow]]
    steps: Sequence[Step]
    since: Since | None
    register: RegisterCount | None

    @property
    def overdue(self) -> list[str]:
        """Return the overdue rows as `checklist:row`."""
        return [row for row, one in self.due if one.overdue]

    def due_within(self, days: int) -> list[str]:
        """Return the rows that are not overdue and fall due within so many days, as `checklist:row`."""
        return [row for row, one in self.due if not one.overdue and (one.days_left or 0) <= days]


def view_of(
    workspace: Workspace, status: SystemStatus, knowledge: Knowledge, now: datetime, *, since: datetime | None,
    compare: bool, register: RegisterCount | None,
) -> SystemView:  # fmt: skip
    """Return what is shown of a system.

    Args:
        since: compare with its state at that moment; None for the previous scan.
        compare: compare at all; judging a second state takes as long as the first.
        register: the counts of its remediation items.
    """
    figured = {checklist.id for checklist in knowledge.checklists if checklist.role in ("standard", "duties")}
    lists = [assessment for assessment in status.assessments if assessment.checklist in figured]
    moment = (since or previous_moment(workspace, status)) if compare else None
    return SystemView(
        status=status,
        lists=lists,
        contradictions=contradictions(lists, status.findings),
        due=due_rows(lists, now),
        steps=_steps(status, knowledge),
        since=changes_since(workspace, status, moment, knowledge, now) if moment else None,
        register=register,
    )


def due_rows(lists: Sequence[Assessment], now: datetime) -> list[tuple[str, DueRow]]:
    """Return overdue rows and those that fall due within the longest horizon, with their full names."""
    today = now.astimezone().date()
    return [
        (f"{assessment.checklist}:{one.requirement}", one)
        for assessment in lists
        for one in falling_due(assessment.rows, today, HORIZONS[-1])
    ]


def _steps(status: SystemStatus, knowledge: Knowledge) -> Sequence[Step]:
    if status.target is None:
        return ()
    checklist = knowledge.checklist(status.target.checklist)
    return next_steps(checklist, status.target, status.findings)
