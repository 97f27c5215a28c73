"""A checklist as a workbook to read, filter and print: A4 landscape, the notice on top of every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from secaudit.export.content import Content
from secaudit.export.words import KINDS, ROLES, Words
from secaudit.export.xlsx_height import FONT, SIZE, row_height
from secaudit.export.xlsx_tables import (
    CHECKS_SHEET,
    Column,
    check_heads,
    check_rows,
    reference_columns,
    requirement_columns,
)
from secaudit.i18n import mark
from secaudit.model.requirement import Requirement
from secaudit.text import one_line, visible
from secaudit.version import VERSION

_FONT = {"font_name": FONT, "font_size": SIZE, "valign": "top"}
_TABLE = {**_FONT, "text_wrap": True, "border": 1, "border_color": "#A6A6A6"}
FORMATS: dict[str, dict[str, Any]] = {
    "title": {**_FONT, "font_size": 14, "bold": True, "valign": "vcenter"},
    "notice": {**_FONT, "italic": True, "text_wrap": True, "valign": "vcenter"},
    "head": {**_TABLE, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "valign": "vcenter"},
    "group": {**_FONT, "bold": True, "bg_color": "#DDEBF7", "top": 1, "bottom": 1, "border_color": "#A6A6A6"},
    "cell": _TABLE,
    "label": {**_TABLE, "bold": True},
}
_TOP = 2
"""Rows above the heading: the title and the notice."""
_PAPER_A4 = 9
_LABEL, _FACT = 24, 130
"""Widths of the two columns of the sheet of information."""
_LONGEST = 32_000
"""Characters in a cell; the format allows 32,767."""

Lines = Callable[[Requirement], Sequence[Sequence[str]]]


def write_xlsx(content: Content) -> bytes:
    """Return the workbook: information, requirements, references, checks. The same list gives the same bytes."""
    return _Book(content).write()


def cell_text(text: str) -> str:
    """Return `text` as a cell can hold it: what hides or reorders letters written out, cut to the format's limit."""
    plain = visible(text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def new_book(buffer: BytesIO) -> Workbook:
    """Return a workbook whose texts stay texts: what begins with =, +, - or @ is no formula, number or link."""
    options = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
    return Workbook(buffer, {"in_memory": True, **options})


def lay_out_paper(sheet: Worksheet, words: Words, about: str) -> None:
    """Set a sheet up for A4 landscape, with `about` and the page's number at the foot of every page."""
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    page = words(mark("Page {page} of {pages}"), page="&P", pages="&N")
    font = f'&"{FONT}"&9 '  # the blank keeps a digit that follows out of the size
    sheet.set_footer(f"&L{font}{about}&R{font}{page}")


class _Book:
    def __init__(self, content: Content) -> None:
        self._content = content
        self._words = Words(content.language)
        self._buffer = BytesIO()
        self._book = new_book(self._buffer)
        self._formats = {name: self._book.add_format(wanted) for name, wanted in FORMATS.items()}

    def write(self) -> bytes:
        checklist = self._content.checklist
        # The day of the review stands where a program would put today, so that equal lists give equal files.
        made = datetime(checklist.reviewed.year, checklist.reviewed.month, checklist.reviewed.day)  # noqa: DTZ001
        title = self._content.say(checklist.title)
        self._book.set_properties(
            {"title": title, "comments": self._content.say(checklist.notice), "author": "secaudit", "created": made}
        )
        self._information()
        self._table(self._words(mark("Requirements")), requirement_columns(self._content, self._words))
        self._table(self._words(mark("References")), reference_columns(self._content, self._words))
        if any(row.contradicted_by or row.supported_by for row in checklist.requirements):
            self._checks()
        self._book.close()
        return self._buffer.getvalue()

    def _table(self, name: str, columns: list[Column]) -> None:
        heads = [(column.head, column.width) for column in columns]
        self._grouped(name, heads, lambda row: [[column.value(row) for column in columns]])

    def _checks(self) -> None:
        lines: Lines = lambda row: list(check_rows(row, self._content, self._words))  # noqa: E731 - names its type
        self._grouped(self._words(CHECKS_SHEET), check_heads(self._content, self._words), lines)

    def _grouped(self, name: str, heads: list[tuple[str, float]], lines: Lines) -> None:
        sheet = self._sheet(name, heads)
        line = _TOP + 1
        for group_id, title, rows in self._content.grouped():
            below = [cells for row in rows for cells in lines(row)]
            if not below:
                continue
            count = self._words(mark("{title} ({count})"), title=title, count=len(below))
            self._group_line(sheet, line, group_id, count, len(heads))
            for cells in below:
                line += 1
                fitted = zip(cells, (width for _, width in heads), strict=True)
                sheet.set_row(line, row_height(fitted), None, {"level": 1})
                for column, text in enumerate(cells):
                    self._put(sheet, line, column, text, "cell")
            line += 1
        sheet.autofilter(_TOP, 0, line - 1, len(heads) - 1)
        sheet.freeze_panes(_TOP + 1, 2)
        sheet.outline_settings(symbols_below=False)

    def _group_line(self, sheet: Worksheet, line: int, group_id: str, title: str, columns: int) -> None:
        # The title runs on over the empty cells beside it; merged cells would break sorting and filters.
        for column in range(columns):
            sheet.write_blank(line, column, None, self._formats["group"])
        self._put(sheet, line, 0, group_id, "group")
        self._put(sheet, line, 1, title, "group")

    def _information(self) -> None:
        words, content = self._words, self._content
        checklist = content.checklist
        sheet = self._sheet(
            words(mark("Information")), [(words(mark("Subject")), _LABEL), (words(mark("What is known")), _FACT)]
        )
        level = str(checklist.level) if checklist.level is not None else ""
        counts = words(mark("Counts in the 100 % figure") if checklist.counts else mark("Outside the 100 % figure"))
        replaces = "; ".join(content.list_title(other) for other in checklist.replaces)
        rows = [
            (words(mark("Checklist")), f"{content.say(checklist.title)} ({checklist.id})"),
            (words(mark("Kind")), f"{words(ROLES[checklist.role])}. {counts}."),
            (words(mark("Level")), level),
            (words(mark("Requirements")), words(
                mark("{rows} requirements in {groups} groups"),
                rows=len(checklist.requirements), groups=len(checklist.groups),
            )),
            (words(mark("Replaces")), replaces),
            (words(mark("Last review")), words.day(checklist.reviewed)),
            (words(mark("Written by")), f"secaudit {VERSION} (AGPL-3.0-or-later)"),
            *((words(mark("Group {id}"), id=group.id), words(
                mark("{title} ({count})"), title=content.say(group.title), count=group.rows
            )) for group in checklist.groups),
            *((words(mark("Source {tag}"), tag=source.tag), _joined(
                words(KINDS[source.kind]), content.say(source.title), source.url
            )) for source in checklist.sources),
            *((words.day(milestone.date), _joined(
                content.say(milestone.text), words(mark("Source {tag}"), tag=milestone.source)
            )) for milestone in checklist.milestones),
        ]  # fmt: skip
        for line, (label, text) in enumerate(((a, b) for a, b in rows if b), _TOP + 1):
            sheet.set_row(line, row_height([(label, _LABEL), (text, _FACT)]))
            self._put(sheet, line, 0, label, "label")
            self._put(sheet, line, 1, text, "cell")
        sheet.freeze_panes(_TOP + 1, 0)

    def _sheet(self, name: str, heads: list[tuple[str, float]]) -> Worksheet:
        """Add a sheet with title, notice and heading, set up for the screen and for paper."""
        checklist = self._content.checklist
        sheet = self._book.add_worksheet(name)
        last, width = len(heads) - 1, sum(width for _, width in heads)
        notice = self._content.say(checklist.notice)
        sheet.merge_range(0, 0, 0, last, "", self._formats["title"])
        sheet.merge_range(1, 0, 1, last, "", self._formats["notice"])
        self._put(sheet, 0, 0, self._content.say(checklist.title), "title")
        self._put(sheet, 1, 0, notice, "notice")
        sheet.set_row(0, 24)
        sheet.set_row(1, row_height([(notice, width)]))
        for column, (head, wide) in enumerate(heads):
            sheet.set_column(column, column, wide)
            self._put(sheet, _TOP, column, head, "head")
        sheet.set_row(_TOP, row_height((head, wide * 0.9) for head, wide in heads))  # bold, and room for the arrow
        review = f"{self._words(mark('Last review'))}: {self._words.day(checklist.reviewed)}"
        lay_out_paper(sheet, self._words, f"{checklist.id}. {review}")
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, _TOP)
        return sheet

    def _put(self, sheet: Worksheet, line: int, column: int, text: str, form: str) -> None:
        if text:
            sheet.write_string(line, column, cell_text(text), self._formats[form])
        else:
            sheet.write_blank(line, column, None, self._formats[form])


def _joined(*parts: str) -> str:
    return one_line(". ".join(part.rstrip(".") for part in parts if part))
