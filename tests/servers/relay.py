"""A relay before a real TLS 1.2 server that acts out old flaws for which Debian has no vulnerable server left.

What is real: the handshake, the certificate, every cipher suite. What is acted: the one answer that betrays the
flaw. Heartbleed (CVE-2014-0160): echoes more than it was sent. CCS injection (CVE-2014-0224): tries to decrypt after
an early ChangeCipherSpec. ROBOT (CVE-2017-13099 and others): another alert for badly padded secrets. Fallback: does
not understand the signal of RFC 7507.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.servers.accepting import accepting, pour

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, HEARTBEAT = 20, 21, 22, 24
CLIENT_HELLO, CLIENT_KEY_EXCHANGE = 1, 16
BAD_RECORD_MAC, HANDSHAKE_FAILURE = 20, 40

Flaw = Callable[["Link", bytes], bool]
"""Sees each record of the client; true means that it was dealt with and must not reach the server."""


class Link:
    """One connection through the relay.

    Attributes:
        client: the socket towards the client.
        keys_sent: the client has sent its ClientKeyExchange.
        spoiled: the flaw has taken over; nothing more reaches the server.
    """

    def __init__(self, client: socket.socket) -> None:
        self.client = client
        self.keys_sent = False
        self.spoiled = False

    def alert(self, description: int) -> None:
        self.client.sendall(bytes((ALERT, 3, 3, 0, 2, 2, description)))


def heartbleed(link: Link, record: bytes) -> bool:
    if record[0] != HEARTBEAT:
        return False
    if not link.spoiled:
        link.spoiled = True
        # After the server's own flight, as the real one would.
        timer = threading.Timer(0.3, _echo, args=(link,))
        timer.daemon = True
        timer.start()
    return True


def _echo(link: Link) -> None:
    payload = b"\x02\x40\x00" + b"\x01" * 1000
    with suppress(OSError):
        link.client.sendall(bytes((HEARTBEAT, 3, 3)) + len(payload).to_bytes(2, "big") + payload)


def ccs_injection(link: Link, record: bytes) -> bool:
    if record[0] == HANDSHAKE and record[5] == CLIENT_KEY_EXCHANGE:
        link.keys_sent = True
    if link.spoiled:
        link.alert(BAD_RECORD_MAC)
        return True
    if record[0] == CHANGE_CIPHER_SPEC and not link.keys_sent:
        link.spoiled = True
        return True
    return False


def padding_oracle(key: rsa.RSAPrivateKey) -> Flaw:
    """Return the flaw of a server that answers a badly padded secret otherwise (Bleichenbacher 1998)."""
    size = key.key_size // 8
    numbers = key.private_numbers()

    def flaw(link: Link, record: bytes) -> bool:
        if link.spoiled:
            return True
        if record[0] != HANDSHAKE or record[5] != CLIENT_KEY_EXCHANGE or len(record) < 11 + size:
            return False
        secret = int.from_bytes(record[11 : 11 + size], "big")
        padded = pow(secret, numbers.d, numbers.public_numbers.n).to_bytes(size, "big")
        if padded[:2] == b"\x00\x02":
            return False
        link.spoiled = True
        link.alert(HANDSHAKE_FAILURE)
        return True

    return flaw


def deaf_to_fallback(record: bytes) -> bytes:
    """Return a ClientHello in which the signal of RFC 7507 is replaced by the harmless one of RFC 5746."""
    if record[0] != HANDSHAKE or record[5] != CLIENT_HELLO:
        return record
    at = 43 + 1 + record[43]
    length = int.from_bytes(record[at : at + 2], "big")
    suites = [record[at + 2 + i : at + 4 + i] for i in range(0, length, 2)]
    changed = b"".join(b"\x00\xff" if suite == b"\x56\x00" else suite for suite in suites)
    return record[: at + 2] + changed + record[at + 2 + length :]


@contextmanager
def relay(
    port: int, flaw: Flaw | None = None, change: Callable[[bytes], bytes] = lambda record: record
) -> Iterator[int]:
    """Relay a new port to `port` until the block ends; yields the new port."""

    def serve(client: socket.socket, _: threading.Event) -> None:
        with socket.create_connection(("127.0.0.1", port)) as server:
            server.settimeout(15)
            link = Link(client)
            threading.Thread(target=pour, args=(server, client), daemon=True).start()
            while True:
                record = _record(client)
                if not (flaw and flaw(link, record)) and not link.spoiled:
                    server.sendall(change(record))

    with accepting(serve) as new_port:
        yield new_port


def _record(connection: socket.socket) -> bytes:
    header = _exactly(connection, 5)
    if header[0] & 0x80:
        # An SSL 2.0 hello; the real server would not answer it either.
        raise EOFError
    return header + _exactly(connection, int.from_bytes(header[3:5], "big"))


def _exactly(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        piece = connection.recv(count - len(received))
        if not piece:
            raise EOFError
        received += piece
    return received
