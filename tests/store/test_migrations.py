"""From the first revision to the newest, and being killed on the way."""

from __future__ import annotations

import multiprocessing
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from secaudit.model.errors import StoreError
from secaudit.model.words import ScanStatus
from secaudit.store import creation, faults, header, migrate, workspace
from secaudit.store.database import make_engine
from secaudit.store.revision import LATEST
from secaudit.store.tables import metadata
from secaudit.store.workspace import Workspace
from tests.store import facts

FIRST = 1
"""The revision of the captured workspace."""
CAPTURED = Path(__file__).parent.parent / "captured" / "store" / "revision-0001.sql"
FIRST = 1
"""Revision of the captured database."""
SCRIPTS = Path(migrate.__file__).parent / "migrations"

SECOND = '''
"""A migration for the tests: makes a table anew, as SQLite demands, and adds one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("observation", recreate="always") as table:
        table.add_column(sa.Column("mood", sa.Text(), nullable=False, server_default="calm"))
    op.create_table("weather", sa.Column("id", sa.Integer(), primary_key=True))
'''


def first_revision(folder: Path) -> Path:
    """Make a workspace as the first program left it, from its captured content."""
    folder.mkdir(parents=True)
    file = folder / "secaudit.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(CAPTURED.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {header.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FIRST}")
        connection.execute("PRAGMA journal_mode = WAL")
    return file


def set_future(folder: Path, broken: bool = False) -> None:
    """Pretend that this program has one more migration."""
    if not folder.exists():
        shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        script = SECOND.replace("weather", "scan") if broken else SECOND
        number = f"{LATEST + 1:04d}"
        script = script.replace("0002", number).replace('"0001"', f'"{LATEST:04d}"')
        (folder / "versions" / f"{number}_test.py").write_text(script, encoding="utf-8")
    migrate.SCRIPTS = str(folder)
    migrate.LATEST = workspace.LATEST = LATEST + 1


