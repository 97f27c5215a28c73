"""What is kept of a file that should not be there: enough to recognise it, and nothing that is secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Literal

from secaudit.probes.http.head import printable

Sniffed = Literal["html", "xml", "text", "binary", ""]

PIECE = 160
"""Longest piece of a page or line of a file that is kept, in characters."""
_LINES = 12
_KEYS = 30
_HTML = re.compile(rb"<(!doctype html|html|head|body|title|script|meta|h1|div|table|br|p|center)\b", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TITLE = re.compile(r"<title[^>]{0,100}>([^<]{0,200})", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=//)[^/@\s:]{1,200}(:[^/@\s]{0,200})?@")
_TOKEN = re.compile(r"[A-Za-z0-9+/_-]{32,}={0,2}")
_ADDRESS = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-fA-F]{1,4}:){2,6}(?::[0-9a-fA-F]{1,4}){1,6}\b|\b(?:[0-9a-fA-F]{1,4}:){5,7}[0-9a-fA-F]{1,4}\b"
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_QUERY = re.compile(r"\?[^\s\"']*")
_USER = re.compile(r"(?<=- )\S{1,60}(?= \[)")
_SQL = re.compile(
    r"(-- .{0,80}|(?:CREATE TABLE|DROP TABLE|INSERT INTO)(?: IF (?:NOT )?EXISTS)? [`\"\[\w.]{1,80}"
    r"|SET SQL_MODE|PRAGMA foreign_keys)",
    re.IGNORECASE,
)
# Names of settings, as the languages and formats write them.
_SETTINGS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]{0,60})[ \t]*=(?!=)",
        r"\bdefine\([ \t]*['\"]([A-Za-z_]\w{0,60})['\"]",
        r"\$(?:\w{1,40}\[)?['\"]?([A-Za-z_]\w{0,60})['\"]?\]?[ \t]*=(?!=)",
        r"['\"]([A-Za-z_][\w.-]{0,60})['\"][ \t]*(?:=>|:)",
        r"\b(?:key|name)=\"([^\"<>\s]{1,60})\"",
    )
)
_MARKS = re.compile(
    r"<\?php|<configuration\b|<connectionStrings\b|<%@ Page|class JConfig|\busing System\b|^b0VIM", re.MULTILINE
)
_HASH = re.compile(r"^[\w.@-]{1,60}:(\$apr1\$|\$2[aby]\$|\{SHA\}|\$[56]\$|(?=[./0-9A-Za-z]{13}$))", re.MULTILINE)


def sniff(data: bytes) -> Sniffed:
    """Return what the first bytes look like, whatever the server calls it (compare WHATWG MIME Sniffing, section 7)."""
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return ""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or _CONTROL.search(data[:512]):
        return "binary"
    if start.startswith(b"<") and not start.startswith((b"<?php", b"<%")):
        return "html" if _HTML.search(start) else "xml"
    return "text"


def title_of(text: str) -> str:
    """Return the text of `<title>`, white space joined."""
    found = _TITLE.search(text)
    return printable(" ".join(found[1].split()))[:PIECE] if found else ""


def without_secrets(text: str) -> str:
    """Return `text` with passwords in addresses and long random words masked."""
    return _TOKEN.sub("***", _CREDENTIALS.sub("***@", text))


def line(text: str, _: Iterable[str] = ()) -> str:
    """Return the first line."""
    return _clean(text.lstrip("\ufeff\r\n").partition("\n")[0].rstrip(), hide=False)


def keys(text: str, _: Iterable[str] = ()) -> str:
    """Return what kind of file it is and the names of its settings, each value replaced by `***`."""
    marks = list(dict.fromkeys(found[0] for found in _MARKS.finditer(text)))
    # Groups of a password file's hash name the method only; the account's name is nobody's business.
    hashes = [f"hash: {found[1] or 'crypt'}" for found in _HASH.finditer(text)][:1]
    names = (found[1] for pattern in _SETTINGS for found in pattern.finditer(text))
    settings = [f"{name}=***" for name in dict.fromkeys(names)]
    return "\n".join([*marks, *hashes, *(_TOKEN.sub("***", one) for one in settings[:_KEYS])])


def sql(text: str, _: Iterable[str] = ()) -> str:
    """Return comments and the beginnings of statements, without data."""
    found = (_SQL.match(one.strip()) for one in text.splitlines())
    return "\n".join(_clean(one[0]) for one in list(filter(None, found))[:_LINES])


def log(text: str, _: Iterable[str] = ()) -> str:
    """Return the first lines, without network addresses, accounts, mail addresses and query strings."""
    kept = []
    for written in [one for one in text.splitlines() if one.strip()][:3]:
        masked = written[:1000]
        for pattern, instead in ((_QUERY, "?***"), (_ADDRESS, "*.*.*.*"), (_MAIL, "***"), (_USER, "***")):
            masked = pattern.sub(instead, masked)
        kept.append(_clean(masked))
    return "\n".join(kept)


def page(text: str, patterns: Iterable[str] = ()) -> str:
    """Return the pieces of a page that the patterns name, one per line."""
    pieces = []
    for pattern in patterns:
        if found := re.search(pattern, text):
            pieces.append(_clean(found[0]))
    return "\n".join(dict.fromkeys(pieces))


def magic(text: str, _: Iterable[str] = ()) -> str:
    """Return nothing: the first bytes say what a binary file is."""
    return ""


KEEPERS: dict[str, Callable[[str, Iterable[str]], str]] = {
    "line": line,
    "keys": keys,
    "sql": sql,
    "log": log,
    "page": page,
    "magic": magic,
}
"""What to keep of a found file, by the word in the list of paths."""


def _clean(text: str, *, hide: bool = True) -> str:
    shown = without_secrets(text) if hide else _CREDENTIALS.sub("***@", text)
    return "".join(c if c == "\t" or c.isprintable() else printable(c) for c in shown)[:PIECE]
