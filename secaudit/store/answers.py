"""What assessors said of requirements, of which nothing is ever overwritten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, insert, select

from secaudit.model.assessment import Answer
from secaudit.store.database import Database
from secaudit.store.registry import require_system
from secaudit.store.rows import STRINGS, fields, text_of
from secaudit.store.tables import answer as table


class AnswerRepository:
    """The answers of each system; the last one recorded for a requirement holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, system_id: str, answer: Answer) -> None:
        """Add an answer.

        Raises:
            BadInput: there is no such system.
        """
        values = answer.model_dump(exclude={"upholds"}) | {"upholds": text_of(STRINGS, answer.upholds)}
        with self._database.write() as connection:
            require_system(connection, system_id)
            connection.execute(insert(table).values(system_id=system_id, **values))

    def current(self, system_id: str, checklist_id: str | None = None) -> list[Answer]:
        """Return the answers that hold, of one checklist or of all, in the order in which they were recorded."""
        newest = (
            select(func.max(table.c.id))
            .where(table.c.system_id == system_id)
            .group_by(table.c.checklist, table.c.requirement)
        )
        if checklist_id is not None:
            newest = newest.where(table.c.checklist == checklist_id)
        with self._database.read() as connection:
            rows = connection.execute(select(table).where(table.c.id.in_(newest)).order_by(table.c.id))
            return [_answer(row) for row in rows]

    def history(self, system_id: str, requirement_id: str, checklist_id: str | None = None) -> list[Answer]:
        """Return all answers to a requirement, oldest first.

        Args:
            system_id: whose answers.
            requirement_id: the requirement's id.
            checklist_id: tells apart requirements of the same id in two checklists; None takes both.
        """
        query = (
            select(table)
            .where(table.c.system_id == system_id, table.c.requirement == requirement_id)
            .order_by(table.c.id)
        )
        if checklist_id is not None:
            query = query.where(table.c.checklist == checklist_id)
        with self._database.read() as connection:
            return [_answer(row) for row in connection.execute(query)]


def _answer(row: Row[Any]) -> Answer:
    return Answer(**fields(row, "id", "system_id", "upholds"), upholds=STRINGS.validate_json(row.upholds))
