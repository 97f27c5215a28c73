"""The evidence list as a table to filter: one row for each piece behind each requirement, and the rows without any."""

from __future__ import annotations

from collections.abc import Iterator

from secaudit.report.inspection.facts import Inspection, Piece
from secaudit.report.labels import N_
from secaudit.report.workbook import Sheet, Value, Words

_HEADS = (
    (N_("System"), 26), (N_("List"), 22), (N_("Clause"), 12), (N_("Requirement"), 44), (N_("Status"), 16),
    (N_("Answered by"), 18), (N_("Answered on"), 17), (N_("Renew by"), 12), (N_("Evidence"), 10), (N_("Kind"), 12),
    (N_("Name"), 34), (N_("Dated"), 12), (N_("Valid until"), 12), (N_("Recorded on"), 17), (N_("Recorded by"), 18),
    (N_("Size in bytes"), 13), (N_("Place in the archive"), 44), (N_("State of the file"), 18),
    (N_("Fingerprint (SHA-256)"), 40), (N_("Note"), 30),
)  # fmt: skip


def inspection_sheet(inspection: Inspection, say: Words) -> Sheet:
    """Return the list; evidence that no answer names stands at its end without a requirement."""
    return Sheet(N_("Evidence list"), _HEADS, _rows(inspection, say))


def _rows(inspection: Inspection, say: Words) -> Iterator[tuple[Value, ...]]:
    for one in inspection.systems:
        for entry in one.lists:
            for row in entry.rows:
                said = (
                    one.name, entry.title, row.clause, row.text, say.label("state", row.state), row.answered_by,
                    row.answered_at, row.due,
                )  # fmt: skip
                for piece in row.evidence or (None,):
                    yield (*said, *_cells(piece, say))
    for piece in inspection.others:
        yield (*([None] * 8), *_cells(piece, say))


def _cells(piece: Piece | None, say: Words) -> tuple[Value, ...]:
    if piece is None:
        return (None,) * 12
    return (
        piece.id, say.label("evidence-kind", piece.kind), piece.name, piece.dated, piece.valid_until, piece.added_at,
        piece.added_by, piece.size or None, piece.place or piece.reference, say.label("fate", piece.fate),
        piece.sha256, piece.note,
    )  # fmt: skip
