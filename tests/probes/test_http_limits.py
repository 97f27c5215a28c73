"""What the HTTP probe does with servers that no real program is: it ends in time, in bounded memory, with a fact."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from secaudit.model.observation import HttpExchange, HttpVisit, VisitEnd
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.probes.gate import Gate
from secaudit.probes.http.fetch import Ask, fetch, head_complete
from secaudit.probes.http.limits import HEADER_COUNT, TEXT_BYTES, Limits
from secaudit.probes.http.probe import HttpProbe
from secaudit.probes.probe import ProbeContext
from tests.servers import hostile as h
from tests.servers.process import free_port

pytestmark = pytest.mark.network
SHORT = Limits(seconds=1.0, connect_seconds=0.5)


def gate(resolver: dict[str, list[str]] | None = None) -> Gate:
    return Gate([], lambda: datetime.now(UTC), lambda host: (resolver or {}).get(host, []))


def ask(answer: h.Answer, limits: Limits = SHORT) -> HttpExchange:
    with h.hostile(answer) as server:
        return fetch(gate(), Ask(parse_target(f"http://127.0.0.1:{server.port}/")), limits)


@pytest.mark.parametrize(
    ("answer", "status", "fault"),
    [
        (h.endless_head, 200, "http-header-limit"),
        (h.many_headers(10_000), 200, "http-header-limit"),
        (h.dripping_head, 200, "http-time-limit"),
        (h.silent, 0, "http-time-limit"),
        (h.half_closed, 200, "http-cut-short"),
        (h.reset, 0, "http-connection-lost"),
        (h.reply(b""), 0, "http-no-answer"),
        (h.reply(b"SSH-2.0-OpenSSH_9.2\r\n"), 0, "http-not-http"),
        (h.reply(b"<html>HTTP/0.9</html>"), 0, "http-not-http"),
        (h.reply(bytes(range(256)) * 40), 0, "http-not-http"),
        (h.reply(b"HTTP/2.0 200 OK\r\n\r\n"), 0, "http-not-http"),
        (h.reply(b"HTTP/1.1 100 Continue\r\n\r\n" * 50), 100, "http-interim-limit"),
        (h.reply(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n12345"), 200, "http-malformed"),
    ],
)
def test_an_incomplete_head_is_a_fault_in_time(answer: h.Answer, status: int, fault: str) -> None:
    began = time.monotonic()
    exchange = ask(answer)
    assert time.monotonic() - began < 3
    assert exchange.fault is not None
    assert (exchange.status, exchange.fault.code) == (status, fault)
    assert not head_complete(exchange)
    assert exchange.body == ""


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (h.dripping_body, "http-body-time-limit"),
        (h.dripping_chunks, "http-body-time-limit"),
        (h.reply(h.OK + b"Content-Length: 500\r\n\r\n<p>half"), "http-body-cut-short"),
        (h.reply(h.OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"), "http-body-cut-short"),
        (h.endless_chunk_size, "http-body-cut-short"),
        (h.reply(h.OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"), "http-body-garbled"),
        (h.reply(h.OK + b"Content-Encoding: br\r\nContent-Length: 4\r\n\r\nnope"), "http-content-encoding"),
        (h.reply(h.OK + b"Content-Encoding: gzip, gzip\r\n\r\nnope"), "http-content-encoding"),
    ],
)
def test_a_bad_body_leaves_the_head_judgeable(answer: h.Answer, fault: str) -> None:
    began = time.monotonic()
    exchange = ask(answer)
    assert time.monotonic() - began < 3
    assert exchange.fault is not None
    assert exchange.fault.code == fault
    assert head_complete(exchange)
    assert exchange.values("content-type") == ["text/html"]
    assert exchange.truncated is (fault != "http-content-encoding")


def test_what_dripped_before_the_deadline_is_kept() -> None:
    assert ask(h.dripping_body).body.startswith("<p>zzz")
    assert ask(h.dripping_chunks).body.startswith("zzz")


def test_an_endless_body_is_cut_and_the_memory_stays_bounded() -> None:
    exchange = ask(h.endless_body, Limits(seconds=10, wire_bytes=1 << 20))
    assert exchange.fault is None
    assert exchange.truncated
    assert exchange.body == "x" * TEXT_BYTES
    assert TEXT_BYTES < exchange.body_bytes <= 1 << 20


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compression_bomb_is_not_unpacked(coding: str) -> None:
    answer = h.bomb(400, coding)
    tracemalloc.start()
    try:
        exchange = ask(answer)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert exchange.fault is None
    assert exchange.truncated
    assert exchange.body_bytes == Limits().body_bytes
    assert peak < 8 << 20


def test_headers_are_kept_as_received() -> None:
    exchange = ask(
        h.reply(
            b"HTTP/1.1 200\r\nX-B: 1\r\nx-b:2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2, c=3\r\nX-Bytes: \xc4\x91\xff\r\n"
            b"X-Fold: one\r\n  two\r\nno colon here\r\n: no name\r\nContent-Length: 2\r\n\r\nhi"
        )
    )
    assert exchange.fault is None
    assert exchange.headers == (
        ("X-B", "1"),
        ("x-b", "2"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2, c=3"),
        ("X-Bytes", "\xc4\x91\xff"),
        ("X-Fold", "one two"),
        ("Content-Length", "2"),
    )
    assert (exchange.status, exchange.http_version, exchange.body) == (200, "HTTP/1.1", "hi")


def test_as_many_headers_as_allowed_are_no_fault() -> None:
    exchange = ask(h.many_headers(HEADER_COUNT - 1))
    assert exchange.fault is None
    assert len(exchange.headers) == HEADER_COUNT


def test_interim_answers_are_skipped() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    exchange = ask(h.reply(hints + h.OK + b"Content-Length: 2\r\n\r\nok"))
    assert (exchange.status, exchange.body) == (200, "ok")
    assert exchange.values("link") == []


def test_gzip_is_unpacked_and_the_character_set_found() -> None:
    assert ask(h.reply(h.gzipped("Ủy ban nhân dân xã"))).body == "Ủy ban nhân dân xã"


def test_the_next_address_is_tried_when_one_refuses() -> None:
    with h.hostile(h.reply(h.OK + b"Content-Length: 2\r\n\r\nok"), "127.0.0.1") as server:
        pinned = gate({"xa.example": ["127.0.0.99", "::1", "127.0.0.1"]})
        exchange = fetch(pinned, Ask(parse_target(f"http://xa.example:{server.port}/")), SHORT)
        assert (exchange.address, exchange.body, pinned.connections) == ("127.0.0.1", "ok", 3)
        assert f"Host: xa.example:{server.port}".encode() in server.requests[0]


def test_an_ipv6_address_is_reached() -> None:
    with h.hostile(h.reply(h.OK + b"Content-Length: 2\r\n\r\nok"), "::1") as server:
        exchange = fetch(gate(), Ask(parse_target(f"http://[::1]:{server.port}/")), SHORT)
        assert (exchange.address, exchange.body) == ("::1", "ok")
        assert f"Host: [::1]:{server.port}".encode() in server.requests[0]
        assert exchange.request_headers[0] == ("Host", f"[::1]:{server.port}")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://127.0.0.1:{port}/", "connect-refused"),
        ("https://127.0.0.1:{port}/", "connect-refused"),
        ("http://nowhere.example:{port}/", "name-not-resolved"),
        ("http://192.0.2.7:{port}/", "not-in-scope"),
    ],
)
def test_no_connection_is_a_fault(url: str, fault: str) -> None:
    exchange = fetch(gate(), Ask(parse_target(url.format(port=free_port()))), SHORT)
    assert exchange.fault is not None
    assert (exchange.status, exchange.fault.code) == (0, fault)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (h.reply(h.OK + b"\r\nplain http"), "http-not-tls"),
        (h.reply(b"\x15\x03\x03\x00\x02\x02\x28"), "tls-handshake-failed"),
        (h.reply(b""), "tls-handshake-failed"),
        (h.silent, "http-time-limit"),
    ],
)
def test_a_port_without_tls_is_told_from_a_failed_handshake(answer: h.Answer, fault: str) -> None:
    def tls_answer(connection: object, request: bytes) -> None:
        answer(connection, request)  # type: ignore[arg-type]

    with h.hostile(tls_answer, until=b"") as server:
        exchange = fetch(gate(), Ask(parse_target(f"https://127.0.0.1:{server.port}/")), SHORT)
    assert exchange.fault is not None
    assert exchange.fault.code == fault


def test_nothing_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert ask(h.reply(h.OK + b"Content-Length: 2\r\n\r\nok")).body == "ok"


def visits_of(server: h.Hostile, limits: Limits = SHORT, time_limit: float = 60) -> dict[str, HttpVisit]:
    target = parse_target(f"http://127.0.0.1:{server.port}/")
    options = ScanOptions(https_port=free_port(), time_limit=time_limit)
    context = ProbeContext(gate(), options, lambda: datetime.now(UTC))
    return {visit.purpose: visit for visit in HttpProbe(limits).run(target, context)}


def test_a_visit_whose_cookie_never_settles_ends() -> None:
    count = iter(range(1000))

    def answer(connection: object, _: bytes) -> None:
        head = f"HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: n={next(count)}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())  # type: ignore[attr-defined]

    with h.hostile(answer) as server:
        visit = visits_of(server)["page-http"]
    assert visit.end is VisitEnd.TOO_MANY
    assert len(visit.exchanges) == 11


def test_a_dripping_chain_of_redirects_ends_with_the_probe() -> None:
    def answer(connection: object, request: bytes) -> None:
        time.sleep(0.4)
        step = request.split(b" ")[1] + b"x"
        connection.sendall(  # type: ignore[attr-defined]
            b"HTTP/1.1 302 Found\r\nLocation: " + step + b"\r\nContent-Length: 0\r\n\r\n"
        )

    began = time.monotonic()
    with h.hostile(answer) as server:
        visits = visits_of(server, time_limit=2)
    assert time.monotonic() - began < 5
    page = visits["page-http"]
    assert page.end is VisitEnd.FAULT
    assert page.fault is not None
    assert page.fault.code in ("http-no-time-left", "http-time-limit")


@pytest.fixture
def garbage() -> Iterator[h.Hostile]:
    with h.hostile(h.reply(b"\x00\x01garbage")) as server:
        yield server


def test_visits_that_cannot_be_made_carry_the_fault(garbage: h.Hostile) -> None:
    visits = visits_of(garbage)
    assert set(visits) == {"page-http", "page-https", "trace", "options", "cors"}
    assert {visit.end for visit in visits.values()} == {VisitEnd.FAULT}
    assert all(visit.fault is not None for visit in visits.values())
    assert len(garbage.requests) == 1
