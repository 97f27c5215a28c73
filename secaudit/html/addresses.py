"""Addresses in pages: joined as browsers do, hosts compared by the domain that somebody registered."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from secaudit.model.target import address_or_none

_IGNORED = re.compile(r"[\t\r\n]")
_LONGEST = 2000
# Under these a name is registered one label further down (xa.gov.vn, not gov.vn). The whole Public Suffix List is
# not needed to tell whether two hosts of one page belong together.
_GENERIC = frozenset(
    {"ac", "biz", "co", "com", "edu", "gob", "gouv", "gov", "go", "health", "info", "int", "mil", "name", "ne", "net"}
    | {"or", "org", "pro"}
)


def absolute(base: str, reference: str) -> str:
    """Return the URL that `reference` on a page at `base` means, without fragment; empty where there is none."""
    cleaned = _IGNORED.sub("", reference).strip()
    if not cleaned or len(cleaned) > _LONGEST:
        return ""
    try:
        joined = urljoin(base, cleaned).partition("#")[0]
        urlsplit(joined).port  # noqa: B018 - raises for what no browser opens
    except ValueError:
        return ""
    return joined


def host_of(url: str) -> str:
    """Return the host of a web URL in lower case without a last dot; empty for other schemes and unreadable ones."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip(".") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def registered(host: str) -> str:
    """Return the part of a host name that somebody registered (`tinh.gov.vn` of `xa.tinh.gov.vn`)."""
    labels = host.lower().rstrip(".").split(".")
    if address_or_none(host) or len(labels) <= 2:
        return host.lower()
    deep = len(labels[-1]) == 2 and labels[-2] in _GENERIC
    return ".".join(labels[-3 if deep else -2 :])


def is_foreign(host: str, own: str) -> bool:
    """Tell whether `host` belongs to another registered domain than `own`; an empty host does not."""
    return bool(host) and registered(host) != registered(own)
