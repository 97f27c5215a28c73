"""Reading a workbook that was filled in: what stands in its rows, and every cell that cannot be meant."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from secaudit.export.words import Words
from secaudit.export.workbook.cells import Cell, answer_of, read_cell, same_words, text_of, typed_day_text
from secaudit.export.workbook.columns import CLAUSE_KEY, DAY, HEADS, PREFIX, ROW_KEY, WRITABLE, Head
from secaudit.export.workbook.container import Container, read_container
from secaudit.export.workbook.entry import Entry
from secaudit.export.workbook.machine import NOT_OURS, SHEET, Identity, read_identity
from secaudit.model.errors import BadInput, message

MOST_COLUMNS = 400
_HEAD_WITHIN = 40
"""Lines from the top within which the headings must stand."""
_ENOUGH_HEADS = 5
_BY_KEY = {PREFIX + head.key: head for head in HEADS}
_UNREADABLE = message("{file} cannot be read as a workbook ({detail}). Open it in the spreadsheet program, save, try "
                      "again.")  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be meant; its sentence is a message id."""

    sheet: str
    cell: str
    sentence: str
    params: Mapping[str, object]
    requirement: str = ""


@dataclass(frozen=True)
class SheetRow:
    """A row as the sheet has it now.

    Attributes:
        line: of the sheet, from 1.
        cells: where each of its fields stands, as `J12`, by key.
    """

    sheet: str
    line: int
    requirement: str
    entry: Entry
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Filled:
    """A workbook as it came back.

    Attributes:
        faults: cells that cannot be meant; rows that have one are not among the rows.
        notices: what should be known though nothing is wrong, as faults are.
    """

    identity: Identity
    rows: Sequence[SheetRow]
    faults: Sequence[Fault]
    notices: Sequence[Fault]
    with_macros: bool


