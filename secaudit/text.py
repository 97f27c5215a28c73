"""Text that a stranger's server sent or somebody typed, made safe to show on a terminal and in documents."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&~|{}$])")
_GITHUB_LINK = re.compile(r"(?i)https?(?=://)|ftp(?=://)|www(?=\.)")
_BLOCK = re.compile(r"(?m)^(?:([#+=-])|(\d+)([.)])(?=\s|$))")
_SCHEMES = re.compile(r"https?://[^\s\"'<>\\]+\Z")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


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


def one_line(text: str) -> str:
    """Return `text` without line breaks and runs of spaces, and with what hides or reorders letters written out."""
    return " ".join(visible(text).split())


def markdown(text: str) -> str:
    r"""Return `text` so that CommonMark shows exactly its letters, as one line.

    OSCAL reads titles and descriptions as Markdown. No link, image, HTML, emphasis, list or heading can come of it;
    GitHub's own rule, which makes links of bare addresses, is broken too.

    >>> markdown("# a [b](javascript:c) <i>")
    '\\# a \\[b\\](javascript:c) \\<i\\>'
    """
    escaped = _MARKDOWN.sub(r"\\\1", one_line(text))
    escaped = _BLOCK.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped)
    return _GITHUB_LINK.sub(lambda m: m.group() + "\\", escaped)


def web_link(address: str) -> str:
    """Return an address when it is plain http or https, otherwise nothing."""
    return address if _SCHEMES.match(address) and address == one_line(address) else ""
