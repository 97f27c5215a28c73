"""The officer's file for Form 08: everything that stands in the form and in no table of the store."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from pydantic import Field

from secaudit.checklist.faults import Misfit, misfit
from secaudit.model.base import Composed, Frozen
from secaudit.report.form08.facts import Approval, Counts, Decision, Examination, OwnerBlock, Party, Review
from secaudit.report.official.letter import DocumentFields, Signer


class OfficerCounts(Counts):
    """Counts that the officer sets by hand; each replaces the one that follows from the rows."""

    total_systems: int | None = Field(default=None, ge=0)
    classified: int | None = Field(default=None, ge=0)
    dossier_built: int | None = Field(default=None, ge=0)
    appraised: int | None = Field(default=None, ge=0)
    approved: int | None = Field(default=None, ge=0)
    approved_and_checked: int | None = Field(default=None, ge=0)


class SystemFields(Frozen):
    """What the officer says of one system.

    Attributes:
        id: that of the workspace, or any other for a system that this program does not look after; such a one needs
            `name` and `level`.
    """

    id: Composed = Field(min_length=1)
    name: Composed = ""
    owner: Composed = ""
    operator: Composed = ""
    level: int | None = Field(default=None, ge=1, le=5)
    classified: bool | None = None
    status: Approval | None = None
    approval_decision: Decision | None = None
    regulation: Decision | None = None
    approval_expected: Composed = ""
    implementation_expected: Composed = ""
    examinations: tuple[Examination, ...] = ()
    operator_report_date: date | None = None
    article_16_criterion: Composed = ""
    reviews: tuple[Review, ...] = ()


class Form08File(Frozen):
    """The whole file.

    Attributes:
        year: reporting year, None for the one whose window is open or was closed last.
        as_of: day up to which the data goes, None for the day of writing.
    """

    year: int | None = Field(default=None, ge=2025, le=2100)
    as_of: date | None = None
    document: DocumentFields = DocumentFields()
    signer: Signer = Signer()
    owner: Party = Party()
    unit: Party = Party()
    further_owners: tuple[OwnerBlock, ...] = ()
    counts: OfficerCounts = OfficerCounts()
    unit_report_date: date | None = None
    systems: tuple[SystemFields, ...] = ()


def system_misfits(data: dict[str, Any], known: Collection[str]) -> Iterator[Misfit]:
    """Yield the systems that the workspace does not know and that lack a name or a level, and ids given twice."""
    seen: set[str] = set()
    for n, system in enumerate(data.get("systems", ())):
        if system["id"] not in known and not (system.get("name") and system.get("level")):
            names = ", ".join(sorted(known)) or "-"
            yield misfit(("systems", n, "id"), "form08-system-unknown", id=system["id"], known=names)
        if system["id"] in seen:
            yield misfit(("systems", n, "id"), "id-taken", id=system["id"])
        seen.add(system["id"])