def read_workbook(path: Path, labels: Mapping[str, Mapping[str, str]]) -> Filled:
    """Read a workbook. Formulas are never calculated, macros and links to other files never looked at.

    Args:
        path: the file.
        labels: the clause as it is shown to its requirement's id, by checklist, for rows whose hidden id was removed.

    Raises:
        BadInput: it cannot be opened, was not written by this program, or its columns are missing.
    """
    container = read_container(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, about what it does not keep
            book = load_workbook(BytesIO(container.data), read_only=True, keep_links=False, keep_vba=False)
            try:
                return _Reader(book, container, str(path), labels).read()
            finally:
                book.close()
    except BadInput:
        raise
    except (InvalidFileException, zipfile.BadZipFile, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
            OSError, EOFError, AssertionError, OverflowError) as error:  # fmt: skip
        # openpyxl has no error of its own for a part that is not as it should be.
        detail = str(error)[:120] or type(error).__name__
        raise BadInput(_UNREADABLE, file=str(path), detail=detail) from None


Line = Sequence[Cell]


class _Reader:
    def __init__(
        self, book: Any, container: Container, file: str, labels: Mapping[str, Mapping[str, str]]
    ) -> None:  # fmt: skip
        self._book, self._container, self._file = book, container, file
        self._labels = labels
        self._faults: list[Fault] = []
        self._notices: list[Fault] = []
        self._rows: list[SheetRow] = []

    def read(self) -> Filled:
        if SHEET not in self._book.sheetnames:
            raise BadInput(NOT_OURS, file=self._file)
        lines = ([text_of(cell) for cell in line] for line in self._lines(SHEET))
        self._identity = read_identity(lines, self._file)
        self._ids = self._labels.get(self._identity.checklist, {})
        found = [self._list(sheet.title) for sheet in self._book.worksheets if sheet.title != SHEET]
        if not any(found):
            raise BadInput(
                message("No sheet of {file} has the headings of the answers. Export again and copy your answers over."),
                file=self._file,
            )
        rows = self._without_twins()
        return Filled(self._identity, rows, self._faults, self._notices, self._container.with_macros)

    def _lines(self, name: str) -> Iterator[Line]:
        sheet = self._book[name]
        sheet.reset_dimensions()  # what the file says of its size need not be true
        for line in sheet.iter_rows():
            if len(line) > MOST_COLUMNS and any(cell.value is not None for cell in line[MOST_COLUMNS:]):
                raise BadInput(
                    message("The sheet “{sheet}” of {file} is more than {most} columns wide. Delete what stands to "
                            "the right of the table."),
                    sheet=name, file=self._file, most=MOST_COLUMNS,
                )  # fmt: skip
            yield [Cell(cell.value, cell.data_type) for cell in line[:MOST_COLUMNS]]

    def _list(self, name: str) -> bool:
        """Read one sheet; tell whether it has the headings."""
        heads, above = _found_heads(islice(self._lines(name), _HEAD_WITHIN))
        if not heads:
            return False
        missing = [head for head in WRITABLE if head.key not in heads]
        if missing or not {ROW_KEY, CLAUSE_KEY} & set(heads):
            words = Words(self._identity.language)
            raise BadInput(
                message("The sheet “{sheet}” of {file} lacks the columns {columns}. Hide columns instead of deleting "
                        "them; export again and copy your answers over."),
                sheet=name, file=self._file,
                columns=", ".join(words(head.text) for head in missing) or words(HEADS[0].text),
            )  # fmt: skip
        for number, line in enumerate(self._lines(name), 1):
            if number > above:
                self._line(name, heads, number, line)
        self._merged(name, heads)
        return True

    def _line(self, sheet: str, heads: Mapping[str, int], number: int, line: Line) -> None:
        cells = {key: line[place] for key, place in heads.items() if place < len(line)}
        if all(cell.value is None for cell in cells.values()):
            return
        places = {key: f"{get_column_letter(place + 1)}{number}" for key, place in heads.items()}
        requirement = self._requirement(sheet, cells, places)
        if not requirement:
            self._stray(sheet, cells, places)
            return
        said: dict[str, Any] = {}
        for head in WRITABLE:
            cell = cells.get(head.key, Cell(None))
            try:
                said[head.key] = read_cell(head.kind, cell, self._identity.language)
            except BadInput as bad:
                self._faults.append(Fault(sheet, places[head.key], bad.message, bad.params, requirement))
                continue
            if head.kind is DAY and (typed := typed_day_text(cell)):
                self._understood(sheet, places[head.key], typed, said[head.key])
        entry = Entry(**said) if len(said) == len(WRITABLE) else Entry()
        self._rows.append(SheetRow(sheet, number, requirement, entry, places))

    def _stray(self, sheet: str, cells: Mapping[str, Cell], places: Mapping[str, str]) -> None:
        """Name an answer in a line that belongs to no requirement; other writing there is nobody's business."""
        try:
            value = answer_of(cells.get("value", Cell(None)), self._identity.language)
        except BadInput:
            return
        if value is not None:
            self._faults.append(Fault(sheet, places["value"], message(
                "an answer stands in a row that belongs to no requirement of this workbook. Requirements cannot be "
                "added; move the answer to its row."
            ), {}))  # fmt: skip

    def _understood(self, sheet: str, cell: str, typed: str, day: Any) -> None:
        sentence = message("“{typed}” stands there as text; it was read as day {day}, month {month}, year {year}.")
        params = {"typed": typed, "day": day.day, "month": day.month, "year": day.year}
        self._notices.append(Fault(sheet, cell, sentence, params))

    def _requirement(self, sheet: str, cells: Mapping[str, Cell], places: Mapping[str, str]) -> str:
        """Return the id of a row, by its hidden id or else by its clause; empty for a line that is none."""
        try:
            by_id = text_of(cells[ROW_KEY]) if ROW_KEY in cells else ""
            by_clause = self._ids.get(same_words(text_of(cells[CLAUSE_KEY])), "") if CLAUSE_KEY in cells else ""
        except BadInput:
            return ""
        found = by_id or by_clause
        if found not in self._identity.rows:
            return ""
        if by_clause != found and by_clause in self._identity.rows:
            self._faults.append(Fault(sheet, places[CLAUSE_KEY], message(
                "this row shows the requirement {shown}, but belongs to {id}: part of the sheet was sorted without the "
                "rest. Undo the sorting, or sort whole rows, the hidden first column included."
            ), {"shown": by_clause, "id": found}, found))  # fmt: skip
        return found

    def _merged(self, name: str, heads: Mapping[str, int]) -> None:
        """Name merged cells among the answers: all but the first of them are empty, whatever the eye sees."""
        lines = {row.line: row.requirement for row in self._rows if row.sheet == name}
        writable = {heads[head.key] + 1 for head in WRITABLE}
        for merged in self._container.merged.get(name, ()):
            left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(merged))
            touched = [number for number in lines if top <= number <= bottom]
            if touched and any(left <= column <= right for column in writable):
                sentence = message("the cells {range} are merged; separate them and fill in each row.")
                first = merged.partition(":")[0]
                self._faults += [Fault(name, first, sentence, {"range": merged}, lines[one]) for one in touched]

    def _without_twins(self) -> list[SheetRow]:
        """Return the rows that stand in the workbook once; name the others."""
        by_requirement: dict[str, list[SheetRow]] = {}
        for row in self._rows:
            by_requirement.setdefault(row.requirement, []).append(row)
        faulty = {fault.requirement for fault in self._faults}
        kept = []
        for requirement, rows in by_requirement.items():
            if len(rows) > 1:
                places = ", ".join(f"{row.sheet}!{row.cells['value']}" for row in rows)
                self._faults.append(Fault(rows[0].sheet, rows[0].cells["value"], message(
                    "the requirement {id} stands in {count} rows ({places}). Keep one of them."
                ), {"id": requirement, "count": len(rows), "places": places}, requirement))  # fmt: skip
            elif requirement not in faulty:
                kept.append(rows[0])
        return kept


def _found_heads(top: Iterable[Line]) -> tuple[dict[str, int], int]:
    """Return the places of the columns, by the hidden keys or else by the headings, and the last line of both."""
    keys: dict[str, int] = {}
    headings: dict[str, int] = {}
    above = 0
    known = {same_words(Words(language)(head.text)): head for language in ("vi", "en") for head in HEADS}
    for number, line in enumerate(top, 1):
        found = _places(line, _BY_KEY, str)
        if not keys and found:
            keys, above = found, number
            continue
        found = _places(line, known, same_words)
        if not headings and found:
            headings, above = found, number
    return keys or headings, above


def _places(line: Line, known: Mapping[str, Head], form: Callable[[str], str]) -> dict[str, int]:
    """Return where which column is, by its key; nothing where too few are named to be the headings."""
    found: dict[str, int] = {}
    for place, cell in enumerate(line):
        head = known.get(form(cell.value)) if isinstance(cell.value, str) else None
        if head is not None:
            found.setdefault(head.key, place)
    return found if len(found) >= _ENOUGH_HEADS else {}
