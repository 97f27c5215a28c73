"""The register as a workbook: real dates and amounts, filters, A4 landscape, heads on every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from secaudit.export.register_table import COLUMNS, PRINTED, Value, cell
from secaudit.export.register_words import RegisterWords
from secaudit.export.xlsx_height import FONT, SIZE, row_height
from secaudit.i18n import mark
from secaudit.model.remediation import RegisterEntry

_PAPER_A4 = 9
_CELL = {
    "font_name": FONT, "font_size": SIZE, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#A6A6A6",
}  # fmt: skip
_FORMATS: dict[str, dict[str, Any]] = {
    "head": {**_CELL, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "valign": "vcenter"},
    "text": _CELL,
    "late": {**_CELL, "bg_color": "#F8D7DA"},
    "day": {**_CELL, "num_format": "dd/mm/yyyy", "align": "left"},
    "moment": {**_CELL, "num_format": "dd/mm/yyyy hh:mm", "align": "left"},
    "number": {**_CELL, "num_format": "#,##0"},
}


def write_register(entries: Sequence[RegisterEntry], language: str, made: datetime) -> bytes:
    """Return the workbook in `vi` or `en`. Nothing in it is ever a formula, a link or a macro."""
    words, buffer = RegisterWords(language), BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
    book = Workbook(buffer, {"in_memory": True, **options})
    formats = {name: book.add_format(wanted) for name, wanted in _FORMATS.items()}
    title = words(mark("Remediation register"))
    book.set_properties({"title": title, "author": "secaudit", "created": made.replace(tzinfo=None)})
    sheet = book.add_worksheet(title[:31])
    for column, told in enumerate(COLUMNS):
        sheet.set_column(column, column, told.width)
        sheet.write_string(0, column, words(told.head), formats["head"])
    for line, entry in enumerate(entries, start=1):
        values = [told.value(entry, words) for told in COLUMNS]
        texts = [
            (value if isinstance(value, str) else "", told.width) for value, told in zip(values, COLUMNS, strict=True)
        ]
        sheet.set_row(line, row_height(texts))
        for column, value in enumerate(values):
            _put(sheet, line, column, value, formats, late=entry.overdue and column == 0)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(entries), 1), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.print_area(0, 0, max(len(entries), 1), PRINTED - 1)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P/&N")
    book.close()
    return buffer.getvalue()


def _put(sheet: Worksheet, line: int, column: int, value: Value, formats: dict[str, Any], *, late: bool) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(line, column, value, formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, column, value, formats["day"])
    elif isinstance(value, int):
        sheet.write_number(line, column, value, formats["number"])
    elif value:
        sheet.write_string(line, column, cell(value), formats["late" if late else "text"])
    else:
        sheet.write_blank(line, column, None, formats["text"])
