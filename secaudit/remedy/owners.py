"""Owners from a text file that a spreadsheet program wrote: by item, by check, or by group of requirements."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import StringIO

from secaudit.model.base import Reason
from secaudit.model.errors import BadInput, message
from secaudit.model.remediation import ItemChange, RemediationItem
from secaudit.remedy.filters import same_name
from secaudit.remedy.life import CLOSED, assign

FIELDS = ("item", "check", "group", "owner", "unit", "assigned_at")
_SIMPLE = {
    "item": ("item", "ma viec", "ma"),
    "check": ("check", "phep kiem tra"),
    "group": ("group", "nhom"),
    "owner": ("owner", "nguoi phu trach"),
    "unit": ("unit", "don vi"),
    "assigned_at": ("assigned at", "giao luc"),
}
_LONGEST = 10 * 1024 * 1024


@dataclass(frozen=True)
class OwnerLine:
    """One line of the file.

    Attributes:
        number: as a spreadsheet counts, the heads being line 1.
        unit: None where the file has no such column or the cell is empty.
        assigned_at: when the item was assigned as the file was written; None where the file does not say.
    """

    number: int
    item: str = ""
    check: str = ""
    group: str = ""
    owner: str = ""
    unit: str | None = None
    assigned_at: str | None = None


@dataclass(frozen=True)
class LineFault:
    """A line that cannot be used, and why."""

    number: int
    reason: Reason


class Outcome(StrEnum):
    """What a line does to an item: it is assigned, or somebody assigned it otherwise meanwhile."""

    ASSIGN = "assign"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Assignment:
    """What a line does to one item. Items that have that owner already are not listed."""

    line: OwnerLine
    item: RemediationItem
    outcome: Outcome


def read_owners(data: bytes, heads: Mapping[str, str]) -> list[OwnerLine]:
    """Return the lines of the file that name an owner or a unit.

    Args:
        data: UTF-8 or UTF-16, with or without a byte order mark; semicolons, commas or tabs.
        heads: heads of the columns in the current language, by field (see `FIELDS`); English and plain Vietnamese
            ones are known anyway.

    Raises:
        BadInput: it is too large, not text, or has no columns of owners and of what they own.
    """
    if len(data) > _LONGEST:
        raise BadInput(message("The file is larger than {megabytes} MB; that is no list of owners."), megabytes=10)
    lines = _text(data).splitlines(keepends=True)
    skipped = 1 if lines and lines[0].lower().startswith("sep=") else 0
    lines = lines[skipped:]
    first = next((line for line in lines if line.strip()), "")
    separator = max(";,\t", key=first.count)
    try:
        rows = list(csv.reader(StringIO("".join(lines), newline=""), delimiter=separator))
    except csv.Error as error:
        raise BadInput(message("The file cannot be read as a table ({detail})."), detail=error) from None
    if not rows:
        raise BadInput(message("The file is empty."))
    places = _places(rows[0], heads)
    if not {"owner", "unit"} & set(places) or not {"item", "check", "group"} & set(places):
        raise BadInput(
            message("The first line must name the columns: Owner or Unit, and Item, Check or Group; it has: {heads}."),
            heads=", ".join(head.strip() for head in rows[0]) or "–",
        )  # fmt: skip
    found = []
    for number, row in enumerate(rows[1:], start=2 + skipped):
        cells = {field: _cell(row, place) for field, place in places.items()}
        if cells.get("owner") or cells.get("unit"):
            stamp = cells.pop("assigned_at") if "assigned_at" in cells else None
            unit = cells.pop("unit", "") or None
            found.append(OwnerLine(number=number, unit=unit, assigned_at=stamp, **cells))
    return found


def _text(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise BadInput(
            message("The file is not in UTF-8. In Excel choose “CSV UTF-8 (comma delimited)” when saving.")
        ) from None
    if "\0" in text:
        raise BadInput(message("The file is not a text file. In Excel choose “CSV UTF-8” when saving."))
    return unicodedata.normalize("NFC", text)


def _places(row: Sequence[str], heads: Mapping[str, str]) -> dict[str, int]:
    names = {_bare(name): field for field, known in _SIMPLE.items() for name in known}
    names |= {_bare(head): field for field, head in heads.items()}
    places: dict[str, int] = {}
    for place, head in enumerate(row):
        field = names.get(_bare(head))
        if field:
            places.setdefault(field, place)
    return places


def _bare(text: str) -> str:
    """Return a head in lower case without diacritics, underscores as spaces, so that it is found however typed."""
    plain = unicodedata.normalize("NFD", text.replace("_", " ").casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def _cell(row: Sequence[str], place: int) -> str:
    text = row[place].strip() if place < len(row) else ""
    # An apostrophe that the export put there, so that no spreadsheet takes the text for a formula.
    return text[1:].strip() if text.startswith("'") and text[1:2] in tuple("=+-@") else text


def assignments(
    lines: Iterable[OwnerLine], items: Sequence[RemediationItem], *, overwrite: bool = False
) -> tuple[list[Assignment], list[LineFault]]:
    """Return what the lines do, and every line that cannot be used.

    A line that names an item goes before one that names a check, that before one that names a group; the latter two
    touch items that are not closed. An item that somebody has given another owner since the file was written, or of
    which the file does not say when it was assigned, is a conflict.
    """
    by_id = {item.id: item for item in items}
    chosen: dict[str, tuple[int, OwnerLine]] = {}
    faults: list[LineFault] = []
    for line in lines:
        rank, meant, fault = _meant(line, items, by_id)
        if fault is not None:
            faults.append(LineFault(line.number, fault))
        for item in meant:
            held = chosen.get(item.id)
            if held is None or rank < held[0]:
                chosen[item.id] = (rank, line)
            elif held[0] == rank and not _same(held[1], line):
                params: dict[str, str | int | float] = {"id": item.id, "line": held[1].number}
                faults.append(LineFault(line.number, Reason(code="owners-two-lines", params=params)))
    found = []
    for item_id, (_, line) in sorted(chosen.items(), key=lambda pair: by_id[pair[0]].number):
        item = by_id[item_id]
        if (not line.owner or same_name(item.owner, line.owner)) and (line.unit is None or item.unit == line.unit):
            continue
        conflict = not overwrite and _is_newer(item, line)
        found.append(Assignment(line, item, Outcome.CONFLICT if conflict else Outcome.ASSIGN))
    return found, sorted(faults, key=lambda fault: fault.number)


def changes(found: Iterable[Assignment], at: datetime, by: str) -> list[ItemChange]:
    """Return the changes of the assignments that are no conflict."""
    return [
        assign(one.item, at, by, owner=one.line.owner or None, unit=one.line.unit)
        for one in found
        if one.outcome is Outcome.ASSIGN
    ]


def _meant(
    line: OwnerLine, items: Sequence[RemediationItem], by_id: Mapping[str, RemediationItem]
) -> tuple[int, list[RemediationItem], Reason | None]:
    """Return how exactly a line names what it means (0 is most), the items, and why it means none."""
    if line.item:
        item = by_id.get(line.item.upper())
        if item is None:
            return 0, [], Reason(code="owners-no-item", params={"id": line.item})
        if item.state in CLOSED:
            same = same_name(item.owner, line.owner) or not line.owner
            return 0, [], None if same else Reason(code="owners-item-closed", params={"id": item.id})
        return 0, [item], None
    for rank, name in ((1, line.check), (2, line.group)):
        if name:
            mine = [item for item in items if _named(item, name, rank)]
            fault = None if mine else Reason(code="owners-no-such", params={"name": name})
            return rank, [item for item in mine if item.state not in CLOSED], fault
    return 3, [], Reason(code="owners-nothing-named")


def _named(item: RemediationItem, name: str, rank: int) -> bool:
    return name == item.check if rank == 1 else bool(item.group) and name in (item.group, item.group.rpartition(":")[2])


def _same(one: OwnerLine, other: OwnerLine) -> bool:
    return same_name(one.owner, other.owner) and one.unit == other.unit


def _is_newer(item: RemediationItem, line: OwnerLine) -> bool:
    if item.assigned_at is None:
        return False
    return line.assigned_at is None or not line.item or line.assigned_at != item.assigned_at.isoformat()
