"""Text that a stranger's server sent, made safe to show on a terminal."""

from __future__ import annotations

import unicodedata

LONGEST = 300
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: str, limit: int = LONGEST) -> str:
    """Return `text` with control, format and bidirectional characters escaped, cut to `limit` characters.

    Such characters could move the cursor, hide text or turn its direction around.
    """
    if len(text) <= limit and text.isprintable():
        return text
    cut = text[:limit] + ("…" if len(text) > limit else "")
    return "".join(
        letter if unicodedata.category(letter) not in _HIDDEN else letter.encode("unicode_escape").decode("ascii")
        for letter in cut
    )
