"""Figures of the law in words: periods and thresholds."""

from __future__ import annotations

import re

from secaudit.checklist.phrases import Phrases
from secaudit.model.base import Reason
from secaudit.model.requirement import Threshold

_PARTS = re.compile(r"(\d+)([YMWD])")
_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day"}


def amount(value: float, unit: str, phrases: Phrases, language: str) -> str:
    """Return a figure with its unit, `6 tháng` or `6 months`."""
    number = int(value) if float(value).is_integer() else value
    one = "-one" if number == 1 and f"unit-{unit}-one" in phrases else ""
    return phrases.render(Reason(code=f"unit-{unit}{one}", params={"value": number}), language)


def period_words(period: str, phrases: Phrases, language: str) -> str:
    """Return an ISO 8601 period in words, `6 tháng một lần` or `every 6 months`; empty for none."""
    parts = [amount(int(n), _UNITS[unit], phrases, language) for n, unit in _PARTS.findall(period)]
    return phrases.render(Reason(code="period-every", params={"span": ", ".join(parts)}), language) if parts else ""


def threshold_words(threshold: Threshold, phrases: Phrases, language: str) -> str:
    """Return a threshold in words: its name, the comparison, the figure and the unit."""
    params: dict[str, str | int | float] = {
        "name": threshold.name.in_language(language),
        "amount": amount(threshold.value, threshold.unit, phrases, language),
    }
    return phrases.render(Reason(code=f"threshold-{threshold.comparison}", params=params), language)
