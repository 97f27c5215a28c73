"""The trend as a sheet of a workbook: numbers first, then charts of the program's own kind that follow the numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Any

from secaudit.model.words import Severity
from secaudit.report.labels import LABELS, N_
from secaudit.report.palette import NAVY, PAPER, SEVERITY
from secaudit.report.trend.facts import FixTime, Trend, TrendPoint

Say = Callable[[str], str]
Value = str | int | float | datetime | None
_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_CELL = {**_FONT, "text_wrap": True, "border": 1, "border_color": "#A6A6A6"}
_FORMATS: dict[str, dict[str, Any]] = {
    "head": {**_CELL, "bold": True, "bg_color": NAVY, "font_color": PAPER},
    "title": {**_FONT, "bold": True},
    "text": _CELL,
    "share": {**_CELL, "num_format": "0.0%"},
    "days": {**_CELL, "num_format": "0.0"},
    "moment": {**_CELL, "num_format": "dd/mm/yyyy hh:mm", "align": "left"},
}
_PATTERNS = {
    Severity.CRITICAL: "dark_vertical",
    Severity.HIGH: "wide_upward_diagonal",
    Severity.MEDIUM: "small_grid",
    Severity.LOW: "light_downward_diagonal",
    Severity.INFO: "dotted_grid",
}
"""Fills that stay apart in black and white."""
_WIDTHS = (18, 12, 11, 11, 10, 9, 9, 10, *(11 for _ in Severity), 12)
_STRICT, _PROGRESS, _FIRST_SEVERITY, _DAYS = 2, 3, 8, 13


def add_trend_sheet(book: Any, trend: Trend, say: Say, zone: tzinfo) -> None:
    """Add the sheet to an XlsxWriter book. A trend with nothing to compare yet gets a sheet that says so."""
    formats = {name: book.add_format(wanted) for name, wanted in _FORMATS.items()}
    name = say(N_("Trend"))
    page = book.add_worksheet(name)
    page.set_paper(9)
    page.set_landscape()
    page.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")
    if not trend.comparable:
        page.set_column(0, 0, 100)
        page.write_string(0, 0, say(N_("There is one scan only, so there is nothing to compare yet.")), formats["text"])
        return
    heads = [
        *(say(head) for head in _HEADS), *(_severity(severity, say) for severity in Severity),
        say(N_("Certificate, days left")),
    ]  # fmt: skip
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    page.set_row(0, 45)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    _row(page, 0, heads, formats, ["head"] * len(heads))
    for number, point in enumerate(trend.points, 1):
        _row(page, number, _point(point, say, zone), formats, _KINDS)
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
    _row(page, row + 1, [say(head) for head in _FIX_HEADS], formats, ["head"] * len(_FIX_HEADS))
    lines: list[FixTime] = [*trend.fix_times, *([trend.total] if trend.total else [])]
    for number, line in enumerate(lines, row + 2):
        name = _severity(line.severity, say) if line.severity else say(N_("Together"))
        values: list[Value] = [
            name, line.fixed, line.median, line.longest, line.open, line.oldest, line.unproven,
        ]  # fmt: skip
        _row(page, number, values, formats, ("text", "text", "days", "days", "text", "days", "text"))
    return row + 2 + len(lines)


def _row(page: Any, row: int, values: Sequence[Value], formats: dict[str, Any], kinds: Sequence[str]) -> None:
    for column, (value, kind) in enumerate(zip(values, kinds, strict=True)):
        if value is None:
            page.write_blank(row, column, None, formats["text"])
        elif isinstance(value, datetime):
            page.write_datetime(row, column, value, formats[kind])
        elif isinstance(value, str):
            page.write_string(row, column, value, formats[kind])
        else:
            page.write_number(row, column, value, formats[kind])


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
