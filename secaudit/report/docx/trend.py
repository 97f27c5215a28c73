"""The part of the combined Word report that compares past assessments."""

from __future__ import annotations

from typing import Any

from secaudit.report.model import ReportModel
from secaudit.report.trend.words import trend_words
from secaudit.report.wording import Wording


def development_words(report: ReportModel, say: Wording) -> dict[str, Any]:
    """Return `trend_intro`, and `trend_points` and `fix_times` with a line each; both empty with nothing to compare."""
    trend = report.trend
    if trend is None or not trend.comparable:
        intro = say.gettext(
            "This is the first look at the page, so there is nothing to compare yet. From the second scan on, this "
            "part shows how the figures and the findings develop."
        )
        return {"trend_intro": intro, "trend_points": [], "fix_times": []}
    words = trend_words(trend, say.catalogue, say.format)
    intro = say.ngettext(
        "%(count)s scan since %(first)s. Every past scan and the answers of that day were judged again by today's "
        "rules, so the figures can be compared; they may differ from those of reports made at the time.",
        "%(count)s scans since %(first)s. Every past scan and the answers of that day were judged again by today's "
        "rules, so the figures can be compared; they may differ from those of reports made at the time.",
        trend.scans, count=trend.scans, first=say.format.date(trend.points[0].at),
    )  # fmt: skip
    if trend.mixed:
        intro += " " + say.gettext(
            "The scans were of different depth: a deeper one sees more, so more findings need not mean that the page "
            "got worse."
        )
    points = [
        {
            **point,
            "label": f"{point['when']} ({point['note']})",
            "count": point["strict"],
            "bar": point["strict_bar"],
        }
        for point in words["points"]
    ]
    return {"trend_intro": intro, "trend_points": points, "fix_times": words["fix_times"]}
