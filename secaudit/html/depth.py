"""A guard before the parser: an HTML5 parser needs time in the square of how deep elements are nested."""

from __future__ import annotations

import re
from collections import Counter

DEEPEST = 1500
"""Open elements at once that a page is read to; browsers stop nesting at 512."""

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
# Void elements, and those that the next one of their kind closes by itself (HTML, section 13.1.2.4).
_CLOSED_BY_ITSELF = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
    | {"p", "li", "dt", "dd", "tr", "td", "th", "option", "optgroup", "thead", "tbody", "tfoot", "colgroup", "rp", "rt"}
)


def shallow(page: str) -> tuple[str, bool]:
    """Return the part of a page that is nested no deeper than `DEEPEST`, and whether something was cut."""
    if page.count("<") <= DEEPEST:
        return page, False
    opened: Counter[str] = Counter()
    depth = 0
    for tag in _TAG.finditer(page):
        name = tag[2].lower()
        if name in _CLOSED_BY_ITSELF:
            continue
        if not tag[1]:
            opened[name] += 1
            depth += 1
            if depth > DEEPEST:
                return page[: tag.start()], True
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return page, False
