"""Opening, and everything that can be in the way of it."""

from __future__ import annotations

import errno
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from secaudit.model.errors import BadInput, SecauditError, StoreError
from secaudit.store import creation, database, faults, header
from secaudit.store.database import Database
from secaudit.store.raw import RawFiles
from secaudit.store.revision import LATEST
from secaudit.store.scans import ScanRepository
from secaudit.store.workspace import Workspace
from secaudit.version import VERSION
from tests.store import facts
from tests.store.conftest import mounted_small_disk


def journal_mode(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "secaudit.db")) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def message_of(action: Callable[[], Any], kind: type[SecauditError] = StoreError) -> str:
    """Return the English sentence of the error that `action` raises, which must also be formattable."""
    with pytest.raises(kind) as caught:
        action()
    text = str(caught.value)
    assert "{" not in text and text.endswith(".")
    return caught.value.message


def test_create_makes_the_folder_and_opens_it_again(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "dữ liệu 100%"
    assert not Workspace.exists(folder)
    with Workspace.create(folder) as workspace:
        facts.register(workspace)
        assert workspace.path == folder
    assert Workspace.exists(folder)
    assert {entry.name for entry in folder.iterdir()} == {"secaudit.db", "raw", "reports"}
    with Workspace.create(folder) as workspace:
        assert workspace.registry.sites() == [facts.SITE]
    assert journal_mode(folder) == "wal"


def test_create_needs_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links on a memory stick")

    monkeypatch.setattr(os, "link", refuse)
    facts.new_workspace(tmp_path).close()
    assert {entry.name for entry in tmp_path.iterdir()} == {"secaudit.db", "raw", "reports"}
    creation.create_database(tmp_path / "secaudit.db", facts.NOW)  # another process was faster
    with Workspace.open(tmp_path) as workspace:
        assert workspace.registry.sites() == [facts.SITE]


def test_create_never_overwrites(tmp_path: Path) -> None:
    facts.new_workspace(tmp_path).close()
    creation.create_database(tmp_path / "secaudit.db", facts.NOW)
    with Workspace.open(tmp_path) as workspace:
        assert workspace.registry.sites() == [facts.SITE]
    assert {entry.name for entry in tmp_path.iterdir()} == {"secaudit.db", "raw", "reports"}


def test_the_program_version_is_noted_once(tmp_path: Path) -> None:
    for _ in range(2):
        with Workspace.create(tmp_path, clock=lambda: facts.NOW) as workspace:
            [noted] = workspace.versions()
    assert (noted.version, noted.revision, noted.first_used_at) == (VERSION, LATEST, facts.NOW)
    with closing(sqlite3.connect(tmp_path / "secaudit.db")) as connection, connection:
        connection.execute("UPDATE program SET version = '0.0.9'")
    for _ in range(2):
        with Workspace.open(tmp_path) as workspace:
            assert [noted.version for noted in workspace.versions()] == ["0.0.9", VERSION]


def test_there_must_be_a_workspace(tmp_path: Path) -> None:
    assert "no workspace" in message_of(lambda: Workspace.open(tmp_path / "none"))
    assert "no workspace" in message_of(lambda: Workspace.open(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("giữ lại", encoding="utf-8")
    for attempt in (Workspace.create, Workspace.open):
        assert "is a file" in message_of(lambda attempt=attempt: attempt(file), BadInput)
    assert "is a file" in message_of(lambda: Workspace.create(file / "below" / "it"), BadInput)
    assert "no workspace" in message_of(lambda: Workspace.open(file / "below"))
    assert facts.everything(tmp_path) == {"file": "giữ lại".encode()}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"not a database at all" * 99, "not a database of secaudit"),
        (b"SQLite", "is damaged"),
        (b"SQLite format 3\x00 and then it ends", "is damaged"),
    ],
)
def test_a_database_that_is_none(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "secaudit.db").write_bytes(content)
    for attempt in (Workspace.create, Workspace.open):
        assert expected in message_of(lambda attempt=attempt: attempt(tmp_path))
    assert facts.everything(tmp_path) == {"secaudit.db": content}


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "secaudit.db")) as connection, connection:
        connection.execute("CREATE TABLE photographs (id)")
    before = facts.everything(tmp_path)
    assert "not a database of secaudit" in message_of(lambda: Workspace.create(tmp_path))
    assert facts.everything(tmp_path) == before


def test_a_folder_in_place_of_the_database(tmp_path: Path) -> None:
    (tmp_path / "secaudit.db").mkdir()
    message_of(lambda: Workspace.open(tmp_path))


