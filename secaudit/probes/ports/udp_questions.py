"""The one harmless datagram that each UDP service gets, and how its answer is read.

No password is tried: SNMP is asked with the discovery of version 3, which carries no user and no community name.
NTP gets the question of an ordinary client (mode 3); its control and private modes 6 and 7, which are what
amplification attacks use, are never sent. Every question is small and asks for a small answer.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass

from secaudit.model.target import address_or_none

DNS, NTP, SNMP, MEMCACHED = 53, 123, 161, 11211


@dataclass(frozen=True)
class Question:
    """What is sent to one UDP port.

    Attributes:
        read: returns what a datagram says of the service, for people, or None when it is no answer to the question.
    """

    port: int
    service: str
    data: bytes
    read: Callable[[bytes], str | None]


def questions(host: str) -> tuple[Question, ...]:
    """Return the questions for a host, those first whose answer is gravest. Each has numbers of its own."""
    return (_snmp(), _memcached(), _dns(host), _ntp())


def _snmp() -> Question:
    """SNMPv3 discovery (RFC 3414, section 4): an empty engine id and no user; a Report tells the engine's id."""
    message_id = secrets.randbelow(2**31)
    number = _integer(message_id)
    security = _tlv(0x30, _tlv(4, b"") + _integer(0) + _integer(0) + _tlv(4, b"") * 3)
    header = _tlv(0x30, number + _integer(65507) + _tlv(4, b"\x04") + _integer(3))
    get_request = _tlv(0xA0, number + _integer(0) + _integer(0) + _tlv(0x30, b""))
    scoped = _tlv(0x30, _tlv(4, b"") + _tlv(4, b"") + get_request)
    data = _tlv(0x30, _integer(3) + header + _tlv(4, security) + scoped)
    return Question(SNMP, "snmp", data, lambda answer: _read_snmp(answer, message_id))


def _read_snmp(answer: bytes, message_id: int) -> str | None:
    try:
        message = _members(_content(answer, 0x30))
        header = _members(message[1][1])
        if int.from_bytes(message[0][1], "big") != 3 or int.from_bytes(header[0][1], "big") != message_id:
            return None
        engine = _members(_content(message[2][1], 0x30))[0][1]
    except (ValueError, IndexError):
        return None
    return f"SNMPv3, engine ID {engine[:32].hex()}"


def _ntp() -> Question:
    """NTP version 4, mode 3 (RFC 5905, section 7.3); the server repeats our random timestamp."""
    stamp = secrets.token_bytes(8)
    data = struct.pack("!B39x8s", 0x23, stamp)

    def read(answer: bytes) -> str | None:
        if len(answer) < 48 or answer[0] & 0x07 != 4 or answer[24:32] != stamp:
            return None
        return f"NTPv{answer[0] >> 3 & 0x07}, stratum {answer[1]}"

    return Question(NTP, "ntp", data, read)


def _dns(host: str) -> Question:
    """One query without recursion (RFC 1035): the address of the page's own name, for a bare address the root's SOA.

    Every server answers it with something, be it that it refuses.
    """
    number = secrets.token_bytes(2)
    labels = [] if address_or_none(host) else host.encode("ascii").rstrip(b".").split(b".")
    name = b"".join(bytes((len(label),)) + label for label in labels) + b"\0"
    kind = 1 if labels else 6
    data = number + struct.pack("!HHHHH", 0, 1, 0, 0, 0) + name + struct.pack("!HH", kind, 1)

    def read(answer: bytes) -> str | None:
        if len(answer) < 12 or answer[:2] != number or not answer[2] & 0x80:
            return None
        return f"DNS, response code {answer[3] & 0x0F}"

    return Question(DNS, "domain", data, read)


def _memcached() -> Question:
    """Memcached's text question for its version inside its UDP frame of request id, number, count (protocol.txt)."""
    number = secrets.token_bytes(2)

    def read(answer: bytes) -> str | None:
        if answer[:2] != number or not answer[8:].startswith((b"VERSION ", b"ERROR")):
            return None
        return answer[8:60].split(b"\r", 1)[0].decode("latin-1").encode("unicode_escape").decode("ascii")

    return Question(MEMCACHED, "memcached", number + struct.pack("!HHH", 0, 1, 0) + b"version\r\n", read)


# --- BER (X.690), as much of it as SNMP's own fields need ---------------------------------------------


def _tlv(tag: int, content: bytes) -> bytes:
    assert len(content) < 0x80  # the short form of the length is enough for what is sent
    return bytes((tag, len(content))) + content


def _integer(value: int) -> bytes:
    return _tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _content(data: bytes, tag: int) -> bytes:
    members = _members(data)
    if not members or members[0][0] != tag:
        raise ValueError("another tag")
    return members[0][1]


def _members(data: bytes) -> list[tuple[int, bytes]]:
    """Return tags and contents of what stands one after the other.

    Raises:
        ValueError: a length points outside.
        IndexError: the data ends within a tag or a length.
    """
    found, at = [], 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            octets = length & 0x7F
            length = int.from_bytes(data[at : at + octets], "big")
            at += octets
        if at + length > len(data):
            raise ValueError("a length points outside")
        found.append((tag, data[at : at + length]))
        at += length
    return found
