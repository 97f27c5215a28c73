"""Making a database of the current revision in one go: what all migrations together come to, without Alembic.

Alembic takes four tenths of a second and 13 MB to load, for every first look at a page. A test holds what is made here
against what the migrations make.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from secaudit.store import journal
from secaudit.store.database import make_engine
from secaudit.store.header import APPLICATION_ID
from secaudit.store.revision import LATEST
from secaudit.store.tables import metadata
from secaudit.store.triggers import JOURNAL_IS_APPENDED_TO
from secaudit.store.versions import note

# As Alembic makes it: the next migration begins where this says.
_ALEMBIC = """CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"""


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
        with exclusive(draft, busy_seconds=1.0) as connection:
            _make_schema(connection)
            journal.append(connection, "journal.begin", {"carried": {}}, at)
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {LATEST}")
            note(connection, LATEST, at)
        _take_name(draft, file)
    finally:
        remove(draft)


def _take_name(draft: Path, file: Path) -> None:
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links (a memory stick): the moment between the two steps is tiny.
        if not file.exists():
            draft.rename(file)


def remove(draft: Path) -> None:
    """Delete a draft and the journal that SQLite keeps beside it."""
    for file in (draft, draft.with_name(draft.name + "-journal")):
        file.unlink(missing_ok=True)


def _make_schema(connection: Connection) -> None:
    metadata.create_all(connection)
    for trigger in JOURNAL_IS_APPENDED_TO:
        connection.exec_driver_sql(trigger)
    connection.exec_driver_sql(_ALEMBIC)
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (revision_id(LATEST),))


@contextmanager
def exclusive(file: Path, busy_seconds: float) -> Iterator[Connection]:
    """Open a database for nobody else, in one transaction, references unchecked."""
    # Changing a table in SQLite means making it anew; references would be cut on the way.
    engine = make_engine(file, busy_seconds, foreign_keys=False)
    try:
        with engine.execution_options(begin="BEGIN EXCLUSIVE").begin() as connection:
            yield connection
    finally:
        engine.dispose()
