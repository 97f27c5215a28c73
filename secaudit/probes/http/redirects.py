"""Where a redirect leads: pure logic over a status and a Location value (RFC 9110, sections 10.2.2 and 15.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from secaudit.model.errors import BadInput
from secaudit.model.target import Target, parse_target
from secaudit.probes.http.head import printable

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# urljoin reads an authority without a host as "the same host"; browsers do not.
_NO_HOST = re.compile(r"(https?:)?//([/?#]|$)", re.IGNORECASE)
_SHOWN = 500


@dataclass(frozen=True)
class BadLocation:
    """A redirect that nobody should follow.

    Attributes:
        location: what the server sent, control characters escaped, cut to 500 characters.
    """

    location: str


def next_hop(base: Target, status: int, locations: Sequence[str]) -> Target | BadLocation | None:
    """Return where the answer sends the visitor, or None when it is no redirect.

    Args:
        base: the address that answered; relative references count from it (RFC 3986, section 5).
        status: the answer's status code.
        locations: the Location values as received, bytes as Latin-1.

    Returns:
        the next address, its host in lower case and ASCII, its fragment dropped; `BadLocation` for other schemes,
        credentials, control characters, several different values, or what no URL parser reads.
    """
    values = list(dict.fromkeys(value.strip(" \t") for value in locations))
    if status not in REDIRECT_STATUSES or not any(values):
        return None
    location = values[0]
    bad = BadLocation(printable(", ".join(values))[:_SHOWN])
    if len(values) > 1 or _CONTROL.search(location) or _NO_HOST.match(location):
        return bad
    try:
        joined = urljoin(base.url, _as_sent(location).replace(" ", "%20"))
        return parse_target(joined) if "://" in joined else bad
    except (BadInput, ValueError):
        return bad


def _as_sent(location: str) -> str:
    """Return the text that the server meant: UTF-8 where its bytes are, as browsers read it."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
