"""The status now and at a former moment, from stored judgements by exactly the rules of today."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from secaudit.app import judge, rules
from secaudit.app.judge import latest_look
from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation import tally
from secaudit.app.rules import rules_version
from secaudit.app.status import SystemStatus, system_statuses
from secaudit.app.status_register import RegisterCount, register_counts
from secaudit.app.status_since import changes_since, findings_by_change, previous_moment
from secaudit.app.status_view import SystemView, view_of
from secaudit.app.systems import add_system, change_system
from secaudit.assess.findings import find
from secaudit.assess.steps import next_steps
from secaudit.model.errors import BadInput
from secaudit.model.judgement import CheckOutcome
from secaudit.model.organisation import SystemKind
from secaudit.model.remediation import Acceptance, ItemSource, ItemState, RemediationItem
from secaudit.model.target import parse_target
from secaudit.model.words import AnswerValue, Outcome, RowState, ScanStatus
from secaudit.store.remediation import _values
from secaudit.store.tables import remediation_item
from secaudit.store.workspace import Workspace
from tests.store import facts

KNOWLEDGE = Knowledge()
LIST = "tcvn-14423-2026-l3"
ROW = "5.4.2.4.b"
"""Contradicted by a self-signed certificate, among others."""
FAULT, OTHER = "cert.self-signed", "http.no-https-redirect"
NOW = facts.NOW
DAY = timedelta(days=1)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with facts.new_workspace(tmp_path / "w") as opened:
        yield opened


def scanned(
    workspace: Workspace, at: datetime, *failing: str, passing: tuple[str, ...] = (),
    status: ScanStatus = ScanStatus.COMPLETE, site: str = facts.SITE.id, version: str | None = None,
) -> str:  # fmt: skip
    """Store a scan with what the rules of today are to have said of it."""
    scan = facts.make_scan(f"{at:%Y%m%d-%H%M}-aaaaaa", at).model_copy(
        update={"status": status, "finished_at": at + timedelta(minutes=4)}
    )
    workspace.scans.add_whole(scan, site, {})
    outcomes = [
        CheckOutcome(check=check, result=result, target="a:443")
        for result, checks in ((Outcome.FAIL, failing), (Outcome.PASS, passing))
        for check in checks
    ]
    found = find(outcomes, KNOWLEDGE.texts)
    workspace.scans.save_judgement(scan.id, version or rules_version(), outcomes, found, at)
    return scan.id


def answered(workspace: Workspace, at: datetime, value: AnswerValue, row: str = ROW) -> None:
    said = facts.ANSWER.model_copy(
        update={"requirement": row, "value": value, "answered_at": at, "upholds": (), "reason": "",
                "evidence_date": at.date()}
    )  # fmt: skip
    workspace.answers.record(facts.SYSTEM.id, said)


def only(workspace: Workspace, now: datetime = NOW) -> SystemStatus:
    [status] = system_statuses(workspace, KNOWLEDGE, now)
    return status


def state(status: SystemStatus, row: str = ROW) -> RowState:
    assert status.target is not None
    return next(one.state for one in status.target.rows if one.requirement == row)


def view(workspace: Workspace, since: datetime | None = None) -> SystemView:
    return view_of(workspace, only(workspace), KNOWLEDGE, NOW, since=since, compare=True, register=RegisterCount())


def test_a_stored_judgement_by_the_same_rules_is_used_without_reading_the_scan(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(workspace, NOW - DAY, FAULT)
    answered(workspace, NOW - DAY, AnswerValue.MET)
    monkeypatch.setattr(judge, "judge_scan", lambda *_: pytest.fail("judged again"))
    status = only(workspace)
    assert [finding.check for finding in status.findings] == [FAULT]
    assert state(status) is RowState.CONTRADICTED


@pytest.mark.parametrize("stored", ["0.0.9", "0.1.0"])
def test_a_judgement_by_other_rules_is_made_again_and_kept(workspace: Workspace, stored: str) -> None:
    scan = scanned(workspace, NOW - DAY, FAULT, version=stored)
    seen = [finding.check for finding in only(workspace).findings]
    assert FAULT not in seen  # the scan itself saw no certificate
    kept = workspace.scans.judgement(scan)
    assert kept is not None
    assert kept.rules_version == rules_version()


def test_the_name_of_the_rules_changes_with_the_data_that_they_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECAUDIT_DATA", str(tmp_path))
    before = rules_version()
    (tmp_path / "eol.yaml").write_text("date: 2026-11-22\n", encoding="utf-8")
    after = rules_version()
    assert before != after
    assert before.startswith(f"{rules.VERSION}+")
    (tmp_path / "eol.yaml").unlink()
    assert rules_version() == before


def test_the_scan_that_speaks_is_the_newest_that_ended_by_itself(workspace: Workspace) -> None:
    assert latest_look(workspace, facts.SITE, KNOWLEDGE, NOW) is None
    cut = scanned(workspace, NOW - 3 * DAY, FAULT, status=ScanStatus.INTERRUPTED)
    look = latest_look(workspace, facts.SITE, KNOWLEDGE, NOW)
    assert look is not None
    assert look.scan.id == cut
    whole = scanned(workspace, NOW - 2 * DAY, FAULT, status=ScanStatus.INCOMPLETE)
    scanned(workspace, NOW - DAY, status=ScanStatus.INTERRUPTED)
    for before, expected in ((None, whole), (NOW - 2 * DAY, cut), (NOW - 9 * DAY, None)):
        found = latest_look(workspace, facts.SITE, KNOWLEDGE, NOW, before)
        assert (found.scan.id if found else None) == expected


def test_the_former_state_is_judged_by_what_was_known_then(workspace: Workspace) -> None:
    scanned(workspace, NOW - 20 * DAY, FAULT, OTHER)
    answered(workspace, NOW - 15 * DAY, AnswerValue.PARTIAL)
    answered(workspace, NOW - 5 * DAY, AnswerValue.MET)
    scanned(workspace, NOW - DAY, FAULT, "tls.tls10", passing=(OTHER,))
    status = only(workspace)
    since = changes_since(workspace, status, NOW - 10 * DAY, KNOWLEDGE, NOW)
    assert [(row.requirement, row.before, row.now) for row in since.rows] == [
        (ROW, RowState.PARTIAL, RowState.CONTRADICTED)
    ]
    assert findings_by_change(since.findings) == {"new": 1, "open": 1, "fixed": 1}
    assert since.before is not None
    assert (since.before.total.partial, since.before.total.met) == (1, 0)
    earliest = changes_since(workspace, status, NOW - 30 * DAY, KNOWLEDGE, NOW)
    assert [row.before for row in earliest.rows] == [RowState.UNASSESSED]
    assert [site.id for site in earliest.first_scans] == [facts.SITE.id]
    assert earliest.findings == ()


def test_evidence_is_aged_as_of_the_former_day(workspace: Workspace) -> None:
    half_yearly = "5.7.2.1.b"
    answered(workspace, NOW - 250 * DAY, AnswerValue.MET, half_yearly)
    since = changes_since(workspace, only(workspace), NOW - 100 * DAY, KNOWLEDGE, NOW)
    assert [(row.before, row.now, row.worse) for row in since.rows] == [(RowState.MET, RowState.STALE, True)]


def test_a_fault_that_was_gone_meanwhile_is_back_and_not_new(workspace: Workspace) -> None:
    scanned(workspace, NOW - 30 * DAY, FAULT)
    scanned(workspace, NOW - 20 * DAY, passing=(FAULT,))
    scanned(workspace, NOW - DAY, FAULT)
    since = changes_since(workspace, only(workspace), NOW - 10 * DAY, KNOWLEDGE, NOW)
    assert findings_by_change(since.findings) == {"back": 1}


def test_without_a_date_the_end_of_the_previous_scan_is_compared_with(workspace: Workspace) -> None:
    assert previous_moment(workspace, only(workspace)) is None
    assert view(workspace).since is None
    scanned(workspace, NOW - 20 * DAY, FAULT)
    assert previous_moment(workspace, only(workspace)) == NOW - 20 * DAY + timedelta(minutes=4)
    scanned(workspace, NOW - 2 * DAY, FAULT)
    assert previous_moment(workspace, only(workspace)) == NOW - 20 * DAY + timedelta(minutes=4)
    answered(workspace, NOW - 10 * DAY, AnswerValue.NOT_MET)
    since = view(workspace).since
    assert since is not None
    assert [row.now for row in since.rows] == [RowState.NOT_MET]


def test_the_view_puts_claims_that_are_contradicted_first(workspace: Workspace) -> None:
    scanned(workspace, NOW - DAY, "software.server-eol", FAULT)
    answered(workspace, NOW - DAY, AnswerValue.MET)
    shown = view(workspace)
    assert [(one.check, one.claimed) for one in shown.contradictions] == [
        (FAULT, (f"{LIST}:{ROW}",)), ("software.server-eol", ()),
    ]  # fmt: skip
    assert shown.contradictions[1].others
    steps = next_steps(shown.counting, shown.status.target, shown.status.findings, count=99)
    assert ("fix", "cert", (ROW,)) in [(step.kind, step.subject, step.requirements) for step in steps]


def test_systems_get_ids_that_can_be_read_and_pages_can_move(workspace: Workspace) -> None:
    page = facts.TARGET
    made, placed = add_system(workspace, "Báo điện tử Đường 9", None, {"kind": "press"}, [page])
    assert (made.id, made.kind, made.level) == ("bao-dien-tu-duong-9", SystemKind.PRESS, 3)
    assert [(one.site.id, one.before) for one in placed] == [(facts.SITE.id, facts.SYSTEM.id)]
    again, _ = add_system(workspace, "Báo điện tử Đường 9", None, {}, [parse_target("bao.vn")])
    assert again.id == "bao-dien-tu-duong-9-2"
    changed, placed = change_system(workspace, made, {"level": 4, "name": None}, [page])
    assert (changed.level, changed.name, placed[0].before) == (4, made.name, "")
    for name, wanted in ((" ", None), ("X", "Có dấu"), ("X", "a" * 41), ("X", made.id)):
        with pytest.raises(BadInput):
            add_system(workspace, name, wanted, {}, [])
    assert {site.system for site in workspace.registry.sites()} == {made.id, again.id}


def test_items_are_counted_as_the_register_counts_them(workspace: Workspace) -> None:
    today = NOW.astimezone().date()
    past, ahead = today - DAY, today + DAY
    accepted = Acceptance(by="Lan", reason="chờ nâng cấp", until=today, at=NOW)
    ended = accepted.model_copy(update={"until": past})
    made = [
        (ItemState.OPEN, past, None), (ItemState.ASSIGNED, ahead, None), (ItemState.DONE, past, None),
        (ItemState.VERIFIED, past, None), (ItemState.ACCEPTED, past, accepted), (ItemState.ACCEPTED, past, ended),
        (ItemState.REOPENED, None, None),
    ]  # fmt: skip
    with workspace.database.write() as connection:
        for number, (stands, due, acceptance) in enumerate(made, 1):
            item = RemediationItem(
                id=f"KP{number}", system=facts.SYSTEM.id, source=ItemSource.HAND, title=f"Việc {number}", state=stands,
                due=due, opened_at=NOW, accepted=acceptance,
            )  # fmt: skip
            connection.execute(insert(remediation_item).values(number=number, **_values(item)))
    counted = register_counts(workspace, NOW)[facts.SYSTEM.id]
    assert counted == RegisterCount(open=5, done=1, overdue=3, accepted=1)
    whole = tally(workspace.remediation.items(), NOW)
    assert (whole.open, whole.overdue, whole.accepted) == (counted.open, counted.overdue, counted.accepted)


def test_the_status_is_read_without_loading_what_writes(tmp_path: Path) -> None:
    facts.new_workspace(tmp_path / "w").close()
    script = (
        "import sys\nfrom secaudit.cli.main import program\n"
        f"try: program.main(['status', '--workspace', {str(tmp_path / 'w')!r}])\nexcept SystemExit: pass\n"
        "sys.exit(sorted({'sqlalchemy', 'jsonschema', 'secaudit.model.observation'} & set(sys.modules)) or 0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
