"""A scan whose budget runs out: stored as incomplete, its checks inconclusive with the reason, nothing passed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.app.audit import scan_and_judge
from secaudit.app.events import Silent
from secaudit.app.knowledge import Knowledge
from secaudit.app.scan_json import scan_json
from secaudit.model import budgets
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.traffic import Budget
from secaudit.model.words import Outcome, Profile, ScanStatus
from secaudit.store.workspace import Workspace
from tests.servers.process import free_port

pytestmark = pytest.mark.network


def test_a_spent_budget_ends_the_look_and_passes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Budget(connections=20, per_second=500, requests=100, megabytes=10)
    monkeypatch.setitem(budgets.BUDGETS, Profile.QUICK, small)
    target = parse_target(f"http://127.0.0.1:{free_port()}/")
    options = ScanOptions(probes=("ports",), profile=Profile.QUICK, port_engine="embedded")
    knowledge = Knowledge()
    with Workspace.create(tmp_path / "w") as workspace:
        _, judged = scan_and_judge(workspace, target, options, knowledge, lambda: datetime.now(UTC), Silent())
        stored = workspace.scans.load(judged.scan.id)
    assert stored.status is ScanStatus.INCOMPLETE
    assert stored.runs[0].fault is not None and stored.runs[0].fault.code == "budget-spent"
    assert stored.traffic is not None
    assert (stored.traffic.connections, stored.traffic.spent) == (20, "connections")
    assert stored.traffic.probes["ports"].connections == 20
    ports = [outcome for outcome in judged.outcomes if outcome.check.startswith("port.")]
    spent = [o for o in ports if o.reason is not None and o.reason.code == "budget-spent"]
    assert {o.result for o in spent} == {Outcome.INCONCLUSIVE}
    assert {"port.database", "port.unexpected", "port.mail-plain"} <= {o.check for o in spent}
    data = scan_json(
        stored, judged.outcomes, judged.findings, knowledge.texts, knowledge.requirements_of,
        lambda reason: knowledge.render(reason, "en"),
    )  # fmt: skip
    assert data["traffic"]["budget"] == small.model_dump()
    assert "used up what it may send (at most 20 connections" in data["probes"][0]["error"]
    json.dumps(data)
