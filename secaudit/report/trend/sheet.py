"""The trend as a sheet of a workbook: numbers first, then charts of the program's own kind that follow the numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from secaudit.model.words import Severity
from secaudit.report.cells import Value, cell_formats, wide_sheet, write_row
from secaudit.report.labels import LABELS, N_
from secaudit.report.palette import NAVY, PAPER, SEVERITY
from secaudit.report.trend.facts import FixTime, Trend, TrendPoint

Say = Callable[[str], str]
_PATTERNS = {
    Severity.CRITICAL: "dark_vertical",
    Severity.HIGH: "wide_upward_diagonal",
    Severity.MEDIUM: "small_grid",
    Severity.LOW: "light_downward_diagonal",
    Severity.INFO: "dotted_grid",
}
"""Fills that stay apart in black and white."""
_WIDTHS: tuple[float, ...] = (18, 12, 11, 11, 10, 9, 9, 10, *(11 for _ in Severity), 12)
_STRICT, _PROGRESS, _FIRST_SEVERITY, _DAYS = 2, 3, 8, 13


def add_trend_sheet(book: Any, trend: Trend, say: Say, zone: tzinfo) -> None:
    """Add the sheet to an XlsxWriter book. A trend with nothing to compare yet gets a sheet that says so."""
    formats, name = cell_formats(book), say(N_("Trend"))
    if not trend.comparable:
        page = wide_sheet(book, name, [(name, 100)], formats)
        write_row(page, 1, [say(N_("There is one scan only, so there is nothing to compare yet."))], ["text"], formats)
        return
    heads = [
        *(say(head) for head in _HEADS), *(_severity(severity, say) for severity in Severity),
        say(N_("Certificate, days left")),
    ]  # fmt: skip
    page = wide_sheet(book, name, list(zip(heads, _WIDTHS, strict=True)), formats)
    for number, point in enumerate(trend.points, 1):
        write_row(page, number, _point(point, say, zone), _KINDS, formats)
    last = len(trend.points)
    page.autofilter(0, 0, last, len(heads) - 1)
    below = _fix_times(page, trend, last + 2, say, formats)
    _charts(book, page, name, trend, last, below, say)


_HEADS = (
    N_("When"), N_("Depth of the scan"), N_("Met in full"), N_("Progress"), N_("Requirements that apply"),
    N_("Requirements met"), N_("Requirements partly met"), N_("Not answered"),
)  # fmt: skip
_KINDS = ("moment", "text", "share", "share", *("text" for _ in range(4 + len(Severity))), "text")
_FIX_HEADS = (
    N_("Severity"), N_("Put right"), N_("Median, days"), N_("Longest, days"), N_("Still open"), N_("Oldest open, days"),
    N_("Not proved gone"),
)  # fmt: skip


def _severity(severity: Severity, say: Say) -> str:
    known = LABELS["severity"][severity]
    return say(known)


def _point(point: TrendPoint, say: Say, zone: tzinfo) -> list[Value]:
    depth = LABELS["profile"][point.profile] if point.profile else N_("this report")
    days = [one.days_left for one in point.certificates]
    return [
        point.at.astimezone(zone).replace(tzinfo=None), say(depth), point.strict, point.progress, point.applicable,
        point.met, point.partial, point.unanswered, *(point.severities[severity] for severity in Severity),
        min(days, default=None),
    ]  # fmt: skip


def _fix_times(page: Any, trend: Trend, row: int, say: Say, formats: dict[str, Any]) -> int:
    """Write the times to fix from `row` on, and return the first free row."""
    title = say(N_("From the scan that saw a finding first to the scan that proved it gone"))
    page.write_string(row, 0, title, formats["title"])
    write_row(page, row + 1, [say(head) for head in _FIX_HEADS], ["head"] * len(_FIX_HEADS), formats)
    lines: list[FixTime] = [*trend.fix_times, *([trend.total] if trend.total else [])]
    for number, line in enumerate(lines, row + 2):
        name = _severity(line.severity, say) if line.severity else say(N_("Together"))
        values: list[Value] = [
            name, line.fixed, line.median, line.longest, line.open, line.oldest, line.unproven,
        ]  # fmt: skip
        write_row(page, number, values, ("text", "text", "days", "days", "text", "days", "text"), formats)
    return row + 2 + len(lines)


def _charts(book: Any, page: Any, name: str, trend: Trend, last: int, row: int, say: Say) -> None:
    when = [name, 1, 0, last, 0]

    def place(chart: Any, title: str, column: int, down: int) -> None:
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_x_axis({"date_axis": True, "num_format": "dd/mm/yyyy", "num_font": {"rotation": -45}})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 560, "height": 320})
        page.insert_chart(
            row + 1 + down, column, chart, {"description": f"{title}. {say(N_('The table above has the numbers.'))}"}
        )

    figures = book.add_chart({"type": "line"})
    for column, dash, mark, filled in ((_STRICT, "solid", "circle", NAVY), (_PROGRESS, "dash", "square", PAPER)):
        figures.add_series({
            "name": [name, 0, column], "categories": when, "values": [name, 1, column, last, column],
            "line": {"color": NAVY, "width": 2, "dash_type": dash},
            "marker": {"type": mark, "size": 7, "border": {"color": NAVY}, "fill": {"color": filled}},
        })  # fmt: skip
    figures.set_y_axis({"min": 0, "max": 1, "num_format": "0%"})
    place(figures, say(N_("Figures over time")), 0, 0)

    findings = book.add_chart({"type": "column", "subtype": "stacked"})
    for number, severity in enumerate(Severity):
        if any(point.severities[severity] for point in trend.points):
            column = _FIRST_SEVERITY + number
            findings.add_series({
                "name": [name, 0, column], "categories": when, "values": [name, 1, column, last, column], "gap": 60,
                "pattern": {"pattern": _PATTERNS[severity], "fg_color": SEVERITY[severity], "bg_color": PAPER},
                "border": {"color": SEVERITY[severity]},
            })  # fmt: skip
    findings.set_y_axis({"min": 0, "num_format": "0"})
    place(findings, say(N_("Findings over time")), 7, 0)

    if sum(bool(point.certificates) for point in trend.points) > 1:
        days = book.add_chart({"type": "line"})
        days.add_series({
            "name": [name, 0, _DAYS], "categories": when, "values": [name, 1, _DAYS, last, _DAYS],
            "line": {"color": NAVY, "width": 2},
            "marker": {"type": "circle", "size": 7, "border": {"color": NAVY}, "fill": {"color": NAVY}},
        })  # fmt: skip
        days.set_y_axis({"num_format": "0"})
        place(days, say(N_("Days left of the certificates")), 0, 17)
