"""A transport adapter for requests that connects only to addresses the gate let through, within a deadline.

The Host header, SNI and the page's URL keep the name; only the TCP connection goes to the pinned address. So a
name that resolves elsewhere a second later cannot draw a connection out of the scope.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from secaudit.model.base import Reason
from secaudit.model.target import Target
from secaudit.probes.gate import Gate, Refused
from secaudit.probes.http.head import Head, printable, read_head
from secaudit.probes.http.limits import Limits
from secaudit.probes.http.spare import Spare

# What OpenSSL says when the first bytes of the other side are no TLS record at all.
_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL"})
# SSL_OP_LEGACY_SERVER_CONNECT: servers without RFC 5746 must still be seen; the TLS probe judges them.
_LEGACY_SERVER_CONNECT = 0x4


class Stopped(Exception):
    """The exchange cannot go on.

    Attributes:
        fault: why, for the observation.
    """

    def __init__(self, fault: Reason) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Line:
    """One exchange's budget and what was seen on its connection; made anew for each exchange.

    Attributes:
        address: IP address of the connection, empty before there is one.
        reused: the connection is one that an earlier exchange left open.
        stays: the server leaves the connection open after the answer.
        head: the answer's head, also when it was not complete.
        cut: the limit that stopped the reading of the body: `http-time-limit` or `http-byte-limit`.
    """

    def __init__(self, gate: Gate, target: Target, limits: Limits, spare: Spare | None = None) -> None:
        """Begin an exchange; `spare` holds connections that may be used again."""
        self.target, self.limits = target, limits
        self.address = ""
        self.reused = self.stays = False
        self.head: Head | None = None
        self.cut: Reason | None = None
        self._gate, self._spare = gate, spare
        self._connection: socket.socket | None = None
        self._deadline = time.monotonic() + limits.seconds
        self._left = limits.wire_bytes

    @property
    def received(self) -> int:
        """Return the bytes received, as they came over the wire (inside TLS where there is TLS)."""
        return self.limits.wire_bytes - self._left

    def remaining(self) -> float:
        """Return the seconds that are left.

        Raises:
            Stopped: none.
        """
        seconds = self._deadline - time.monotonic()
        if seconds <= 0:
            raise Stopped(self.time_limit())
        return seconds

    @property
    def out_of_time(self) -> bool:
        """Tell whether it was the deadline that cut the answer."""
        return self.cut is not None and self.cut.code == "http-time-limit"

    def time_limit(self) -> Reason:
        """Return the fault of an exchange that took too long."""
        return Reason(code="http-time-limit", params={"seconds": round(self.limits.seconds, 1)})

    def open(self) -> socket.socket:
        """Return the connection to speak over, TLS on it where the target is https: one that stands, or a new one.

        Raises:
            Stopped: no address accepted one, or the handshake failed.
            Refused: the gate lets nothing through.
        """
        if self._spare is not None and (standing := self._spare.take(self.target)):
            connection, address = standing
            try:
                self._gate.again(self.target.host, address, self.target.port)
                connection.settimeout(self.remaining())
            except (Refused, Stopped):
                connection.close()
                raise
            self.address, self.reused = address, True
        else:
            connection = self.connect()
            connection = self.secure(connection) if self.target.scheme == "https" else connection
        self._connection = connection
        return connection

    def keep(self) -> None:
        """Leave the connection open for the next exchange, where the server stays; the answer was read to its end."""
        if self.stays and self._spare is not None and self._connection is not None and self.cut is None:
            self._spare.give(self.target, self._connection, self.address)
            self._connection = None

    def release(self, connection: HTTPConnection) -> None:
        """Take the socket away from a connection of urllib3 that would close it although it was kept."""
        if connection.sock is not None and self._connection is None:
            connection.sock = None

    def connect(self) -> socket.socket:
        """Return a TCP connection to the first pinned address that accepts one.

        Raises:
            Stopped: none accepted.
            Refused: the gate lets no address through.
        """
        host, port = self.target.host, self.target.port
        fault = Reason(code="connect-failed", params={"host": host, "port": port, "detail": "no address"})
        for address in self._gate.addresses(host, port):
            seconds = min(self.limits.connect_seconds, self.remaining())
            self._gate.enter(host, address, port)
            try:
                connection = socket.create_connection((address, port), timeout=seconds)
            except OSError as error:
                fault = _connect_fault(error, self.target, seconds)
                continue
            self.address = address
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        raise Stopped(fault)

    def secure(self, connection: socket.socket) -> ssl.SSLSocket:
        """Return the connection with TLS on it, the certificate not verified.

        Raises:
            Stopped: the handshake failed.
        """
        host, port = self.target.host, self.target.port
        try:
            connection.settimeout(self.remaining())
            return _context().wrap_socket(connection, server_hostname=host)
        except TimeoutError:
            fault = self.time_limit()
        except ssl.SSLError as error:
            code = "http-not-tls" if error.reason in _NOT_TLS else "tls-handshake-failed"
            detail = error.reason or type(error).__name__
            fault = Reason(code=code, params={"host": host, "port": port, "detail": detail})
        except (OSError, ValueError) as error:
            detail = getattr(error, "strerror", None) or type(error).__name__
            fault = Reason(code="tls-handshake-failed", params={"host": host, "port": port, "detail": detail})
        connection.close()
        raise Stopped(fault)

    def read_into(self, raw: io.RawIOBase, connection: socket.socket, buffer: memoryview) -> int:
        """Read from `raw` within the limits; at a limit the answer simply ends, and `cut` says why."""
        if self.cut is None and self._left <= 0:
            self.cut = Reason(code="http-byte-limit", params={"kib": self.limits.wire_bytes // 1024})
        if self.cut is not None:
            return 0
        try:
            connection.settimeout(self.remaining())
            count = raw.readinto(buffer[: self._left]) or 0
        except (TimeoutError, Stopped):
            self.cut = self.time_limit()
            return 0
        self._left -= count
        return count


def _connect_fault(error: OSError, target: Target, seconds: float) -> Reason:
    where: dict[str, str | int | float] = {"host": target.host, "port": target.port}
    if isinstance(error, ConnectionRefusedError):
        return Reason(code="connect-refused", params=where)
    if isinstance(error, TimeoutError):
        return Reason(code="connect-timeout", params={**where, "seconds": round(seconds, 1)})
    detail = printable(error.strerror or type(error).__name__)
    return Reason(code="connect-failed", params={**where, "detail": detail})


@lru_cache(maxsize=1)
def _context() -> ssl.SSLContext:
    """Return a context that reaches as many servers as the local OpenSSL can; it verifies nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= _LEGACY_SERVER_CONNECT
    context.set_alpn_protocols(["http/1.1"])
    return context


