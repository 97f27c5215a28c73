"""What proves that a fault is gone, and above all what does not."""

from __future__ import annotations

import pytest

from secaudit.model.scan import ScanOptions
from secaudit.model.words import Outcome
from secaudit.remedy.looks import Seen, look_at
from tests.remedy.making import PROFILES, item, look, said

FAIL, PASS, BLIND, VOID = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE


def no_such(check: str) -> tuple[str, ...]:
    raise KeyError(check)


@pytest.mark.parametrize(
    ("scan", "seen", "code"),
    [
        (look(said(FAIL)), Seen.FAULT, None),
        (look(said(PASS)), Seen.CLEAR, None),
        (look(said(BLIND)), Seen.UNKNOWN, "connect-timeout"),
        (look(said(PASS), said(BLIND)), Seen.UNKNOWN, "connect-timeout"),
        (look(said(VOID)), Seen.GONE, "connect-timeout"),
        (look(), Seen.UNKNOWN, "check-not-run"),
        (look(said(PASS, check="tls.tls11")), Seen.UNKNOWN, "check-not-run"),
        (look(said(PASS), failed=["tls"]), Seen.UNKNOWN, "probe-crashed"),
        (look(said(PASS), options=ScanOptions(probes=("http",))), Seen.UNKNOWN, "probe-not-run"),
        (look(said(PASS), needs=lambda _: ("tls", "crawl"), failed=["crawl"]), Seen.UNKNOWN, "probe-crashed"),
        (look(said(PASS), needs=no_such), Seen.UNKNOWN, "item-check-unknown"),
        (look(said(PASS), options=PROFILES["quick"]), Seen.UNKNOWN, "item-narrower-look"),
        (look(said(PASS), options=PROFILES["full"]), Seen.CLEAR, None),
        (look(said(PASS), options=ScanOptions(ca_file="/ca.pem")), Seen.UNKNOWN, "item-narrower-look"),
        (look(said(PASS), before=ScanOptions(ca_file="/ca.pem")), Seen.CLEAR, None),
        (look(said(PASS), options=ScanOptions(resolver="127.0.0.2")), Seen.UNKNOWN, "item-narrower-look"),
        # The check says so of another place: a pass there counts only for the same page on the same ports.
        (look(said(PASS, target="xa.vn")), Seen.CLEAR, None),
        (look(said(PASS, target="xa.vn"), site="other"), Seen.UNKNOWN, "item-other-page"),
        (look(said(PASS, target="xa.vn"), options=ScanOptions(https_port=8443)), Seen.UNKNOWN, "item-other-page"),
        (look(said(PASS), site="other"), Seen.CLEAR, None),
        (look(said(PASS), said(FAIL, target="xa.vn:8443")), Seen.CLEAR, None),
        (look(said(FAIL, target="xa.vn:8443")), Seen.UNKNOWN, "item-fails-elsewhere"),
    ],
)
def test_only_a_pass_of_a_whole_look_is_proof(scan: object, seen: Seen, code: str | None) -> None:
    found = look_at(item(), scan)  # type: ignore[arg-type]
    assert (found.seen, found.reason.code if found.reason else None) == (seen, code)


@pytest.mark.parametrize(
    ("outcomes", "seen"),
    [
        ([said(PASS, place="A"), said(FAIL, place="B")], Seen.CLEAR),
        ([said(FAIL, place="B")], Seen.UNKNOWN),
        ([said(BLIND, place="A"), said(PASS, place="B")], Seen.UNKNOWN),
        ([said(PASS, place="B")], Seen.CLEAR),
        ([said(VOID, place="A"), said(PASS, place="B")], Seen.GONE),
    ],
)
def test_a_fault_at_one_of_several_places(outcomes: list[object], seen: Seen) -> None:
    found = look_at(item(subject="another", place="A"), look(*outcomes))  # type: ignore[arg-type]
    assert found.seen is seen


def test_an_item_of_which_nobody_knows_how_it_was_seen_is_never_closed() -> None:
    assert look_at(item(seen_in="lost"), look(said(PASS))).seen is Seen.UNKNOWN
