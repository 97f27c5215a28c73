"""Does a page offer an address for reporting cybersecurity incidents? Reading Vietnamese, with reasons.

Decree 330/2026 Art. 21.1.a wants the address published on the website or portal. A page answers `offered` only when
words about reporting a cybersecurity incident stand right before an address; the words alone (a news item on an
exercise, a menu entry) are `mentioned`, which decides nothing. Power cuts, oil spills and storms are "sự cố" too, so
words of cybersecurity must stand near.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CYBER = re.compile(
    r"an ninh mạng|an toàn thông tin|an toàn,? an ninh|an toàn mạng|an ninh thông tin|không gian mạng|\bATTT\b|\bANM\b"
    r"|hệ thống thông tin|mạng máy tính|bảo mật|tấn công mạng|mã độc|tin tặc|\b(?:VN)?CERT\b|cyber",
    re.IGNORECASE,
)
_INCIDENT = re.compile(r"sự cố|lỗ hổng|tấn công mạng|security incident|vulnerabilit", re.IGNORECASE)
_REPORTING = re.compile(
    r"tiếp nhận|phản ánh|báo cáo|thông báo|báo cho|ứng cứu|ứng phó|xử lý|đầu mối|gửi về|liên hệ|trình báo"
    r"|đường dây nóng|hotline|report",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"tập huấn|diễn tập|hội nghị|hội thảo|kế hoạch|quyết định|công văn|nghị định|thông tư|triển khai|tăng cường"
    r"|tuyên truyền|khóa học|khoá học|bồi dưỡng|chỉ đạo|cảnh báo",
    re.IGNORECASE,
)
E_MAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\(a còng\))\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}|\[email.protected\]|mailto:\S",
    re.IGNORECASE,
)
"""An e-mail address, also where it is written against collectors."""
PHONE = re.compile(
    r"(?<![\d./-])(?:\(?(?:\+84|0)\)?[ .()-]{0,2}\d[\d .()-]{6,15}\d|1[89]00[ .]?\d{4,6})(?![\d/])|tel:\S"
)
"""A Vietnamese telephone number."""
_FORM = re.compile(r"https?://\S{4,}", re.IGNORECASE)

AROUND, BEFORE, AFTER = 60, 50, 160
"""How far, in characters, words may stand from each other: words of security around an incident, a news word before
it, the address after it."""
_SHOWN = 240


@dataclass(frozen=True)
class Mention:
    """One place on a page that speaks of cybersecurity incidents.

    Attributes:
        excerpt: the words around it.
        offered: an address for reports follows.
    """

    excerpt: str
    offered: bool


def find_mention(text: str) -> Mention | None:
    """Return the place that offers an address for reports, else the first that only mentions them, else None."""
    first: Mention | None = None
    for found in _INCIDENT.finditer(text):
        near = text[max(0, found.start() - AROUND) : found.end() + AROUND]
        if not _CYBER.search(near):
            continue
        before = text[max(0, found.start() - BEFORE) : found.start()]
        after = text[found.end() : found.end() + AFTER]
        start = max(0, found.start() - BEFORE)
        mention = Mention(text[start : start + _SHOWN], _is_offer(before, after))
        if mention.offered:
            return mention
        first = first or mention
    return first


def _is_offer(before: str, after: str) -> bool:
    """Tell whether words of reporting and an address belong to the incident, and no words of news come between."""
    address = E_MAIL.search(after) or PHONE.search(after) or _FORM.search(after)
    if address is None or not (_REPORTING.search(before) or _REPORTING.search(after)):
        return False
    return not _NEWS.search(before) and not _NEWS.search(after[: address.start()])
