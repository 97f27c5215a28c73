"""What must be known of a stranger's HTML before a parser may have it."""

from __future__ import annotations

import re

DEEPEST = 4000
"""Open elements at once; no page that people wrote comes near, and lexbor needs seconds for ten times as many."""

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
# Elements without an end tag, or whose end tag authors leave out: they do not add to the depth.
_NOT_NESTING = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
    | {"li", "p", "td", "th", "tr", "dt", "dd", "option"}
)


def nests_too_deep(markup: str) -> bool:
    """Tell whether more elements stand inside each other than a parser should be given."""
    depth = 0
    for closing, name in _TAG.findall(markup):
        if name.lower() in _NOT_NESTING:
            continue
        depth += -1 if closing else 1
        if depth > DEEPEST:
            return True
    return False
