"""The first flight of a TLS 1.2 handshake in plain bytes: what a server says before anything is encrypted.

Needs no cryptography and so no opinion on it: a server that only speaks what today's libraries refuse to speak
is still heard, and a certificate that no parser likes is still had as bytes. Structures: RFC 5246 section 7.4;
extensions: RFC 5746, 6066, 6962, 7627; fallback signal: RFC 7507; ephemeral Diffie-Hellman: RFC 5246 7.4.3.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2 = 0x0300, 0x0301, 0x0302, 0x0303
INAPPROPRIATE_FALLBACK = 86

_ALERT, _HANDSHAKE = 21, 22
_SERVER_HELLO, _CERTIFICATE, _SERVER_KEY_EXCHANGE, _SERVER_HELLO_DONE = 2, 11, 12, 14
_RENEGOTIATION_INFO_SCSV, _FALLBACK_SCSV = 0x00FF, 0x5600
_EXT_SERVER_NAME, _EXT_GROUPS, _EXT_POINT_FORMATS, _EXT_SIGNATURES = 0, 10, 11, 13
_EXT_SCT, _EXT_PADDING, _EXT_EXTENDED_MASTER_SECRET, _EXT_RENEGOTIATION_INFO = 18, 21, 23, 0xFF01
_DEFLATE = 1
_MOST_BYTES = 256 * 1024

# Ephemeral (signed) and anonymous Diffie-Hellman over finite fields, export suites included.
DHE_SUITES = (
    0x0011, 0x0012, 0x0013, 0x0014, 0x0015, 0x0016, 0x0017, 0x0018, 0x0019, 0x001A, 0x001B, 0x0032, 0x0033,
    0x0034, 0x0038, 0x0039, 0x003A, 0x0040, 0x0044, 0x0045, 0x0046, 0x0063, 0x0065, 0x0066, 0x0067, 0x006A, 0x006B,
    0x006C, 0x006D, 0x0087, 0x0088, 0x0089, 0x0099, 0x009A, 0x009B, 0x009E, 0x009F, 0x00A2, 0x00A3, 0x00A6, 0x00A7,
    0x00BD, 0x00BE, 0x00BF, 0x00C3, 0x00C4, 0x00C5, 0xC052, 0xC053, 0xC056, 0xC057, 0xC05A, 0xC05B, 0xC07C, 0xC07D,
    0xC080, 0xC081, 0xC084, 0xC085, 0xC09E, 0xC09F, 0xC0A2, 0xC0A3, 0xCCAA,
)  # fmt: skip
_DHE = frozenset(DHE_SUITES)
# What a browser would offer first, then everything older; anonymous and unencrypted suites last.
_COMMON = (
    0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0x009E, 0x009F, 0xCCAA, 0xC009, 0xC013, 0xC00A, 0xC014, 0xC023,
    0xC027, 0xC024, 0xC028, 0x0033, 0x0039, 0x0067, 0x006B, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035, 0x0041,
    0x0084, 0x0096, 0xC008, 0xC012, 0x0016, 0x000A, 0xC007, 0xC011, 0x0005, 0x0004, 0x0009, 0x0015, 0x0007, 0x0032,
    0x0038, 0x0040, 0x006A, 0x00A2, 0x00A3, 0x0013, 0xC09C, 0xC09D, 0xC0A0, 0xC0A1, 0xC0AC, 0xC0AD, 0x0003, 0x0006,
    0x0008, 0x0014, 0x0011, 0xC018, 0xC019, 0xC016, 0xC017, 0x00A6, 0x00A7, 0x006C, 0x006D, 0x0034, 0x003A, 0x001B,
    0x0018, 0x0017, 0xC006, 0xC010, 0xC015, 0x003B, 0x0002, 0x0001,
)  # fmt: skip
ALL_SUITES = tuple(dict.fromkeys((*_COMMON, *DHE_SUITES)))

_GROUPS = (29, 23, 24, 25, 30, 26, 27, 28, 22, 21, 20, 19, 18, 17, 16)
_SIGNATURES = (
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601,
    0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0302, 0x0202, 0x0101,
)  # fmt: skip


@dataclass(frozen=True)
class FirstFlight:
    """What a server answered to a ClientHello, up to its ServerHelloDone.

    Attributes:
        speaks_tls: the answer is TLS records, be it only an alert.
        greeting: first bytes of an answer that is not TLS.
        alert: description of a fatal alert, None when there was none.
        version: protocol version chosen, 0 when the server chose none.
        suite: cipher suite chosen.
        compressed: DEFLATE was chosen.
        extended_master_secret: RFC 7627 was agreed.
        secure_renegotiation: RFC 5746 was agreed.
        sct_count: certificate timestamps in the TLS extension (RFC 6962, section 3.3.1).
        certificates: DER of the chain as sent, leaf first.
        dh_bits: size of the Diffie-Hellman prime, 0 where there is none.
    """

    speaks_tls: bool = False
    greeting: bytes = b""
    alert: int | None = None
    version: int = 0
    suite: int = 0
    compressed: bool = False
    extended_master_secret: bool = False
    secure_renegotiation: bool = False
    sct_count: int = 0
    certificates: tuple[bytes, ...] = ()
    dh_bits: int = 0


class _Cut(Exception):
    """The bytes end before the structure does."""


class _Reader:
    """Takes big-endian integers and vectors off a byte string."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def rest(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        if count > self.rest:
            raise _Cut
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, octets: int) -> int:
        return int.from_bytes(self.take(octets), "big")

    def vector(self, octets: int) -> bytes:
        return self.take(self.number(octets))


