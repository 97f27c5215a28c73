"""The register as a text file that Excel opens as a table, in Vietnam as elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime
from io import StringIO

from secaudit.export.register_table import COLUMNS, Value, cell
from secaudit.export.register_words import RegisterWords
from secaudit.model.remediation import RegisterEntry

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDE = str.maketrans({"＝": "=", "＋": "+", "－": "-", "＠": "@"})


def write_csv(entries: Iterable[RegisterEntry], language: str) -> bytes:
    """Return the table in UTF-8 with a mark that tells Excel so; semicolons in Vietnamese, as Excel there expects."""
    words = RegisterWords(language)
    text = StringIO()
    writer = csv.writer(text, delimiter=";" if language == "vi" else ",", lineterminator="\r\n")
    writer.writerow([words(column.head) for column in COLUMNS])
    for entry in entries:
        writer.writerow([_written(column.value(entry, words)) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: with an apostrophe before what looks like one."""
    begins = text.lstrip().translate(_WIDE)
    return f"'{text}" if begins.startswith(_RISKY) or text.startswith(_RISKY) else text


def _written(value: Value) -> str:
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, int):
        return str(value)
    return harmless(cell(value)) if value else ""
