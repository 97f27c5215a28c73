"""The connect scan against real listeners, a full queue, a lack of sockets, and a gate that says no."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from secaudit.model.base import Reason
from secaudit.model.observation import PortState
from secaudit.model.words import Profile
from secaudit.probes.gate import Refused
from secaudit.probes.ports.connect_scan import PACES, Pace, connect_scan, has_route
from secaudit.probes.ports.discovery import SweepResult
from tests.servers.greeter import unanswering
from tests.servers.process import free_port

pytestmark = pytest.mark.network

HOST = "127.0.0.1"
FAST = Pace(concurrency=50, per_second=2000, seconds=0.5)


def _scan(
    ports: list[int], *, address: str = HOST, pace: Pace = FAST, enter: Callable[[int], None] = lambda _: None,
    seconds: float = 20, stop: threading.Event | None = None,
) -> SweepResult:  # fmt: skip
    until = time.monotonic() + seconds
    return connect_scan(address, ports, pace, enter, until=until, stop=stop or threading.Event())


@pytest.fixture
def listeners() -> Iterator[list[int]]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server((HOST, 0))) for _ in range(12)]
        yield sorted(int(s.getsockname()[1]) for s in sockets)


def test_all_listeners_are_open_and_all_else_is_closed(listeners: list[int]) -> None:
    closed = [free_port() for _ in range(30)]
    result = _scan([*listeners, *closed])
    assert result.trouble is None
    assert [p for p, s in sorted(result.states.items()) if s is PortState.OPEN] == listeners
    assert {result.states[p] for p in closed} == {PortState.CLOSED}


def test_ipv6() -> None:
    if not has_route("::1"):
        pytest.skip("no IPv6 on this computer")
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = int(listener.getsockname()[1])
        result = _scan([port, free_port("::1")], address="::1")
    assert result.states.pop(port) is PortState.OPEN
    assert set(result.states.values()) == {PortState.CLOSED}


@pytest.mark.skipif(sys.platform != "linux", reason="a full queue drops packets on Linux only")
def test_a_port_that_drops_packets_is_filtered_and_never_closed() -> None:
    with unanswering(HOST) as port:
        began = time.monotonic()
        result = _scan([port])
        assert result.states == {port: PortState.FILTERED}
        assert 0.4 < time.monotonic() - began < 2


def test_the_rate_is_kept() -> None:
    began = time.monotonic()
    result = _scan([free_port() for _ in range(60)], pace=Pace(concurrency=50, per_second=100, seconds=0.5))
    assert len(result.states) == 60
    assert time.monotonic() - began > 0.5


def test_no_more_sockets_at_once_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most = 0, 0
    original = socket.socket

    class Counting(original):  # type: ignore[misc,valid-type]
        def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
            nonlocal now, most
            super().__init__(family, type, proto, fileno)
            self.counted = fileno is None and type == socket.SOCK_STREAM
            now += self.counted
            most = max(most, now)

        def close(self) -> None:
            nonlocal now
            now -= self.counted
            self.counted = False
            super().close()

    with unanswering(HOST) as silent:
        ports = [free_port() for _ in range(20)]
        monkeypatch.setattr(socket, "socket", Counting)
        result = _scan([silent, *ports], pace=Pace(concurrency=4, per_second=5000, seconds=0.3))
        monkeypatch.undo()
    assert len(result.states) == 21
    assert 1 <= most <= 4 + 2, "four workers, and the event loop's own pair"


def test_the_gate_is_asked_for_every_connection_and_obeyed(listeners: list[int]) -> None:
    asked = []

    def enter(port: int) -> None:
        asked.append(port)
        if port == listeners[0]:
            raise Refused(Reason(code="not-in-scope", params={"host": HOST, "port": port}))

    result = _scan(listeners, enter=enter)
    assert sorted(asked) == listeners
    assert sorted(result.states) == listeners[1:]
    assert result.trouble is not None and result.trouble.code == "not-in-scope"


def test_time_over_and_stop_leave_ports_out_instead_of_calling_them_closed() -> None:
    ports = [free_port() for _ in range(5)]
    late = _scan(ports, seconds=-1)
    assert (late.states, late.trouble and late.trouble.code) == ({}, "ports-time-limit")
    stop = threading.Event()
    stop.set()
    stopped = _scan(ports, stop=stop)
    assert (stopped.states, stopped.trouble and stopped.trouble.code) == ({}, "probe-interrupted")


def test_a_thousand_answers_of_a_tenth_of_a_second_take_about_one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    async def slow(_loop: object, _sock: socket.socket, _address: object) -> None:
        await asyncio.sleep(0.1)
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", slow)
    began = time.monotonic()
    result = _scan(list(range(1, 1001)), pace=PACES[Profile.STANDARD])
    assert set(result.states.values()) == {PortState.CLOSED}
    assert 1000 / 1500 * 0.9 < time.monotonic() - began < 1.6


_CHILD = """
import json, os, resource, sys, threading, time
from secaudit.probes.ports.connect_scan import Pace, connect_scan, has_route
import asyncio, socket, encodings.idna
ports, left, cap = json.loads(sys.argv[1]), int(sys.argv[2]), 256
resource.setrlimit(resource.RLIMIT_NOFILE, (cap, cap))
asyncio.run(asyncio.sleep(0))
route = has_route("127.0.0.1")
held = []
try:
    while True:
        held.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    pass
for descriptor in held[-left:] if left else ():
    os.close(descriptor)
pace = Pace(concurrency=200, per_second=5000, seconds=1.0)
began = time.monotonic()
result = connect_scan("127.0.0.1", ports, pace, lambda _: None, until=began + 20, stop=threading.Event())
print(json.dumps([result.states, result.trouble and result.trouble.code, has_route("127.0.0.1")]))
"""


def _short_of_descriptors(ports: list[int], left: int) -> tuple[dict[int, str], str | None, bool]:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, json.dumps(ports), str(left)], capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    states, trouble, route = json.loads(done.stdout)
    return {int(port): state for port, state in states.items()}, trouble, route


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on descriptors")
@pytest.mark.parametrize("left", [5, 12, 40])
def test_few_descriptors_slow_it_down_and_turn_nothing_into_closed(listeners: list[int], left: int) -> None:
    closed = [free_port() for _ in range(80)]
    states, trouble, _ = _short_of_descriptors([*closed, *listeners], left)
    assert trouble is None
    assert sorted(states) == sorted({*closed, *listeners})
    assert {states[port] for port in listeners} == {"open"}
    assert {states[port] for port in closed} == {"closed"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on descriptors")
@pytest.mark.parametrize("left", [0, 3])
def test_no_descriptor_at_all_means_not_looked_at(listeners: list[int], left: int) -> None:
    states, trouble, route = _short_of_descriptors(listeners, left)
    assert (states, trouble, route) == ({}, "ports-sockets-short", True)
