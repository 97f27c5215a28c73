"""Asking for the whole zone: what counts as open, and what as not seen."""

from __future__ import annotations

import time
from collections.abc import Callable

import dns.message
import dns.rcode
import dns.rrset
import pytest

from secaudit.model.observation import ZoneTransferObservation
from secaudit.probes.dns.transfer import try_transfer
from secaudit.probes.gate import Gate
from tests.probes.dns.looking import QUICK, now
from tests.servers.process import free_port
from tests.servers.resolver import Answer, failing, garbage, resolver, silent, somebody_else

pytestmark = pytest.mark.network
ZONE = "tinh.gov.vn"
SOA = "SOA ns1.tinh.gov.vn. admin.tinh.gov.vn. 1 3600 600 86400 300"


def messages(*batches: list[str]) -> Answer:
    """Answer with one DNS message per batch of records, written as `owner TYPE data`."""

    def answer(query: dns.message.Message) -> list[bytes]:
        wires = []
        for batch in batches:
            reply = dns.message.make_response(query)
            for line in batch:
                owner, kind, data = line.split(" ", 2)
                reply.answer.append(dns.rrset.from_text(f"{owner}.", 60, "IN", kind, data))
            wires.append(reply.to_wire())
        return wires

    return answer


def ask(answer: Answer, *, resolve: Callable[[str], list[str]] = lambda _: ["127.0.0.1"]) -> ZoneTransferObservation:
    with resolver(silent, over_tcp=answer) as server:
        return try_transfer(Gate([], now, resolve), ZONE, "ns1.tinh.gov.vn", server.port, QUICK, now)


def test_records_after_the_soa_prove_that_the_zone_is_open() -> None:
    seen = ask(messages([f"{ZONE} {SOA}", f"{ZONE} NS ns1.{ZONE}.", f"xa.{ZONE} A 192.0.2.1", f"{ZONE} {SOA}"]))
    assert (seen.open, seen.answer, seen.fault, seen.address) == (True, "NOERROR", None, "127.0.0.1")
    assert seen.types == ("SOA", "NS", "A")
    assert "192.0.2.1" not in seen.model_dump_json()


def test_one_record_per_message_is_read_on_until_it_is_clear() -> None:
    lines = [f"{ZONE} {SOA}", f"{ZONE} NS ns1.{ZONE}.", *(f"h{n}.{ZONE} A 192.0.2.1" for n in range(50))]
    seen = ask(messages(*([line] for line in lines)))
    assert (seen.open, seen.records) == (True, 3)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (failing(dns.rcode.REFUSED), "REFUSED"),
        (failing(dns.rcode.NOTAUTH), "NOTAUTH"),
        (failing(dns.rcode.NOERROR), "NOERROR"),
        (messages([f"{ZONE} {SOA}"]), "NOERROR"),
    ],
    ids=["refused", "notauth", "empty", "soa-alone"],
)
def test_a_closed_zone(answer: Answer, word: str) -> None:
    seen = ask(answer)
    assert (seen.open, seen.answer, seen.fault) == (False, word, None)


def test_a_port_that_nobody_listens_on_hands_out_nothing() -> None:
    seen = try_transfer(Gate([], now, lambda _: ["127.0.0.1"]), ZONE, "ns1.x.vn", free_port(), QUICK, now)
    assert (seen.open, seen.answer) == (False, "connection-refused")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (silent, "dns-transfer-timeout"),
        (garbage, "dns-malformed"),
        (somebody_else, "dns-malformed"),
        (messages([f"xa.{ZONE} A 192.0.2.1", f"ya.{ZONE} A 192.0.2.1"]), "dns-malformed"),
    ],
    ids=["silent", "garbage", "another-question", "no-soa"],
)
def test_what_cannot_be_told_is_a_fault(answer: Answer, code: str) -> None:
    began = time.monotonic()
    seen = ask(answer)
    assert time.monotonic() - began < 6
    assert seen.open is None
    assert seen.fault is not None
    assert seen.fault.code == code


def test_a_name_that_leads_nowhere_is_a_fault() -> None:
    seen = ask(silent, resolve=lambda _: [])
    assert seen.fault is not None
    assert (seen.open, seen.fault.code) == (None, "name-not-resolved")
