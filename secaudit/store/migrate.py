"""Making a database of the current revision, and bringing an older one to it."""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from secaudit.model.errors import StoreError
from secaudit.store.database import make_engine
from secaudit.store.faults import DAMAGED, sqlite_code
from secaudit.store.header import APPLICATION_ID, read_header
from secaudit.store.revision import LATEST
from secaudit.store.versions import note

SCRIPTS = "secaudit.store:migrations"
"""Where Alembic finds the migrations: inside the installed package."""


def revision_id(number: int) -> str:
    """Return Alembic's revision id of migration `number`."""
    return f"{number:04d}"


def create_database(file: Path, at: datetime) -> None:
    """Make an empty database of the current revision; one that another process makes meanwhile is left alone.

    It is made under another name and takes its own when it is complete, so that no moment of being killed
    leaves half a database.

    Raises:
        OSError, SQLAlchemyError: the folder cannot be written, or the disk is full.
    """
    draft = file.with_name(f"{file.name}.new-{uuid.uuid4().hex}")
    try:
        upgrade_file(draft, LATEST, at, busy_seconds=1.0)
        _take_name(draft, file)
    finally:
        _remove(draft)


def _take_name(draft: Path, file: Path) -> None:
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links (a memory stick): the moment between the two steps is tiny.
        if not file.exists():
            draft.rename(file)


def _remove(draft: Path) -> None:
    for file in (draft, draft.with_name(draft.name + "-journal")):
        file.unlink(missing_ok=True)


def migrate_database(file: Path, at: datetime, busy_seconds: float) -> Path | None:
    """Bring an older database to the current revision, after a copy of it was made beside it.

    Returns:
        The copy, or None when another process had migrated the database meanwhile.

    Raises:
        StoreError: it is damaged.
        OSError, sqlite3.Error, SQLAlchemyError: it is in use, or the disk is full. In all cases it is as it was.
    """
    deadline = time.monotonic() + busy_seconds
    while (revision := read_header(file).revision) < LATEST:
        try:
            backup = _prepare(file, revision)
            upgrade_file(file, LATEST, at, busy_seconds)
        except (sqlite3.OperationalError, OperationalError) as error:
            if sqlite_code(error) & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return backup
    return None


def _prepare(file: Path, revision: int) -> Path:
    """Leave log mode, so that the migration lands in the file at once, check the database and copy it."""
    with closing(sqlite3.connect(file, timeout=0.2, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        complaint = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if complaint != "ok":
            raise StoreError(DAMAGED, file=file, path=file.parent)
        backup = file.with_name(f"{file.stem}.before-{revision_id(revision + 1)}{file.suffix}")
        draft = backup.with_name(f"{backup.name}.new-{uuid.uuid4().hex}")
        try:
            with closing(sqlite3.connect(draft)) as copy:
                connection.backup(copy)
            draft.replace(backup)
        finally:
            _remove(draft)
    return backup


def upgrade_file(file: Path, number: int, at: datetime, busy_seconds: float) -> None:
    """Run the migrations up to `number` in one transaction; a new file is made.

    Raises:
        SQLAlchemyError: the file cannot be written; nothing has changed then.
    """
    with _exclusive(file, busy_seconds) as connection:
        config = Config()
        config.set_main_option("script_location", SCRIPTS)
        config.attributes["connection"] = connection
        command.upgrade(config, revision_id(number))
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise sqlite3.IntegrityError(f"{len(broken)} rows point nowhere after the migration")
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")
        note(connection, number, at)


@contextmanager
def _exclusive(file: Path, busy_seconds: float) -> Iterator[Connection]:
    # Changing a table in SQLite means making it anew; references would be cut on the way.
    engine = make_engine(file, busy_seconds, foreign_keys=False)
    try:
        with engine.execution_options(begin="BEGIN EXCLUSIVE").begin() as connection:
            yield connection
    finally:
        engine.dispose()
