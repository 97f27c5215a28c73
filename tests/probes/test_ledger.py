"""Budgets: nothing passes the gate beyond them, no second is busier than allowed, and what was used is known."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from secaudit.model.budgets import BUDGETS
from secaudit.model.traffic import Budget, ProbeTraffic
from secaudit.model.words import Profile
from secaudit.probes.gate import Gate, Refused
from secaudit.probes.ledger import Ledger

SMALL = Budget(connections=5, per_second=1000, requests=3, megabytes=1)
PARAMS = {"connections": 5, "requests": 3, "megabytes": 1}


def _gate(budget: Budget | None = SMALL) -> Gate:
    return Gate((), lambda: datetime(2026, 11, 22, tzinfo=UTC), budget=budget)


def _enter(gate: Gate, times: int = 1) -> None:
    for _ in range(times):
        gate.enter("127.0.0.1", "127.0.0.1", 443)


def _refused(gate: Gate) -> None:
    with pytest.raises(Refused) as refused:
        _enter(gate)
    assert (refused.value.reason.code, refused.value.reason.params) == ("budget-spent", PARAMS)


def test_no_connection_beyond_the_budget() -> None:
    gate = _gate()
    _enter(gate.for_probe("http"), 2)
    _enter(gate.for_probe("ports"), 3)
    _refused(gate.for_probe("tls"))
    assert gate.connections == 5
    traffic = gate.traffic()
    assert (traffic.spent, traffic.budget) == ("connections", SMALL)
    assert {name: used.connections for name, used in traffic.probes.items()} == {"http": 2, "ports": 3}


def test_what_a_tool_made_on_its_own_counts_too() -> None:
    gate = _gate()
    gate.for_probe("tls").count(9)
    _refused(gate)
    assert gate.traffic().connections == 9


@pytest.mark.parametrize(("used", "spent"), [({"requests": 3}, "requests"), ({"received": 1_000_000}, "megabytes")])
def test_requests_and_bytes_are_held_as_well(used: dict[str, int], spent: str) -> None:
    gate = _gate()
    _enter(gate)
    gate.for_probe("http").used(**used)
    _refused(gate)
    traffic = gate.traffic()
    assert traffic.spent == spent
    assert traffic.probes["http"] == ProbeTraffic(**used)


def test_what_is_out_of_scope_counts_nothing() -> None:
    gate = _gate()
    with pytest.raises(Refused) as refused:
        gate.enter("192.0.2.1", "192.0.2.1", 443)
    assert refused.value.reason.code == "not-in-scope"
    assert gate.connections == 0


def test_without_a_budget_everything_is_counted_and_nothing_refused() -> None:
    gate = _gate(None)
    _enter(gate, 50)
    traffic = gate.traffic()
    assert (traffic.connections, traffic.budget, traffic.spent) == (50, None, "")


def test_no_second_is_busier_than_allowed() -> None:
    now = [1000.0]
    ledger = Ledger(
        Budget(connections=10_000, per_second=50, requests=1, megabytes=1), lambda: now[0],
        lambda seconds: now.__setitem__(0, now[0] + seconds),
    )  # fmt: skip
    for _ in range(500):
        assert ledger.enter("ports") is None
    assert now[0] - 1000.0 == pytest.approx(11, abs=0.2)
    assert ledger.traffic().busiest_second <= 51


def test_many_threads_together_stay_within_it() -> None:
    gate = _gate(Budget(connections=300, per_second=100_000, requests=1, megabytes=1))

    def work(name: str) -> int:
        part, passed = gate.for_probe(name), 0
        for _ in range(100):
            try:
                _enter(part)
                passed += 1
            except Refused:
                pass
        return passed

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, "abcdefgh")) == 300
    assert sum(used.connections for used in gate.traffic().probes.values()) == gate.connections == 300


def test_a_part_of_the_gate_shares_its_pins() -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.9"]])
    gate = Gate((), lambda: datetime(2026, 11, 22, tzinfo=UTC), lambda _: next(answers))
    assert gate.for_probe("http").resolve("xa.example.vn") == gate.for_probe("tls").resolve("xa.example.vn")


def test_deeper_profiles_may_send_more() -> None:
    rising = [BUDGETS[profile] for profile in (Profile.QUICK, Profile.STANDARD, Profile.FULL)]
    for one, next_one in itertools.pairwise(rising):
        assert one.connections < next_one.connections
        assert one.requests < next_one.requests
        assert one.megabytes < next_one.megabytes
        assert one.per_second <= next_one.per_second
