"""The journal as it is read, and entries that stand for themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from secaudit.model.journal import JournalEntry
from secaudit.store.chain import START
from secaudit.store.database import Database
from secaudit.store.rows import fields
from secaudit.store.tables import journal as table


class JournalRepository:
    """The journal. Entries of changed records are appended by their own repositories (`Database.journal`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self, kind: str = "", limit: int | None = None) -> list[JournalEntry]:
        """Return entries, oldest first.

        Args:
            kind: only these; empty for all.
            limit: only the newest so many.
        """
        query = select(table).order_by(table.c.sequence.desc()).limit(limit)
        if kind:
            query = query.where(table.c.kind == kind)
        with self._database.read() as connection:
            found = [JournalEntry(**fields(row)) for row in connection.execute(query)]
        return found[::-1]

    def append(self, kind: str, payload: dict[str, Any]) -> None:
        """Append an entry about something that stands in no table."""
        with self._database.write() as connection:
            self._database.note(connection, kind, payload)

    def head(self) -> tuple[int, str]:
        """Return number and hash of the newest entry."""
        query = select(table.c.sequence, table.c.hash).order_by(table.c.sequence.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
            return (row.sequence, row.hash) if row else (0, START)

    def origin(self) -> str:
        """Return the hash of the first entry, which tells this workspace from all others; empty without entries."""
        query = select(table.c.hash).order_by(table.c.sequence).limit(1)
        with self._database.read() as connection:
            return str(connection.execute(query).scalar_one_or_none() or "")

    def holds(self, noted: str) -> bool:
        """Tell whether an entry has the hash `noted`, which must be whole."""
        query = select(func.count()).where(table.c.hash == noted.strip().lower())
        with self._database.read() as connection:
            return bool(connection.execute(query).scalar_one())
