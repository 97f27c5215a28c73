"""Links of a page that may lead to words on how to report: pure, bounded."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from secaudit.markup import nests_too_deep
from secaudit.model.errors import BadInput
from secaudit.model.target import Target, parse_target

_REPORT = re.compile(r"sự cố|an ninh mạng|an toàn thông tin|lỗ hổng|đường dây nóng|hotline", re.IGNORECASE)
_CONTACT = re.compile(r"liên hệ|liên lạc|\bcontact\b", re.IGNORECASE)
_LONGEST = 60
"""Characters of a menu entry; longer link texts are headlines."""
_LINKS = 2000


def contact_links(page: Target, markup: str) -> list[Target]:
    """Return where links about reporting lead, then those about contact; each address once, not the page itself.

    Args:
        page: the page's own address; links elsewhere count only when they speak of reporting incidents.
        markup: its HTML; of a page that nests absurdly deep nothing is read, and the rules say so too.
    """
    if nests_too_deep(markup):
        return []
    reporting: dict[str, Target] = {}
    contact: dict[str, Target] = {}
    for node in LexborHTMLParser(markup).css("a[href]")[:_LINKS]:
        text = " ".join(unicodedata.normalize("NFC", node.text(separator=" ")).split())
        target = _address(page, (node.attributes.get("href") or "").strip())
        if target is None or len(text) > _LONGEST or target.url == page.url:
            continue
        if _REPORT.search(text):
            reporting.setdefault(target.url, target)
        elif _CONTACT.search(text) and target.host == page.host:
            contact.setdefault(target.url, target)
    return [*reporting.values(), *(one for url, one in contact.items() if url not in reporting)]


def _address(page: Target, written: str) -> Target | None:
    try:
        joined = urljoin(page.url, written.replace(" ", "%20"))
        return parse_target(joined) if joined.startswith(("http://", "https://")) else None
    except (BadInput, ValueError):
        return None
