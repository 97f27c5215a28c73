"""As whom the first page is fetched.

Injected pages show themselves to search engines and to people who come from one, and look clean to everybody else.
The only way to see what those see is to send what those send. Who really asks stands in two other fields, which such
code does not look at, and in the plan and the report of every scan.
"""

from __future__ import annotations

import re

from secaudit.probes.http.decode import OFFERED
from secaudit.probes.http.identity import header_safe, user_agent

Headers = tuple[tuple[str, str], ...]

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"
)
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
MOBILE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36"
)
SEARCH = "https://www.google.com/"
"""The address that a browser names when somebody follows a link of a search result."""
IDENTITY = "X-Secaudit"
"""Header with the honest name where User-Agent is not ours."""
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+", re.ASCII)


def as_browser(contact: str) -> Headers:
    """Return the headers of a person's browser on a desktop."""
    return _headers(BROWSER, contact)


def as_crawler(contact: str) -> Headers:
    """Return the headers of a search engine's crawler."""
    return _headers(CRAWLER, contact)


def as_search_visitor(contact: str) -> Headers:
    """Return the headers of a telephone whose owner followed a link of a search result."""
    return _headers(MOBILE, contact, ("Referer", SEARCH))


def _headers(agent: str, contact: str, *extra: tuple[str, str]) -> Headers:
    mail = _MAIL.search(header_safe(contact))
    sender = (("From", mail[0]),) if mail else ()
    return (
        ("User-Agent", agent),
        ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
        ("Accept-Language", "vi,en;q=0.8"),
        ("Accept-Encoding", OFFERED),
        ("Connection", "close"),
        *extra,
        *sender,
        (IDENTITY, user_agent(contact)),
    )
