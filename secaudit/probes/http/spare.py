"""Connections that stay open between the requests of one probe to one origin (RFC 9112, section 9.3).

A new connection costs two more round trips than a request over one that stands, and the server a handshake. Asked
gently over few connections is kinder and faster than asked over many.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
from contextlib import suppress

from secaudit.model.target import Target


class Spare:
    """Idle connections by origin; thread-safe. A context manager: all are closed when the block is left.

    Args:
        most: most idle connections kept of one origin.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: dict[str, list[tuple[socket.socket, str]]] = {}
        self._closed = False
        self._lock = threading.Lock()

    def __enter__(self) -> Spare:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            waiting = [connection for idle in self._idle.values() for connection, _ in idle]
            self._idle.clear()
        for connection in waiting:
            _close(connection)

    def take(self, target: Target) -> tuple[socket.socket, str] | None:
        """Return a connection that still stands with its IP address, None where there is none."""
        while True:
            with self._lock:
                idle = self._idle.get(target.origin)
                if not idle:
                    return None
                connection, address = idle.pop()
            if _is_quiet(connection):
                return connection, address
            _close(connection)

    def give(self, target: Target, connection: socket.socket, address: str) -> None:
        """Keep a connection whose last answer was read to its end; close it where there are enough."""
        with self._lock:
            idle = self._idle.setdefault(target.origin, [])
            if not self._closed and len(idle) < self._most:
                idle.append((connection, address))
                return
        _close(connection)


def _is_quiet(connection: socket.socket) -> bool:
    """Tell whether nothing waits to be read: neither the server's goodbye nor bytes that belong to no answer."""
    try:
        if isinstance(connection, ssl.SSLSocket):
            if connection.pending():
                return False
            # Tickets of TLS 1.3 come after the handshake and lie unread; only reading them tells them from a goodbye.
            connection.settimeout(0.0)
            try:
                connection.recv(1)
            except ssl.SSLWantReadError:
                return True
            return False
        return not select.select([connection], [], [], 0)[0]
    except (OSError, ValueError):
        return False


def _close(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.close()
