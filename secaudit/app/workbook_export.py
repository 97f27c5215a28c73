"""Writing the workbook of answers: which rows, and what is known of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from secaudit.app.answers import assess_one
from secaudit.app.checklists import export_content
from secaudit.app.files import write_whole
from secaudit.app.knowledge import Knowledge
from secaudit.model.base import Language
from secaudit.model.errors import BadInput, message
from secaudit.model.organisation import System
from secaudit.model.requirement import Checklist
from secaudit.model.words import RowState
from secaudit.store.workspace import Workspace

if TYPE_CHECKING:
    from secaudit.export.workbook.filling import Filling

SETTLED = frozenset({RowState.MET, RowState.NOT_APPLICABLE})


def filling_of(
    workspace: Workspace, knowledge: Knowledge, system: System, checklist: Checklist, language: Language,
    now: datetime, *, group: str | None = None, open_only: bool = False, by_group: bool = False,
) -> Filling:  # fmt: skip
    """Return what the workbook shows.

    Args:
        language: of the workbook.
        now: time of the export.
        group: only the rows of this group.
        open_only: only rows that do not count as met and are not set aside.
        by_group: one sheet for each group instead of one list.

    Raises:
        BadInput: there is no such group, or no row is left.
    """
    from secaudit.export.workbook.filling import Filling

    groups = [one.id for one in checklist.groups]
    if group is not None and group not in groups:
        raise BadInput(
            message("There is no group {id!r}. Known are: {known}."), id=group, known=", ".join(groups)
        )  # fmt: skip
    states = {status.requirement: status for status in assess_one(workspace, knowledge, system, checklist, now).rows}
    rows = [
        (row, states[row.id])
        for row in checklist.requirements
        if group in (None, row.group) and not (open_only and states[row.id].state in SETTLED)
    ]
    if not rows:
        raise BadInput(message("No open requirement is left there; leave --open-only out to export them all."))
    return Filling(
        content=export_content(knowledge, checklist, language),
        system=system,
        organisation=workspace.registry.organisation(),
        rows=rows,
        origin=workspace.journal.origin(),
        at=now,
        names={record.id: record.name for record in workspace.evidence.list()},
        by_group=by_group,
    )


def export_workbook(filling: Filling, output: Path | None, *, overwrite: bool = False) -> Path:
    """Write the workbook and return its absolute path.

    Args:
        filling: what it shows.
        output: the file; None puts it into the current folder, named by system, checklist and day.
        overwrite: replace a file that is there; people write answers into workbooks.

    Raises:
        BadInput: the name does not end in .xlsx, the file is there already, or it cannot be written.
    """
    from secaudit.export.workbook.book import write_workbook

    day = filling.at.astimezone().date().isoformat()
    path = output or Path(f"{filling.system.id}-{filling.content.checklist.id}-{day}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise BadInput(message("{path}: the name of a workbook must end in .xlsx."), path=str(path))
    if path.exists() and not overwrite:
        raise BadInput(
            message("{path} exists already. Choose another file with --output, or replace it with --force."),
            path=str(path),
        )
    failure = message("{path} could not be written ({detail}). Close it in other programs or choose another file.")
    return write_whole(path, write_workbook(filling), failure)
