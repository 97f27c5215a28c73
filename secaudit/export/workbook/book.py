"""Writing the workbook: instructions, then the rows, with the cells to be filled in open and all others locked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from secaudit.export.words import Words
from secaudit.export.workbook.columns import (
    ANSWER,
    ANSWERS,
    DAY,
    PREFIX,
    YES_NO,
    YES_OR_NO,
    Column,
    written_columns,
)
from secaudit.export.workbook.filling import Filling
from secaudit.export.workbook.guide import Part, write_guide
from secaudit.export.workbook.machine import SHEET, machine_lines
from secaudit.export.xlsx import FORMATS, cell_text, lay_out_paper, new_book
from secaudit.export.xlsx_height import FONT, row_height
from secaudit.i18n import mark
from secaudit.model.assessment import RequirementStatus
from secaudit.model.requirement import Requirement
from secaudit.model.words import AnswerValue

KEYS, TITLE, NOTICE, HEAD = range(4)
"""Lines above the rows; the first, with the keys of the columns, is hidden."""
_OPEN = {**FORMATS["cell"], "locked": False, "bg_color": "#FFFDF0"}
_MORE = {
    "text": {**_OPEN, "num_format": "@"},  # so that nothing typed there turns into a formula or a date
    "day": {**_OPEN, "num_format": "dd/mm/yyyy", "align": "left"},
    "answer": {**_OPEN, "num_format": "@", "bold": True},
    "open-head": {**FORMATS["head"], "bg_color": "#7F4A00"},
}
COLOURS = {
    AnswerValue.MET: ("#C6EFCE", "#0B5A1E"),
    AnswerValue.PARTIAL: ("#FFE8A3", "#6B4A00"),
    AnswerValue.NOT_MET: ("#FFC7CE", "#8A0010"),
    AnswerValue.NOT_APPLICABLE: ("#E3E3E3", "#404040"),
}
"""Background and letters of each answer."""
_MISSING = "#F8B4B4"
_SCALE = 68
"""Per cent at which the columns fit on two pages side by side."""
_MARGIN = 180
"""Characters of a text in the margin of a page."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31


def write_workbook(filling: Filling) -> bytes:
    """Return the workbook. Nothing that stands in the data is ever a formula, a link or a macro in it."""
    return _Book(filling).write()


@dataclass(frozen=True)
class _Sheet:
    name: str
    group: str
    rows: Sequence[tuple[Requirement, RequirementStatus]]


