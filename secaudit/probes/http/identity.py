"""How the probe names itself: honest, polite, and with a way to reach the auditor."""

from __future__ import annotations

import unicodedata

from secaudit.probes.http.decode import OFFERED
from secaudit.version import VERSION

ORIGIN = "https://secaudit-origin-check.example"
"""The foreign origin of the `cors` visit; `.example` belongs to nobody (RFC 2606)."""
ECHO_HEADER = ("X-Secaudit-Echo", "trace-check")
"""Sent with TRACE: only a server that sends the request back shows it in the body."""
_CONTACT_LENGTH = 120


def user_agent(contact: str) -> str:
    """Return the User-Agent value: program, version, purpose, and the contact when one is set."""
    clean = header_safe(contact)
    reach = f"; contact: {clean}" if clean else ""
    return f"secaudit/{VERSION} (+authorised security self-check{reach})"


def header_safe(text: str) -> str:
    """Return `text` as printable ASCII without brackets and backslashes, which end a comment (RFC 9110, 5.6.5)."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(c if " " <= c <= "~" and c not in "()\\" else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())[:_CONTACT_LENGTH]


def request_headers(contact: str, *extra: tuple[str, str], stays: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the headers of every request, `extra` after them; Host is added by the connection.

    With `stays` the server is asked to leave the connection open for the next request.
    """
    return (
        ("User-Agent", user_agent(contact)),
        ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
        ("Accept-Language", "vi,en;q=0.8"),
        ("Accept-Encoding", OFFERED),
        ("Connection", "keep-alive" if stays else "close"),
        *extra,
    )
