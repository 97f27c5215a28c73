"""What a site publishes as security.txt (RFC 9116), read from the visits made for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from secaudit.checks.page_text import is_html
from secaudit.checks.pages import ABSENT, why_no_page
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange, HttpVisit

WELL_KNOWN = "/.well-known/security.txt"
LARGEST = 64 * 1024
"""Bytes beyond which a file is not judged; RFC 9116, section 5.3 warns of files over 32 KB."""
_GONE = frozenset({404, 410})
_FIELD = re.compile(r"^[A-Za-z-]{1,40}[ \t]*:", re.MULTILINE)
_KNOWN_FIELD = re.compile(r"^(?:contact|expires|policy|encryption|canonical|preferred-languages)[ \t]*:", re.I | re.M)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)
# Said of the moment of reading or of taste, not of the file: this program counts from the moment of the scan, and a
# missing last line feed harms no reader.
_LEFT_OUT = frozenset({"expired", "no_line_separators", "too_many_line_separators"})


@dataclass(frozen=True)
class SecurityTxt:
    """A file that was found.

    Attributes:
        visit: how it was fetched.
        page: the answer that holds it.
    """

    visit: HttpVisit
    page: HttpExchange

    @property
    def target(self) -> str:
        """Return the address that was asked for."""
        return self.visit.target

    def values(self, field: str) -> list[str]:
        """Return the values of a field, in order, letter case of its name ignored."""
        pattern = re.compile(rf"^{re.escape(field)}[ \t]*:[ \t]*(.*?)[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
        return [value for value in pattern.findall(self.page.body) if value]


@dataclass(frozen=True)
class NoFile:
    """There is none; `answers` says what came instead, per address asked."""

    target: str
    answers: tuple[str, ...]


def security_txt(view: View) -> SecurityTxt | NoFile | Reason:
    """Return the file, that there is none, or why nobody can say."""
    visits = [visit for visit in view.seen(HttpVisit) if visit.purpose == "security-txt"]
    if not visits:
        return view.why_not_run("disclosure")
    unseen: Reason | None = None
    absent: Reason | None = None
    answers = []
    for visit in visits:
        answer = _classify(view, visit)
        if isinstance(answer, HttpExchange):
            return SecurityTxt(visit, answer)
        if isinstance(answer, Reason):
            unseen = unseen or answer
        else:
            answers.append(f"{visit.target}: {answer}")
            absent = absent or visit.fault
    # Where nothing answers at all there is no site to speak of, rather than a site without the file.
    if unseen is None and absent is not None and all(visit.page is None for visit in visits):
        unseen = absent
    return unseen or NoFile(visits[0].target, tuple(answers))


def _classify(view: View, visit: HttpVisit) -> HttpExchange | str | Reason:
    """Return the answer that holds a file, what came instead of one, or why nobody can say."""
    page = visit.page
    if page is None:
        reason = why_no_page(view, visit)
        return reason.code if reason.code in ABSENT and len(visit.exchanges) <= 1 else reason
    if page.status in _GONE:
        return str(page.status)
    if page.status != 200:
        return Reason(code="security-txt-status", params={"status": page.status})
    if page.fault is not None:
        return page.fault
    if is_html(page) or page.body.lstrip().startswith("<") or not page.body.strip():
        return "200 without the file"  # a page for everything that does not exist, or nothing at all
    if not _FIELD.search(page.body):
        return "200 without the file"
    named = urlsplit(page.url).path.endswith("/security.txt")
    return page if named or _KNOWN_FIELD.search(page.body) else "200 without the file"


def expiry(file: SecurityTxt) -> datetime | None:
    """Return the moment after which the file must not be used (RFC 9116, section 2.5.5), None where unreadable."""
    moments = []
    for value in file.values("Expires"):
        if not _DATE_TIME.fullmatch(value):
            return None
        try:
            moments.append(datetime.fromisoformat(value.upper().replace(" ", "T")))
        except ValueError:
            return None
    return min(moments, default=None)


def faults(file: SecurityTxt) -> list[str] | Reason:
    """Return codes of what RFC 9116 does not allow in the file and in how it is served; a reason where unreadable."""
    page = file.page
    if page.truncated or page.body_bytes > LARGEST:
        return Reason(code="security-txt-too-large", params={"kib": LARGEST // 1024})
    found = []
    if not page.url.startswith("https://"):
        found.append("no-https")
    if urlsplit(file.target).path != WELL_KNOWN:
        found.append("wrong-place")
    if not _is_plain_text(page):
        found.append("not-text-plain")
    if "\ufffd" in page.body:
        found.append("not-utf-8")
    parsed = _parsed(file)
    return parsed if isinstance(parsed, Reason) else found + parsed


def _is_plain_text(page: HttpExchange) -> bool:
    types = [value.lower().replace('"', "") for value in page.values("content-type")]
    media, _, rest = types[0].partition(";") if types else ("", "", "")
    charset = re.search(r"charset\s*=\s*([^\s;]+)", rest)
    return media.strip() == "text/plain" and (charset is None or charset[1] == "utf-8")


def _parsed(file: SecurityTxt) -> list[str] | Reason:
    # Brings a PGP parser and a web client along: only where there is a file to read.
    from sectxt import Parser  # noqa: PLC0415

    urls = [exchange.url for exchange in file.visit.exchanges]
    try:
        errors = Parser(file.page.body.encode(), urls=[urls[0], urls[-1]]).errors
    except Exception as error:  # the library's parsers of dates and PGP blocks raise what they like on odd input
        return Reason(code="security-txt-unreadable", params={"detail": type(error).__name__})
    codes = [str(error["code"]).replace("_", "-") for error in errors if error["code"] not in _LEFT_OUT]
    return list(dict.fromkeys(codes))
