"""Records and messages of TLS put together by hand, for servers and answers in tests."""

from __future__ import annotations

import struct


def record(kind: int, payload: bytes) -> bytes:
    return struct.pack("!BHH", kind, 0x0303, len(payload)) + payload


def alert(description: int, level: int = 2) -> bytes:
    return record(21, bytes((level, description)))


def message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3, "big") + body


def vector(octets: int, data: bytes) -> bytes:
    return len(data).to_bytes(octets, "big") + data


def server_hello(
    suite: int, *extensions: tuple[int, bytes], compression: int = 0, version: int = 0x0303, random: bytes = bytes(32)
) -> bytes:
    body = struct.pack("!H", version) + random + vector(1, b"") + struct.pack("!HB", suite, compression)
    body += vector(2, b"".join(struct.pack("!H", number) + vector(2, data) for number, data in extensions))
    return message(2, body)


def offered_suites(hello: bytes) -> list[int]:
    """Return the suites that the record of a ClientHello offers."""
    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]
    length = int.from_bytes(hello[at : at + 2], "big")
    return [int.from_bytes(hello[at + 2 + i : at + 4 + i], "big") for i in range(0, length, 2)]


def offered_version(hello: bytes) -> int:
    """Return the version that the record of a ClientHello asks for, 0x0304 where it names TLS 1.3."""
    return 0x0304 if b"\x00\x2b\x00\x03\x02\x03\x04" in hello else int.from_bytes(hello[9:11], "big")
