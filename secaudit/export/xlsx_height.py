"""How tall a row must be: spreadsheet programs fit a row only when somebody edits it, so files carry the height."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from math import ceil

FONT = "Times New Roman"
SIZE = 11
_LINE = 14.5
"""Points of one line of the font."""
_TALLEST = 409.0
"""Points; no spreadsheet program shows a taller row."""
_UNIT = 7 / (SIZE * 96 / 72) * 0.96
"""A column's unit (7 pixels) in ems of the font, less what screens and printers round away."""
_WIDTHS = {
    0.28: "'|,.ijlt/:;\\ ",
    0.33: "frI!()-[]`‘’",
    0.39: "sJ",
    0.44: "acez?“”",
    0.72: "w",
    0.78: "m&",
    0.92: "%MW@",
    1.0: "…—",
}
_KNOWN = {letter: width for width, letters in _WIDTHS.items() for letter in letters}


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """Return the height of a row in points, at most 409.

    Args:
        cells: text and column width (in the units of the column) of each cell.
    """
    lines = max((line_count(text, width) for text, width in cells), default=1)
    return min(2 + lines * _LINE, _TALLEST)


def line_count(text: str, width: float) -> int:
    """Return how many lines a text takes when it is wrapped at words in a column of that width."""
    return sum(_wrapped(paragraph, width * _UNIT) for paragraph in text.split("\n"))


def _wrapped(paragraph: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in paragraph.split(" "):
        wide = sum(map(_letter, word))
        blank = _KNOWN[" "] if used else 0.0
        if used + blank + wide <= room:
            used += blank + wide
            continue
        # A word longer than a line is broken anywhere.
        lines += ceil(wide / room) - (0 if used else 1)
        used = wide - room * (ceil(wide / room) - 1)
    return lines


def _letter(letter: str) -> float:
    """Return the advance of a letter in ems of Times New Roman; marks above and below add nothing."""
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in _KNOWN:
        return _KNOWN[plain]
    if unicodedata.east_asian_width(plain) in "WF":
        return 1.0
    return 0.7 if plain.isupper() else 0.51
