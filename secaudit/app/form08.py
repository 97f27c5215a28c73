"""Form 08: joins what is stored and judged with what the officer adds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from secaudit.app.knowledge import Knowledge
from secaudit.app.status import system_statuses
from secaudit.model.errors import BadInput, message
from secaudit.report.form08.build import Form08Inputs, build_form
from secaudit.report.form08.facts import Form08, Implementation
from secaudit.report.form08.officer import Form08File
from secaudit.store.workspace import Workspace

CONFIRMATIONS = {"none": Implementation.NONE, "some": Implementation.SOME, "full": Implementation.FULL}
"""Short words for the values of column (10); the form's own words are taken too."""


def form08(
    workspace: Workspace, knowledge: Knowledge, officer: Form08File, confirmed: Mapping[str, Implementation],
    now: datetime,
) -> Form08:  # fmt: skip
    """Return the form of a workspace.

    Raises:
        BadInput: a confirmation names a system that neither the workspace nor the officer's file knows.
    """
    statuses = system_statuses(workspace, knowledge, now)
    counting = {checklist.id for checklist in knowledge.checklists if checklist.counts}
    known = [status.system.id for status in statuses] + [system.id for system in officer.systems]
    for key in confirmed:
        if key not in known:
            raise BadInput(
                message("There is no system {id}; the systems of this report are: {known}."),
                id=key, known=", ".join(dict.fromkeys(known)) or "-",
            )  # fmt: skip
    return build_form(
        Form08Inputs(
            organisation=workspace.registry.organisation(),
            systems=[status.system for status in statuses],
            checklists=knowledge.checklists,
            assessments={
                status.system.id: [one for one in status.assessments if one.checklist in counting]
                for status in statuses
            },
            officer=officer,
            today=now.astimezone().date(),
            confirmed=confirmed,
        )
    )


def confirmation(typed: str) -> tuple[str, Implementation]:
    """Return system and value of `SYSTEM=none|some|full` or `SYSTEM=Chưa triển khai`.

    Raises:
        BadInput: it is neither.
    """
    system, _, word = typed.partition("=")
    values = CONFIRMATIONS | {value.value.casefold(): value for value in Implementation}
    value = values.get(word.strip().casefold())
    if not system.strip() or value is None:
        raise BadInput(
            message("{typed} is no confirmation; write SYSTEM=none, SYSTEM=some or SYSTEM=full."), typed=typed
        )
    return system.strip(), value
