"""A listener on loopback that hands every connection to a function in a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def accepting(serve: Callable[[socket.socket, threading.Event], None], address: str = "127.0.0.1") -> Iterator[int]:
    """Accept until the block ends; yields the port. `serve` gets the connection and the event that says so."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, 0), family=family, backlog=64)
    listener.settimeout(0.2)
    over = threading.Event()
    threads: list[threading.Thread] = []

    def handle(client: socket.socket) -> None:
        with client, suppress(OSError, EOFError):
            client.settimeout(15)
            serve(client, over)

    def accept() -> None:
        while not over.is_set():
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            threads.append(threading.Thread(target=handle, args=(client,), daemon=True))
            threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        over.set()
        acceptor.join(5)
        listener.close()
        for thread in threads:
            thread.join(16)


def pour(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes until the end, then say so."""
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
