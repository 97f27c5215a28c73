"""Strangers' and officers' words made plain for formats that other programs read and show."""

from __future__ import annotations

import re

from secaudit.report.format import visible

_MARKDOWN = re.compile(r"([\\`*_\[\]<>&~|{}$])")
_GITHUB_LINK = re.compile(r"(?i)https?(?=://)|ftp(?=://)|www(?=\.)")
_BLOCK = re.compile(r"(?m)^(?:([#+=-])|(\d+)([.)]))")
_SPLIT = re.compile(r"(^|[;\t\n|])(\s*[\"']?\s*)(?=[=+\-@＝＋－＠])")
_SCHEMES = re.compile(r"https?://[^\s\"'<>\\]+\Z")


def line(text: str) -> str:
    """Return `text` as one line in which everything that hides or reorders letters is written out."""
    return " ".join(visible(text).split())


def lines(text: str) -> str:
    """Return `text` with its lines kept, each as `line` returns it; empty lines are left out."""
    return "\n".join(filter(None, (line(part) for part in visible(text).split("\n"))))


def markdown(text: str) -> str:
    r"""Return `text` so that CommonMark shows exactly its letters, as one line.

    OSCAL reads titles and descriptions as Markdown. No link, image, HTML, emphasis, list or heading can come of it;
    GitHub's own rule, which makes links of bare addresses, is broken too.

    >>> markdown("# a [b](javascript:c) <i>")
    '\\# a \\[b\\](javascript:c) \\<i\\>'
    """
    escaped = _MARKDOWN.sub(r"\\\1", line(text))
    escaped = _BLOCK.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped)
    return _GITHUB_LINK.sub(lambda m: m.group() + "\\", escaped)


def sarif_text(text: str) -> str:
    """Return `text` as the plain text of a SARIF message.

    Braces are doubled, since a single one begins a placeholder (SARIF 2.1.0, 3.11.5), and `](`, which makes an embedded
    link (3.11.6), is broken by a backslash.
    """
    return lines(text).replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def cell(text: str) -> str:
    """Return `text` as one line of a CSV cell that no spreadsheet takes for a formula.

    An apostrophe goes before `=`, `+`, `-` and `@` (their full-width forms too) at the beginning, and behind `;`, `|`
    and tabs, where a spreadsheet set to another separator would begin a new cell.
    """
    return _SPLIT.sub(r"\1\2'", line(text))


def web_link(address: str) -> str:
    """Return an address when it is plain http or https, otherwise nothing."""
    return address if _SCHEMES.match(address) and address == line(address) else ""
