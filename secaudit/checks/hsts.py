"""Reading Strict-Transport-Security (RFC 6797, section 6.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAST_SECONDS = 180 * 86400
"""Shorter than 180 days does not protect people who visit rarely."""

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_QUOTED = re.compile(r'"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\t -~\x80-\xff])*)"')
_SPACE = " \t"


@dataclass(frozen=True)
class Hsts:
    """A header field as read.

    Attributes:
        max_age: seconds, None where the field is not valid.
        fault: `duplicate-directive`, `max-age-missing`, `max-age-not-a-number`, `include-subdomains-with-value` or
            `syntax`; empty when valid.
    """

    max_age: int | None = None
    include_subdomains: bool = False
    preload: bool = False
    fault: str = ""


def parse_hsts(value: str) -> Hsts:
    """Read one field value. Unknown directives are ignored (section 6.1, rule 5); never raises."""
    directives: dict[str, str | None] = {}
    for part in _split(value):
        text = part.strip(_SPACE)
        if not text:
            continue
        name, equals, raw = text.partition("=")
        name, raw = name.rstrip(_SPACE).lower(), raw.lstrip(_SPACE)
        if not _TOKEN.fullmatch(name):
            return Hsts(fault="syntax")
        quoted = _QUOTED.fullmatch(raw)
        if equals and quoted is None and not _TOKEN.fullmatch(raw):
            return Hsts(fault="max-age-not-a-number" if name == "max-age" else "syntax")
        if name in directives:
            return Hsts(fault="duplicate-directive")
        directives[name] = (quoted[1] if quoted else raw) if equals else None
    if "max-age" not in directives:
        return Hsts(fault="max-age-missing")
    age = directives["max-age"] or ""
    if not re.fullmatch(r"[0-9]+", age):
        return Hsts(fault="max-age-not-a-number")
    if directives.get("includesubdomains") is not None:
        return Hsts(fault="include-subdomains-with-value")
    # More digits than any calendar needs mean for ever.
    seconds = int(age) if len(age) <= 18 else 10**18
    return Hsts(seconds, "includesubdomains" in directives, "preload" in directives)


def _split(value: str) -> list[str]:
    """Split at semicolons outside quoted strings."""
    parts, start, quoted, escaped = [], 0, False, False
    for position, character in enumerate(value):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            parts.append(value[start:position])
            start = position + 1
    return [*parts, value[start:]]
