"""Our own enumeration against servers played by a function, so that every truth is known."""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tlslite.constants import TLS_1_3_HRR
from tlslite.messages import ClientHello, RecordHeader2, ServerHello2
from tlslite.utils.codec import Parser

from secaudit.model.observation import TlsVersion
from secaudit.probes.gate import Gate, Refused
from secaudit.probes.tls import sender, suites
from secaudit.probes.tls.enumeration import NUMBERS, Enumeration, enumerate_server
from secaudit.probes.tls.exchange import Ending, Patience, Reply
from secaudit.probes.tls.sender import Limits, Server
from secaudit.probes.tls.server_answer import read_answer
from tests.probes.tls.wire import alert, message, offered_suites, offered_version, record, server_hello, vector
from tests.servers.capture_tls import now

REFUSED, TOO_OLD = alert(40), alert(70)
VERSIONS = {number: version for version, number in NUMBERS.items()}


@dataclass
class Played:
    """A server that accepts `accepted` by version, best first, and groups of TLS 1.3; counts its hellos."""

    accepted: dict[TlsVersion, Sequence[int]]
    groups: Sequence[int] = (29,)
    old: bytes = TOO_OLD
    dh_bits: int = 1024
    hellos: list[bytes] = field(default_factory=list)

    def answer(self, hello: bytes) -> bytes:
        self.hellos.append(hello)
        if hello[0] & 0x80:
            return self._ssl2(hello)
        version = VERSIONS[offered_version(hello)]
        if version not in self.accepted:
            return self.old
        wanted = offered_suites(hello)
        chosen = next((suite for suite in self.accepted[version] if suite in wanted), None)
        if chosen is None:
            return REFUSED
        if version is TlsVersion.TLS_1_3:
            return self._hello_13(hello, chosen)
        flight = server_hello(chosen, version=NUMBERS[version])
        if suites.is_finite_field_ephemeral(suites.all_suites()[chosen].name):
            flight += message(12, vector(2, b"\x80" + bytes(self.dh_bits // 8 - 1)) + vector(2, b"\x02"))
        return record(22, flight + message(14, b""))

    def _hello_13(self, hello: bytes, chosen: int) -> bytes:
        read = ClientHello().parse(Parser(bytearray(hello[6:])))
        group = next((one for one in self.groups if one in read.getExtension(10).groups), None)
        if group is None:
            return REFUSED
        with_share = group in [share.group for share in read.getExtension(51).client_shares]
        key = struct.pack("!H", group) + (vector(2, bytes(32)) if with_share else b"")
        random = bytes(32) if with_share else bytes(TLS_1_3_HRR)
        return record(22, server_hello(chosen, (43, b"\x03\x04"), (51, key), random=random))

    def _ssl2(self, hello: bytes) -> bytes:
        kinds = self.accepted.get(TlsVersion.SSL_2_0)
        if kinds is None:
            return self.old
        body = ServerHello2().create(0, 1, (0, 2), bytearray(b"leaf"), list(kinds), bytearray(16)).write()
        return bytes(RecordHeader2().create(len(body)).write() + body)


Answering = Callable[[bytes], bytes | Ending]


def ask(
    monkeypatch: pytest.MonkeyPatch, answering: Answering, limits: Limits | None = None, gate: Gate | None = None,
    stop: threading.Event | None = None,
) -> Enumeration:  # fmt: skip
    async def exchange(_address: str, _port: int, hello: bytes, _patience: Patience) -> Reply:
        given = answering(hello)
        return Reply(given) if isinstance(given, Ending) else Reply(Ending.ANSWERED, read_answer(given)[0])

    monkeypatch.setattr(sender, "exchange", exchange)
    server = Server(gate or Gate([], now), "127.0.0.1", "127.0.0.1", 443, "")
    return enumerate_server(server, stop or threading.Event(), limits=limits)


def found(seen: Enumeration) -> dict[TlsVersion, set[str]]:
    return {look.version: {suite.name for suite in look.accepted} for look in seen.versions if look.accepted}


def faults(seen: Enumeration) -> dict[TlsVersion, str]:
    return {look.version: look.fault.code for look in seen.versions if look.fault}


def names(codes: Sequence[int]) -> set[str]:
    return {suites.all_suites()[code].name for code in codes}


def offered(version: TlsVersion) -> list[int]:
    return [code for chunk in suites.offers(version) for code in chunk]


GOOD = {TlsVersion.TLS_1_2: (0xC02B, 0xC02C, 0xCCA9), TlsVersion.TLS_1_3: (0x1301, 0x1302, 0x1303)}


def test_a_good_server_in_few_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, played = Gate([], now), Played(GOOD, groups=(29, 23, 24))
    seen = ask(monkeypatch, played.answer, gate=gate)
    assert found(seen) == {version: names(codes) for version, codes in GOOD.items()}
    assert faults(seen) == {}
    assert seen.groups == (29, 23, 24)
    assert seen.connections == gate.connections == len(played.hellos) <= 30
    assert seen.spoken == [TlsVersion.TLS_1_2, TlsVersion.TLS_1_3]
    assert all(len(offered_suites(hello)) <= 62 for hello in played.hellos if not hello[0] & 0x80)


def test_what_no_library_speaks_any_more_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = {
        TlsVersion.SSL_2_0: (0x010080, 0x0700C0),
        TlsVersion.SSL_3_0: (0x0003, 0x0004, 0x0001, 0x0018, 0x0014),
        TlsVersion.TLS_1_0: (0x0060, 0x0062, 0x0009, 0xFEFF, 0xC015),
    }
    seen = ask(monkeypatch, Played(truth, dh_bits=512).answer)
    assert found(seen) == {version: names(codes) for version, codes in truth.items()}
    sizes = {suite.name: suite.exchange_bits for suite in seen.versions[1].accepted if suite.exchange == "DH"}
    assert sizes == {"TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA": 512, "TLS_DH_anon_WITH_RC4_128_MD5": 512}
    assert {suite.name for look in seen.versions for suite in look.accepted if suite.anonymous} == {
        "TLS_DH_anon_WITH_RC4_128_MD5", "TLS_ECDH_anon_WITH_NULL_SHA"
    }  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_exactly_what_is_accepted_is_found(data: st.DataObject) -> None:
    truth: dict[TlsVersion, Sequence[int]] = {}
    for version in TlsVersion:
        codes = data.draw(st.lists(st.sampled_from(offered(version)), unique=True, max_size=30))
        if codes:
            truth[version] = codes
    groups = data.draw(st.lists(st.sampled_from(suites.GROUPS_13), unique=True, min_size=1, max_size=15))
    old = data.draw(st.sampled_from([TOO_OLD, REFUSED]))
    played = Played(truth, groups=groups, old=old)
    with pytest.MonkeyPatch.context() as monkeypatch:
        seen = ask(monkeypatch, played.answer)
    # No share of X25519 fits, yet a retry names the suite all the same.
    assert found(seen) == {version: names(codes) for version, codes in truth.items()}
    assert faults(seen) == {}
    if TlsVersion.TLS_1_3 in truth:
        assert set(seen.groups) == set(groups)
    accepted = sum(len(codes) for codes in truth.values()) + len(groups)
    assert seen.connections <= 25 + 1.6 * accepted


def test_a_version_that_is_refused_costs_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played({TlsVersion.TLS_1_2: (0xC02F,)})
    ask(monkeypatch, played.answer)
    asked = [offered_version(hello) for hello in played.hellos if not hello[0] & 0x80]
    assert {version: asked.count(version) for version in (0x0300, 0x0301, 0x0302, 0x0304)} == {
        0x0300: 1, 0x0301: 1, 0x0302: 1, 0x0304: 1,
    }  # fmt: skip


def test_silence_is_never_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played(GOOD)

    def answering(hello: bytes) -> bytes | Ending:
        is_old = hello[0] & 0x80 or offered_version(hello) == 0x0301
        return Ending.SILENT if is_old else played.answer(hello)

    seen = ask(monkeypatch, answering)
    assert faults(seen) == {
        TlsVersion.SSL_2_0: "tls-version-unanswered", TlsVersion.TLS_1_0: "tls-version-unanswered",
    }  # fmt: skip
    assert found(seen) == {version: names(codes) for version, codes in GOOD.items()}


def test_a_closed_connection_is_a_refusal_where_the_server_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played(GOOD)

    def answering(hello: bytes) -> bytes | Ending:
        answer = played.answer(hello)
        return Ending.RESET if answer in (REFUSED, TOO_OLD) else answer

    seen = ask(monkeypatch, answering)
    assert faults(seen) == {}
    assert found(seen) == {version: names(codes) for version, codes in GOOD.items()}


@pytest.mark.parametrize("ending", [Ending.RESET, Ending.CLOSED, Ending.SILENT, Ending.NOT_CONNECTED])
@pytest.mark.parametrize("after", [1, 7, 15])
def test_a_guard_that_blocks_after_some_connections_is_named(
    monkeypatch: pytest.MonkeyPatch, ending: Ending, after: int
) -> None:
    played = Played(GOOD)

    def answering(hello: bytes) -> bytes | Ending:
        return ending if len(played.hellos) >= after else played.answer(hello)

    seen = ask(monkeypatch, answering)
    looks = {look.version: look for look in seen.versions}
    blocked = [look for look in looks.values() if look.fault and look.fault.code == "tls-blocked-after"]
    assert blocked
    assert all(look.fault and 0 < int(look.fault.params["count"]) <= after + 6 for look in blocked)
    assert looks[TlsVersion.TLS_1_2].fault is not None
    for version, codes in found(seen).items():
        assert codes <= names(GOOD[version])
    assert seen.connections < 60


def test_a_choice_that_was_not_offered_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = ask(monkeypatch, lambda _: record(22, server_hello(0x009C) + message(14, b"")))
    assert found(seen) == {}
    assert faults(seen)[TlsVersion.TLS_1_2] == "tls-bad-choice"
    assert seen.connections < 20


def test_an_alert_about_the_name_refuses_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = ask(monkeypatch, lambda _: alert(112))
    assert set(faults(seen).values()) == {"tls-alert"}
    assert TlsVersion.TLS_1_2 in faults(seen)


def test_ssl_2_without_kinds_is_neither_accepted_nor_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = ask(monkeypatch, Played({**GOOD, TlsVersion.SSL_2_0: ()}).answer)
    assert faults(seen) == {TlsVersion.SSL_2_0: "tls-ssl2-without-suites"}


def test_the_fallback_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played({**GOOD, TlsVersion.TLS_1_1: (0xC013,)})

    def aware(hello: bytes) -> bytes:
        answer = played.answer(hello)
        return alert(86) if not hello[0] & 0x80 and 0x5600 in offered_suites(hello) else answer

    assert ask(monkeypatch, aware).fallback.value is True
    assert ask(monkeypatch, played.answer).fallback.value is False
    (signalled,) = [hello for hello in played.hellos[-10:] if not hello[0] & 0x80 and 0x5600 in offered_suites(hello)]
    assert offered_version(signalled) == 0x0303
    only = ask(monkeypatch, Played({TlsVersion.TLS_1_2: (0xC02F,)}).answer).fallback
    assert only.fault is not None
    assert only.fault.code == "tls-one-version"


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = ask(monkeypatch, Played(GOOD).answer, Limits(connections=5))
    assert seen.connections == 5
    assert "tls-connection-limit" in faults(seen).values()
    halted = threading.Event()
    halted.set()
    seen = ask(monkeypatch, Played(GOOD).answer, stop=halted)
    assert seen.connections == 0
    assert set(faults(seen).values()) == {"probe-interrupted"}


def test_the_gate_is_asked_before_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused):
        server = Server(Gate([], now), "192.0.2.1", "192.0.2.1", 443, "")
        enumerate_server(server, threading.Event())
