"""Reading Set-Cookie as browsers do (RFC 6265bis, sections 5.6 and 5.1.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_PAIR_LENGTH = 4096
_ATTRIBUTE_LENGTH = 1024
_SPACE = " \t"
_DATE_PARTS = re.compile(r"[^\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D.*)?", re.DOTALL | re.ASCII)
_DAY = re.compile(r"(\d{1,2})(?:\D.*)?", re.DOTALL | re.ASCII)
_YEAR = re.compile(r"(\d{2,4})(?:\D.*)?", re.DOTALL | re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class SetCookie:
    """One cookie as set, without its value, which is nobody's business here.

    Attributes:
        domain: Domain attribute in lower case without a leading dot, empty where there is none.
        same_site: `strict`, `lax` or `none`; empty where the attribute is missing or has another value, both of
            which leave the choice to the browser.
        max_age: seconds, None where absent or unreadable.
        expires: None where absent or unreadable.
    """

    name: str
    secure: bool = False
    http_only: bool = False
    same_site: str = ""
    domain: str = ""
    path: str = ""
    max_age: int | None = None
    expires: datetime | None = None

    def is_removal(self, at: datetime) -> bool:
        """Tell whether it deletes a cookie rather than setting one; Max-Age goes before Expires."""
        if self.max_age is not None:
            return self.max_age <= 0
        return self.expires is not None and self.expires <= at


def parse_set_cookie(value: str) -> SetCookie | None:
    """Read one field value; None when a browser would drop it whole. Never raises."""
    if _CONTROL.search(value):
        return None
    pair, _, rest = value.partition(";")
    name, equals, content = pair.partition("=")
    if not equals:
        name, content = "", pair
    name, content = name.strip(_SPACE), content.strip(_SPACE)
    if not (name or content) or len(name) + len(content) > _PAIR_LENGTH:
        return None
    attributes: dict[str, str] = {}
    for part in rest.split(";"):
        key, _, text = part.partition("=")
        text = text.strip(_SPACE)
        if len(text) <= _ATTRIBUTE_LENGTH:
            attributes[key.strip(_SPACE).lower()] = text
    same_site = attributes.get("samesite", "").lower()
    return SetCookie(
        name=name,
        secure="secure" in attributes,
        http_only="httponly" in attributes,
        same_site=same_site if same_site in ("strict", "lax", "none") else "",
        domain=attributes.get("domain", "").removeprefix(".").lower(),
        path=attributes.get("path", ""),
        max_age=_max_age(attributes.get("max-age")),
        expires=parse_cookie_date(attributes["expires"]) if "expires" in attributes else None,
    )


def _max_age(text: str | None) -> int | None:
    if text is None or not re.fullmatch(r"-?[0-9]+", text):
        return None
    if len(text) > 18:
        return -1 if text.startswith("-") else 10**18
    return int(text)


def parse_cookie_date(text: str) -> datetime | None:
    """Read a cookie date by the lenient algorithm of section 5.1.1; None when it is no date."""
    time: tuple[int, int, int] | None = None
    day = month = year = None
    for token in _DATE_PARTS.findall(text):
        if time is None and (found := _TIME.fullmatch(token)):
            time = int(found[1]), int(found[2]), int(found[3])
        elif day is None and (found := _DAY.fullmatch(token)):
            day = int(found[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (found := _YEAR.fullmatch(token)):
            year = int(found[1])
    if time is None or day is None or month is None or year is None:
        return None
    if year < 100:
        year += 1900 if year >= 70 else 2000
    if year < 1601:
        return None
    try:
        return datetime(year, month, day, *time, tzinfo=UTC)
    except ValueError:
        return None
