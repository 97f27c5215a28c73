"""Bringing an older database to the current revision."""

from __future__ import annotations

import sqlite3
import time
import uuid
from contextlib import closing
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import OperationalError

from secaudit.model.errors import StoreError
from secaudit.store.creation import exclusive, remove, revision_id
from secaudit.store.faults import DAMAGED, sqlite_code
from secaudit.store.header import APPLICATION_ID, read_header
from secaudit.store.revision import LATEST
from secaudit.store.versions import note

SCRIPTS = "secaudit.store:migrations"
"""Where Alembic finds the migrations: inside the installed package."""


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
            remove(draft)
    return backup


def upgrade_file(file: Path, number: int, at: datetime, busy_seconds: float) -> None:
    """Run the migrations up to `number` in one transaction; a new file is made, by every migration there is.

    Raises:
        SQLAlchemyError: the file cannot be written; nothing has changed then.
    """
    with exclusive(file, busy_seconds) as connection:
        config = Config()
        config.set_main_option("script_location", SCRIPTS)
        config.attributes["connection"] = connection
        command.upgrade(config, revision_id(number))
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise sqlite3.IntegrityError(f"{len(broken)} rows point nowhere after the migration")
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")
        note(connection, number, at)
