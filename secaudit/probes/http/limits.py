"""How much of an answer the HTTP probe takes, so that no server can hold it up or fill its memory."""

from __future__ import annotations

from dataclasses import dataclass

EXCHANGE_SECONDS = 20.0
"""Longest time of one exchange, from connecting to the last byte, however slowly the bytes drip."""
CONNECT_SECONDS = 8.0
"""Longest time for one TCP connection; the next address of the name is tried after it."""
WIRE_BYTES = 4 * 1024 * 1024
"""Most bytes of one answer, head and compressed body together (inside TLS, as HTTP sees them)."""
BODY_BYTES = 8 * 1024 * 1024
"""Most bytes of one body after decompression; what a compression bomb holds beyond is not unpacked."""
TEXT_BYTES = 256 * 1024
"""How much of the decompressed body is kept as text."""
HEADER_COUNT = 200
"""Most header lines of one answer."""
HEAD_BYTES = 128 * 1024
"""Most bytes of status line and headers, interim answers (1xx) included."""
INTERIM_ANSWERS = 5
"""Most interim answers (RFC 9110, section 15.2) before the final one."""
REDIRECTS = 10
"""Most redirects of one visit."""


@dataclass(frozen=True)
class Limits:
    """The limits of one exchange; tests set smaller ones. See the constants for each."""

    seconds: float = EXCHANGE_SECONDS
    connect_seconds: float = CONNECT_SECONDS
    wire_bytes: int = WIRE_BYTES
    body_bytes: int = BODY_BYTES
    text_bytes: int = TEXT_BYTES
    header_count: int = HEADER_COUNT
    head_bytes: int = HEAD_BYTES