class _BoundedReader(io.RawIOBase):
    """The socket's byte stream under the line's limits."""

    def __init__(self, connection: socket.socket, line: Line) -> None:
        self._raw = connection.makefile("rb", buffering=0)
        self._connection, self._line = connection, line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._line.read_into(self._raw, self._connection, memoryview(buffer))

    def close(self) -> None:
        # http.client may have closed the socket object already; its descriptor lives until this file is closed.
        self._raw.close()
        super().close()


class _BoundedFile:
    """Stands for the socket where http.client asks it for a file."""

    def __init__(self, connection: socket.socket, line: Line) -> None:
        self._connection, self._line = connection, line

    def makefile(self, *_: object) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._connection, self._line))


class _Response(http.client.HTTPResponse):
    """Reads the head with our own reader and shows http.client only the fields that frame the body."""

    def __init__(self, connection: socket.socket, *args: Any, line: Line, **names: Any) -> None:
        self._line = line
        super().__init__(_BoundedFile(connection, line), *args, **names)  # type: ignore[arg-type]

    def begin(self) -> None:
        if self.headers is not None:
            return
        stream = self.fp
        head = self._line.head = read_head(stream.readline, self._line.limits)
        if head.fault is not None:
            self.close()
            raise Stopped(self._line.cut or head.fault)
        self.fp = io.BufferedReader(io.BytesIO(head.framing()))
        try:
            super().begin()
            self._line.stays = not self.will_close and head.status >= 200
        finally:
            self.fp = stream


class _PlainConnection(HTTPConnection):
    def __init__(self, *args: Any, line: Line, **names: Any) -> None:
        super().__init__(*args, **names)
        self._line = line
        self.response_class = partial(_Response, line=line)  # type: ignore[assignment]

    def connect(self) -> None:
        self.sock = self._line.open()

    def close(self) -> None:
        self._line.release(self)
        super().close()


class _TlsConnection(HTTPSConnection):
    def __init__(self, *args: Any, line: Line, **names: Any) -> None:
        super().__init__(*args, **names)
        self._line = line
        self.response_class = partial(_Response, line=line)  # type: ignore[assignment]

    def connect(self) -> None:
        self.sock = self._line.open()

    def close(self) -> None:
        self._line.release(self)
        super().close()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection

    def _validate_conn(self, conn: Any) -> None:
        # The parent would warn that nothing is verified. That is on purpose here: a page behind a bad
        # certificate must still be seen, and the TLS probe judges the certificate.
        if conn.is_closed:
            conn.connect()


class PinnedAdapter(HTTPAdapter):
    """Sends one request over one line."""

    def __init__(self, line: Line) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._line = line

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: Any,
        proxies: Mapping[str, str] | None = None,
        cert: Any = None,
    ) -> HTTPConnectionPool:
        """Return a new pool for the line's target; proxies and trust settings are ignored on purpose."""
        target = self._line.target
        pool = _TlsPool if target.scheme == "https" else _PlainPool
        return pool(target.host, target.port, maxsize=1, retries=False, line=self._line)
