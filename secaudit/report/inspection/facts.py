"""What the evidence list says: by requirement the answer, who gave it, and where in the archive each piece lies."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from secaudit.model.base import Composed, Frozen, Instant, Text
from secaudit.model.evidence import EvidenceKind
from secaudit.model.words import RowState
from secaudit.report.official.letter import DocumentFields, Letter, Signer

Fate = Literal["kept", "missing", "changed"]


class InspectionFile(Frozen):
    """The officer's file.

    Attributes:
        summary: the line under the title.
    """

    year: int | None = Field(default=None, ge=2023, le=2100)
    document: DocumentFields = DocumentFields()
    signer: Signer = Signer()
    summary: Composed = ""


class Piece(Frozen):
    """One piece of evidence.

    Attributes:
        id: of its record.
        place: where it lies in the archive, empty for links and for files that are missing or changed.
        fate: of a file: `kept` as it was, `missing` from the workspace, or `changed` since it was taken in.
        expired: its last day was over when the list was made.
    """

    id: str
    kind: EvidenceKind
    name: str
    sha256: str
    size: int
    reference: str
    dated: dt.date | None
    valid_until: dt.date | None
    expired: bool
    added_at: Instant
    added_by: str
    note: str
    place: str
    fate: Fate = "kept"


class RowLine(Frozen):
    """One requirement.

    Attributes:
        evidence: pieces that its answer names.
        overdue: the evidence had to be renewed before the day of the list.
    """

    clause: str
    text: Text
    state: RowState
    counted: bool
    answered_by: str
    answered_at: Instant | None
    evidence_date: dt.date | None
    due: dt.date | None
    overdue: bool
    note: str
    evidence: tuple[Piece, ...]


class GroupLines(Frozen):
    """A group of requirements."""

    title: Text
    rows: tuple[RowLine, ...]


class ListLines(Frozen):
    """A checklist; `counts` tells whether its rows go into the 100 % figure."""

    id: str
    title: Text
    counts: bool
    groups: tuple[GroupLines, ...]

    @property
    def rows(self) -> tuple[RowLine, ...]:
        """Return the rows of all groups."""
        return tuple(row for group in self.groups for row in group.rows)


class SystemEvidence(Frozen):
    """The evidence of one system."""

    name: str
    lists: tuple[ListLines, ...]


class Attached(Frozen):
    """A file of the archive that is no evidence: a report, a scan; `about` says what it is."""

    place: str
    about: Text


class JournalHead(Frozen):
    """The newest entry of the journal; with it nobody can change what was before without its being seen."""

    sequence: int
    hash: str


class Inspection(Frozen):
    """The whole list.

    Attributes:
        made_at: in the time zone in which days and times are shown.
        others: evidence that no answer in force names.
        attached: further files of the archive.
        journal: None for a workspace without any entry.
    """

    made_at: Instant
    version: str
    letter: Letter
    summary: str
    systems: tuple[SystemEvidence, ...]
    others: tuple[Piece, ...]
    attached: tuple[Attached, ...] = ()
    journal: JournalHead | None = None
    notices: tuple[str, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return every piece of evidence once, by the number of its record."""
        every = {
            piece.id: piece
            for piece in (
                *(p for one in self.systems for entry in one.lists for row in entry.rows for p in row.evidence),
                *self.others,
            )
        }
        return tuple(sorted(every.values(), key=lambda piece: int(piece.id[1:])))

    @property
    def faults(self) -> tuple[Piece, ...]:
        """Return the files that are missing or changed."""
        return tuple(piece for piece in self.pieces if piece.fate != "kept")
