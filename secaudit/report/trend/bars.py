"""Bars of letters: a chart that Word, PDF and paper show alike, and that stays when somebody edits the document."""

from __future__ import annotations

_FULL, _HALF = "\N{FULL BLOCK}", "\N{LEFT HALF BLOCK}"


def letter_bar(share: float, width: int = 16) -> str:
    """Return a bar of at most `width` letters for a share of 0 to 1; only nothing has none, only 1 has them all.

    >>> letter_bar(0.5, 4)
    '██'
    """
    halves = round(share * width * 2)
    if 0 < share < 1:
        halves = min(max(halves, 1), width * 2 - 1)
    return _FULL * (halves // 2) + _HALF * (halves % 2)