@pytest.fixture
def future(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module, name in ((migrate, "SCRIPTS"), (migrate, "LATEST"), (workspace, "LATEST")):
        monkeypatch.setattr(module, name, getattr(module, name))  # set back afterwards
    set_future(tmp_path / "scripts")
    return tmp_path / "scripts"


def test_the_migrations_are_one_row_from_the_first_to_the_newest() -> None:
    config = Config()
    config.set_main_option("script_location", migrate.SCRIPTS)
    scripts = ScriptDirectory.from_config(config)
    names = [script.revision for script in scripts.walk_revisions()]
    assert names == sorted(set(names), reverse=True)
    assert (names[0], names[-1]) == (creation.revision_id(LATEST), creation.revision_id(1))
    files = sorted(file.name for file in (SCRIPTS / "versions").glob("[0-9]*.py"))
    assert [re.match(r"\d{4}", name)[0] for name in files] == sorted(names)


@pytest.mark.parametrize("origin", ["new", "first"])
def test_the_newest_revision_is_what_the_tables_say(tmp_path: Path, origin: str) -> None:
    folder = tmp_path / "w"
    if origin == "first":
        first_revision(folder)
    with Workspace.create(folder):
        engine = make_engine(folder / "secaudit.db", 1.0)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
        engine.dispose()
    assert header.read_header(folder / "secaudit.db").revision == LATEST


def _schema(file: Path) -> dict[tuple[str, str], object]:
    """Return tables with their columns and references, indexes and triggers."""
    found: dict[tuple[str, str], object] = {}
    with closing(sqlite3.connect(file)) as connection:
        for kind, name, table, sql in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
            if kind == "table":
                columns = sorted(row[1:] for row in connection.execute(f'PRAGMA table_info("{name}")'))
                references = sorted(row[2:] for row in connection.execute(f'PRAGMA foreign_key_list("{name}")'))
                found[kind, name] = columns, references, "AUTOINCREMENT" in sql, "WITHOUT ROWID" in sql
            else:
                found[kind, name] = table, " ".join((sql or "").split())
        for table, column in (("alembic_version", "version_num"), ("journal", "kind"), ("program", "revision")):
            found["row", table] = connection.execute(f"SELECT {column} FROM {table}").fetchall()
        counted = [name for kind, name in found if kind == "table"]
        found["row", "count"] = {n: connection.execute(f"SELECT count(*) FROM {n}").fetchone() for n in counted}
    return found


def test_a_new_database_is_what_all_migrations_come_to(tmp_path: Path) -> None:
    creation.create_database(tmp_path / "new.db", facts.NOW)
    migrate.upgrade_file(tmp_path / "migrated.db", LATEST, facts.NOW, busy_seconds=1.0)
    new, migrated = _schema(tmp_path / "new.db"), _schema(tmp_path / "migrated.db")
    assert new == migrated, "new triggers and the like belong into secaudit/store/creation.py too"
    assert any(kind == "trigger" for kind, _ in new)
    headers = [header.read_header(tmp_path / name) for name in ("new.db", "migrated.db")]
    assert headers[0] == headers[1]


def test_alembic_is_not_loaded_to_make_a_workspace(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from secaudit.store.workspace import Workspace;"
        "Workspace.create(Path(sys.argv[1])).close(); sys.exit('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "w")], check=False)
    assert done.returncode == 0


def test_what_the_first_program_stored_is_there(tmp_path: Path) -> None:
    first_revision(tmp_path / "w")
    with Workspace.open(tmp_path / "w") as opened:
        assert opened.registry.organisation() == facts.ORGANISATION
        assert opened.registry.systems() == [facts.SYSTEM]
        assert opened.registry.sites() == [facts.SITE]
        assert opened.scope.list() == [facts.AUTHORISATION]
        assert opened.answers.current(facts.SYSTEM.id) == [facts.ANSWER]
        assert opened.profile.current(facts.SYSTEM.id) == {"wireless": facts.PROFILE_ANSWER}
        scan = opened.scans.load("last")
        assert scan.status is ScanStatus.INCOMPLETE
        assert scan.observations == (facts.service(22), facts.visit("trang xã"))
        assert [run.name for run in scan.runs] == ["http", "tls"]
        judged = opened.scans.judgement("last")
        assert judged is not None
        assert (judged.outcomes, judged.findings) == (facts.OUTCOMES, facts.FINDINGS)
        assert opened.versions()[0].version == "0.1.0"


def test_an_older_workspace_is_copied_and_migrated(tmp_path: Path, future: Path) -> None:
    file = first_revision(tmp_path / "w")
    for _ in range(2):
        with Workspace.open(tmp_path / "w") as opened:
            assert opened.scans.load("last").observations == (facts.service(22), facts.visit("trang xã"))
            assert [noted.revision for noted in opened.versions()] == [FIRST, LATEST + 1]
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT DISTINCT mood FROM observation").fetchall() == [("calm",)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_list(observation)").fetchone()[2] == "scan"
    backup = tmp_path / "w" / f"secaudit.before-{creation.revision_id(FIRST + 1)}.db"
    assert header.read_header(backup).revision == FIRST
    assert {entry.name for entry in (tmp_path / "w").iterdir()} == {"secaudit.db", backup.name, "raw", "reports"}
    file.unlink()
    backup.rename(file)  # the copy is a whole workspace
    with Workspace.open(tmp_path / "w") as opened:
        assert opened.registry.sites() == [facts.SITE]


def test_a_failed_migration_changes_nothing(tmp_path: Path, future: Path) -> None:
    file = first_revision(tmp_path / "w")
    shutil.rmtree(future)
    set_future(future, broken=True)
    with closing(sqlite3.connect(file)) as connection:
        before = list(connection.iterdump())
    with pytest.raises(StoreError, match="table scan already exists"):
        Workspace.open(tmp_path / "w")
    with closing(sqlite3.connect(file)) as connection:
        assert list(connection.iterdump()) == before
    assert header.read_header(file).revision == FIRST


def test_a_damaged_database_is_not_migrated(tmp_path: Path, future: Path) -> None:
    file = first_revision(tmp_path / "w")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO answer SELECT id + ?, system_id, checklist, requirement, value, answered_by, answered_at,"
            " note, reason, equivalent, evidence_date, upholds FROM answer WHERE id = 1",
            [(number,) for number in range(1, 500)],
        )
    content = bytearray(file.read_bytes())
    content[-3 * 4096 :] = b"\xff" * (3 * 4096)
    file.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        Workspace.open(tmp_path / "w")
    assert caught.value.message == faults.DAMAGED
    assert header.read_header(file).revision == FIRST
    assert not list((tmp_path / "w").glob("*before*"))


