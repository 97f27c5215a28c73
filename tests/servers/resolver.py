"""Resolvers that no office should have: lying, silent, failing, cutting short. One answer per running resolver."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests.servers.process import free_port

Answer = Callable[[dns.message.Message], bytes | list[bytes] | None]
"""Gives the wire form of what is sent back: nothing, one message, or over TCP several."""


class Resolver:
    """A running resolver.

    Attributes:
        port: where it listens, over UDP and TCP.
        asked: every question received, as `name type`.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []


@contextmanager
def resolver(answer: Answer, *, over_tcp: Answer | None = None) -> Iterator[Resolver]:
    """Answer every question with `answer` until the block ends; TCP is refused unless `over_tcp` is given."""
    server = Resolver(free_port())
    over = threading.Event()
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", server.port))
    datagrams.settimeout(0.1)
    threads = [threading.Thread(target=_serve_udp, args=(datagrams, server, answer, over), daemon=True)]
    listener: socket.socket | None = None
    if over_tcp is not None:
        listener = socket.create_server(("127.0.0.1", server.port))
        listener.settimeout(0.1)
        threads.append(threading.Thread(target=_serve_tcp, args=(listener, server, over_tcp, over), daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield server
    finally:
        over.set()
        for thread in threads:
            thread.join(5)
        datagrams.close()
        if listener is not None:
            listener.close()


def _serve_udp(datagrams: socket.socket, server: Resolver, answer: Answer, over: threading.Event) -> None:
    while not over.is_set():
        with suppress(TimeoutError):
            wire, sender = datagrams.recvfrom(65535)
            reply = _reply(wire, server, answer)
            if reply is not None:
                datagrams.sendto(reply if isinstance(reply, bytes) else reply[0], sender)


def _serve_tcp(listener: socket.socket, server: Resolver, answer: Answer, over: threading.Event) -> None:
    while not over.is_set():
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(1)
                (length,) = struct.unpack("!H", _exactly(connection, 2))
                reply = _reply(_exactly(connection, length), server, answer)
                if reply is not None:
                    for one in [reply] if isinstance(reply, bytes) else reply:
                        connection.sendall(struct.pack("!H", len(one)) + one)
                else:
                    over.wait(3)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise OSError("closed")
        data += piece
    return data


def _reply(wire: bytes, server: Resolver, answer: Answer) -> bytes | list[bytes] | None:
    query = dns.message.from_wire(wire)
    question = query.question[0]
    server.asked.append(f"{question.name} {question.rdtype.name}")
    return answer(query)


def silent(_: dns.message.Message) -> None:
    """Say nothing."""


def failing(code: dns.rcode.Rcode) -> Answer:
    """Answer every question with this code."""

    def answer(query: dns.message.Message) -> bytes:
        reply = dns.message.make_response(query)
        reply.set_rcode(code)
        return reply.to_wire()

    return answer


def cutting_short(query: dns.message.Message) -> bytes:
    """Claim that the answer did not fit."""
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.TC
    return reply.to_wire()


def garbage(query: dns.message.Message) -> bytes:
    """Send the question's id and then nonsense."""
    return query.id.to_bytes(2, "big") + b"\xff" * 40


def somebody_else(query: dns.message.Message) -> bytes:
    """Answer a question that was not asked."""
    other = dns.message.make_query("elsewhere.example.", "A", id=query.id)
    reply = dns.message.make_response(other)
    reply.answer.append(dns.rrset.from_text("elsewhere.example.", 60, "IN", "A", "192.0.2.66"))
    return reply.to_wire()


def giving(*records: str) -> Callable[[dns.message.Message], bytes]:
    """Answer from records written as `owner TYPE data`, owner `*` for any name; other names do not exist."""
    table = [line.split(" ", 2) for line in records]

    def answer(query: dns.message.Message) -> bytes:
        reply = dns.message.make_response(query)
        type_ = query.question[0].rdtype.name
        name = str(query.question[0].name).rstrip(".")
        for _ in range(5):
            here = [(kind, data) for owner, kind, data in table if owner in (name, "*")]
            found = [(kind, data) for kind, data in here if kind == type_] or [e for e in here if e[0] == "CNAME"]
            for kind, data in found:
                reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, data))
            if not found or found[0][0] != "CNAME" or type_ == "CNAME":
                break
            name = found[0][1].rstrip(".")
        if not any(owner in (name, "*") or owner.endswith(f".{name}") for owner, _, _ in table):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()

    return answer
