"""What the writer of the workbook is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from secaudit.export.content import Content
from secaudit.model.assessment import RequirementStatus
from secaudit.model.organisation import Organisation, System
from secaudit.model.requirement import Requirement


@dataclass(frozen=True)
class Filling:
    """The rows of a checklist to be answered for one system.

    Attributes:
        content: the checklist with its words, in the language of the workbook.
        rows: the rows to be written with what each counts as now, answers included; in the order of the checklist.
        origin: what tells this workspace from all others.
        at: time of the export.
        names: names of evidence records by id.
        by_group: one sheet for each group instead of one list.
    """

    content: Content
    system: System
    organisation: Organisation
    rows: Sequence[tuple[Requirement, RequirementStatus]]
    origin: str
    at: datetime
    names: Mapping[str, str] = field(default_factory=dict)
    by_group: bool = False
