"""Storing what a workbook says: all rows that were shown, in one transaction, or a word on each that is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from secaudit.app.answers import Said, record_answers
from secaudit.app.workbook_plan import Choices, Plan, with_files
from secaudit.store.workspace import Workspace


@dataclass(frozen=True)
class Imported:
    """What was stored.

    Attributes:
        written: requirements whose answer was set, in the order of the workbook.
        overtaken: requirements that somebody answered otherwise between the plan and the writing; left alone.
    """

    written: tuple[str, ...]
    overtaken: tuple[str, ...]


def store_plan(workspace: Workspace, plan: Plan, choices: Choices, now: datetime) -> Imported:
    """Store the changes of a plan in one transaction.

    A row that somebody else answered since the plan was made is left out, and only that row: nothing is stored that
    was not shown, and nothing newer is overwritten.

    Raises:
        BadInput: a piece of evidence cannot be taken in; no answer was stored.
        StoreError: the workspace cannot be written; no answer was stored.
    """
    statements = with_files(plan.changes, choices.folder)
    waiting = [
        Said(change.row, statement, change.before) for change, statement in zip(plan.changes, statements, strict=True)
    ]
    overtaken: list[str] = []
    while waiting:
        late = record_answers(
            workspace, plan.checklist, plan.system, waiting, now, choices.account, workbook=plan.file.name
        )
        if not late:
            break
        overtaken += late
        waiting = [one for one in waiting if one.row.id not in late]
    return Imported(tuple(one.row.id for one in waiting), tuple(overtaken))