def make_newer(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "secaudit.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("INSERT INTO program VALUES (2, '9.8.7', 99, '2030-01-01T00:00:00.000000Z')")
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA journal_mode = WAL")


def test_a_newer_workspace_is_refused_and_not_touched(tmp_path: Path) -> None:
    facts.new_workspace(tmp_path).close()
    make_newer(tmp_path)
    before = facts.everything(tmp_path)
    for attempt in (Workspace.create, Workspace.open):
        with pytest.raises(StoreError, match=rf"newer secaudit \(9\.8\.7, format 99\); this is {VERSION}"):
            attempt(tmp_path)
    assert facts.everything(tmp_path) == before


def test_a_newer_workspace_with_unfinished_work_is_not_touched(tmp_path: Path) -> None:
    """The log of a newer program that was killed, or still runs, lies beside the database."""
    facts.new_workspace(tmp_path / "w").close()
    make_newer(tmp_path / "w")
    with closing(sqlite3.connect(tmp_path / "w" / "secaudit.db", isolation_level=None)) as connection:
        connection.execute("UPDATE system SET name = 'chỉ nằm trong nhật ký'")
        shutil.copytree(tmp_path / "w", tmp_path / "copy")
    before = facts.everything(tmp_path / "copy")
    assert "secaudit.db-wal" in before
    with pytest.raises(StoreError, match=r"9\.8\.7"):
        Workspace.open(tmp_path / "copy")
    assert facts.everything(tmp_path / "copy") == before


def test_the_newer_version_need_not_be_readable(tmp_path: Path) -> None:
    facts.new_workspace(tmp_path).close()
    make_newer(tmp_path)
    with closing(sqlite3.connect(tmp_path / "secaudit.db")) as connection, connection:
        connection.execute("DROP TABLE program")
    with pytest.raises(StoreError, match=r"newer secaudit \(\?, format 99\)"):
        Workspace.open(tmp_path)


def test_another_program_holds_the_database(workspace: Workspace) -> None:
    workspace.scans.begin(facts.make_scan("s"), facts.SITE.id, facts.MARK)
    impatient = Database(workspace.path, 0.1)
    scans = ScanRepository(impatient, RawFiles(workspace.path / "raw"))
    with closing(sqlite3.connect(workspace.path / "secaudit.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert message_of(lambda: Workspace.open(workspace.path, busy_seconds=0.1)) == faults.LOCKED
        assert message_of(lambda: scans.add_observation("s", facts.service(1))) == faults.LOCKED
        assert scans.load("s").observations == ()  # reading goes on
    scans.add_observation("s", facts.service(1))
    assert len(workspace.scans.load("s").observations) == 1
    impatient.close()


def test_a_truncated_database_is_called_damaged(tmp_path: Path) -> None:
    facts.new_workspace(tmp_path).close()
    file = tmp_path / "secaudit.db"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert message_of(lambda: Workspace.open(tmp_path)) == faults.DAMAGED


@pytest.mark.slow
def test_no_damage_gives_anything_but_a_sentence(tmp_path: Path) -> None:
    with facts.new_workspace(tmp_path / "w") as workspace:
        workspace.scans.begin(facts.make_scan("s"), facts.SITE.id, facts.MARK)
        for number in range(20):
            workspace.scans.add_observation("s", facts.service(number))
        workspace.scans.save_judgement("s", "1", facts.OUTCOMES, facts.FINDINGS, facts.NOW)
        workspace.answers.record(facts.SYSTEM.id, facts.ANSWER)
        workspace.scope.add(facts.AUTHORISATION)
    whole = (tmp_path / "w" / "secaudit.db").read_bytes()
    chance = random.Random(7)
    complaints = 0
    for _ in range(150):
        spoilt = bytearray(whole)
        start = chance.randrange(len(spoilt))
        length = chance.choice((1, 16, 4096))
        spoilt[start : start + length] = chance.randbytes(len(spoilt[start : start + length]))
        for file in tmp_path.glob("w/secaudit.db*"):
            file.unlink()
        (tmp_path / "w" / "secaudit.db").write_bytes(spoilt)
        try:
            with Workspace.open(tmp_path / "w", busy_seconds=0.1) as opened:
                opened.scans.summaries()
                opened.scans.load("s")
                opened.scans.judgement("s")
                opened.answers.current(facts.SYSTEM.id)
                opened.scope.list()
                opened.registry.sites()
                opened.scans.add_observation("s", facts.service(1))
        except SecauditError as error:
            assert str(error)
            complaints += 1
    assert complaints > 20


def test_a_read_only_folder(unprivileged: Path) -> None:
    inside = unprivileged / "w"
    with facts.new_workspace(inside) as workspace:
        workspace.scans.begin(facts.make_scan("s"), facts.SITE.id, facts.MARK)
    unprivileged.chmod(0o555)
    assert message_of(lambda: Workspace.create(unprivileged / "other")) == faults.READ_ONLY
    for below in inside.rglob("*"):
        below.chmod(0o555 if below.is_dir() else 0o444)
    inside.chmod(0o555)
    before = facts.everything(inside)
    for attempt in (Workspace.create, Workspace.open):
        assert message_of(lambda attempt=attempt: attempt(inside)) == faults.READ_ONLY
    assert facts.everything(inside) == before
    inside.chmod(0o000)
    assert message_of(lambda: Workspace.open(inside)) == faults.READ_ONLY
    inside.chmod(0o755)
    (inside / "secaudit.db").chmod(0o644)
    with Workspace.open(inside) as workspace:
        assert workspace.scans.load("s").id == "s"
        assert message_of(lambda: workspace.scans.add_raw("s", "x", b"x")) == faults.READ_ONLY


def fill_until_full(workspace: Workspace, scan_id: str) -> int:
    """Store pages until there is no room; return how many were stored."""
    stored = 0

    def go_on() -> None:
        nonlocal stored
        for _ in range(1000):
            workspace.scans.add_observation(scan_id, facts.visit(f"{stored} " + "x" * 20_000))
            stored += 1

    assert message_of(go_on) == faults.FULL
    return stored


def bodies(workspace: Workspace, scan_id: str) -> list[str]:
    return [seen.exchanges[0].body.split()[0] for seen in workspace.scans.load(scan_id).observations]


def test_a_full_database_keeps_what_it_has(workspace: Workspace) -> None:
    @event.listens_for(workspace._database.engine, "checkout")
    def _limit(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit}")

    limit = 150
    workspace.scans.begin(facts.make_scan("s"), facts.SITE.id, facts.MARK)
    stored = fill_until_full(workspace, "s")
    assert stored > 3
    assert bodies(workspace, "s") == [str(number) for number in range(stored)]
    limit = 10_000
    workspace.scans.add_observation("s", facts.visit("sau đó"))
    assert len(bodies(workspace, "s")) == stored + 1


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    assert mounted_small_disk(disk)
    try:
        filler = disk / "filler"
        filler.write_bytes(b"x" * 1_000_000)
        assert message_of(lambda: Workspace.create(disk / "w")) == faults.FULL
        assert facts.everything(disk).keys() == {"filler"}
        filler.unlink()
        with facts.new_workspace(disk / "w") as workspace:
            workspace.scans.begin(facts.make_scan("s"), facts.SITE.id, facts.MARK)
            stored = fill_until_full(workspace, "s")
            assert stored > 3
            assert bodies(workspace, "s") == [str(number) for number in range(stored)]
            raw = random.Random(1).randbytes(900_000)
            assert message_of(lambda: workspace.scans.add_raw("s", "x", raw)) == faults.FULL
        try:
            Workspace.open(disk / "w").close()
        except StoreError as error:
            assert error.message == faults.FULL
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        with Workspace.open(disk / "w") as workspace:
            assert bodies(workspace, "s") == [str(number) for number in range(stored)]
            workspace.scans.add_observation("s", facts.visit("sau đó"))
            assert workspace.scans.raw_names("s") == []
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert message_of(lambda: Workspace.open(disk / "w")) == faults.READ_ONLY
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_without_shared_memory_the_rollback_journal_serves(tmp_path: Path) -> None:
    """A folder in place of the shared memory's file makes it impossible, as some network shares do."""
    with facts.new_workspace(tmp_path) as workspace:
        workspace.scans.begin(facts.make_scan("s"), facts.SITE.id, facts.MARK)
    (tmp_path / "secaudit.db-shm").mkdir()
    assert header.read_header(tmp_path / "secaudit.db").wal
    for number in range(2):
        with Workspace.open(tmp_path) as workspace:
            workspace.scans.add_observation("s", facts.service(number))
            assert len(workspace.scans.load("s").observations) == number + 1
        assert not header.read_header(tmp_path / "secaudit.db").wal
    (tmp_path / "secaudit.db-shm").rmdir()
    Workspace.open(tmp_path).close()
    assert journal_mode(tmp_path) == "wal"


def test_on_a_network_share_the_rollback_journal_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts.new_workspace(tmp_path).close()
    monkeypatch.setattr(database, "on_network_share", lambda _: True)
    with Workspace.open(tmp_path) as first, Workspace.open(tmp_path) as second:
        first.registry.save_organisation(facts.ORGANISATION)
        assert second.registry.organisation() == facts.ORGANISATION
        assert not (tmp_path / "secaudit.db-wal").exists()
    assert journal_mode(tmp_path) == "delete"


def test_importing_the_room_costs_no_sqlalchemy() -> None:
    code = "import sys, secaudit.store; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_opening_needs_no_alembic(tmp_path: Path) -> None:
    Workspace.create(tmp_path).close()
    code = (
        "import sys, pathlib, secaudit.store.workspace as w\n"
        "w.Workspace.open(pathlib.Path(sys.argv[1])).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 0
