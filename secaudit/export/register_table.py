"""The register as a table: the same columns in the workbook and in the text file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from secaudit.export.register_words import RegisterWords
from secaudit.i18n import mark
from secaudit.model.remediation import Acceptance, ItemState, RegisterEntry
from secaudit.text import printable

Value = str | int | date | datetime | None
_LONGEST = 32_000
"""Characters in a cell; workbooks allow 32,767."""

ID, CHECK, GROUP, OWNER, UNIT, ASSIGNED_AT = (
    mark("Item no."), mark("Check"), mark("Group"), mark("Person in charge"), mark("Unit"), mark("Assigned at"),
)  # fmt: skip
"""Heads by which a file of owners is read back as well."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        head: message id.
        width: in characters.
        value: of an entry; moments in the computer's time zone, without it.
    """

    head: str
    width: int
    value: Callable[[RegisterEntry, RegisterWords], Value]


_TO_READ = (
    Column(ID, 8, lambda e, _: e.item.id),
    Column(mark("State"), 13, lambda e, w: w.state(e.item.state)),
    Column(mark("Severity"), 12, lambda e, w: w.severity(e.item.severity)),
    Column(mark("What is wrong"), 34, lambda e, w: e.title.in_language(w.language)),
    Column(mark("What to do"), 42, lambda e, w: e.action.in_language(w.language) if e.action else ""),
    Column(mark("Where"), 24, lambda e, _: e.item.target),
    Column(OWNER, 16, lambda e, _: e.item.owner),
    Column(UNIT, 14, lambda e, _: e.item.unit),
    Column(mark("Due"), 11, lambda e, _: e.item.due),
    Column(mark("Past due"), 8, lambda e, w: w(mark("yes")) if e.overdue else ""),
)
_TO_SORT = (
    Column(mark("Priority"), 13, lambda e, w: w.priority(e.item.priority)),
    Column(mark("Cost (VND)"), 14, lambda e, _: e.item.cost),
    Column(mark("System"), 16, lambda e, _: e.item.system),
    Column(mark("Who usually does it"), 20, lambda e, w: w.responsible(e.responsible)),
    Column(mark("Came from"), 18, lambda e, w: w.source(e.item.source)),
    Column(CHECK, 22, lambda e, _: e.item.check),
    Column(GROUP, 24, lambda e, _: e.item.group),
    Column(mark("Requirements"), 28, lambda e, _: ", ".join(e.requirements)),
    Column(mark("Opened at"), 16, lambda e, _: _local(e.item.opened_at)),
    Column(mark("Last seen at"), 16, lambda e, _: _local(e.item.seen_at)),
    Column(mark("Verified at"), 16, lambda e, _: _local(e.item.closed_at)),
    Column(mark("Times back"), 9, lambda e, _: e.item.reopened),
    Column(mark("Risk accepted until"), 14, lambda e, _: one.until if (one := _accepted(e)) else None),
    Column(mark("Accepted by, because"), 30, lambda e, _: _acceptance(e)),
    Column(mark("Merged into"), 10, lambda e, _: e.item.duplicate_of),
    Column(mark("Evidence"), 14, lambda e, _: ", ".join(e.item.attachments)),
    Column(ASSIGNED_AT, 34, lambda e, _: assigned_mark(e)),
)
COLUMNS: Sequence[Column] = (*_TO_READ, *_TO_SORT)
PRINTED = len(_TO_READ)
"""Columns that fit on a page; the others are to filter and to sort by."""


def assigned_mark(entry: RegisterEntry) -> str:
    """Return when the item was assigned, to the microsecond, so that a file read back can tell a newer assignment."""
    at = entry.item.assigned_at
    return at.isoformat() if at else ""


def cell(value: str) -> str:
    """Return a text as a cell can hold and show it."""
    return printable(value, _LONGEST)


def _accepted(entry: RegisterEntry) -> Acceptance | None:
    """Return the acceptance that stands; one that has ended is history."""
    return entry.item.accepted if entry.item.state is ItemState.ACCEPTED else None


def _acceptance(entry: RegisterEntry) -> str:
    one = _accepted(entry)
    return f"{one.by}: {one.reason}" if one else ""


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone().replace(tzinfo=None, microsecond=0) if moment else None
