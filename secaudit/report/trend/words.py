"""The trend in words and bars of letters, for documents that people edit in Word: no pictures, nothing to install."""

from __future__ import annotations

from typing import Any, Protocol

from secaudit.model.words import Severity
from secaudit.report.format import Formatter, visible
from secaudit.report.labels import LABELS
from secaudit.report.trend.bars import letter_bar
from secaudit.report.trend.charts import TrendCharts
from secaudit.report.trend.facts import FixTime, Trend, TrendPoint


class Catalogue(Protocol):
    """What is needed of a gettext catalogue."""

    def gettext(self, message: str) -> str:
        """Return the translation."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation for the number."""


def trend_words(trend: Trend, words: Catalogue, form: Formatter) -> dict[str, Any]:
    """Return texts by field name: `comparable`, `points`, `fix_times` with a line each, `nothing` to say instead.

    A point has `when`, `note`, `strict`, `strict_bar`, `progress`, `progress_bar`, `unanswered`, a number for each
    severity by its word, and `days_left`; a time to fix has `severity`, `fixed`, `median`, `longest`, `open`, `oldest`.
    """
    said = _Said(trend, words, form)
    totals = [trend.total] if trend.total else []
    return {
        "comparable": trend.comparable,
        "nothing": words.gettext("There is one scan only, so there is nothing to compare yet."),
        "points": [said.point(point) for point in trend.points],
        "fix_times": [said.fix_time(line) for line in (*trend.fix_times, *totals)],
    }


class _Said:
    def __init__(self, trend: Trend, words: Catalogue, form: Formatter) -> None:
        self._words, self._form = words, form
        self._charts = TrendCharts(trend, words, form)

    def point(self, point: TrendPoint) -> dict[str, str]:
        depth = LABELS["profile"][point.profile] if point.profile else "this report"
        days = [
            str(one.days_left) + (f" ({visible(one.endpoint)})" if len(point.certificates) > 1 else "")
            for one in point.certificates
        ]
        return {
            "when": self._charts.day(point.at),
            "note": self._words.gettext(depth),
            "strict": self._share(point.strict),
            "strict_bar": letter_bar(point.strict or 0),
            "progress": self._share(point.progress),
            "progress_bar": letter_bar(point.progress or 0),
            "unanswered": str(point.unanswered),
            **{severity.value: str(point.severities[severity]) for severity in Severity},
            "days_left": ", ".join(days) or "–",
        }

    def fix_time(self, line: FixTime) -> dict[str, str]:
        name = LABELS["severity"][line.severity] if line.severity else "Together"
        return {
            "severity": self._words.gettext(name),
            "fixed": str(line.fixed),
            "median": self._days(line.median),
            "longest": self._days(line.longest),
            "open": str(line.open),
            "oldest": self._days(line.oldest),
        }

    def _share(self, share: float | None) -> str:
        return "–" if share is None else self._form.percent(share)

    def _days(self, amount: float | None) -> str:
        if amount is None:
            return "–"
        if amount < 1:
            return self._words.gettext("under 1 day")
        count = round(amount)
        return self._words.ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
