"""UDP services of one address: one harmless question each, asked once more where it stays silent.

An answer means open, an ICMP "port unreachable" means closed. Silence means nothing: a firewall drops the packets,
the datagram was lost, or the service does not answer strangers. So silence is `filtered`, never closed.
"""

from __future__ import annotations

import errno
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from secaudit.model.base import Reason
from secaudit.model.observation import PortState
from secaudit.probes.gate import Refused
from secaudit.probes.ports.udp_questions import Question

ROUNDS = (0.6, 1.0)
"""Seconds to wait after each sending: datagrams get lost, so every silent port is asked twice, and no more."""
_MOST_BYTES = 4096
_BLOCKED_HERE = {errno.EACCES, errno.EPERM}
_WINDOWS_LONGER = 10040  # WSAEMSGSIZE


@dataclass
class UdpLook:
    """What the UDP ports of one address answered.

    Attributes:
        states: by port; one that was not asked is missing.
        said: what an open port said of itself, empty where its answer was not understood.
        trouble: why ports are missing.
        received: bytes of payload.
    """

    states: dict[int, PortState] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)
    trouble: Reason | None = None
    received: int = 0


def ask(
    address: str,
    questions: Sequence[Question],
    enter: Callable[[int], None],
    stop: threading.Event,
    rounds: Sequence[float] = ROUNDS,
) -> UdpLook:
    """Send each question to its port, side by side, and return what came back within the sum of `rounds` seconds.

    Args:
        address: IPv4 or IPv6 address; an answer counts only when it comes from there and from the port asked.
        enter: asked right before each datagram, with the port; raises `Refused` where none may be sent.
        stop: set when the scan is being cancelled.
        rounds: seconds to wait after each sending.
    """
    look = UdpLook()
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        for question in questions:
            try:
                connection = stack.enter_context(_connected(address, question.port))
            except OSError as error:
                look.trouble = _trouble(address, question.port, error)
                continue
            selector.register(connection, selectors.EVENT_READ, question)
        for seconds in rounds:
            _send(address, selector, enter, look)
            _listen(selector, look, time.monotonic() + seconds, stop)
            if not selector.get_map() or stop.is_set():
                break
    return look


def _connected(address: str, port: int) -> socket.socket:
    """Return a socket that takes datagrams of that address and port only, and learns of ICMP refusals."""
    family, kind, protocol, _, where = socket.getaddrinfo(
        address, port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
    )[0]
    connection = socket.socket(family, kind, protocol)
    try:
        connection.connect(where)
    except OSError:
        connection.close()
        raise
    connection.setblocking(False)
    return connection


def _send(address: str, selector: selectors.BaseSelector, enter: Callable[[int], None], look: UdpLook) -> None:
    for key in list(selector.get_map().values()):
        question: Question = key.data
        connection: socket.socket = key.fileobj  # type: ignore[assignment]
        try:
            enter(question.port)
            connection.send(question.data)
        except Refused as refused:
            look.trouble = refused.reason
            selector.unregister(connection)
        except ConnectionError:
            _closed(selector, connection, question, look)
        except OSError as error:
            # What was asked before and met silence stays `filtered`.
            look.trouble = look.trouble if question.port in look.states else _trouble(address, question.port, error)
            selector.unregister(connection)
        else:
            look.states[question.port] = PortState.FILTERED


def _listen(selector: selectors.BaseSelector, look: UdpLook, until: float, stop: threading.Event) -> None:
    while selector.get_map() and not stop.is_set() and (left := until - time.monotonic()) > 0:
        for key, _ in selector.select(min(left, 0.2)):
            connection: socket.socket = key.fileobj  # type: ignore[assignment]
            _receive(selector, connection, key.data, look)


def _receive(selector: selectors.BaseSelector, connection: socket.socket, question: Question, look: UdpLook) -> None:
    try:
        answer = connection.recv(_MOST_BYTES)
    except ConnectionError:  # ICMP port unreachable; Windows calls it a reset
        _closed(selector, connection, question, look)
        return
    except OSError as error:
        # Windows raises for a datagram longer than asked for: an answer all the same. The rest is "unreachable",
        # said by a router or a firewall: no answer of the port.
        if getattr(error, "winerror", 0) != _WINDOWS_LONGER:
            selector.unregister(connection)
            return
        answer = b""
    look.received += len(answer)
    look.states[question.port] = PortState.OPEN
    look.said[question.port] = question.read(answer) or ""
    selector.unregister(connection)


def _closed(selector: selectors.BaseSelector, connection: socket.socket, question: Question, look: UdpLook) -> None:
    look.states[question.port] = PortState.CLOSED
    selector.unregister(connection)


def _trouble(address: str, port: int, error: OSError) -> Reason:
    if error.errno in _BLOCKED_HERE:
        return Reason(code="ports-blocked-here", params={"address": address, "port": port})
    return Reason(code="address-unreachable", params={"address": address})
