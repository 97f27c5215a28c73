"""How far a page has moved from its accepted look."""

from __future__ import annotations

from difflib import SequenceMatcher

from secaudit.html.addresses import host_of, is_foreign
from secaudit.html.page import Page
from secaudit.model.base import Json
from secaudit.model.baseline import Baseline

ALIKE = 0.8
"""Likeness of two outlines from which they count as the same: a notice or a form may come and go."""


def script_hosts(page: Page) -> tuple[str, ...]:
    """Return the hosts of others that a page loads scripts from, in order of name."""
    own = host_of(page.url)
    return tuple(sorted({host for script in page.scripts if is_foreign(host := host_of(script.url), own)}))


def drift(page: Page, baseline: Baseline) -> dict[str, dict[str, Json]]:
    """Return what differs from the accepted look, by place: `title`, `outline`, `script <host>`."""
    found: dict[str, dict[str, Json]] = {}
    if page.title != baseline.title:
        found["title"] = {"now": page.title[:300], "accepted": baseline.title[:300]}
    alike = SequenceMatcher(None, baseline.outline, page.outline, autojunk=False).ratio()
    if alike < ALIKE:
        now, then = set(page.outline), set(baseline.outline)
        found["outline"] = {"added": [*sorted(now - then)[:10]], "missing": [*sorted(then - now)[:10]]}
    for host in set(script_hosts(page)) - set(baseline.script_hosts):
        found[f"script {host}"] = {"host": host}
    return found
