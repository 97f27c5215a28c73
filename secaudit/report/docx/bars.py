"""Bars of letters: the one chart that stays in a document which people edit."""

from __future__ import annotations

_FULL = "\N{FULL BLOCK}"
WIDTH = 20
"""Letters of the longest bar."""


def bar(part: int, whole: int) -> str:
    """Return a bar as long as its share; only nothing has no block, only all has them all.

    >>> bar(1, 4)
    '█████'
    """
    if part <= 0 or whole <= 0:
        return ""
    most = WIDTH if part >= whole else WIDTH - 1
    return _FULL * min(max(1, round(part / whole * WIDTH)), most)
