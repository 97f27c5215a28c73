"""Periods of the law (ISO 8601 durations) counted in the real calendar."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_PERIOD = re.compile(r"^P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$")


def add_period(day: date, period: str) -> date:
    """Return the day that lies `period` after `day`.

    Months and years first, kept inside a shorter month (31 August and six months give 28 or 29 February), then
    weeks and days.

    Args:
        day: where to count from.
        period: years, months, weeks and days, for example `P6M` or `P1Y`.

    Raises:
        ValueError: not such a period.
        OverflowError: the day lies after the year 9999.
    """
    found = _PERIOD.match(period)
    if found is None:
        raise ValueError(f"not a period of years, months, weeks and days: {period!r}")
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    count = day.year * 12 + day.month - 1 + years * 12 + months
    year, month = count // 12, count % 12 + 1
    if year > date.max.year:
        raise OverflowError(f"{period} after {day} lies beyond the calendar")
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last)) + timedelta(weeks=weeks, days=days)
