"""Days as officials write them."""

from __future__ import annotations

import re
from datetime import date, datetime

from secaudit.model.errors import BadInput, message


def parse_day(typed: str) -> date:
    """Read `22/11/2026` or `2026-11-22`.

    Raises:
        BadInput: it is neither, or no such day exists.
    """
    text = typed.strip()
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        day, month, year = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = (int(part) for part in found.groups())
    else:
        day = month = year = 0
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput(message("{day!r} is not a day. Write it as DD/MM/YYYY."), day=typed) from None


def local_date(moment: datetime) -> str:
    """Return the day of `moment` in the computer's time zone as DD/MM/YYYY."""
    return moment.astimezone().strftime("%d/%m/%Y")


def local_time(moment: datetime) -> str:
    """Return day and time of `moment` in the computer's time zone, as 14:05 22/11/2026."""
    return moment.astimezone().strftime("%H:%M %d/%m/%Y")
