"""Codes, figures and periods as an official writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from secaudit.i18n import catalogue, mark
from secaudit.model.requirement import Threshold
from secaudit.model.words import Nature, Obligation, Responsible

NATURES = {
    Nature.MANAGEMENT: mark("Rules and organisation"),
    Nature.TECHNICAL: mark("Technology"),
    Nature.MIXED: mark("Rules and technology"),
}
OBLIGATIONS = {Obligation.MANDATORY: mark("Mandatory"), Obligation.SUGGESTED: mark("Suggested")}
RESPONSIBLE = {
    Responsible.OWNER: mark("System owner"),
    Responsible.OPERATOR: mark("Operator"),
    Responsible.PROVIDER: mark("Hosting provider or province"),
    Responsible.SHARED: mark("Shared"),
}
ROLES = {
    "standard": mark("Requirements of the level"),
    "duties": mark("Binding duties outside the standard"),
    "advisory": mark("Advice only"),
    "former": mark("Former standard, kept for what carries over"),
}
KINDS = {
    "law": mark("Law"),
    "decree": mark("Decree"),
    "circular": mark("Circular"),
    "standard": mark("Standard"),
    "summary": mark("Third-party summary"),
    "plan": mark("Plan"),
}
CONFIRMED = {
    "summary": mark("from summaries"),
    "primary": mark("text of the law read"),
}
_COMPARISONS = {"at-least": mark("at least {amount}"), "at-most": mark("at most {amount}"), "exactly": "{amount}"}
# One and many, because English tells them apart.
_AMOUNTS: Mapping[str, tuple[str, str]] = {
    "year": (mark("{count} year"), mark("{count} years")),
    "month": (mark("{count} month"), mark("{count} months")),
    "week": (mark("{count} week"), mark("{count} weeks")),
    "day": (mark("{count} day"), mark("{count} days")),
    "working-day": (mark("{count} working day"), mark("{count} working days")),
    "hour": (mark("{count} hour"), mark("{count} hours")),
    "minute": (mark("{count} minute"), mark("{count} minutes")),
    "times": (mark("{count} time"), mark("{count} times")),
    "characters": (mark("{count} character"), mark("{count} characters")),
    "classes": (mark("{count} kind"), mark("{count} kinds")),
    "copies": (mark("{count} copy"), mark("{count} copies")),
    "zones": (mark("{count} zone"), mark("{count} zones")),
    "passwords": (mark("{count} password"), mark("{count} passwords")),
    "steps": (mark("{count} step"), mark("{count} steps")),
    "items": (mark("{count} item"), mark("{count} items")),
    "people": (mark("{count} person"), mark("{count} people")),
    "percent": ("{count} %", "{count} %"),
}
_PERIOD = re.compile(r"P(?=\d)(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<week>\d+)W)?(?:(?P<day>\d+)D)?")


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = catalogue("cli", language)

    def __call__(self, sentence: str, **params: object) -> str:
        """Return a marked sentence with its placeholders filled."""
        text = self._words.gettext(sentence)
        return text.format(**params) if params else text

    def number(self, value: float) -> str:
        """Return a figure with the separators of the language: 100.000 and 0,5 in Vietnamese."""
        text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "vi" else text

    def amount(self, value: float, unit: str) -> str:
        """Return a figure with its unit; a unit that is not known stays as it is written."""
        if unit not in _AMOUNTS:
            return f"{self.number(value)} {unit}"
        one, many = _AMOUNTS[unit]
        return self(one if value == 1 else many, count=self.number(value))

    def threshold(self, threshold: Threshold) -> str:
        """Return a threshold with its name: `Thời gian lưu nhật ký: ít nhất 3 tháng`."""
        amount = self.amount(threshold.value, threshold.unit)
        figure = self(_COMPARISONS[threshold.comparison], amount=amount)
        return f"{threshold.name.in_language(self.language)}: {figure}"

    def length(self, period: str) -> str:
        """Return an ISO 8601 duration in words (`6 tháng`); one that is none as it is."""
        found = _PERIOD.fullmatch(period)
        if not found:
            return period
        parts = {unit: int(count) for unit, count in found.groupdict().items() if count}
        return " ".join(self.amount(count, unit) for unit, count in parts.items())

    def period(self, period: str) -> str:
        """Return how often something is due (`6 tháng một lần`); nothing where no period is set."""
        return self(mark("every {length}"), length=self.length(period)) if period else ""

    def day(self, day: date) -> str:
        """Return a day as 22/11/2026."""
        return day.strftime("%d/%m/%Y")
