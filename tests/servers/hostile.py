"""Answers that no real server gives: endless, dripping, exploding, garbage. One answer per running server."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[[socket.socket, bytes], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


class Hostile:
    """A running hostile server.

    Attributes:
        port: where it listens.
        requests: the first bytes of every request received.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.port = int(listener.getsockname()[1])
        self.requests: list[bytes] = []


@contextmanager
def hostile(answer: Answer, address: str = "127.0.0.1", *, until: bytes = b"\r\n\r\n") -> Iterator[Hostile]:
    """Serve `answer` to every connection until the block ends, each once `until` has come (empty: anything)."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    listener.bind((address, 0))
    listener.listen(16)
    server = Hostile(listener)
    over = threading.Event()
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            request = b""
            while (not request or until not in request) and (piece := connection.recv(65536)):
                request += piece
            server.requests.append(request)
            answer(connection, request)

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=serve, args=(connection,), daemon=True)
            threads.append(thread)
            thread.start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join(5)
        for thread in threads:
            thread.join(6)


def reply(data: bytes) -> Answer:
    """Send `data` and close."""

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(data)

    return answer


def endless_body(connection: socket.socket, _: bytes) -> None:
    """Send a body that never ends."""
    connection.sendall(OK + b"\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def endless_head(connection: socket.socket, _: bytes) -> None:
    """Send one header line that never ends."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        connection.sendall(b"x" * 65536)


def endless_chunk_size(connection: socket.socket, _: bytes) -> None:
    """Send a chunk size that never ends."""
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    while True:
        connection.sendall(b"0" * 65536)


def _drip(connection: socket.socket, data: bytes) -> None:
    for value in data:
        connection.sendall(bytes([value]))
        time.sleep(0.05)


def dripping_head(connection: socket.socket, _: bytes) -> None:
    """Send a head byte by byte, far too slowly."""
    _drip(connection, OK + b"X-Slow: " + b"y" * 400)


def dripping_body(connection: socket.socket, _: bytes) -> None:
    """Send a whole head, then a body byte by byte."""
    connection.sendall(OK + b"Content-Length: 400\r\n\r\n")
    _drip(connection, b"<p>" + b"z" * 397)


def dripping_chunks(connection: socket.socket, _: bytes) -> None:
    """Send a body in chunks of one byte."""
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    for _i in range(200):
        connection.sendall(b"1\r\nz\r\n")
        time.sleep(0.05)


def silent(connection: socket.socket, _: bytes) -> None:
    """Take the request and say nothing."""
    with suppress(OSError):
        while connection.recv(65536):
            pass


def half_closed(connection: socket.socket, _: bytes) -> None:
    """Send half a head, then close the sending side only."""
    connection.sendall(OK + b"X-Half: yes\r\nX-Oth")
    connection.shutdown(socket.SHUT_WR)
    with suppress(OSError):
        connection.recv(65536)


def reset(connection: socket.socket, _: bytes) -> None:
    """Drop the connection with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def bomb(megabytes: int, coding: str) -> Answer:
    """Send a small body that unpacks to that many megabytes of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()
    return reply(OK + f"Content-Encoding: {coding}\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed)


def many_headers(count: int) -> Answer:
    """Send that many header lines."""
    lines = b"".join(b"X-Many-%d: value\r\n" % number for number in range(count))
    return reply(OK + lines + b"\r\n<p>late")


def gzipped(text: str) -> bytes:
    """Return an answer with a gzip body."""
    packed = gzip.compress(text.encode())
    return OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed
