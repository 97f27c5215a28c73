"""Rows of a worksheet by their kind: real numbers and dates, and text that never becomes a formula or a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from secaudit.report.format import visible
from secaudit.report.palette import NAVY, PAPER

Value = str | int | float | datetime | None
LONGEST = 32_000
"""Characters in a cell; the format allows 32,767."""
_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_CELL = {**_FONT, "text_wrap": True, "border": 1, "border_color": "#A6A6A6"}
_FORMATS: dict[str, dict[str, Any]] = {
    "head": {**_CELL, "bold": True, "bg_color": NAVY, "font_color": PAPER},
    "title": {**_FONT, "bold": True},
    "text": _CELL,
    "share": {**_CELL, "num_format": "0.0%"},
    "days": {**_CELL, "num_format": "0.0"},
    "moment": {**_CELL, "num_format": "dd/mm/yyyy hh:mm", "align": "left"},
}


def cell_formats(book: Any) -> dict[str, Any]:
    """Return the formats of an XlsxWriter book by kind: `head`, `title`, `text`, `share`, `days`, `moment`."""
    return {name: book.add_format(wanted) for name, wanted in _FORMATS.items()}


def wide_sheet(book: Any, name: str, heads: Sequence[tuple[str, float]], formats: Mapping[str, Any]) -> Any:
    """Add a sheet for A4 landscape with its heads and their widths in characters, repeated on every page."""
    page = book.add_worksheet(name)
    page.set_paper(9)
    page.set_landscape()
    page.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")
    page.set_row(0, 45)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    for column, (_, width) in enumerate(heads):
        page.set_column(column, column, width)
    write_row(page, 0, [head for head, _ in heads], ["head"] * len(heads), formats)
    return page


def write_row(
    page: Any, row: int, values: Sequence[Value], kinds: Sequence[str], formats: Mapping[str, Any]
) -> None:  # fmt: skip
    """Write values into a row; moments must be in the zone that is to be shown, without it."""
    for column, (value, kind) in enumerate(zip(values, kinds, strict=True)):
        if value is None or value == "":
            page.write_blank(row, column, None, formats["text"])
        elif isinstance(value, datetime):
            page.write_datetime(row, column, value, formats[kind])
        elif isinstance(value, str):
            text = visible(value)
            page.write_string(row, column, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…", formats[kind])
        else:
            page.write_number(row, column, value, formats[kind])
