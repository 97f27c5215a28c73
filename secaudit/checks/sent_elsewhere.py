"""Where a page sends its visitors without asking: by `<meta>` refresh or by a script of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secaudit.html.addresses import absolute, host_of, is_foreign
from secaudit.html.page import Page

_ASSIGNED = re.compile(
    r"""(?:(?:window|document|top|self|parent)\s*\.\s*)?\blocation(?:\s*\.\s*href)?\s*=\s*(["'])((?:https?:)?//[^"'\s]{3,500})\1"""
    r"""|\blocation\s*\.\s*(?:replace|assign)\s*\(\s*(["'])((?:https?:)?//[^"'\s]{3,500})\3""",
)
_ASKS_REFERRER = re.compile(r"document\s*\.\s*referrer", re.IGNORECASE)
_SEARCH_ENGINES = re.compile(r"google|bing|yahoo|coccoc|yandex|duckduckgo|baidu", re.IGNORECASE)


def sent_to(page: Page) -> set[str]:
    """Return the hosts of others that the page sends every visitor to, as far as its own text shows."""
    return {host for host, _ in _targets(page)}


def sent_from_search(page: Page) -> set[str]:
    """Return the hosts that a script sends visitors of search engines to: it reads the referrer and names one."""
    found = set()
    for host, script in _targets(page):
        if _ASKS_REFERRER.search(script) and _SEARCH_ENGINES.search(script):
            found.add(host)
    return found


def _targets(page: Page) -> Iterator[tuple[str, str]]:
    own = host_of(page.url)
    if is_foreign(host_of(page.refresh), own):
        yield host_of(page.refresh), ""
    for script in page.scripts:
        for match in _ASSIGNED.finditer(script.text):
            host = host_of(absolute(page.url, match[2] or match[4]))
            if is_foreign(host, own):
                yield host, script.text
