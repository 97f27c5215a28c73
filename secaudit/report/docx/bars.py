"""Bars of letters: the one chart that stays in a document which people edit."""

from __future__ import annotations

_FULL = "\N{FULL BLOCK}"
WIDTH = 20
"""Letters of the longest bar."""


def bar(part: int, whole: int) -> str:
    """Return a bar as long as its share; a share above nothing has one block at least.

    >>> bar(1, 4)
    '█████'
    """
    if part <= 0 or whole <= 0:
        return ""
    return _FULL * max(1, round(part / whole * WIDTH))
