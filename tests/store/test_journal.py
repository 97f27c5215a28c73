"""The journal: every change in it, in one chain that nobody can change unseen."""

from __future__ import annotations

import getpass
import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.model.journal import JournalEntry
from secaudit.model.level import LevelRecord
from secaudit.store import chain, integrity, journal
from secaudit.store.workspace import Workspace
from secaudit.version import VERSION
from tests.store import facts
from tests.store.test_migrations import first_revision

LINK = Evidence(id="", kind=EvidenceKind.LINK, name="https://xa.vn/", reference="https://xa.vn/", added_at=facts.NOW)
SHEET = LevelRecord(answers={"online-service": True}, plan="86/KH", answered_by="Lan", answered_at=facts.NOW)


def fill(workspace: Workspace) -> None:
    """Change something of every kind."""
    workspace.registry.save_organisation(facts.ORGANISATION)
    workspace.scope.add(facts.AUTHORISATION)
    workspace.scope.revoke("p-1", facts.NOW)
    workspace.profile.record(facts.SYSTEM.id, facts.PROFILE_ANSWER)
    record = workspace.evidence.add(LINK)
    workspace.answers.record(facts.SYSTEM.id, facts.ANSWER.model_copy(update={"evidence": (record.id,)}))
    workspace.levels.record(facts.SYSTEM.id, SHEET)


KINDS = [
    "journal.begin", "system.save", "site.save", "organisation.save", "scope.add", "scope.revoke", "profile.set",
    "evidence.add", "answer.set", "level.set",
]  # fmt: skip


def codes(workspace: Workspace) -> list[str]:
    return [fault.code for fault in integrity.faults(workspace)]


def tamper(workspace: Workspace, *statements: str) -> None:
    """Change the database as somebody without scruples would: triggers away first."""
    with closing(sqlite3.connect(workspace.path / "secaudit.db")) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_every_change_is_in_the_journal_and_the_chain_holds(workspace: Workspace) -> None:
    fill(workspace)
    entries = workspace.journal.entries()
    assert [entry.kind for entry in entries] == KINDS
    assert {entry.user for entry in entries} == {getpass.getuser()}
    assert {entry.version for entry in entries} == {VERSION}
    assert entries[0].previous == "0" * 64
    assert workspace.journal.head() == (len(KINDS), entries[-1].hash)
    assert workspace.journal.holds(entries[3].hash.upper())
    assert not workspace.journal.holds("0" * 64)
    assert codes(workspace) == []
    assert json.loads(entries[8].payload)["row"]["answered_by"] == "Trần Thị B"
    assert [entry.kind for entry in workspace.journal.entries(limit=2)] == KINDS[-2:]
    assert [entry.sequence for entry in workspace.journal.entries("answer.set")] == [9]


def test_the_hash_is_what_the_documentation_says(workspace: Workspace) -> None:
    entry = workspace.journal.entries()[-1]
    listed = [entry.sequence, entry.at, entry.user, entry.version, entry.kind, entry.payload, entry.previous]
    text = json.dumps(listed, ensure_ascii=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == entry.hash
    payload = json.loads(entry.payload)
    assert entry.payload == json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_saving_the_same_again_is_no_change(workspace: Workspace) -> None:
    before = workspace.journal.head()
    facts.register(workspace)
    assert workspace.journal.head() == before


def test_revoking_twice_is_one_change(workspace: Workspace) -> None:
    workspace.scope.add(facts.AUTHORISATION)
    workspace.scope.revoke("p-1", facts.NOW)
    before = workspace.journal.head()
    workspace.scope.revoke("p-1", facts.NOW + timedelta(days=1))
    assert workspace.journal.head() == before


def test_a_change_that_fails_leaves_no_entry(workspace: Workspace) -> None:
    before = workspace.journal.head()
    with pytest.raises(RuntimeError), workspace.database.write() as connection:
        journal.append(connection, "answer.set", {"n": 1}, facts.NOW)
        raise RuntimeError
    assert workspace.journal.head() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET user = 'x'",
        "DELETE FROM journal WHERE sequence = 1",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE sequence = 2",
        "INSERT INTO journal SELECT 99, at, user, version, kind, payload, previous, 'x' FROM journal LIMIT 1",
    ],
)
def test_sqlite_itself_refuses_to_change_the_journal(workspace: Workspace, statement: str) -> None:
    with (
        closing(sqlite3.connect(workspace.path / "secaudit.db")) as connection,
        pytest.raises(sqlite3.IntegrityError, match="only appended to"),
    ):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "code", "sequence"),
    [
        ("UPDATE journal SET payload = replace(payload, 'partial', 'met') WHERE sequence = 9", "journal-changed", 9),
        ("UPDATE journal SET user = 'somebody' WHERE sequence = 4", "journal-changed", 4),
        ("UPDATE journal SET at = '2020' WHERE sequence = 1", "journal-changed", 1),
        ("DELETE FROM journal WHERE sequence = 5", "journal-gap", 5),
        ("DELETE FROM journal WHERE sequence = 1", "journal-gap", 1),
        ("UPDATE journal SET previous = hash WHERE sequence = 6", "journal-unlinked", 6),
    ],
)
def test_the_first_broken_link_is_named(workspace: Workspace, statement: str, code: str, sequence: int) -> None:
    fill(workspace)
    tamper(workspace, statement)
    broken = next(iter(integrity.faults(workspace)))
    assert (broken.code, broken.params["sequence"]) == (code, sequence)


