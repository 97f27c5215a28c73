"""From a cell to what it means. What cannot be meant is refused with what is allowed instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from secaudit.export.words import Words
from secaudit.export.workbook.columns import ANSWER, ANSWERS, DAY, EVIDENCE, STATES, YES_NO, YES_OR_NO, Kind
from secaudit.export.workbook.entry import plain
from secaudit.model.errors import BadInput, message
from secaudit.model.words import AnswerValue, RowState

_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2}")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_RECORD = re.compile(r"([Ee][0-9]{1,15})(?:\s*\(.*\))?", re.DOTALL)
_RECORDS = re.compile(r"[Ee][0-9]{1,15}(?:[\s;,]+[Ee][0-9]{1,15})*[\s;,]*")
_LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Cell:
    """A cell as the file has it.

    Attributes:
        value: text, number, truth value, day, or None; a formula's text where `type` is `f`.
        type: as openpyxl names it: `s` text, `n` number, `d` day, `b` truth value, `f` formula, `e` error.
    """

    value: Any
    type: str = "s"


def text_of(cell: Cell) -> str:
    """Return a cell as text.

    Raises:
        BadInput: it holds a formula or an error value.
    """
    value = cell.value
    if value is None:
        return ""
    if cell.type == "f" or (not isinstance(value, str | int | float | date)):
        raise BadInput(
            message("a formula stands here ({formula}); only what is typed in is read. Type the value itself."),
            formula=str(getattr(value, "text", value))[:60],
        )
    if cell.type == "e":
        raise BadInput(message("the cell shows the error {value}. Type the value itself."), value=value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return plain(str(value))


def answer_of(cell: Cell, language: str) -> AnswerValue | None:
    """Return the answer that a cell names, in either language or as the program's own word; None for none.

    Raises:
        BadInput: it names none.
    """
    typed = text_of(cell)
    if not typed or _plain_word(typed) in _words_for(STATES[RowState.UNASSESSED]):
        return None
    for value, word in ANSWERS.items():
        if _plain_word(typed) in {value.value, *_words_for(word)}:
            return value
    words = Words(language)
    raise BadInput(
        message("“{typed}” is no answer. Allowed: {allowed}."),
        typed=typed[:60], allowed=", ".join(words(word) for word in ANSWERS.values()),
    )  # fmt: skip


def yes_no_of(cell: Cell, language: str) -> bool | None:
    """Return whether a cell says yes or no, None where it says nothing.

    Raises:
        BadInput: it says neither.
    """
    if isinstance(cell.value, bool):
        return cell.value
    typed = text_of(cell)
    if not typed:
        return None
    for value, word in YES_NO.items():
        if _plain_word(typed) in _words_for(word):
            return value
    words = Words(language)
    raise BadInput(
        message("“{typed}” is neither yes nor no. Allowed: {allowed}."),
        typed=typed[:60], allowed=", ".join(words(word) for word in YES_NO.values()),
    )  # fmt: skip


def day_of(cell: Cell) -> date | None:
    """Return the day in a cell: a day of the spreadsheet, or a text as 22/11/2026 or 2026-11-22.

    Raises:
        BadInput: it is none, or one with the month before the day.
    """
    value = cell.value
    if isinstance(value, datetime):
        found: date | None = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, int | float) and cell.type != "f":
        raise BadInput(
            message("the number {typed} stands here, not a day. Write it as day/month/year, for example 22/11/2026."),
            typed=f"{value:g}" if not isinstance(value, bool) else text_of(cell),
        )
    else:
        typed = text_of(cell)
        found = _typed_day(typed) if typed else None
    if found is not None and not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise BadInput(
            message("the year {year} cannot be meant. Write the day as day/month/year, for example 22/11/2026."),
            year=found.year,
        )
    return found


def typed_day_text(cell: Cell) -> str:
    """Return the text of a cell where a day stands as text, to be shown as it was understood; else nothing."""
    return text_of(cell) if isinstance(cell.value, str) and cell.type != "f" else ""


def evidence_of(cell: Cell) -> tuple[str, ...]:
    """Return the pieces of evidence in a cell, one per line; ids may also stand beside each other.

    Raises:
        BadInput: it holds a formula or an error value.
    """
    found: list[str] = []
    for line in text_of(cell).split("\n"):
        typed = line.strip().strip(";").strip()
        if one := _RECORD.fullmatch(typed):
            found.append(one[1].upper())
        elif _RECORDS.fullmatch(typed):
            found += (one.upper() for one in re.findall(r"[Ee][0-9]{1,15}", typed))
        elif typed.lower().startswith(("http://", "https://")):
            found += (one.strip(";,") for one in typed.split())
        elif typed:
            found.append(typed)
    return tuple(dict.fromkeys(found))


def read_cell(kind: Kind, cell: Cell, language: str) -> Any:
    """Return what a writable cell means by the kind of its column. Raises as the function for that kind."""
    readers: dict[Kind, Callable[[], Any]] = {
        ANSWER: lambda: answer_of(cell, language),
        YES_OR_NO: lambda: yes_no_of(cell, language),
        DAY: lambda: day_of(cell),
        EVIDENCE: lambda: evidence_of(cell),
    }
    return readers.get(kind, lambda: text_of(cell))()


def same_words(text: str) -> str:
    """Return a text with what does not count between two headings taken away: case, spaces, how it was composed."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _typed_day(typed: str) -> date:
    if iso := _ISO_DAY.fullmatch(typed):
        year, month, day = (int(part) for part in iso.groups())
    elif found := _DAY.fullmatch(typed):
        day, month, year = (int(part) for part in found.groups())
        if month > 12 >= day:
            raise BadInput(
                message("“{typed}” was read as day {day}, month {month}, and there is no such month; it seems to "
                        "begin with the month. Write day/month/year: {turned}."),
                typed=typed, day=day, month=month, turned=f"{month:02}/{day:02}/{year}",
            )  # fmt: skip
    elif _SHORT_YEAR.fullmatch(typed):
        raise BadInput(message("“{typed}”: write the year with four digits, for example 22/11/2026."), typed=typed)
    else:
        day = month = year = 0
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput(
            message("“{typed}” is not a day. Write it as day/month/year, for example 22/11/2026."), typed=typed[:60]
        ) from None


def _words_for(sentence: str) -> set[str]:
    return {_plain_word(Words(language)(sentence)) for language in _LANGUAGES}


def _plain_word(text: str) -> str:
    return same_words(text).rstrip(".")
