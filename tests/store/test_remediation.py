"""The register in the store: numbered, never doubled, in the journal, and never behind what people were told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from secaudit.model.errors import BadInput, StoreError
from secaudit.model.remediation import (
    Acceptance,
    ItemChange,
    ItemEvent,
    ItemSource,
    ItemState,
    Priority,
    RemediationItem,
)
from secaudit.model.words import Severity
from secaudit.store import integrity
from secaudit.store.backup import back_up
from secaudit.store.restore import restore
from secaudit.store.workspace import Workspace
from tests.store import facts

EVENT = ItemEvent(at=facts.NOW, by="Lan", kind="opened", changes={"due": (None, "2026-12-01")}, comment="từ lần quét")


def item(subject: str = "0123456789abcdef", **more: object) -> RemediationItem:
    values: dict[str, object] = {
        "system": facts.SYSTEM.id, "source": ItemSource.FINDING, "subject": subject, "check": "tls.tls10",
        "target": "xa.vn:443", "group": "tcvn-14423-2026-l3:5.4", "severity": Severity.HIGH,
        "due": date(2026, 12, 22), "opened_at": facts.NOW, "opened_by": "Lan",
    }  # fmt: skip
    return RemediationItem.model_validate(values | more)


def put(workspace: Workspace, *items: RemediationItem) -> list[RemediationItem]:
    return workspace.remediation.change(lambda *_: [ItemChange(item=one, events=(EVENT,)) for one in items])


def test_items_are_numbered_and_come_back_whole(workspace: Workspace) -> None:
    workspace.scans.begin(facts.make_scan("s1"), facts.SITE.id, facts.MARK)
    whole = item(
        state=ItemState.ACCEPTED, priority=Priority.URGENT, owner="Trần Thị Bưởi", unit="Văn phòng", cost=12_000_000,
        accepted=Acceptance(by="Chủ tịch", reason="chờ thay máy", until=date(2027, 1, 1), at=facts.NOW),
        attachments=("E1", "E2"), assigned_at=facts.NOW, done_at=facts.NOW, cleared_at=facts.NOW, closed_at=facts.NOW,
        reopened=2, site=facts.SITE.id, seen_at=facts.NOW, seen_in="s1", looked_in="s1",
    )  # fmt: skip
    stored = put(workspace, whole, item("b", duplicate_of="KP1"))
    assert [one.id for one in stored] == ["KP1", "KP2"]
    assert workspace.remediation.items() == stored
    assert workspace.remediation.get(" kp1 ") == whole.model_copy(update={"id": "KP1"})
    assert workspace.remediation.get("KP2").duplicate_of == "KP1"
    assert workspace.remediation.events("KP1") == [EVENT.model_copy(update={"item": "KP1"})]
    assert workspace.remediation.items("another") == []
    for unknown in ("KP3", "KPx", "", "KP0"):
        with pytest.raises(BadInput):
            workspace.remediation.get(unknown)


def test_a_system_has_one_item_per_subject_and_any_number_by_hand(workspace: Workspace) -> None:
    put(workspace, item(), item("", source=ItemSource.HAND), item("", source=ItemSource.HAND))
    with pytest.raises(StoreError):
        put(workspace, item("new"), item())
    assert [one.subject for one in workspace.remediation.items()] == ["0123456789abcdef", "", ""]
    workspace.registry.save_system(facts.SYSTEM.model_copy(update={"id": "khác"}))
    assert put(workspace, item(system="khác"))[0].id == "KP4"
    with pytest.raises(BadInput):
        put(workspace, item(system="không có"))


def test_every_change_is_journalled_and_what_changes_nothing_is_not(workspace: Workspace) -> None:
    put(workspace, item())
    before = workspace.remediation.get("KP1")
    workspace.remediation.change(lambda *_: [ItemChange(item=before.model_copy(update={"owner": "Lan"}))])
    workspace.remediation.change(lambda *_: [ItemChange(item=before.model_copy(update={"owner": "Lan"}))])
    kinds = [entry.kind for entry in workspace.journal.entries() if entry.kind.startswith("item.")]
    assert kinds == ["item.open", "item.event", "item.change"]
    workspace.remediation.save_policy({"longest_acceptance": 90}, "Lan", facts.NOW)
    workspace.remediation.save_policy({"longest_acceptance": 90}, "Minh", facts.NOW)
    assert workspace.remediation.policy() == {"longest_acceptance": 90}
    assert len(workspace.journal.entries("item.policy")) == 1
    assert list(integrity.faults(workspace)) == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE remediation_item SET state = 'verified'", "row-changed"),
        ("UPDATE remediation_event SET comment = 'xong'", "row-changed"),
        ("DELETE FROM remediation_event", "row-missing"),
        ("INSERT INTO remediation_event SELECT 9, item, at, by, kind, changes, comment, scan FROM remediation_event",
         "row-not-in-journal"),
    ],
)  # fmt: skip
def test_verify_tells_what_was_changed_behind_our_back(workspace: Workspace, statement: str, code: str) -> None:
    put(workspace, item())
    with closing(sqlite3.connect(workspace.path / "secaudit.db")) as connection, connection:
        connection.execute(statement)
    assert [fault.code for fault in integrity.faults(workspace)] == [code]


def test_a_decision_that_fails_leaves_nothing_behind(workspace: Workspace) -> None:
    head = workspace.journal.head()

    def decide(*_: object) -> Iterable[ItemChange]:
        yield ItemChange(item=item(), events=(EVENT,))
        raise BadInput("no")

    with pytest.raises(BadInput):
        workspace.remediation.change(decide, marks={"site:x": "s1"})
    assert (workspace.remediation.items(), workspace.remediation.marks()) == ([], {})
    assert workspace.journal.head() == head


def test_scans_are_ordered_as_they_began_whatever_the_clock_said(workspace: Workspace) -> None:
    for name, days in (("z", 0), ("a", -30), ("m", 5)):
        scan = facts.make_scan(name, started_at=facts.NOW + timedelta(days=days))
        workspace.scans.begin(scan, facts.SITE.id, facts.MARK)
    orders = []
    workspace.remediation.change(lambda _, order: orders.append(sorted(order, key=order.__getitem__)) or [])
    assert orders == [["z", "a", "m"]]


def test_marks_are_kept_with_the_change(workspace: Workspace) -> None:
    workspace.remediation.change(lambda *_: [], marks={"site:x": "s1"})
    workspace.remediation.change(lambda *_: [], marks={"site:x": "s2", "system:y": "3/4"})
    assert workspace.remediation.marks() == {"site:x": "s2", "system:y": "3/4"}


def test_a_backup_brings_the_register_back(workspace: Workspace, tmp_path: Path) -> None:
    workspace.scans.begin(facts.make_scan("s1"), facts.SITE.id, facts.MARK)
    seen = item(site=facts.SITE.id, seen_at=facts.NOW, seen_in="s1", looked_in="s1")
    stored: Sequence[RemediationItem] = put(workspace, seen, item("b"))
    workspace.remediation.save_policy({"longest_acceptance": 90}, "Lan", facts.NOW)
    back_up(workspace, tmp_path / "sao lưu.zip", facts.NOW)
    restore(tmp_path / "sao lưu.zip", tmp_path / "khôi phục")
    with Workspace.open(tmp_path / "khôi phục") as restored:
        assert restored.remediation.items() == stored
        assert restored.remediation.events() == workspace.remediation.events()
        assert restored.remediation.policy() == {"longest_acceptance": 90}
        assert list(integrity.faults(restored)) == []
