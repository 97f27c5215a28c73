"""Filled-in level sheets, of which none is ever overwritten."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select

from secaudit.model.level import LevelRecord
from secaudit.store.database import Database
from secaudit.store.registry import require_system
from secaudit.store.rows import fields, text_of
from secaudit.store.tables import level_record as table

_ANSWERS = TypeAdapter(dict[str, bool])


class LevelRepository:
    """The level sheets of each system; the last one recorded holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, system_id: str, sheet: LevelRecord) -> None:
        """Add a filled-in sheet.

        Raises:
            BadInput: there is no such system.
        """
        values = sheet.model_dump(exclude={"answers"}) | {"answers": text_of(_ANSWERS, sheet.answers)}
        with self._database.write() as connection:
            require_system(connection, system_id)
            row = insert(table).values(system_id=system_id, **values).returning(table.c.id)
            number = connection.execute(row).scalar_one()
            self._database.journal(connection, "level.set", table.name, number)

    def history(self, system_id: str) -> list[LevelRecord]:
        """Return all sheets of a system, oldest first."""
        query = select(table).where(table.c.system_id == system_id).order_by(table.c.id)
        with self._database.read() as connection:
            return [_record(row) for row in connection.execute(query)]

    def current(self, system_id: str) -> LevelRecord | None:
        """Return the sheet that holds, None where none was filled in."""
        return next(iter(self.history(system_id)[::-1]), None)


def _record(row: Row[Any]) -> LevelRecord:
    return LevelRecord(**fields(row, "id", "system_id", "answers"), answers=_ANSWERS.validate_json(row.answers))