def client_hello(
    sni: str, version: int = TLS_1_2, suites: Sequence[int] = ALL_SUITES, *, fallback: bool = False
) -> bytes:
    """Return the record of a ClientHello that offers `suites` at `version` at most.

    Args:
        sni: server name to send, empty for none (an IP address must not be sent, RFC 6066 section 3).
        version: highest protocol version to offer.
        suites: cipher suites to offer, best first.
        fallback: add the signal of a client that fell back to this version (RFC 7507).
    """
    offered = (*suites, *((_FALLBACK_SCSV,) if fallback else ()), _RENEGOTIATION_INFO_SCSV)
    body = struct.pack("!H", version) + os.urandom(32) + b"\x00"
    body += _vector(2, b"".join(struct.pack("!H", suite) for suite in offered))
    body += _vector(1, bytes((_DEFLATE, 0)))
    if version > SSL_3_0:
        extensions = _extensions(sni, version)
        # Some load balancers hang on a message of 256 to 511 octets (RFC 7685, section 1).
        if (missing := 512 - 4 - len(body) - 2 - len(extensions)) > 0:
            extensions += struct.pack("!H", _EXT_PADDING) + _vector(2, bytes(max(missing - 4, 0)))
        body += _vector(2, extensions)
    handshake = b"\x01" + len(body).to_bytes(3, "big") + body
    return struct.pack("!BHH", _HANDSHAKE, min(version, TLS_1_0), len(handshake)) + handshake


def _extensions(sni: str, version: int) -> bytes:
    parts = []
    if sni:
        parts.append((_EXT_SERVER_NAME, _vector(2, b"\x00" + _vector(2, sni.encode("ascii")))))
    parts.append((_EXT_GROUPS, _vector(2, b"".join(struct.pack("!H", group) for group in _GROUPS))))
    parts.append((_EXT_POINT_FORMATS, _vector(1, b"\x00")))
    if version >= TLS_1_2:
        parts.append((_EXT_SIGNATURES, _vector(2, b"".join(struct.pack("!H", one) for one in _SIGNATURES))))
    parts += [(_EXT_SCT, b""), (_EXT_EXTENDED_MASTER_SECRET, b"")]
    return b"".join(struct.pack("!H", number) + _vector(2, data) for number, data in parts)


def _vector(octets: int, data: bytes) -> bytes:
    return len(data).to_bytes(octets, "big") + data


