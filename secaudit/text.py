"""Text that a stranger's server sent or somebody typed, made safe to show on a terminal and in documents."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: str, limit: int = LONGEST) -> str:
    """Return `text` with control, format and bidirectional characters escaped, cut to `limit` characters.

    Such characters could move the cursor, hide text or turn its direction around.
    """
    cut = text[:limit] + ("…" if len(text) > limit else "")
    return "".join(
        letter if unicodedata.category(letter) not in _HIDDEN else letter.encode("unicode_escape").decode("ascii")
        for letter in cut
    )


def visible(text: str) -> str:
    """Return `text` with everything that hides or reorders letters written out as `[U+202E]`.

    Control, format (bidirectional marks, zero-width), private, unassigned and surrogate characters are written
    out; line feeds and tabs stay. Three or more combining marks in a row, which paint over other lines, are written as
    the first and how many follow.
    """
    if not text.isprintable():
        text = "".join(letter if _harmless(letter) else f"[U+{ord(letter):04X}]" for letter in text)
    return text if text.isascii() else _MARKS.sub(_fewer_marks, text)


def _harmless(letter: str) -> bool:
    return letter in "\n\t" or letter.isprintable() or unicodedata.category(letter) == "Zs"


def _fewer_marks(match: re.Match[str]) -> str:
    run = match.group()
    return f"{run[0]}[U+{ord(run[1]):04X} ×{len(run) - 1}]"
