"""The columns of the workbook: a key for the program, a heading for people, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from secaudit.export.words import RESPONSIBLE, Words
from secaudit.export.workbook.entry import entry_of
from secaudit.export.workbook.filling import Filling
from secaudit.export.xlsx_tables import requirement_columns
from secaudit.i18n import mark
from secaudit.model.assessment import RequirementStatus
from secaudit.model.requirement import Requirement
from secaudit.model.words import AnswerValue, RowState
from secaudit.text import one_line

ROW_KEY = "id"
CLAUSE_KEY = "clause"
PREFIX = "secaudit."
"""Begins the keys in the hidden line above the headings."""
ANSWERS = {
    AnswerValue.MET: mark("Met"),
    AnswerValue.PARTIAL: mark("Partly met"),
    AnswerValue.NOT_MET: mark("Not met"),
    AnswerValue.NOT_APPLICABLE: mark("Not applicable"),
}
STATES = {
    **{RowState(value.value): word for value, word in ANSWERS.items()},
    RowState.UNASSESSED: mark("Unassessed"),
    RowState.CONTRADICTED: mark("Contradicted by the scan"),
    RowState.STALE: mark("Evidence out of date"),
}
YES_NO = {True: mark("yes"), False: mark("no")}

Value = str | date | None


@dataclass(frozen=True)
class Kind:
    """What people may write into a column: `text`, `day`, `answer`, `yes-no` or `evidence`; `locked` for nothing."""

    name: str
    writable: bool = True


LOCKED, TEXT, DAY = Kind("locked", writable=False), Kind("text"), Kind("day")
ANSWER, YES_OR_NO, EVIDENCE = Kind("answer"), Kind("yes-no"), Kind("evidence")


@dataclass(frozen=True)
class Head:
    """A column by its key, its heading (a message id) and what it takes; the keys of writable ones are `FIELDS`."""

    key: str
    text: str
    kind: Kind


HEADS = (
    Head(ROW_KEY, mark("Name in the program"), LOCKED),
    Head("group", mark("Group"), LOCKED),
    Head(CLAUSE_KEY, mark("Clause"), LOCKED),
    Head("text", mark("Requirement"), LOCKED),
    Head("meaning", mark("What it means here"), LOCKED),
    Head("keep", mark("Evidence to keep"), LOCKED),
    Head("figures", mark("Period, deadline, figures"), LOCKED),
    Head("responsible", mark("Done by"), LOCKED),
    Head("state", mark("Counts as, at the export"), LOCKED),
    Head("value", mark("Answer"), ANSWER),
    Head("note", mark("Note"), TEXT),
    Head("reason", mark("Reason (needed for “Not applicable”)"), TEXT),
    Head("equivalent", mark("Equivalent measure"), TEXT),
    Head("evidence", mark("Evidence (E1, link; one per line)"), EVIDENCE),
    Head("evidence_date", mark("Date of the evidence"), DAY),
    Head("valid_until", mark("Valid until"), DAY),
    Head("answered_by", mark("Answered by"), TEXT),
    Head("authority", mark("On the authority of"), TEXT),
    Head("assessor", mark("Assessed by"), TEXT),
    Head("independent", mark("Independent of operations"), YES_OR_NO),
)
WRITABLE = tuple(head for head in HEADS if head.kind.writable)
_WIDTHS = {
    "note": 26, "reason": 24, "equivalent": 22, "evidence": 26, "evidence_date": 11.5, "valid_until": 11.5,
    "answered_by": 16, "authority": 16, "assessor": 16, "independent": 10.5, "value": 13, "state": 13,
    "text": 38, "meaning": 42, "keep": 45, "figures": 20, "responsible": 13, ROW_KEY: 14,
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column as it is written.

    Attributes:
        head: its key, heading and kind.
        width: in characters of the normal font.
        value: what stands in the cell of a row.
    """

    head: Head
    width: float
    value: Callable[[Requirement, RequirementStatus], Value]


def written_columns(filling: Filling, words: Words) -> list[Column]:
    """Return the columns in the order in which they are written."""
    content = filling.content
    group, clause, text, meaning, keep, figures, *_ = requirement_columns(content, words)
    locked: dict[str, Callable[[Requirement, RequirementStatus], Value]] = {
        ROW_KEY: lambda row, _: row.id,
        "group": lambda row, _: group.value(row),
        CLAUSE_KEY: lambda row, _: clause.value(row),
        "text": lambda row, _: text.value(row),
        "meaning": lambda row, _: meaning.value(row),
        "keep": lambda row, _: keep.value(row),
        "figures": lambda row, _: figures.value(row),
        "responsible": lambda _, status: words(RESPONSIBLE[status.responsible]),
        "state": lambda _, status: _state(status, words),
    }
    widths = {**_WIDTHS, "group": group.width, CLAUSE_KEY: clause.width}
    return [
        Column(head, widths[head.key], locked.get(head.key) or _said(head, filling, words)) for head in HEADS
    ]  # fmt: skip


def _state(status: RequirementStatus, words: Words) -> str:
    state = words(STATES[status.state])
    return words(mark("{state}, until {day}"), state=state, day=words.day(status.due)) if status.due else state


def _said(head: Head, filling: Filling, words: Words) -> Callable[[Requirement, RequirementStatus], Value]:
    """Return how a column shows what stands in its field of the answer."""

    def value(_: Requirement, status: RequirementStatus) -> Value:
        said = getattr(entry_of(status.answer), head.key)
        if head.kind is ANSWER:
            return words(ANSWERS[said]) if said else ""
        if head.kind is YES_OR_NO:
            return words(YES_NO[said]) if said is not None else ""
        if head.kind is EVIDENCE:
            return "\n".join(named_evidence(one, filling.names.get(one, "")) for one in said)
        return said or ""

    return value


def named_evidence(one: str, name: str) -> str:
    """Return a record as it stands in a cell: its id, and its name in brackets for people."""
    return f"{one} ({one_line(name)})" if name else one
