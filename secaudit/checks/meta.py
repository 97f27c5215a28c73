"""`<meta>` elements in the head of a page, where browsers take a policy from them (HTML, section 4.2.5.3)."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(!--|/?[A-Za-z][A-Za-z0-9]*)")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]{1,100})(?:\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]{1,4000})))?""")
# Their content is not markup: a policy written there does not count.
_OPAQUE = frozenset({"script", "style", "title", "noscript", "template", "textarea"})
_LONGEST_TAG = 20_000


def head_metas(page: str) -> list[dict[str, str]]:
    """Return the attributes of each `<meta>` before the body, names in lower case; never raises."""
    found: list[dict[str, str]] = []
    position = 0
    while match := _TAG.search(page, position):
        name = match[1].lower()
        if name in ("body", "/head"):
            break
        if name == "!--":
            position = _after(page, "-->", match.end())
            continue
        end = _tag_end(page, match.end())
        if name == "meta":
            found.append(_attributes(page[match.end() : end][:_LONGEST_TAG]))
        position = _after_opaque(page, name, end) if name in _OPAQUE else end
    return found


def _after(page: str, text: str, start: int) -> int:
    place = page.find(text, start)
    return len(page) if place < 0 else place + len(text)


def _after_opaque(page: str, name: str, start: int) -> int:
    closing = re.compile(f"</{name}", re.IGNORECASE).search(page, start)
    return closing.end() if closing else len(page)


def _tag_end(page: str, start: int) -> int:
    """Return the place after the `>` that ends the tag; one inside quotes does not."""
    quote = ""
    for position in range(start, min(len(page), start + _LONGEST_TAG)):
        character = page[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and page[position - 1] in "= \t\r\n":
            quote = character
        elif character == ">":
            return position + 1
    return min(len(page), start + _LONGEST_TAG)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), html.unescape(double or single or bare))
    return found
