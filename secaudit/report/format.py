"""Numbers, dates and foreign strings as a Vietnamese office or an English reader writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from secaudit import text

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?")
visible = text.visible
"""What writers of documents put strangers' words through."""
PERIOD_UNITS = ("year", "month", "week", "day", "hour")


def period_parts(period: str) -> list[tuple[int, str]]:
    """Return an ISO 8601 duration as (number, unit) pairs; an unreadable one gives nothing.

    >>> period_parts("P6M")
    [(6, 'month')]
    """
    match = _PERIOD.fullmatch(period)
    if not match:
        return []
    return [(int(count), unit) for count, unit in zip(match.groups(), PERIOD_UNITS, strict=True) if count]


@dataclass(frozen=True)
class Formatter:
    """Writes values in one language and one time zone.

    Attributes:
        language: `vi` or `en`.
        zone: all moments are converted to it.
    """

    language: str
    zone: tzinfo

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number: `1.234,5` in Vietnamese, `1,234.5` in English."""
        text = f"{value:,.{decimals}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "vi" else text

    def percent(self, share: float) -> str:
        """Return a share of 0 to 1 in per cent to one decimal; only 0 is shown as 0% and only 1 as 100%."""
        tenths = round(share * 1000)
        if 0 < share < 1:
            tenths = min(max(tenths, 1), 999)
        return self.number(tenths / 10, 1 if tenths % 10 else 0) + "%"

    def date(self, value: date) -> str:
        """Return a day: `22/11/2026` or `22 November 2026`."""
        day = value.astimezone(self.zone).date() if isinstance(value, datetime) else value
        if self.language == "vi":
            return f"{day.day:02}/{day.month:02}/{day.year}"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def short_date(self, value: datetime) -> str:
        """Return a day in figures only: `22/11/2026` or, so that nobody takes the month for the day, `2026-11-22`."""
        return self.date(value) if self.language == "vi" else f"{value.astimezone(self.zone):%Y-%m-%d}"

    def time(self, value: datetime) -> str:
        """Return the time of day: `14:05`."""
        return f"{value.astimezone(self.zone):%H:%M}"

    def moment(self, value: datetime) -> str:
        """Return day and time: `14:05 ngày 22/11/2026` or `22 November 2026, 14:05`."""
        if self.language == "vi":
            return f"{self.time(value)} ngày {self.date(value)}"
        return f"{self.date(value)}, {self.time(value)}"

    def zone_name(self, at: datetime) -> str:
        """Return the offset from UTC at that moment: `UTC+7`, `UTC-3:30`, `UTC`."""
        offset = at.astimezone(self.zone).utcoffset() or timedelta()
        minutes = int(offset.total_seconds()) // 60
        if not minutes:
            return "UTC"
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")

    def stamp_or_text(self, text: str) -> str:
        """Return an ISO 8601 moment with zone as people write it, any other text unchanged."""
        if not _STAMP.fullmatch(text):
            return text
        try:
            moment = datetime.fromisoformat(text)
            return f"{self.moment(moment)} ({self.zone_name(moment)})"
        except (ValueError, OverflowError):
            return text


def zone_of(moment: datetime) -> tzinfo:
    """Return the time zone of an aware datetime."""
    return moment.tzinfo or UTC
