"""The charts of a trend: which figures, with which words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from markupsafe import Markup

from secaudit.model.words import Severity
from secaudit.report.format import Formatter, visible
from secaudit.report.labels import LABELS
from secaudit.report.trend.facts import Trend, TrendPoint
from secaudit.report.trend.lines import MOST_SERIES, Axis, Series, line_chart, strip_chart

SOON_DAYS = 30
"""Days before its end from which a certificate counts as ending soon (check `cert.expires-soon`)."""


class Sentences(Protocol):
    """What the charts need of a gettext catalogue."""

    def gettext(self, message: str) -> str:
        """Return the translation."""


@dataclass(frozen=True)
class TrendCharts:
    """Draws a trend in one language."""

    trend: Trend
    words: Sentences
    format: Formatter

    def figures(self) -> Markup:
        """Return the strict and the progress figure over time, with the target."""
        _ = self.words.gettext
        points = self.trend.points
        strict = Series(_("Met in full"), [_per_cent(point.strict) for point in points])
        progress = Series(_("Progress"), [_per_cent(point.progress) for point in points])
        ticks = [(value, self.format.percent(value / 100)) for value in (0, 25, 50, 75, 100)]
        axis = Axis(_places(points), self._days(), ticks, (100, _("Target") + " 100%"))
        return line_chart(
            [strict, progress], axis, prefix="trend-figures", title=_("Figures over time"),
            description=self._told(lambda point: f"{self._share(point.strict)}, {self._share(point.progress)}"),
        )  # fmt: skip

    def findings(self) -> Markup:
        """Return the number of findings of each severity over time."""
        points = self.trend.points
        known = [severity for severity in Severity if any(point.severities[severity] for point in points)]
        rows = [(self._severity(severity), [point.severities[severity] for point in points]) for severity in known]
        return strip_chart(
            rows, self._days(), prefix="trend-findings", title=self.words.gettext("Findings over time"),
            description=self._told(lambda point: ", ".join(
                f"{self._severity(severity)} {point.severities[severity]}" for severity in known)),
        )  # fmt: skip

    def certificates(self) -> Markup:
        """Return the days left of the certificates over time; of very many servers those that end first."""
        points = [point for point in self.trend.points if point.certificates]
        last = {one.endpoint: one.days_left for point in points for one in point.certificates}
        names = sorted(last, key=lambda name: (last[name], name))[:MOST_SERIES]
        series = [Series(_short(visible(name)), [_left(point, name) for point in points]) for name in names]
        high = max((value for line in series for value in line.values if value is not None), default=0)
        step = max(30, -(-max(high, SOON_DAYS) // 4 // 30) * 30)
        ticks = [(value, self.format.number(value)) for value in range(0, int(4 * step) + 1, int(step))]
        axis = Axis(_places(points), [self.day(point.at) for point in points], ticks,
                    (SOON_DAYS, self.words.gettext("30 days: renew")))  # fmt: skip
        return line_chart(
            series, axis, prefix="trend-certificates", title=self.words.gettext("Days left of the certificates"),
            description="; ".join(
                f"{self.day(point.at)}: " + ", ".join(f"{one.endpoint} {one.days_left}" for one in point.certificates)
                for point in points
            ),
        )  # fmt: skip

    def _told(self, what: Callable[[TrendPoint], str]) -> str:
        return "; ".join(f"{self.day(point.at)}: {what(point)}" for point in self.trend.points)

    def _days(self) -> list[str]:
        return [self.day(point.at) for point in self.trend.points]

    def day(self, at: datetime) -> str:
        """Return the day, or the time where all happened on one day."""
        first, last = (self.trend.points[place].at.astimezone(self.format.zone).date() for place in (0, -1))
        return self.format.time(at) if first == last else self.format.short_date(at)

    def _severity(self, severity: Severity) -> str:
        known = LABELS["severity"][severity]
        return self.words.gettext(known)

    def _share(self, share: float | None) -> str:
        return "-" if share is None else self.format.percent(share)


def _places(points: Sequence[TrendPoint]) -> list[float]:
    """Return where the points lie in time, 0 to 1."""
    if not points:
        return []
    first, whole = points[0].at, (points[-1].at - points[0].at).total_seconds()
    return [(point.at - first).total_seconds() / whole if whole else 0.0 for point in points]


def _per_cent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _left(point: TrendPoint, endpoint: str) -> int | None:
    return next((one.days_left for one in point.certificates if one.endpoint == endpoint), None)


def _short(name: str) -> str:
    return name if len(name) <= 21 else f"{name[:20]}…"
