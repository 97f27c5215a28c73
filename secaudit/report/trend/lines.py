"""Charts over time as inline SVG that can be told apart in black and white: by dash, mark and the name at the end.

Pure functions over numbers and words, as in `report.charts`; the template puts the same figures beside in a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from secaudit.report.palette import INK, LINE, MUTED, NAVY, PAPER

_FONT = "Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif"
_WIDTH, _HEIGHT = 660, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 150, 14, 34
_LABEL_STEP = 72
"""Pixels between two labels below, so that dates never touch."""
_DASHES = ("", "7 4", "2 3", "10 3 2 3")
_MARKS = (
    '<circle cx="{x}" cy="{y}" r="4" fill="{c}"/>',
    '<rect x="{x0}" y="{y0}" width="8" height="8" fill="{p}" stroke="{c}" stroke-width="2"/>',
    '<path d="M{x} {y0}l5 9h-10z" fill="{c}"/>',
    '<path d="M{x} {y0}l5 5-5 5-5-5z" fill="{p}" stroke="{c}" stroke-width="2"/>',
)
MOST_SERIES = len(_MARKS)


@dataclass(frozen=True)
class Series:
    """One line: its name and its values, None where there is none at that point."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Axis:
    """What lies below and beside the lines.

    Attributes:
        places: of the points, 0 to 1 from left to right.
        labels: of the points; those that would overlap are left out.
        ticks: values on the left with their words, ascending.
        mark: a value that a dashed rule shows (a target, a threshold) with its words.
    """

    places: Sequence[float]
    labels: Sequence[str]
    ticks: Sequence[tuple[float, str]]
    mark: tuple[float, str] | None = None


def line_chart(series: Sequence[Series], axis: Axis, *, prefix: str, title: str, description: str) -> Markup:
    """Return at most `MOST_SERIES` lines over time; `prefix` makes the ids unique in the document."""
    low, high = axis.ticks[0][0], axis.ticks[-1][0]

    def down(value: float) -> float:
        share = (min(max(value, low), high) - low) / ((high - low) or 1)
        return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)

    across = [round(_LEFT + place * (_WIDTH - _LEFT - _RIGHT), 1) for place in axis.places]
    parts = [*_grid(axis, down), *_below(axis, across)]
    ends: list[tuple[float, str]] = []
    for number, line in enumerate(series[:MOST_SERIES]):
        points = [(x, down(y)) for x, y in zip(across, line.values, strict=True) if y is not None]
        parts += _line(points, number)
        if points:
            ends.append((points[-1][1], line.name))
    if axis.mark and low <= axis.mark[0] <= high:
        ends.append((down(axis.mark[0]), axis.mark[1]))
    parts += _names(ends)
    return _frame(parts, _HEIGHT, prefix, title, description)


def strip_chart(
    rows: Sequence[tuple[str, Sequence[int]]], labels: Sequence[str], *, prefix: str, title: str, description: str
) -> Markup:
    """Return a row of bars for each name, all to one scale, with the number above each bar."""
    left, high, step = 108, 22, 44
    greatest = max((count for _, counts in rows for count in counts), default=0) or 1
    columns = max(len(labels), 1)
    width = min(46.0, (_WIDTH - left - 20) / columns)
    bar = round(max(3.0, width * 0.62), 1)
    parts: list[Markup] = []
    for row, (name, counts) in enumerate(rows):
        base = step * (row + 1) - 4
        parts.append(_text(left - 10, base - 3, name, anchor="end", size=13))
        parts.append(
            Markup('<path d="M{x} {y}h{w}" stroke="{c}" stroke-width="1"/>').format(
                x=left, y=base, w=round(width * columns, 1), c=MUTED
            )
        )
        for column, count in enumerate(counts):
            x, tall = round(left + width * column + (width - bar) / 2, 1), round(high * count / greatest, 1)
            if count:
                parts.append(
                    Markup('<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{c}"/>').format(
                        x=x, y=base - max(tall, 1.5), w=bar, h=max(tall, 1.5), c=NAVY
                    )
                )
            number_at = round(x + bar / 2, 1)
            parts.append(_text(number_at, base - max(tall, 0) - 4, str(count), size=11, bold=bool(count)))
    across = [round(left + width * (column + 0.5), 1) for column in range(len(labels))]
    parts += _spaced(across, labels, step * len(rows) + 16)
    return _frame(parts, step * len(rows) + 26, prefix, title, description)


