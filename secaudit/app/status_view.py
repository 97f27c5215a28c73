"""Everything that the status of one system shows, put together once for the screen and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from secaudit.app.knowledge import Knowledge
from secaudit.app.status import WITH_FIGURES, SystemStatus
from secaudit.app.status_register import RegisterCount
from secaudit.app.status_since import Since, changes_since, previous_moment
from secaudit.assess.contradictions import Contradiction, contradictions
from secaudit.assess.due import HORIZONS, DueRow, falling_due
from secaudit.assess.steps import Step, next_steps
from secaudit.model.assessment import Assessment
from secaudit.model.requirement import Checklist
from secaudit.store.workspace import Workspace


@dataclass(frozen=True)
class SystemView:
    """One system, ready to be shown; what takes time is worked out when it is asked for.

    Attributes:
        lists: its assessments of the checklists that have figures: the standard, then the duties outside it.
        counting: the checklist that counts, None where none ships.
        today: the local day.
        since: what changed; None where there is nothing to compare with.
        register: counts of its remediation items.
    """

    status: SystemStatus
    lists: Sequence[Assessment]
    counting: Checklist | None
    today: date
    since: Since | None
    register: RegisterCount

    @cached_property
    def contradictions(self) -> Sequence[Contradiction]:
        """Return which findings speak against which rows of the lists."""
        return contradictions(self.lists, self.status.findings)

    @cached_property
    def steps(self) -> Sequence[Step]:
        """Return what would raise the figure of the list that counts most."""
        if self.counting is None or self.status.target is None:
            return ()
        return next_steps(self.counting, self.status.target, self.status.findings)

    @cached_property
    def due(self) -> Sequence[tuple[str, DueRow]]:
        """Return overdue rows and those due within the longest horizon, as `checklist:row` with the rest."""
        return [
            (f"{assessment.checklist}:{one.requirement}", one)
            for assessment in self.lists
            for one in falling_due(assessment.rows, self.today, HORIZONS[-1])
        ]

    @property
    def overdue(self) -> list[str]:
        """Return the overdue rows as `checklist:row`."""
        return [row for row, one in self.due if one.overdue]

    def due_within(self, days: int) -> list[str]:
        """Return the rows that are not overdue and fall due within so many days, as `checklist:row`."""
        return [row for row, one in self.due if not one.overdue and (one.days_left or 0) <= days]


def view_of(
    workspace: Workspace, status: SystemStatus, knowledge: Knowledge, now: datetime, *, since: datetime | None,
    compare: bool, register: RegisterCount,
) -> SystemView:  # fmt: skip
    """Return what is shown of a system.

    Args:
        since: compare with its state at that moment; None for the previous scan.
        compare: compare at all; judging a second state takes as long as the first.
        register: the counts of its remediation items.
    """
    figured = {checklist.id for checklist in knowledge.checklists if checklist.role in WITH_FIGURES}
    moment = (since or previous_moment(workspace, status)) if compare else None
    return SystemView(
        status=status,
        lists=[assessment for assessment in status.assessments if assessment.checklist in figured],
        counting=next((c for c in knowledge.checklists if status.target and c.id == status.target.checklist), None),
        today=now.astimezone().date(),
        since=changes_since(workspace, status, moment, knowledge, now) if moment else None,
        register=register,
    )