def test_an_entry_hashed_anew_breaks_the_next_link(workspace: Workspace) -> None:
    fill(workspace)
    entry = workspace.journal.entries()[4]
    forged = chain.entry_hash(5, entry.at, "x", entry.version, entry.kind, entry.payload, entry.previous)
    tamper(workspace, f"UPDATE journal SET user = 'x', hash = '{forged}' WHERE sequence = 5")
    broken = next(iter(integrity.faults(workspace)))
    assert (broken.code, broken.params["sequence"]) == ("journal-unlinked", 6)


@pytest.mark.parametrize(
    ("statement", "code", "table"),
    [
        ("UPDATE answer SET value = 'met'", "row-changed", "answer"),
        ("UPDATE answer SET answered_at = '2020-01-01T00:00:00.000000Z'", "row-changed", "answer"),
        ("DELETE FROM answer", "row-missing", "answer"),
        ("INSERT INTO profile_answer SELECT 9, system_id, 'x', 1, 'x', answered_at, '' FROM profile_answer",
         "row-not-in-journal", "profile_answer"),
        ("UPDATE authorisation SET hosts = '[\"*\"]'", "row-changed", "authorisation"),
        ("UPDATE authorisation SET revoked_at = NULL", "row-changed", "authorisation"),
        ("UPDATE organisation SET name = 'x'", "row-changed", "organisation"),
        ("UPDATE site SET allowed_ports = '[1]'", "row-changed", "site"),
        ("DELETE FROM level_record", "row-missing", "level_record"),
        ("UPDATE evidence SET dated = '2026-01-01'", "row-changed", "evidence"),
    ],
)  # fmt: skip
def test_a_row_changed_behind_the_programs_back_is_named(
    workspace: Workspace, statement: str, code: str, table: str
) -> None:
    fill(workspace)
    tamper(workspace, statement)
    [fault] = integrity.faults(workspace)
    assert (fault.code, fault.params["table"]) == (code, table)


def test_a_chain_cut_off_at_its_end_is_told_by_a_noted_hash(workspace: Workspace) -> None:
    fill(workspace)
    _, noted = workspace.journal.head()
    tamper(workspace, "DELETE FROM journal WHERE sequence = 10", "DELETE FROM level_record")
    assert codes(workspace) == []  # nobody can see it from inside
    assert not workspace.journal.holds(noted)


def test_an_older_workspace_begins_its_chain_with_what_is_there(tmp_path: Path) -> None:
    first_revision(tmp_path / "w")
    with Workspace.open(tmp_path / "w") as opened:
        entries = opened.journal.entries()
        assert [entry.kind for entry in entries] == [
            "journal.begin", "organisation.carried", "system.carried", "site.carried", "authorisation.carried",
            "profile_answer.carried", "answer.carried", "system.carried",
        ]  # fmt: skip
        assert json.loads(entries[0].payload)["carried"]["answer"] == 1
        assert codes(opened) == []
        opened.answers.record(facts.SYSTEM.id, facts.ANSWER)
        opened.registry.save_organisation(facts.ORGANISATION.model_copy(update={"place": "khác"}))
        assert codes(opened) == []
        tamper(opened, "UPDATE answer SET note = 'x' WHERE id = 1")
        assert codes(opened) == ["row-changed"]


def test_an_answer_before_the_newest_keeps_its_place_and_is_noted(workspace: Workspace) -> None:
    assert workspace.answers.record(facts.SYSTEM.id, facts.ANSWER) is None
    behind = facts.ANSWER.model_copy(update={"answered_at": facts.NOW - timedelta(hours=1), "note": "sau"})
    assert workspace.answers.record(facts.SYSTEM.id, behind) == facts.NOW
    assert workspace.answers.current(facts.SYSTEM.id) == [behind]
    assert "earlier_than" in json.loads(workspace.journal.entries()[-1].payload)


def test_text_that_utf8_cannot_write_does_not_break_the_chain(workspace: Workspace) -> None:
    with workspace.database.write() as connection:
        entry = journal.append(connection, "note", {"half": "a\udcffb", "name": "Trần 😀"}, facts.NOW)
    assert json.loads(entry.payload) == {"half": "a\ufffdb", "name": "Trần 😀"}
    assert codes(workspace) == []


def test_the_chain_is_read_from_any_list_of_entries() -> None:
    assert chain.first_broken_link([]) is None
    lone = JournalEntry(sequence=2, at="", user="", version="", kind="k", payload="{}", previous="", hash="")
    broken = chain.first_broken_link([lone])
    assert broken is not None
    assert broken.code == "journal-gap"