def test_a_database_in_use_is_not_migrated(tmp_path: Path, future: Path) -> None:
    file = first_revision(tmp_path / "w")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM scan").fetchone()
        with pytest.raises(StoreError) as caught:
            Workspace.open(tmp_path / "w", busy_seconds=0.3)
    assert caught.value.message == faults.LOCKED
    Workspace.open(tmp_path / "w").close()
    assert header.read_header(file).revision == LATEST + 1


def open_in_future(folder: Path, scripts: Path) -> None:
    """Open the workspace in a process of its own with one more migration."""
    set_future(scripts)
    Workspace.open(folder).close()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the fork server is for POSIX systems")
def test_a_killed_migration_loses_nothing(tmp_path: Path, future: Path) -> None:
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload(["tests.store.test_migrations"])
    original = first_revision(tmp_path / "original")
    with closing(sqlite3.connect(original)) as connection, connection:
        body = "x" * 50_000
        scan_id = connection.execute("SELECT id FROM scan").fetchone()[0]
        connection.executemany(
            "INSERT INTO observation (scan_id, kind, target, at, body) VALUES (?, 'x', ?, '', ?)",
            [(scan_id, str(number), body) for number in range(100)],
        )
    chance = random.Random(5)
    reached = set()
    for attempt in range(20):
        folder = tmp_path / f"w{attempt}"
        shutil.copytree(tmp_path / "original", folder)
        child = start.Process(target=open_in_future, args=(folder, future))
        child.start()
        time.sleep(chance.uniform(0.0, 0.15))
        child.kill()
        child.join()
        reached.add((header.read_header(folder / "secaudit.db").revision, len(list(folder.glob("*before*")))))
        with Workspace.open(folder) as opened:
            assert opened.scans.unreadable("last") == 100
            assert len(opened.scans.load("last").observations) == 2
        with closing(sqlite3.connect(folder / "secaudit.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("SELECT count(*) FROM observation WHERE mood = 'calm'").fetchone() == (102,)
        shutil.rmtree(folder)
    assert len(reached) > 1  # they were killed at different stages


def test_a_migration_killed_at_its_last_step_is_taken_back_and_done_again(tmp_path: Path, future: Path) -> None:
    """The pages are written, the new number among them, but the journal still stands: nothing was committed."""
    file = first_revision(tmp_path / "w")
    journal = file.with_name("secaudit.db-journal")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = OFF")  # the journal is complete at every moment
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute(f"PRAGMA user_version = {LATEST + 1}")
        connection.execute("UPDATE system SET name = 'nửa chừng'")
        connection.execute(
            "WITH n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < 200) "
            "INSERT INTO program SELECT i + 9, hex(zeroblob(900)), 1, '' FROM n"
        )
        kept = journal.read_bytes()
        connection.execute("COMMIT")
    journal.write_bytes(kept)
    assert header.read_header(file).revision == LATEST + 1
    with Workspace.open(tmp_path / "w") as opened:
        assert opened.registry.systems() == [facts.SYSTEM]
        assert [noted.revision for noted in opened.versions()] == [FIRST, LATEST + 1]
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT DISTINCT mood FROM observation").fetchall() == [("calm",)]


@pytest.mark.slow
def test_two_programs_may_open_an_older_workspace_at_once(tmp_path: Path, future: Path) -> None:
    first_revision(tmp_path / "w")
    code = (
        "import sys; from pathlib import Path; from tests.store.test_migrations import open_in_future\n"
        "open_in_future(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "w"), str(future)]) for _ in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    with Workspace.open(tmp_path / "w") as opened:
        assert [noted.revision for noted in opened.versions()] == [FIRST, LATEST + 1]
