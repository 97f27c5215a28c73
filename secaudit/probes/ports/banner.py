"""Learning what stands on an open port without nmap: listen first, then at most one harmless question.

What is sent, if anything: `HEAD / HTTP/1.0` without a single header, or a TLS handshake. Never anything to a port
marked quiet in the list, where bytes may come out of a printer or move a machine.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass

from secaudit.model.base import Reason
from secaudit.model.target import address_or_none
from secaudit.probes.gate import Refused
from secaudit.probes.ports.signatures import NOTHING, Recognised, may_want_tls, over_tls, printable, recognise

CONNECT_SECONDS = 3.0
LISTEN_SECONDS = 1.5
"""How long a server gets to speak first; those that greet do so at once, some after a look-up of our name."""
ANSWER_SECONDS = 3.0
MOST_BYTES = 4096

# No Host header: Redis takes that line for an attack and logs it as one.
_QUESTION = b"HEAD / HTTP/1.0\r\n\r\n"


@dataclass(frozen=True)
class BannerReading:
    """What one port said.

    Attributes:
        banner: the first bytes received, escaped; empty when it said nothing.
        fault: why nothing could be read.
    """

    recognised: Recognised = NOTHING
    banner: str = ""
    fault: Reason | None = None


@dataclass(frozen=True)
class BannerReader:
    """Reads the banner of ports of one address.

    Attributes:
        host: name to send in the TLS handshake; not sent when it is an address.
        enter: asked before each connection, with the port; raises `Refused` where none may be made.
    """

    host: str
    address: str
    enter: Callable[[int], None]

    def read(self, port: int, *, may_send: bool) -> BannerReading:
        """Return what the service on `port` says of itself, within about 12 seconds and three connections.

        With `may_send` False it only listens.
        """
        try:
            heard = self._exchange(port, ask=may_send)
            plain = BannerReading(recognise(heard), printable(heard))
            if may_want_tls(heard) or (not heard and may_send):
                return self._read_tls(port) or plain
            return plain
        except Refused as refused:
            return BannerReading(fault=refused.reason)
        except OSError as error:
            detail = error.strerror or type(error).__name__
            params: dict[str, str | int | float] = {"host": self.address, "port": port, "detail": detail}
            return BannerReading(fault=Reason(code="connect-failed", params=params))

    def _exchange(self, port: int, *, ask: bool) -> bytes:
        with self._connect(port) as connection:
            return _listen_and_ask(connection, ask=ask)

    def _read_tls(self, port: int) -> BannerReading | None:
        """Return what is said inside TLS, or None when no handshake comes about."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # Learning the name of a service, not trusting it: nothing of ours goes through this connection.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        name = None if address_or_none(self.host) else self.host
        try:
            with self._connect(port) as connection:
                connection.settimeout(ANSWER_SECONDS)
                with context.wrap_socket(connection, server_hostname=name) as inside:
                    heard = _listen_and_ask(inside, ask=True)
        except (OSError, ValueError):
            return None
        return BannerReading(over_tls(recognise(heard)), printable(heard))

    def _connect(self, port: int) -> socket.socket:
        self.enter(port)
        return socket.create_connection((self.address, port), timeout=CONNECT_SECONDS)


def _listen_and_ask(connection: socket.socket, *, ask: bool) -> bytes:
    """Return what comes unasked, else the answer to the question; empty when there is neither."""
    if heard := _receive(connection, LISTEN_SECONDS):
        return heard
    if not ask:
        return b""
    try:
        connection.sendall(_QUESTION)
    except OSError:
        return b""
    return _receive(connection, ANSWER_SECONDS)


def _receive(connection: socket.socket, seconds: float) -> bytes:
    """Return what arrives until a line is complete, the peer closes, or the time is over."""
    until = time.monotonic() + seconds
    received = b""
    while len(received) < MOST_BYTES and (left := until - time.monotonic()) > 0:
        connection.settimeout(left)
        try:
            chunk = connection.recv(MOST_BYTES)
        except OSError:
            break
        if not chunk:
            break
        received += chunk
        if b"\n" in chunk and not received.startswith(b"HTTP/"):
            break
        if received.startswith(b"HTTP/") and b"\r\n\r\n" in received:
            break
        if not received.isascii():  # a binary greeting has no lines to wait for
            break
    return received
