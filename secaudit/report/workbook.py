"""Tables to filter and sum up, as a workbook or as comma-separated values: numbers as numbers, dates as dates."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook

from secaudit.i18n import catalogue
from secaudit.model.base import Text
from secaudit.report.format import visible
from secaudit.report.labels import LABELS, N_
from secaudit.report.programs.plain import cell

Value = str | int | float | date | datetime | bool | Text | None
_LONGEST = 32_000
"""Characters in a cell; the format allows 32,767."""
_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_CELL = {**_FONT, "text_wrap": True, "border": 1, "border_color": "#A6A6A6"}
_FORMATS: dict[str, dict[str, Any]] = {
    "head": {**_CELL, "bold": True, "bg_color": "#14375E", "font_color": "#FFFFFF"},
    "text": _CELL,
    "day": {**_CELL, "num_format": "dd/mm/yyyy", "align": "left"},
    "moment": {**_CELL, "num_format": "dd/mm/yyyy hh:mm", "align": "left"},
}


@dataclass(frozen=True)
class Sheet:
    """A table: its name, heads with their widths in characters, and its rows; names and heads are message ids."""

    name: str
    heads: Sequence[tuple[str, float]]
    rows: Iterable[Sequence[Value]]


class Words:
    """Words of tables in one language and one time zone."""

    def __init__(self, language: str, zone: tzinfo) -> None:
        self.language, self.zone = language, zone
        self._words = catalogue("report", language)

    def __call__(self, message: str) -> str:
        """Return the translation."""
        return self._words.gettext(message)

    def label(self, table: str, word: str) -> str:
        """Return the words for a code; an unknown code stands as it is."""
        known = LABELS[table].get(word)
        return self(known) if known else word

    def inside(self, text: Text | None) -> str:
        """Return a text in the language, empty for none."""
        return text.in_language(self.language) if text else ""

    def plain(self, value: Value) -> Value:
        """Return a value with texts in the language, moments in the zone and yes or no in words."""
        if isinstance(value, bool):
            return self(N_("yes")) if value else self(N_("no"))
        if isinstance(value, Text):
            return self.inside(value)
        if isinstance(value, datetime):
            return value.astimezone(self.zone).replace(tzinfo=None)
        return value


class Book:
    """A workbook in the making. Nothing in it is ever a formula, a link or a macro."""

    def __init__(self, say: Words, title: str, made_at: datetime) -> None:
        self._say = say
        self._buffer = BytesIO()
        options = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
        self._book = Workbook(self._buffer, {"in_memory": True, **options})
        self._formats = {name: self._book.add_format(wanted) for name, wanted in _FORMATS.items()}
        created = made_at.replace(tzinfo=None)
        self._book.set_properties({"title": visible(title), "author": "secaudit", "created": created})

    def write(self, sheets: Iterable[Sheet], draw: Callable[[Any], None] | None = None) -> bytes:
        """Return the finished workbook.

        Args:
            sheets: its tables.
            draw: adds sheets of another shape to the XlsxWriter workbook, behind the tables.
        """
        for sheet in sheets:
            self._table(sheet)
        if draw is not None:
            draw(self._book)
        self._book.close()
        return self._buffer.getvalue()

    def _table(self, sheet: Sheet) -> None:
        page = self._book.add_worksheet(self._say(sheet.name))
        page.set_paper(9)
        page.set_landscape()
        page.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.set_footer("&C&P / &N")
        for column, (head, width) in enumerate(sheet.heads):
            page.set_column(column, column, width)
            page.write_string(0, column, self._say(head), self._formats["head"])
        last = 0
        for last, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row):
                self._put(page, last, column, value)
        page.freeze_panes(1, 0)
        if last:
            page.autofilter(0, 0, last, len(sheet.heads) - 1)

    def _put(self, page: Any, row: int, column: int, given: Value) -> None:
        """Write one value by its kind; whatever is text is written as text."""
        formats, value = self._formats, self._say.plain(given)
        if value is None or value == "":
            page.write_blank(row, column, None, formats["text"])
        elif isinstance(value, datetime):
            page.write_datetime(row, column, value, formats["moment"])
        elif isinstance(value, date):
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
        elif isinstance(value, int | float):
            page.write_number(row, column, value, formats["text"])
        else:
            text = visible(str(value))
            shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
            page.write_string(row, column, shown, formats["text"])


def csv_bytes(sheet: Sheet, say: Words) -> bytes:
    """Return a table as comma-separated values in UTF-8 with a byte order mark, without which Excel breaks Vietnamese.

    Dates are written as ISO 8601. Nothing in it is ever a formula (see `programs.plain.cell`).
    """
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([say(head) for head, _ in sheet.heads])
    for row in sheet.rows:
        writer.writerow([_csv_cell(say.plain(value)) for value in row])
    return buffer.getvalue().encode("utf-8-sig")


def _csv_cell(value: Value) -> str | int | float:
    if isinstance(value, int | float):
        return value
    if isinstance(value, date):
        return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value.isoformat()
    return cell(str(value or ""))
