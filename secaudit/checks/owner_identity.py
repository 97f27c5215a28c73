"""Does a home page say who stands behind it? Reading Vietnamese, with reasons (Decree 174/2026 Art. 93.1).

Three parts: the managing body, its contact, the person responsible. Each is `found` by a label that offices use with
something behind it, `unsure` where only likely words were seen, `absent` where nothing of the kind stands on the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from secaudit.checks.incident_contact import E_MAIL, PHONE

State = Literal["found", "unsure", "absent"]

_BODY = r"(?:UBND|HĐND|[UỦ][yỷ] ban nhân dân|Hội đồng nhân dân)"
_MANAGED = re.compile(
    r"(?:cơ quan|đơn vị)\s+(?:chủ quản|quản lý)|chủ quản\s*:|bản quyền\s+(?:©\s*)?(?:thuộc|của)"
    rf"|(?:©|copyright)[^.]{{0,40}}{_BODY}|(?:trang|cổng) thông tin điện tử(?: của)?\s+{_BODY}",
    re.IGNORECASE,
)
_MAYBE_MANAGED = re.compile(
    rf"{_BODY}\s+(?:xã|phường|thị trấn|đặc khu|huyện|tỉnh|thành phố)|(?:trang|cổng) thông tin điện tử", re.IGNORECASE
)
_CONTACT_LABEL = re.compile(
    r"điện thoại|\bđt\b|\bsđt\b|\btel\b|phone|hotline|đường dây nóng|e-?mail|thư điện tử|hộp thư|liên hệ", re.IGNORECASE
)
_PLACE_LABEL = re.compile(r"địa chỉ|trụ sở", re.IGNORECASE)
_RESPONSIBLE = re.compile(
    r"(?:người\s+)?(?:chịu\s+)?trách\s+nhiệm\s+(?:chính|nội dung|về nội dung|quản lý|xuất bản|biên tập|thông tin|chung)"
    r"|người\s+(?:chịu\s+trách\s+nhiệm|phụ\s+trách|đại\s+diện)|(?:trưởng\s+ban|chủ\s+nhiệm)\s+(?:biên\s+tập|quản\s+trị)"
    r"|tổng\s+biên\s+tập|phụ\s+trách\s+(?:nội\s+dung|trang|cổng|website)|chịu\s+trách\s+nhiệm\s*:",
    re.IGNORECASE,
)
_MAYBE_RESPONSIBLE = re.compile(r"chịu\s+trách\s+nhiệm|ban\s+biên\s+tập|ban\s+quản\s+trị|chủ\s+tịch", re.IGNORECASE)
_FILLING = re.compile(
    r"(?:\s|[:.\-–—,]|chính|nội dung|về|quản lý|xuất bản|biên tập|thông tin|chung|trang|cổng|website|và|là|của"
    r"|điện tử)*",
    re.IGNORECASE,
)
_SHOWN = 160


@dataclass(frozen=True)
class Part:
    """One part of the identity block.

    Attributes:
        excerpt: the words that it rests on, empty for `absent`.
    """

    state: State
    excerpt: str = ""


@dataclass(frozen=True)
class Identity:
    """Who a page says stands behind it."""

    managing_body: Part
    contact: Part
    responsible: Part

    def states(self) -> set[State]:
        """Return the states that occur."""
        return {self.managing_body.state, self.contact.state, self.responsible.state}


def read_identity(text: str) -> Identity:
    """Read the visible text of a page."""
    return Identity(_managing_body(text), _contact(text), _responsible(text))


def _managing_body(text: str) -> Part:
    found = _MANAGED.search(text)
    if found:
        return Part("found", _excerpt(text, found))
    maybe = _MAYBE_MANAGED.search(text)
    return Part("unsure", _excerpt(text, maybe)) if maybe else Part("absent")


def _contact(text: str) -> Part:
    for label in _CONTACT_LABEL.finditer(text):
        behind = text[label.start() : label.end() + 80]
        if E_MAIL.search(behind) or PHONE.search(behind):
            return Part("found", _excerpt(text, label))
    maybe = E_MAIL.search(text) or PHONE.search(text) or _PLACE_LABEL.search(text) or _CONTACT_LABEL.search(text)
    return Part("unsure", _excerpt(text, maybe)) if maybe else Part("absent")


def _responsible(text: str) -> Part:
    for label in _RESPONSIBLE.finditer(text):
        filling = _FILLING.match(text, label.end())
        begin = filling.end() if filling else label.end()
        # A name or an office begins with a capital letter; running text goes on in small ones.
        if text[begin : begin + 1].isupper() or re.match(r"(?:ông|bà|đ/c|đồng chí)\s", text[begin:], re.IGNORECASE):
            return Part("found", _excerpt(text, label))
    maybe = _RESPONSIBLE.search(text) or _MAYBE_RESPONSIBLE.search(text)
    return Part("unsure", _excerpt(text, maybe)) if maybe else Part("absent")


def _excerpt(text: str, found: re.Match[str]) -> str:
    return text[found.start() : found.start() + _SHOWN]
