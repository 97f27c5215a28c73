"""Comparing a row three ways: as it was exported, as the sheet has it now, as the workspace has it now."""

from __future__ import annotations

from enum import StrEnum

from secaudit.export.workbook.entry import Entry, Mark, beside_mark, content_mark


class Fate(StrEnum):
    """What becomes of a row.

    `unchanged`: the sheet says what it said when it was exported. `emptied`: its answer was deleted there, which takes
    nothing back. `unanswered`: something was filled in, but no answer. `same`: the workspace says so already.
    `set`: only the sheet changed. `conflict`: both changed, each in its own way.
    """

    UNCHANGED = "unchanged"
    EMPTIED = "emptied"
    UNANSWERED = "unanswered"
    SAME = "same"
    SET = "set"
    CONFLICT = "conflict"


def fate(base: Mark, sheet: Entry, becomes: Entry, stored: Mark) -> Fate:
    """Say what becomes of a row.

    An answer is one statement of one person, so it is compared as a whole and never mixed from two.

    Args:
        base: what stood at the export.
        sheet: what stands in the sheet.
        becomes: what would stand in the row if the sheet's answer were stored (dates taken from its evidence).
        stored: what stands in the workspace now.
    """
    if content_mark(sheet) == base.content:
        return Fate.UNCHANGED
    if sheet.value is None:
        return Fate.EMPTIED if sheet.is_blank or beside_mark(sheet) == base.beside else Fate.UNANSWERED
    if content_mark(becomes) == stored.content:
        return Fate.SAME
    return Fate.SET if stored.version == base.version else Fate.CONFLICT