def first_flight(connection: socket.socket, hello: bytes, seconds: float) -> FirstFlight:
    """Send `hello` and read the answer up to ServerHelloDone, an alert, the end, or the time limit.

    Raises:
        TimeoutError: not one byte came within `seconds`.
        ConnectionError: the connection ended without one byte.
        OSError: any other fault of the connection before the first byte.
    """
    deadline = time.monotonic() + seconds
    connection.settimeout(seconds)
    connection.sendall(hello)
    received = b""
    flight = FirstFlight()
    while len(received) < _MOST_BYTES:
        try:
            connection.settimeout(max(deadline - time.monotonic(), 0.01))
            piece = connection.recv(16384)
        except OSError:
            if not received:
                raise
            break
        if not piece:
            if not received:
                raise ConnectionAbortedError("closed without an answer")
            break
        received += piece
        flight, ended = read_flight(received)
        if ended:
            break
    return flight


def read_flight(received: bytes) -> tuple[FirstFlight, bool]:
    """Return what the bytes say so far, and whether nothing more is to be expected."""
    if len(received) < 3:
        return FirstFlight(greeting=received), False
    if received[0] not in (_ALERT, _HANDSHAKE) or received[1] != 3:
        return FirstFlight(greeting=received[:64]), True
    flight = FirstFlight(speaks_tls=True)
    records, messages = _Reader(received), b""
    try:
        while records.rest:
            kind = records.number(1)
            records.take(2)
            fragment = records.vector(2)
            if kind == _ALERT:
                level, description = fragment[:1], fragment[1:2]
                # A warning (unrecognized_name, mostly) is followed by the handshake itself.
                if level == b"\x02" or description == b"\x00":
                    return replace(_read_messages(messages, flight)[0], alert=int.from_bytes(description, "big")), True
            elif kind == _HANDSHAKE:
                messages += fragment
            else:
                break
    except _Cut:
        pass
    return _read_messages(messages, flight)


def _read_messages(messages: bytes, flight: FirstFlight) -> tuple[FirstFlight, bool]:
    reader = _Reader(messages)
    try:
        while reader.rest:
            kind, body = reader.number(1), reader.vector(3)
            if kind == _SERVER_HELLO_DONE:
                return flight, True
            flight = _read_message(kind, _Reader(body), flight)
    except _Cut:
        pass
    return flight, False


def _read_message(kind: int, body: _Reader, flight: FirstFlight) -> FirstFlight:
    try:
        if kind == _SERVER_HELLO:
            return _read_server_hello(body, flight)
        if kind == _CERTIFICATE:
            chain, found = _Reader(body.vector(3)), []
            while chain.rest:
                found.append(chain.vector(3))
            return replace(flight, certificates=tuple(found))
        if kind == _SERVER_KEY_EXCHANGE and flight.suite in _DHE:
            prime = body.vector(2)
            return replace(flight, dh_bits=int.from_bytes(prime, "big").bit_length())
    except _Cut:
        pass
    return flight


def _read_server_hello(body: _Reader, flight: FirstFlight) -> FirstFlight:
    version = body.number(2)
    body.take(32)
    body.vector(1)
    suite, compression = body.number(2), body.number(1)
    flight = replace(flight, version=version, suite=suite, compressed=compression == _DEFLATE)
    if not body.rest:
        return flight
    extensions = _Reader(body.vector(2))
    while extensions.rest:
        number, data = extensions.number(2), extensions.vector(2)
        if number == _EXT_EXTENDED_MASTER_SECRET:
            flight = replace(flight, extended_master_secret=True)
        elif number == _EXT_RENEGOTIATION_INFO:
            flight = replace(flight, secure_renegotiation=True)
        elif number == _EXT_SCT:
            flight = replace(flight, sct_count=_count_timestamps(data))
    return flight


def _count_timestamps(data: bytes) -> int:
    count, timestamps = 0, _Reader(_Reader(data).vector(2))
    while timestamps.rest:
        timestamps.vector(2)
        count += 1
    return count
