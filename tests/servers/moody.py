"""TLS servers that begin well and end badly: they stall, drip, send garbage, or shut out whoever connects often."""

from __future__ import annotations

import itertools
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.servers.accepting import accepting, pour

Mood = Callable[[socket.socket, bytes, threading.Event], None]


@contextmanager
def moody(mood: Mood) -> Iterator[int]:
    """Hand each connection with its first message to `mood` until the block ends; yields the port."""

    def serve(client: socket.socket, over: threading.Event) -> None:
        mood(client, client.recv(65536), over)

    with accepting(serve) as port:
        yield port


def stalls(start: bytes) -> Mood:
    """Send `start`, then nothing more."""

    def mood(client: socket.socket, _: bytes, over: threading.Event) -> None:
        client.sendall(start)
        over.wait(30)

    return mood


def drips(data: bytes, pause: float = 0.05) -> Mood:
    """Send `data` octet by octet."""

    def mood(client: socket.socket, _: bytes, over: threading.Event) -> None:
        for octet in data:
            client.sendall(bytes((octet,)))
            if over.wait(pause):
                return

    return mood


def floods(piece: bytes) -> Mood:
    """Send the same piece without end."""

    def mood(client: socket.socket, _: bytes, over: threading.Event) -> None:
        while not over.is_set():
            client.sendall(piece)

    return mood


def half_closes(start: bytes) -> Mood:
    """Send `start`, close the sending side only, and keep listening."""

    def mood(client: socket.socket, _: bytes, over: threading.Event) -> None:
        client.sendall(start)
        client.shutdown(socket.SHUT_WR)
        over.wait(10)

    return mood


@contextmanager
def guard(port: int, welcome: int, manner: str) -> Iterator[int]:
    """Relay to `port`, but from connection number `welcome` + 1 on be a firewall that has had enough.

    Args:
        port: where the real server listens on loopback.
        welcome: how many connections are let through.
        manner: `reset`, `close` or `silence`.
    """
    numbers = itertools.count(1)

    def serve(client: socket.socket, over: threading.Event) -> None:
        if next(numbers) > welcome:
            if manner == "silence":
                over.wait(30)
            elif manner == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        with socket.create_connection(("127.0.0.1", port)) as server:
            threading.Thread(target=pour, args=(server, client), daemon=True).start()
            pour(client, server)

    with accepting(serve) as new_port:
        yield new_port
