from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlslite.constants import TLS_1_3_HRR
from tlslite.messages import RecordHeader2, ServerHello2

from secaudit.probes.tls.server_answer import AnswerReader, ServerAnswer, read_answer
from tests.probes.tls.wire import alert, message, record, server_hello, vector


def test_a_whole_flight() -> None:
    timestamps = vector(2, vector(2, b"first") + vector(2, b"second"))
    flight = server_hello(0x009E, (23, b""), (0xFF01, b"\x00"), (18, timestamps), compression=1)
    flight += message(11, vector(3, vector(3, b"leaf") + vector(3, b"issuer")))
    flight += message(12, vector(2, b"\xff" * 128) + vector(2, b"\x02") + vector(2, b"\x05" * 128))
    flight += message(14, b"")
    # Messages may be cut anywhere by the records that carry them.
    records = record(22, flight[:70]) + record(22, flight[70:])
    seen, ended = read_answer(records)
    assert ended
    assert seen == ServerAnswer(
        speaks_tls=True, version=0x0303, suite=0x009E, compressed=True, extended_master_secret=True,
        secure_renegotiation=True, sct_count=2, certificates=(b"leaf", b"issuer"), dh_bits=1024,
    )  # fmt: skip


def test_the_curve_of_an_elliptic_key_exchange() -> None:
    flight = server_hello(0xC02F) + message(12, b"\x03\x00\x18" + vector(1, b"\x04" * 97)) + message(14, b"")
    seen, ended = read_answer(record(22, flight))
    assert (seen.group, seen.dh_bits, ended) == (24, 0, True)


def test_tls_13_names_its_version_and_group_in_extensions() -> None:
    chosen = server_hello(0x1301, (43, b"\x03\x04"), (51, b"\x00\x1d" + vector(2, bytes(32))))
    seen, ended = read_answer(record(22, chosen))
    assert (seen.version, seen.suite, seen.group, seen.retry, ended) == (0x0304, 0x1301, 29, False, True)
    retry = server_hello(0x1302, (43, b"\x03\x04"), (51, b"\x00\x18"), random=bytes(TLS_1_3_HRR))
    seen, ended = read_answer(record(22, retry))
    assert (seen.version, seen.suite, seen.group, seen.retry, ended) == (0x0304, 0x1302, 24, True, True)


def test_an_answer_in_ssl_2() -> None:
    hello = ServerHello2().create(0, 1, (0, 2), bytearray(b"leaf"), [0x010080, 0x0700C0], bytearray(16))
    body = hello.write()
    seen, ended = read_answer(bytes(RecordHeader2().create(len(body)).write() + body))
    assert ended
    assert (seen.version, seen.kinds, seen.certificates) == (0x0002, (0x010080, 0x0700C0), (b"leaf",))


def test_what_stands_before_a_malformed_extension_holds() -> None:
    seen, _ = read_answer(record(22, server_hello(0xC02F, (23, b""), (16, b"\xff\xff\xff"))))
    assert (seen.version, seen.suite, seen.extended_master_secret) == (0x0303, 0xC02F, True)


def test_every_cut_of_a_flight_is_read_without_fault() -> None:
    whole = record(22, server_hello(0xC02F, (23, b"")) + message(14, b""))
    for end in range(3, len(whole)):
        seen, ended = read_answer(whole[:end])
        assert seen.speaks_tls
        assert not ended


@given(st.lists(st.binary(max_size=200), max_size=6))
def test_any_bytes_are_read_without_fault(pieces: list[bytes]) -> None:
    for wrapped in (b"".join(pieces), record(22, b"".join(pieces)), b"".join(record(22, one) for one in pieces)):
        seen, _ = read_answer(wrapped)
        assert isinstance(seen.speaks_tls, bool)
        assert len(seen.greeting) <= 64


@given(st.binary(max_size=400), st.sampled_from([2, 11, 12, 14]), st.integers(0, 0xFFFF))
def test_any_message_is_read_without_fault(body: bytes, kind: int, suite: int) -> None:
    seen, _ = read_answer(record(22, server_hello(suite) + message(kind, body)))
    assert seen.speaks_tls


@given(st.data())
def test_a_flight_read_in_pieces_says_the_same(data: st.DataObject) -> None:
    flight = server_hello(0x009E, (23, b"")) + message(12, vector(2, b"\x7f" * 64)) + message(14, b"")
    whole = record(22, flight)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    reader = AnswerReader()
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        reader.feed(whole[start:end])
    assert (reader.answer, reader.ended) == read_answer(whole)


def test_reading_is_bounded() -> None:
    reader = AnswerReader()
    reader.feed(record(22, server_hello(0xC02F)))
    # A message that says it is 16 MB long, sent in single octets.
    begun = time.monotonic()
    announced = bytes((11, 0xFF, 0xFF, 0xFF))
    reader.feed(record(22, announced))
    assert reader.ended
    drip = AnswerReader()
    drip.feed(record(22, server_hello(0xC02F)))
    warnings = 0
    while not drip.ended:
        drip.feed(alert(112, level=1))
        warnings += 1
    assert time.monotonic() - begun < 5
    assert 50_000 < warnings < 100_000
    assert drip.answer.suite == 0xC02F
    too_long = AnswerReader()
    too_long.feed(b"\x16\x03\x03\xff\xff")
    assert too_long.ended


def test_an_alert_is_an_answer() -> None:
    seen, ended = read_answer(alert(70))
    assert (seen.speaks_tls, seen.alert, seen.version, ended) == (True, 70, 0, True)


def test_a_warning_does_not_end_the_flight() -> None:
    seen, ended = read_answer(alert(112, level=1) + record(22, server_hello(0xC02F) + message(14, b"")))
    assert (seen.alert, seen.suite, ended) == (None, 0xC02F, True)


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\x16\x16\x16\x16"])
def test_other_protocols_are_not_tls(greeting: bytes) -> None:
    seen, ended = read_answer(greeting)
    assert (seen.speaks_tls, seen.greeting, ended) == (False, greeting, True)
