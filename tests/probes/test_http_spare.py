"""Connections that stay open between requests: used again while they stand, never a source of wrong answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.model.authorisation import Authorisation
from secaudit.model.observation import HttpExchange
from secaudit.model.target import parse_target
from secaudit.model.traffic import Budget
from secaudit.probes.gate import Gate, Refused
from secaudit.probes.http.fetch import Ask, fetch
from secaudit.probes.http.identity import request_headers
from secaudit.probes.http.limits import Limits
from secaudit.probes.http.spare import Spare
from tests.servers.authority import LabAuthority
from tests.servers.nginx import nginx
from tests.servers.process import free_port

pytestmark = pytest.mark.network
SHORT = Limits(seconds=2.0, connect_seconds=0.5)
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n"


def gate(budget: Budget | None = None) -> Gate:
    return Gate([], lambda: datetime.now(UTC), lambda host: [], budget)


Talk = Callable[[socket.socket, Callable[[], bytes]], None]


@contextmanager
def talking(*talks: Talk) -> Iterator[tuple[int, list[int]]]:
    """Serve one talk per connection, in turn; gives the port, and a list that grows by one with each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken: list[int] = []

    def serve() -> None:
        for talk in talks:
            with suppress(OSError):
                connection, _ = listener.accept()
                taken.append(len(taken))
                with connection:
                    connection.settimeout(3)
                    talk(connection, lambda: connection.recv(65536))  # noqa: B023 - used up before the next one

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], taken
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def answers(*bodies: bytes) -> Talk:
    """Answer so many requests on one connection, then close it."""

    def talk(connection: socket.socket, read: Callable[[], bytes]) -> None:
        for body in bodies:
            if not read():
                return
            connection.sendall(PAGE + body)

    return talk


def ask(port: int, spare: Spare | None, path: str = "/", through: Gate | None = None) -> HttpExchange:
    headers = request_headers("", stays=spare is not None)
    return fetch(through or gate(), Ask(parse_target(f"http://127.0.0.1:{port}{path}"), headers=headers), SHORT, spare)


def test_requests_share_a_connection_and_each_is_counted() -> None:
    through = gate()
    with talking(answers(b"eins", b"zwei", b"drei")) as (port, taken), Spare(4) as spare:
        bodies = [ask(port, spare, through=through).body for _ in range(3)]
    assert bodies == ["eins", "zwei", "drei"]
    assert len(taken) == 1
    used = through.traffic()
    assert (used.connections, used.requests) == (1, 3)


def test_without_a_place_to_keep_it_every_request_has_its_own() -> None:
    with talking(answers(b"eins"), answers(b"zwei")) as (port, taken):
        assert [ask(port, None).body for _ in range(2)] == ["eins", "zwei"]
    assert len(taken) == 2


def test_a_connection_that_the_server_gave_up_is_replaced() -> None:
    with talking(answers(b"eins"), answers(b"zwei")) as (port, taken), Spare(4) as spare:
        assert ask(port, spare).body == "eins"
        again = ask(port, spare)
    assert (again.body, again.fault, len(taken)) == ("zwei", None, 2)


def test_a_server_that_leaves_when_asked_again_is_asked_once_more() -> None:
    def leaves(connection: socket.socket, read: Callable[[], bytes]) -> None:
        read()
        connection.sendall(PAGE + b"eins")
        read()  # the second request is read, and never answered

    with talking(leaves, answers(b"zwei")) as (port, taken), Spare(4) as spare:
        assert ask(port, spare).body == "eins"
        again = ask(port, spare)
    assert (again.body, again.fault, len(taken)) == ("zwei", None, 2)


def test_bytes_beyond_an_answer_never_become_the_next_one() -> None:
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"

    def poisons(connection: socket.socket, read: Callable[[], bytes]) -> None:
        read()
        connection.sendall(PAGE + b"eins")
        connection.sendall(forged)
        read()

    with talking(poisons, answers(b"zwei")) as (port, _), Spare(4) as spare:
        assert ask(port, spare).body == "eins"
        threading.Event().wait(0.1)
        assert ask(port, spare).body == "zwei"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\n",
    ],
)
def test_a_server_that_says_it_closes_is_believed(head: bytes) -> None:
    def closes(connection: socket.socket, read: Callable[[], bytes]) -> None:
        read()
        connection.sendall(head + b"eins")
        assert read() == b"", "nothing more is sent on it"

    with talking(closes, answers(b"zwei")) as (port, taken), Spare(4) as spare:
        assert [ask(port, spare).body for _ in range(2)] == ["eins", "zwei"]
    assert len(taken) == 2


def test_an_answer_cut_at_a_limit_is_not_followed_by_another_on_its_connection() -> None:
    def long(connection: socket.socket, read: Callable[[], bytes]) -> None:
        read()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b"x" * 900)
        read()

    limits = Limits(seconds=2.0, body_bytes=100, text_bytes=100)
    with talking(long, answers(b"zwei")) as (port, taken), Spare(4) as spare:
        cut = fetch(gate(), Ask(parse_target(f"http://127.0.0.1:{port}/")), limits, spare)
        assert (cut.truncated, ask(port, spare).body, len(taken)) == (True, "zwei", 2)


def test_the_budget_of_requests_holds_over_standing_connections() -> None:
    through = gate(Budget(connections=10, per_second=100, requests=2, megabytes=1))
    with talking(answers(b"eins", b"zwei", b"drei")) as (port, _), Spare(4) as spare:
        seen = [ask(port, spare, through=through) for _ in range(3)]
    assert [exchange.status for exchange in seen] == [200, 200, 0]
    assert seen[2].fault is not None
    assert seen[2].fault.code == "budget-spent"
    assert through.traffic().requests == 2


def test_a_standing_connection_is_no_way_around_a_permission_that_has_ended() -> None:
    now = [datetime(2026, 11, 22, tzinfo=UTC)]
    record = Authorisation(
        id="r1", hosts=("203.0.113.5",), ports=(), granted_by="Chủ tịch", recorded_at=now[0], valid_from=now[0],
        valid_until=now[0] + timedelta(hours=1),
    )  # fmt: skip
    through = Gate([record], lambda: now[0], lambda host: [])
    through.again("203.0.113.5", "203.0.113.5", 443)
    now[0] += timedelta(hours=2)
    with pytest.raises(Refused):
        through.again("203.0.113.5", "203.0.113.5", 443)


def test_tls_connections_stay_as_well(tmp_path: Path) -> None:
    authority = LabAuthority()
    certificate, key = authority.issue("127.0.0.1").write(tmp_path, "page")
    port = free_port()
    block = (
        f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};"
        " location / { return 200 '$connection_requests'; } }"
    )
    with nginx(tmp_path / "nginx", [block], [port]), Spare(4) as spare:
        target = parse_target(f"https://127.0.0.1:{port}/")
        asking = Ask(target, headers=request_headers("", stays=True))
        assert [fetch(gate(), asking, SHORT, spare).body for _ in range(3)] == ["1", "2", "3"]
