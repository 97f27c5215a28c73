"""The remediation plan as tables to filter and sum up."""

from __future__ import annotations

from collections.abc import Sequence

from secaudit.report.labels import N_
from secaudit.report.plan.facts import Plan
from secaudit.report.plan.lines import WorkLine
from secaudit.report.record_sheets import work_sheet
from secaudit.report.workbook import Sheet, Words


def plan_sheets(plan: Plan, say: Words) -> list[Sheet]:
    """Return the sheets of the plan: open, accepted for a time, proven done in the period."""
    return [
        work_sheet(plan.open, say),
        work_sheet(_all([one.accepted for one in plan.systems]), say, N_("Accepted risks")),
        work_sheet(_all([one.closed for one in plan.systems]), say, N_("Proven done")),
    ]


def plan_table(plan: Plan, say: Words) -> Sheet:
    """Return all work of the plan in one table; its state tells what is what."""
    return work_sheet(_all([(*one.open, *one.accepted, *one.closed) for one in plan.systems]), say)


def _all(parts: Sequence[Sequence[WorkLine]]) -> list[WorkLine]:
    return [line for part in parts for line in part]
