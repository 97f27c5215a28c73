"""Servers on a TLS port that are no TLS servers, or only begin to be: one fixed answer to whatever comes."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers.accepting import accepting


@contextmanager
def stranger(answer: bytes, *, stays: bool = False, address: str = "127.0.0.1") -> Iterator[int]:
    """Answer each first message with `answer`, then close, or stay silent if `stays`; yields the port."""

    def serve(client: socket.socket, over: threading.Event) -> None:
        client.recv(65536)
        client.sendall(answer)
        if stays:
            over.wait(30)

    with accepting(serve, address) as port:
        yield port


def first_flight(certificate: bytes) -> bytes:
    """Return ServerHello, Certificate and ServerHelloDone of a TLS 1.2 server with these certificate bytes."""

    def message(kind: int, body: bytes) -> bytes:
        return bytes((kind,)) + len(body).to_bytes(3, "big") + body

    hello = b"\x03\x03" + bytes(32) + b"\x00" + struct.pack("!HB", 0x009C, 0)
    sized = len(certificate).to_bytes(3, "big") + certificate
    flight = message(2, hello) + message(11, len(sized).to_bytes(3, "big") + sized) + message(14, b"")
    return b"\x16\x03\x03" + len(flight).to_bytes(2, "big") + flight
