"""Listeners that greet, or stay silent, or answer nobody: what no installed server would do on request."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

TELNET_GREETING = b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27"
"""IAC DO for terminal type, speed, display and environment, as a Linux telnetd begins."""


@dataclass
class Greeter:
    """A running greeter.

    Attributes:
        received: everything that clients sent.
        connections: how many came.
    """

    address: str
    port: int
    received: bytearray = field(default_factory=bytearray)
    connections: int = 0


@contextmanager
def greeter(address: str, port: int = 0, *, greeting: bytes = b"", answer: bytes = b"") -> Iterator[Greeter]:
    """Listen until the block ends; send `greeting` to whoever comes and `answer` to whoever says something."""
    listener = socket.create_server((address, port), family=_family(address), backlog=64)
    server = Greeter(address, int(listener.getsockname()[1]))
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            connection.sendall(greeting)
            while data := connection.recv(4096):
                server.received += data
                if answer:
                    connection.sendall(answer)
                    return

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                server.connections += 1
                thread = threading.Thread(target=serve, args=(connection,), daemon=True)
                threads.append(thread)
                thread.start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join(5)
        for thread in threads:
            thread.join(12)


@contextmanager
def unanswering(address: str) -> Iterator[int]:
    """Yield a port whose queue is full, so that the kernel drops every further SYN as a firewall would (Linux)."""
    with socket.create_server((address, 0), family=_family(address), backlog=0) as listener:
        port = int(listener.getsockname()[1])
        waiting = []
        try:
            for _ in range(2):
                client = socket.socket(_family(address))
                client.settimeout(0.3)
                waiting.append(client)
                with suppress(OSError):
                    client.connect((address, port))
            yield port
        finally:
            for client in waiting:
                client.close()


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
