"""Strangers' and officers' words made plain for formats that other programs read and show."""

from __future__ import annotations

import re

from secaudit.text import one_line, visible

_SPLIT = re.compile(r"(^|[,;\t\n|])(\s*[\"']?\s*)(?=[=+\-@＝＋－＠])")


def lines(text: str) -> str:
    """Return `text` with its lines kept, each as `one_line` returns it; empty lines are left out."""
    return "\n".join(filter(None, (one_line(part) for part in visible(text).split("\n"))))


def sarif_text(text: str) -> str:
    """Return `text` as the plain text of a SARIF message.

    Braces are doubled, since a single one begins a placeholder (SARIF 2.1.0, 3.11.5), and `](`, which makes an embedded
    link (3.11.6), is broken by a backslash.
    """
    return lines(text).replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def cell(text: str) -> str:
    """Return `text` as one line of a CSV cell that no spreadsheet takes for a formula.

    An apostrophe goes before `=`, `+`, `-` and `@` (their full-width forms too) at the beginning, and behind `,`,
    `;`, `|` and tabs, where a spreadsheet set to another separator would begin a new cell.
    """
    return _SPLIT.sub(r"\1\2'", one_line(text))
