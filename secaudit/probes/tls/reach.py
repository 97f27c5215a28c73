"""The first look: does anything answer on the port, and does it speak TLS. A few seconds at most."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass

from secaudit.model.base import Reason
from secaudit.probes.gate import Gate, Refused
from secaudit.probes.tls.client_hello import client_hello
from secaudit.probes.tls.server_answer import AnswerReader, ServerAnswer

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 5.0
SECOND_CHANCE_SECONDS = 3.0
ALL_SECONDS = 15.0
"""Limit over all addresses of a host together."""
_CHUNK = 16384


@dataclass(frozen=True)
class Reached:
    """What the first look found.

    Attributes:
        address: the IP address that took the connection, empty when none did.
        answer: what it answered, when it spoke TLS.
        fault: why there is no TLS to look at.
    """

    address: str = ""
    answer: ServerAnswer | None = None
    fault: Reason | None = None


def reach(gate: Gate, host: str, port: int, sni: str) -> Reached:
    """Connect to the first pinned address that takes a connection and say hello.

    `fault` is one of `name-not-resolved`, `not-in-scope`, `connect-refused`, `connect-timeout`, `connect-failed`,
    `tls-not-spoken` (it answers, but not in TLS, or closes at once) and `tls-no-answer` (it stays silent).
    """
    deadline = time.monotonic() + ALL_SECONDS
    fault: Reason | None = None
    try:
        for address in gate.addresses(host, port):
            seconds = min(CONNECT_SECONDS, deadline - time.monotonic())
            if seconds <= 0:
                break
            gate.enter(host, address, port)
            try:
                connection = socket.create_connection((address, port), timeout=seconds)
            except OSError as error:
                fault = connect_fault(error, host, port, CONNECT_SECONDS)
                continue
            with connection:
                return _Greeter(gate, host, address, port, sni).greet(connection)
    except Refused as refused:
        fault = refused.reason
    if fault is None:
        fault = connect_fault(TimeoutError(), host, port, ALL_SECONDS)
    return Reached(fault=fault)


def first_answer(connection: socket.socket, hello: bytes, seconds: float) -> ServerAnswer:
    """Send `hello` and read the answer up to ServerHelloDone, an alert, the end, or the time limit.

    Raises:
        TimeoutError: not one byte came within `seconds`.
        ConnectionError: the connection ended without one byte.
        OSError: any other fault of the connection before the first byte.
    """
    deadline = time.monotonic() + seconds
    connection.settimeout(seconds)
    connection.sendall(hello)
    reader, anything = AnswerReader(), False
    while not reader.ended:
        try:
            connection.settimeout(max(deadline - time.monotonic(), 0.01))
            piece = connection.recv(_CHUNK)
        except OSError:
            if not anything:
                raise
            break
        if not piece:
            if not anything:
                raise ConnectionAbortedError("closed without an answer")
            break
        anything = True
        reader.feed(piece)
    return reader.answer


def connect_fault(error: OSError, host: str, port: int, seconds: float) -> Reason:
    """Return the reason code for a connection that was not made."""
    params: dict[str, str | int | float] = {"host": host, "port": port}
    if isinstance(error, ConnectionRefusedError):
        return Reason(code="connect-refused", params=params)
    if isinstance(error, TimeoutError):
        return Reason(code="connect-timeout", params={**params, "seconds": int(seconds)})
    return Reason(code="connect-failed", params={**params, "detail": error.strerror or type(error).__name__})


@dataclass(frozen=True)
class _Greeter:
    gate: Gate
    host: str
    address: str
    port: int
    sni: str

    def greet(self, connection: socket.socket) -> Reached:
        try:
            answer = first_answer(connection, client_hello(self.sni), ANSWER_SECONDS)
        except OSError as error:
            # Some guards drop a hello that offers old suites, or leave it waiting: ask once more as a browser.
            if self._modern_handshake():
                return Reached(self.address, ServerAnswer(speaks_tls=True))
            if isinstance(error, TimeoutError):
                seconds = int(ANSWER_SECONDS + SECOND_CHANCE_SECONDS)
                return self._without_tls("tls-no-answer", seconds=seconds)
            return self._without_tls("tls-not-spoken", detail="closed")
        if answer.speaks_tls:
            return Reached(self.address, answer)
        greeting = answer.greeting.decode("latin-1").encode("unicode_escape").decode("ascii")[:40]
        return self._without_tls("tls-not-spoken", detail=greeting)

    def _without_tls(self, code: str, **params: str | int | float) -> Reached:
        return Reached(self.address, fault=Reason(code=code, params={"host": self.host, "port": self.port, **params}))

    def _modern_handshake(self) -> bool:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        # Only whether TLS is spoken is asked; who vouches for the certificate is asked elsewhere.
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")
        self.gate.enter(self.host, self.address, self.port)
        try:
            with (
                socket.create_connection((self.address, self.port), timeout=SECOND_CHANCE_SECONDS) as connection,
                context.wrap_socket(connection, server_hostname=self.sni or None),
            ):
                return True
        except ssl.SSLError as error:
            # An alert is an answer in TLS as well; garbage is a "wrong version number".
            return "ALERT" in (error.reason or "")
        except OSError:
            return False