class _Book:
    def __init__(self, filling: Filling) -> None:
        self._filling = filling
        self._words = Words(filling.content.language)
        self._columns = written_columns(filling, self._words)
        self._buffer = BytesIO()
        self._book = new_book(self._buffer)
        self._formats = {name: self._book.add_format(form) for name, form in {**FORMATS, **_MORE}.items()}
        self._colours = {
            value: self._book.add_format({"bg_color": ground, "font_color": letters})
            for value, (ground, letters) in COLOURS.items()
        }
        self._missing = self._book.add_format({"bg_color": _MISSING})

    def write(self) -> bytes:
        filling = self._filling
        made = filling.at.astimezone().replace(tzinfo=None)
        title = filling.content.say(filling.content.checklist.title)
        self._book.set_properties({"title": title, "author": "secaudit", "created": made})
        guide = self._book.add_worksheet(self._words(mark("Instructions")))
        parts = [self._list(sheet) for sheet in self._sheets()]
        write_guide(guide, filling, self._words, parts, self._formats, self._colours)
        self._machine()
        self._book.close()
        return self._buffer.getvalue()

    def _sheets(self) -> list[_Sheet]:
        rows = self._filling.rows
        if not self._filling.by_group:
            return [_Sheet(self._words(mark("Answers")), "", rows)]
        found = []
        for group in self._filling.content.checklist.groups:
            own = [(row, status) for row, status in rows if row.group == group.id]
            if own:
                name = _FORBIDDEN.sub("-", f"{group.id} {self._filling.content.say(group.title)}")
                found.append(_Sheet(name[:_LONGEST_NAME].strip(" '"), group.id, own))
        return found

    def _list(self, part: _Sheet) -> Part:
        sheet = self._book.add_worksheet(part.name)
        first, last = HEAD + 1, HEAD + len(part.rows)
        self._head(sheet, part)
        for line, (row, status) in enumerate(part.rows, first):
            values = [column.value(row, status) for column in self._columns]
            shown = [(value if isinstance(value, str) else "", column.width)
                     for value, column in zip(values, self._columns, strict=True)]  # fmt: skip
            sheet.set_row(line, max(row_height(shown[1:]), row_height([("\n" * 2, 10)])))
            for number, (column, value) in enumerate(zip(self._columns, values, strict=True)):
                self._put(sheet, line, number, value, _form(column))
        places = {column.head.key: number for number, column in enumerate(self._columns)}
        self._validate(sheet, places, first, last)
        self._colour(sheet, places, first, last)
        # From the hidden column on, so that sorting by the filter takes the ids along.
        sheet.autofilter(HEAD, 0, last, len(self._columns) - 1)
        sheet.freeze_panes(HEAD + 1, places["text"] + 1)
        sheet.set_zoom(85)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(last, len(self._columns) - 1)}"})
        # Sorting stays forbidden: with locked texts a program can sort only the open cells, and so would tear the
        # answers from their requirements. Who wants to sort unprotects the sheet; there is no password.
        allowed = ("autofilter", "format_columns", "format_rows", "select_locked_cells", "select_unlocked_cells")
        sheet.protect("", dict.fromkeys(allowed, True))
        self._paper(sheet, places["value"], last)
        ranges = {
            key: f"'{part.name.replace(chr(39), chr(39) * 2)}'!${xl_col_to_name(places[key])}${first + 1}"
                 f":${xl_col_to_name(places[key])}${last + 1}"
            for key in ("group", "value")
        }  # fmt: skip
        return Part(part.name, ranges["group"], ranges["value"], part.rows)

    def _head(self, sheet: Worksheet, part: _Sheet) -> None:
        content = self._filling.content
        for number, column in enumerate(self._columns):
            hidden = {"hidden": True} if number == 0 else {}
            sheet.set_column(number, number, column.width, None, hidden)
            sheet.write_string(KEYS, number, PREFIX + column.head.key)
            form = "open-head" if column.head.kind.writable else "head"
            self._put(sheet, HEAD, number, self._words(column.head.text), form)
        sheet.set_row(KEYS, None, None, {"hidden": True})
        sheet.set_row(TITLE, 24)
        end = next(n for n, column in enumerate(self._columns) if column.head.kind is ANSWER)
        wide = sum(column.width for column in self._columns[1 : end + 1])
        notice = content.say(content.checklist.notice)
        title = f"{self._filling.system.name} – {content.say(content.checklist.title)}"
        if part.group:
            named = next(group for group in content.checklist.groups if group.id == part.group)
            title += f" – {part.group} {content.say(named.title)}"
        for line, text, form in ((TITLE, title, "title"), (NOTICE, notice, "notice")):
            sheet.merge_range(line, 1, line, end, "", self._formats[form])
            self._put(sheet, line, 1, text, form)
        sheet.set_row(NOTICE, row_height([(notice, wide)]))
        heads = [(self._words(column.head.text), column.width * 0.85) for column in self._columns[1:]]
        sheet.set_row(HEAD, row_height(heads))

    def _put(self, sheet: Worksheet, line: int, number: int, value: str | date | None, form: str) -> None:
        chosen = self._formats[form]
        if not value:
            sheet.write_blank(line, number, None, chosen)
        elif isinstance(value, str):
            sheet.write_string(line, number, cell_text(value), chosen)
        else:
            sheet.write_datetime(line, number, value, chosen)

    def _validate(self, sheet: Worksheet, places: Mapping[str, int], first: int, last: int) -> None:
        words = self._words
        lists = {
            "value": ([words(text) for text in ANSWERS.values()], words(mark("Choose one of the four answers."))),
            "independent": ([words(text) for text in YES_NO.values()], words(mark("Choose yes or no."))),
        }
        for key, (choices, hint) in lists.items():
            rule = {"validate": "list", "source": choices, "error_title": words(mark("Not in the list")),
                    "error_message": hint}  # fmt: skip
            sheet.data_validation(first, places[key], last, places[key], rule)
        for key in ("evidence_date", "valid_until"):
            hint = words(mark("Day/month/year, for example 22/11/2026."))
            day: dict[str, Any] = {
                "validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "input_message": hint,
                "error_title": words(mark("Not a day")), "error_message": hint,
            }  # fmt: skip
            sheet.data_validation(first, places[key], last, places[key], day)

    def _colour(self, sheet: Worksheet, places: Mapping[str, int], first: int, last: int) -> None:
        words = self._words
        for value, colour in self._colours.items():
            word = words(ANSWERS[value])
            chosen = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": colour}
            sheet.conditional_format(first, places["value"], last, places["value"], chosen)
            # A day may follow the word.
            counted = {"type": "text", "criteria": "begins with", "value": word, "format": colour}
            sheet.conditional_format(first, places["state"], last, places["state"], counted)
        answer = f"${xl_col_to_name(places['value'])}{first + 1}"
        name = f"${xl_col_to_name(places['answered_by'])}{first + 1}"
        reason = f"${xl_col_to_name(places['reason'])}{first + 1}"
        not_applicable = f'{answer}="{words(ANSWERS[AnswerValue.NOT_APPLICABLE])}"'
        wanted = {"reason": f'AND({not_applicable},TRIM({reason})="")',
                  "answered_by": f'AND({answer}<>"",TRIM({name})="")'}  # fmt: skip
        for key, formula in wanted.items():
            rule = {"type": "formula", "criteria": f"={formula}", "format": self._missing}
            sheet.conditional_format(first, places[key], last, places[key], rule)

    def _paper(self, sheet: Worksheet, answer: int, last: int) -> None:
        """Lay the columns out over two pages side by side, group and clause repeated on the second."""
        checklist = self._filling.content.checklist
        lay_out_paper(sheet, self._words, _for_margin(f"{self._filling.system.name}. {checklist.id}"))
        # Title and notice stand over the left page only, so on paper the notice stands in the margin of every page.
        sheet.set_header(f'&L&"{FONT},Italic"&9 {_for_margin(self._filling.content.say(checklist.notice))}')
        sheet.set_print_scale(_SCALE)
        sheet.set_v_pagebreaks([answer + 1])
        sheet.print_across()
        sheet.repeat_rows(HEAD)
        sheet.repeat_columns(0, 2)
        sheet.print_area(HEAD, 1, last, len(self._columns) - 1)

    def _machine(self) -> None:
        sheet = self._book.add_worksheet(SHEET)
        for number, line in enumerate(machine_lines(self._filling)):
            for column, text in enumerate(line):
                sheet.write_string(number, column, cell_text(text))
        sheet.very_hidden()
        sheet.protect("")


def _form(column: Column) -> str:
    kind = column.head.kind
    if not kind.writable:
        return "cell"
    if kind is DAY:
        return "day"
    return "answer" if kind in (ANSWER, YES_OR_NO) else "text"


def _for_margin(text: str) -> str:
    """Return a text for the margin of a page, where & begins a code and 255 characters are the limit of a part."""
    cut = text if len(text) <= _MARGIN else text[: _MARGIN - 1] + "…"
    return cut.replace("&", "&&")