def _line(points: Sequence[tuple[float, float]], number: int) -> Iterator[Markup]:
    dash = Markup(' stroke-dasharray="{}"').format(_DASHES[number]) if _DASHES[number] else Markup("")
    if len(points) > 1:
        yield Markup('<polyline points="{p}" fill="none" stroke="{c}" stroke-width="2"{dash}/>').format(
            p=" ".join(f"{x},{y}" for x, y in points), c=NAVY, dash=dash
        )
    for x, y in points:
        mark = Markup(_MARKS[number])  # noqa: S704 - one of our constants
        yield mark.format(x=x, y=y, x0=round(x - 4, 1), y0=round(y - (4 if number == 1 else 5), 1), c=NAVY, p=PAPER)


def _grid(axis: Axis, down: Callable[[float], float]) -> Iterator[Markup]:
    for value, words in axis.ticks:
        y = down(value)
        yield Markup('<path d="M{x} {y}H{end}" stroke="{c}" stroke-width="1"/>').format(
            x=_LEFT, y=y, end=_WIDTH - _RIGHT, c=LINE
        )
        yield _text(_LEFT - 8, y + 4, words, anchor="end", size=12)
    if axis.mark and axis.ticks[0][0] <= axis.mark[0] <= axis.ticks[-1][0]:
        yield Markup(
            '<path d="M{x} {y}H{end}" stroke="{c}" stroke-width="1.5" stroke-dasharray="3 3"/>'
        ).format(x=_LEFT, y=down(axis.mark[0]), end=_WIDTH - _RIGHT, c=INK)  # fmt: skip


def _below(axis: Axis, across: Sequence[float]) -> Iterator[Markup]:
    yield from _spaced(across, axis.labels, _HEIGHT - 12)


def _spaced(across: Sequence[float], labels: Sequence[str], y: float) -> Iterator[Markup]:
    """Return the labels that have room, the last one always."""
    shown: list[tuple[float, str]] = []
    for x, label in reversed(list(zip(across, labels, strict=True))):
        if not shown or shown[-1][0] - x >= _LABEL_STEP:
            shown.append((x, label))
    for x, label in reversed(shown):
        yield _text(x, y, label, size=12)


def _names(ends: Sequence[tuple[float, str]]) -> Iterator[Markup]:
    """Return the lines' names at their ends, pushed apart so that none covers another."""
    lowest = 0.0
    for y, name in sorted(ends):
        lowest = max(y, lowest + 15)
        yield _text(_WIDTH - _RIGHT + 10, lowest + 4, name, anchor="start", size=12.5)


def _text(x: float, y: float, words: str, *, anchor: str = "middle", size: float = 12, bold: bool = False) -> Markup:
    return Markup('<text x="{x}" y="{y}" text-anchor="{a}" font-size="{s}" fill="{c}"{b}>{t}</text>').format(
        x=x, y=round(y, 1), a=anchor, s=size, c=INK, b=Markup(' font-weight="700"') if bold else "", t=words
    )


def _frame(parts: Sequence[Markup], height: float, prefix: str, title: str, description: str) -> Markup:
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{p}-title {p}-desc" viewBox="0 0 {w} {h}" width="{w}" '
        'height="{h}" font-family="{font}" xmlns="http://www.w3.org/2000/svg">'
        '<title id="{p}-title">{title}</title><desc id="{p}-desc">{description}</desc>{parts}</svg>'
    ).format(
        p=prefix, w=_WIDTH, h=height, font=_FONT, title=title, description=description, parts=Markup("").join(parts)
    )
