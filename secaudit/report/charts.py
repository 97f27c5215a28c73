"""Charts and icons as inline SVG: pure functions, no script, colours as attributes for every engine to draw.

A chart has `role="img"` with a title and a description; the template puts the same figures beside it in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from secaudit.report.palette import INK, LINE, MUTED

_FONT = "Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif"
_ROW = 26
_LABEL_WIDTH = 122
_BAR_WIDTH = 184
_WIDTH, _DIGIT = 340, 11
"""Of the whole chart, and of one digit of a number at the end of a bar."""


@dataclass(frozen=True)
class Part:
    """One bar, or one part of a bar: its words, its number, its fill and its outline."""

    label: str
    count: int
    fill: str
    outline: str = "none"


def bar_chart(parts: Sequence[Part], *, prefix: str, title: str, description: str) -> Markup:
    """Return horizontal bars, one per part, longest at full width; the numbers stand at the bars' ends.

    `prefix` makes the ids unique in the document.
    """
    greatest = max((part.count for part in parts), default=0) or 1
    longest = min(_BAR_WIDTH, _WIDTH - _LABEL_WIDTH - 8 - _DIGIT * len(str(greatest)))
    height = _ROW * len(parts) + 4
    rows = Markup("").join(
        Markup(
            '<text x="{label_x}" y="{text_y}" text-anchor="end" font-size="14" fill="{ink}">{label}</text>'
            '<rect x="{bar_x}" y="{bar_y}" width="{width}" height="16" rx="2" fill="{fill}"/>'
            '<text x="{count_x}" y="{text_y}" font-size="14" font-weight="700" fill="{ink}">{count}</text>'
        ).format(
            label_x=_LABEL_WIDTH - 8,
            text_y=_ROW * row + 18,
            ink=INK,
            label=part.label,
            bar_x=_LABEL_WIDTH,
            bar_y=_ROW * row + 5,
            width=max(2, round(longest * part.count / greatest)),
            fill=part.fill if part.count else LINE,
            count_x=_LABEL_WIDTH + 8 + max(2, round(longest * part.count / greatest)),
            count=part.count,
        )
        for row, part in enumerate(parts)
    )
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{p}-title {p}-desc" viewBox="0 0 340 {height}" '
        'width="340" height="{height}" font-family="{font}" xmlns="http://www.w3.org/2000/svg">'
        '<title id="{p}-title">{title}</title><desc id="{p}-desc">{description}</desc>{rows}</svg>'
    ).format(p=prefix, height=height, font=_FONT, title=title, description=description, rows=rows)


def share_bar(parts: Sequence[Part], *, prefix: str, title: str, description: str, height: int = 18) -> Markup:
    """Return one bar divided by the parts' shares; it stretches to the width it is given. No words inside."""
    total = sum(part.count for part in parts)
    x, pieces = 0.0, []
    for part in parts:
        if part.count:
            width = 1000 * part.count / total
            piece = Markup('<rect x="{x}" y="0" width="{width}" height="{height}" fill="{fill}"/>')
            inset = 2 if x else 0
            pieces.append(
                piece.format(
                    x=round(x + inset, 1), width=round(max(1, width - inset), 1), height=height, fill=part.fill
                )
            )
            x += width
    frame = Markup('<rect x="0" y="0" width="1000" height="{h}" fill="none" stroke="{c}" stroke-width="2" '
                   'vector-effect="non-scaling-stroke"/>').format(h=height, c=MUTED)  # fmt: skip
    return Markup(
        '<svg class="share" role="img" aria-labelledby="{p}-title {p}-desc" viewBox="0 0 1000 {height}" '
        'width="100%" height="{height}" preserveAspectRatio="none" xmlns="http://www.w3.org/2000/svg">'
        '<title id="{p}-title">{title}</title><desc id="{p}-desc">{description}</desc>{pieces}{frame}</svg>'
    ).format(p=prefix, height=height, title=title, description=description, pieces=Markup("").join(pieces), frame=frame)


_RING = '<circle cx="8" cy="8" r="6.6" fill="none" stroke="{c}" stroke-width="1.6"/>'
_SHAPES = {
    "check": _RING + '<path d="M4.8 8.3l2.2 2.2 4.3-4.7" fill="none" stroke="{c}" stroke-width="1.8"/>',
    "half": _RING + '<path d="M8 1.6a6.4 6.4 0 0 1 0 12.8z" fill="{c}"/>',
    "cross": _RING + '<path d="M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4" stroke="{c}" stroke-width="1.8"/>',
    "minus": _RING + '<path d="M4.8 8h6.4" stroke="{c}" stroke-width="1.8"/>',
    "blank": _RING.replace("/>", ' stroke-dasharray="2.5 2.2"/>'),
    "clock": _RING + '<path d="M8 4v4.3l2.8 1.7" fill="none" stroke="{c}" stroke-width="1.6"/>',
    "question": _RING
    + '<path d="M6 6.3a2 2 0 1 1 2.8 1.9c-.6.3-.8.6-.8 1.3" fill="none" stroke="{c}" stroke-width="1.5"/>'
    '<circle cx="8" cy="11.6" r=".9" fill="{c}"/>',
    "warning": '<path d="M8 1.5l7 12.8H1z" fill="none" stroke="{c}" stroke-width="1.6" stroke-linejoin="round"/>'
    '<path d="M8 6v4" stroke="{c}" stroke-width="1.7"/><circle cx="8" cy="12" r=".95" fill="{c}"/>',
    "octagon": '<path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="{c}"/>'
    '<path d="M8 4v5" stroke="#ffffff" stroke-width="1.8"/><circle cx="8" cy="11.6" r="1.1" fill="#ffffff"/>',
    "triangle": '<path d="M8 1.5l7 12.8H1z" fill="{c}"/>'
    '<path d="M8 6v4" stroke="#ffffff" stroke-width="1.6"/><circle cx="8" cy="12" r="1" fill="#ffffff"/>',
    "diamond": '<path d="M8 1l7 7-7 7-7-7z" fill="{c}"/>',
    "square": '<path d="M2.5 2.5h11v11h-11z" fill="none" stroke="{c}" stroke-width="2"/>',
    "letter-i": _RING
    + '<circle cx="8" cy="4.9" r="1" fill="{c}"/><path d="M8 7v4.6" stroke="{c}" stroke-width="1.7"/>',
}
ICONS = {
    "severity": {
        "critical": "octagon",
        "high": "triangle",
        "medium": "diamond",
        "low": "square",
        "info": "letter-i",
    },
    "state": {
        "met": "check",
        "partial": "half",
        "not-met": "cross",
        "contradicted": "warning",
        "stale": "clock",
        "unassessed": "blank",
        "not-applicable": "minus",
    },
    "outcome": {"pass": "check", "fail": "cross", "inconclusive": "question", "not-applicable": "minus"},
    "probe": {"ok": "check", "failed": "cross", "skipped": "minus"},
}
"""A shape for every word that has a colour, so that no state is told by colour alone."""


def icon(kind: str, word: str, colour: str) -> Markup:
    """Return the icon of a word, hidden from screen readers: the word itself always stands beside it.

    Raises:
        KeyError: the kind or the word has no icon.
    """
    shape = _SHAPES[ICONS[kind][word]].replace("{c}", str(escape(colour)))
    frame = Markup(
        '<svg class="icon" aria-hidden="true" viewBox="0 0 16 16" width="14" height="14" '
        'xmlns="http://www.w3.org/2000/svg">{shape}</svg>'
    )
    return frame.format(shape=Markup(shape))  # noqa: S704 - constants and an escaped colour
