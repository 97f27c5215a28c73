"""UDP: real servers answer, closed ports are refused, silence stays silence, strangers' datagrams count for nothing."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from secaudit.model.base import Reason
from secaudit.model.observation import PortState, ServiceObservation
from secaudit.model.words import Outcome
from secaudit.probes.gate import Refused
from secaudit.probes.ports.udp import UdpLook, ask
from secaudit.probes.ports.udp_questions import Question, questions
from tests.probes.ports.scanning import judge, scan
from tests.servers import udp
from tests.servers.process import free_port

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(sys.platform != "linux", reason="needs more than one loopback address"),
]
SERVERS: list[tuple[Callable[[Path, str], AbstractContextManager[None]], int, str, str]] = [
    (udp.snmpd, 161, "snmp", "SNMPv3, engine ID 80001f88"),
    (udp.chronyd, 123, "ntp", "NTPv4, stratum 10"),
    (udp.unbound, 53, "domain", "DNS, response code 5"),
    (udp.memcached, 11211, "memcached", "VERSION 1."),
]


@pytest.mark.parametrize(("server", "port", "service", "said"), SERVERS)
def test_a_real_server_answers_and_has_exactly_its_faults(
    tmp_path: Path,
    server: Callable[[Path, str], AbstractContextManager[None]],
    port: int,
    service: str,
    said: str,
) -> None:
    address = f"127.0.78.{port % 250}"
    with server(tmp_path, address):
        result = scan(f"http://{address}/", profile="quick", port_engine="embedded")
    [look] = result.udp
    assert look.tried == (53, 123, 161, 11211)
    assert [(found.port, found.state) for found in look.found] == [(port, PortState.OPEN)]
    [seen] = [o for o in result.seen if isinstance(o, ServiceObservation) and o.protocol == "udp"]
    assert (seen.service, seen.method, seen.port) == (service, "banner", port)
    assert seen.banner.startswith(said)
    assert result.failing() == udp.FAULTS[port]
    failure = next(v for v in judge(result.view())["port.unexpected"] if v.place == f"{port}/udp")
    assert (failure.evidence["protocol"], failure.evidence["service"]) == ("udp", service)


def test_a_memcached_on_udp_alone_is_found() -> None:
    # Its own command would listen on TCP too; what counts here is the datagram.
    with answering("127.0.78.20", 11211, lambda asked: asked[:2] + b"\0\0\0\1\0\0VERSION 1.4.15\r\n"):
        result = scan("http://127.0.78.20/", profile="quick", port_engine="embedded")
    assert [found.port for found in result.udp[0].found] == [11211]
    assert result.failing() == {"port.cache", "port.unexpected"}


def test_silence_is_no_pass() -> None:
    with udp.silent("127.0.78.21", 161):
        result = scan("http://127.0.78.21/", profile="quick", port_engine="embedded")
    assert [(found.port, found.state) for found in result.udp[0].found] == [(161, PortState.FILTERED)]
    [verdict] = judge(result.view())["port.snmp"]
    assert verdict.result is Outcome.INCONCLUSIVE
    assert verdict.reason == Reason(code="udp-silent", params={"address": "127.0.78.21", "port": 161})
    assert result.failing() == set()


def test_a_refusal_is_closed_and_passes() -> None:
    result = scan("http://127.0.78.22/", profile="quick", port_engine="embedded")
    assert (result.udp[0].found, result.udp[0].fault) == ((), None)
    assert {v.result for v in judge(result.view())["port.snmp"]} == {Outcome.PASS}


def test_no_community_name_is_sent() -> None:
    for question in questions("xa.example.vn"):
        assert b"public" not in question.data
        assert len(question.data) < 100
    ntp = next(q for q in questions("192.0.2.1") if q.port == 123)
    assert ntp.data[0] & 0x07 == 3


@pytest.mark.parametrize("junk", [b"", b"\0", b"junk" * 300, b"\x30\x82\xff\xff", b"\x30\x03\x02\x84\x7f"])
def test_an_answer_that_is_not_understood_is_open_without_a_name(junk: bytes) -> None:
    with answering("127.0.78.23", 161, lambda _: junk):
        look = _ask("127.0.78.23", questions("xa.example.vn"))
    assert look.states[161] is PortState.OPEN
    assert look.said[161] == ""
    for question in questions("xa.example.vn"):
        assert question.read(junk) is None


def test_another_machines_datagram_is_no_answer() -> None:
    port = free_port()

    def forge(_server: socket.socket, to: tuple[str, int], _asked: bytes) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.78.25", port))
            stranger.sendto(b"VERSION 9", to)

    with _listening("127.0.78.24", port, forge):
        look = _ask("127.0.78.24", [Question(port, "memcached", b"?", lambda _: "9")], rounds=(0.2, 0.2))
    assert look.states == {port: PortState.FILTERED}


def test_every_datagram_asks_first_and_a_refusal_says_why() -> None:
    entered: list[int] = []

    def enter(port: int) -> None:
        if len(entered) == 2:
            raise Refused(Reason(code="not-in-scope"))
        entered.append(port)

    with udp.silent("127.0.78.26", 161), udp.silent("127.0.78.26", 11211):
        look = ask("127.0.78.26", questions("xa.example.vn"), enter, threading.Event(), rounds=(0.1, 0.1))
    assert entered == [161, 11211]
    assert look.states == {161: PortState.FILTERED, 11211: PortState.FILTERED}
    assert look.trouble == Reason(code="not-in-scope")


def test_at_most_two_datagrams_reach_a_silent_port() -> None:
    seen: list[bytes] = []
    port = free_port()
    with _listening("127.0.78.27", port, lambda *_: seen.append(b"x")):
        _ask("127.0.78.27", [Question(port, "x", b"?", lambda _: None)], rounds=(0.3, 0.3))
    assert len(seen) == 2


def test_a_scan_that_is_stopped_sends_nothing_more() -> None:
    stop = threading.Event()
    stop.set()
    sent: list[int] = []
    with udp.silent("127.0.78.28", 161):
        ask("127.0.78.28", questions("xa.example.vn")[:1], sent.append, stop)
    assert sent == [161]


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_two_addresses_and_ipv6_are_looked_at_over_tcp_and_udp(tmp_path: Path) -> None:
    addresses = ["127.0.78.30", "127.0.78.31", "::1"]
    with (
        socket.create_server(("127.0.78.31", 2323)),
        socket.create_server(("::1", 6380), family=socket.AF_INET6),
        answering("::1", 161, lambda _: b"?"),
    ):
        result = scan("http://xa.example.vn/", profile="quick", port_engine="embedded", resolver=lambda _: addresses)
    assert [s.address for s in result.scans] == [s.address for s in result.udp] == addresses
    opened = {(s.address, found.port) for s in result.scans for found in s.found if found.state is PortState.OPEN}
    assert {("127.0.78.31", 2323), ("::1", 6380)} <= opened
    assert not [port for address, port in opened if address == "127.0.78.30"]
    assert [(found.port, found.state) for found in result.udp[2].found] == [(161, PortState.OPEN)]
    assert {"port.snmp", "port.cache"} <= result.failing()
    verdict = next(v for v in judge(result.view())["port.cache"] if v.result is Outcome.FAIL)
    assert (verdict.target, verdict.evidence["addresses"]) == ("xa.example.vn:6380", ["::1"])


def _ask(address: str, asked: tuple[Question, ...] | list[Question], rounds: tuple[float, ...] = (0.5, 0.5)) -> UdpLook:
    return ask(address, asked, lambda _: None, threading.Event(), rounds=rounds)


@contextmanager
def answering(address: str, port: int, answer: Callable[[bytes], bytes]) -> Iterator[None]:
    """Answer every datagram on that port."""
    with _listening(address, port, lambda server, to, asked: server.sendto(answer(asked), to)):
        yield


@contextmanager
def _listening(
    address: str, port: int, react: Callable[[socket.socket, tuple[str, int], bytes], object]
) -> Iterator[None]:
    """Call `react(socket, sender, datagram)` for every datagram until the block ends."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as server:
        try:
            server.bind((address, port))
        except PermissionError:
            pytest.skip(f"no right to bind UDP port {port}")
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    asked, sender = server.recvfrom(4096)
                except TimeoutError:
                    continue
                react(server, sender, asked)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
