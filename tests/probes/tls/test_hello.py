from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.probes.tls import hello


def record(kind: int, payload: bytes) -> bytes:
    return struct.pack("!BHH", kind, 0x0303, len(payload)) + payload


def message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3, "big") + body


def vector(octets: int, data: bytes) -> bytes:
    return len(data).to_bytes(octets, "big") + data


def server_hello(suite: int, *extensions: tuple[int, bytes], compression: int = 0) -> bytes:
    body = b"\x03\x03" + bytes(32) + vector(1, b"") + struct.pack("!HB", suite, compression)
    body += vector(2, b"".join(struct.pack("!H", number) + vector(2, data) for number, data in extensions))
    return message(2, body)


def test_a_whole_flight() -> None:
    timestamps = vector(2, vector(2, b"first") + vector(2, b"second"))
    flight = server_hello(0x009E, (23, b""), (0xFF01, b"\x00"), (18, timestamps), compression=1)
    flight += message(11, vector(3, vector(3, b"leaf") + vector(3, b"issuer")))
    flight += message(12, vector(2, b"\xff" * 128) + vector(2, b"\x02") + vector(2, b"\x05" * 128))
    flight += message(14, b"")
    # Messages may be cut anywhere by the records that carry them.
    records = record(22, flight[:70]) + record(22, flight[70:])
    seen, ended = hello.read_flight(records)
    assert ended
    assert seen == hello.FirstFlight(
        speaks_tls=True, version=0x0303, suite=0x009E, compressed=True, extended_master_secret=True,
        secure_renegotiation=True, sct_count=2, certificates=(b"leaf", b"issuer"), dh_bits=1024,
    )  # fmt: skip


def test_every_cut_of_a_flight_is_read_without_fault() -> None:
    whole = record(22, server_hello(0xC02F, (23, b"")) + message(14, b""))
    for end in range(3, len(whole)):
        seen, ended = hello.read_flight(whole[:end])
        assert seen.speaks_tls
        assert not ended


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_fault(data: bytes) -> None:
    seen, _ = hello.read_flight(data)
    assert isinstance(seen.speaks_tls, bool)
    seen, _ = hello.read_flight(record(22, data))
    assert seen.speaks_tls


def test_an_alert_is_an_answer() -> None:
    seen, ended = hello.read_flight(record(21, bytes((2, 70))))
    assert (seen.speaks_tls, seen.alert, seen.version, ended) == (True, 70, 0, True)


def test_a_warning_does_not_end_the_flight() -> None:
    seen, ended = hello.read_flight(record(21, bytes((1, 112))) + record(22, server_hello(0xC02F) + message(14, b"")))
    assert (seen.alert, seen.suite, ended) == (None, 0xC02F, True)


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\x16\x16\x16\x16"])
def test_other_protocols_are_not_tls(greeting: bytes) -> None:
    seen, ended = hello.read_flight(greeting)
    assert (seen.speaks_tls, seen.greeting, ended) == (False, greeting, True)


def test_the_hello_names_the_host_and_avoids_the_length_that_load_balancers_hang_on() -> None:
    named = hello.client_hello("xa.tinh.gov.vn")
    assert b"xa.tinh.gov.vn" in named
    assert named[:3] == b"\x16\x03\x01"
    for sni in ("", "x.vn", "a" * 200 + ".vn"):
        for suites in (hello.ALL_SUITES, hello.DHE_SUITES, hello.DHE_SUITES[:2]):
            length = len(hello.client_hello(sni, suites=suites)) - 5
            assert not 256 <= length < 512


def test_the_fallback_signal_is_sent_only_when_asked_for() -> None:
    plain = hello.client_hello("", hello.TLS_1_1)
    signalled = hello.client_hello("", hello.TLS_1_1, fallback=True)
    suites_at = 5 + 4 + 2 + 32 + 1

    def offered(data: bytes) -> list[bytes]:
        length = int.from_bytes(data[suites_at : suites_at + 2], "big")
        return [data[suites_at + 2 + i : suites_at + 4 + i] for i in range(0, length, 2)]

    assert b"\x56\x00" in offered(signalled)
    assert b"\x56\x00" not in offered(plain)


def test_silence_and_a_closed_connection() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError):
        hello.first_flight(ours, hello.client_hello(""), 0.1)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionError):
            hello.first_flight(ours, hello.client_hello(""), 1)


def test_what_came_before_the_silence_counts() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(record(22, server_hello(0xC02F)))
        seen = hello.first_flight(ours, hello.client_hello(""), 0.2)
    assert seen.suite == 0xC02F
