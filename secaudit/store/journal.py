"""Appending to the journal, inside the transaction of the change itself."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from secaudit.model.journal import JournalEntry
from secaudit.store.chain import START, canonical, entry_hash
from secaudit.store.columns import writable
from secaudit.store.moments import utc_text
from secaudit.store.rows import fields
from secaudit.store.tables import journal as table
from secaudit.store.tables import metadata
from secaudit.version import VERSION


def append(connection: Connection, kind: str, payload: dict[str, Any], at: datetime) -> JournalEntry:
    """Add an entry.

    Args:
        connection: of a write transaction (`BEGIN IMMEDIATE`), so that no other process can come in between.
        kind: what was changed.
        payload: the change; anything that JSON can say.
        at: time of the change.
    """
    last = connection.execute(select(table.c.sequence, table.c.hash).order_by(table.c.sequence.desc()).limit(1)).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, START)
    text, moment, user = canonical(payload), utc_text(at), writable(user_name())
    entry = JournalEntry(
        sequence=sequence, at=moment, user=user, version=VERSION, kind=kind, payload=text, previous=previous,
        hash=entry_hash(sequence, moment, user, VERSION, kind, text, previous),
    )  # fmt: skip
    connection.execute(insert(table).values(entry.model_dump()))
    return entry


def append_row(
    connection: Connection, kind: str, table_name: str, key: str | int, at: datetime, **beside: Any
) -> JournalEntry:
    """Add an entry that holds a row as it stands in its table now, `{"table": …, "row": {column: value}}`.

    So `verify` can hold every row against the journal, whatever the table. A migration that changes what stands in
    such a row appends the row again.

    Args:
        connection: as for `append`.
        kind: what was changed.
        table_name: the table.
        key: value of its primary key.
        at: time of the change.
        beside: more to be said in the payload.
    """
    return append(connection, kind, {"table": table_name, "row": raw_row(connection, table_name, key), **beside}, at)


def raw_row(connection: Connection, table_name: str, key: str | int) -> dict[str, Any]:
    """Return a row with the values that SQLite holds, by column.

    Raises:
        KeyError: there is no such row.
    """
    columns = metadata.tables[table_name].primary_key.columns
    query = f'SELECT * FROM "{table_name}" WHERE "{columns[0].name}" = ?'  # noqa: S608 - names of our own tables
    row = connection.exec_driver_sql(query, (key,)).first()
    if row is None:
        raise KeyError(key)
    return dict(row._mapping)


def user_name() -> str:
    """Return the account of the operating system, `?` where it has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def entries(connection: Connection) -> Iterator[JournalEntry]:
    """Give all entries in order, read bit by bit."""
    query = select(table).order_by(table.c.sequence).execution_options(yield_per=500)
    for row in connection.execute(query):
        yield JournalEntry.model_construct(**fields(row))
