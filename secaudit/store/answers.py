"""What assessors said of requirements, of which nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from secaudit.model.assessment import Answer
from secaudit.store.database import Database
from secaudit.store.evidence import require_evidence
from secaudit.store.moments import utc_text
from secaudit.store.registry import require_system
from secaudit.store.rows import STRINGS, fields, text_of
from secaudit.store.standing import StandingRepository
from secaudit.store.tables import answer as table

_LISTS = {"upholds", "evidence"}


class AnswerRepository:
    """The answers of each system; the last one recorded for a requirement holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, system_id: str, answer: Answer) -> datetime | None:
        """Add an answer.

        Returns:
            The newest time among the answers before, where it lies after this one's: the clock was set back, or the
            answer comes from elsewhere. The order of recording counts, not the clock. None otherwise.

        Raises:
            BadInput: there is no such system, or no such evidence.
        """
        with self._database.write() as connection:
            return self._add(connection, system_id, answer)

    def record_many(
        self, system_id: str, answers: Sequence[tuple[Answer, Answer | None]], **beside: str
    ) -> list[str]:  # fmt: skip
        """Add several answers in one transaction: all of them, or none.

        Args:
            system_id: whose answers.
            answers: each with the answer that held when it was made (None: none did).
            beside: more to be said in the journal, for example where they come from.

        Returns:
            The requirements that somebody answered otherwise meanwhile. Where there are some, nothing was added.

        Raises:
            BadInput: there is no such system, or no such evidence.
        """
        with self._database.write() as connection:
            changed = [
                answer.requirement for answer, before in answers if _standing(connection, system_id, answer) != before
            ]
            for answer, _ in answers if not changed else ():
                self._add(connection, system_id, answer, **beside)
            return changed

    def _add(self, connection: Connection, system_id: str, answer: Answer, **beside: str) -> datetime | None:
        lists = {name: text_of(STRINGS, getattr(answer, name)) for name in _LISTS}
        require_system(connection, system_id)
        require_evidence(connection, answer.evidence)
        mine = table.c.system_id == system_id
        newest = connection.execute(select(func.max(table.c.answered_at)).where(mine)).scalar_one()
        row = insert(table).values(system_id=system_id, **answer.model_dump(exclude=_LISTS), **lists)
        number = connection.execute(row.returning(table.c.id)).scalar_one()
        later: datetime | None = newest if newest is not None and newest > answer.answered_at else None
        if later:
            beside = {**beside, "earlier_than": utc_text(later)}
        self._database.journal(connection, "answer.set", table.name, number, **beside)
        return later

    def current(self, system_id: str, checklist_id: str | None = None, before: datetime | None = None) -> list[Answer]:
        """Return the answers that hold, of one checklist or of all, in the order in which they were recorded.

        Args:
            system_id: whose answers.
            checklist_id: of this checklist only.
            before: the answers that held at that moment, by the time that stands in them.
        """
        return StandingRepository(self._database).answers(system_id, checklist_id, before)

    def every(self, system_id: str) -> list[Answer]:
        """Return everything that was ever answered for a system, in the order of recording."""
        with self._database.read() as connection:
            rows = connection.execute(select(table).where(table.c.system_id == system_id).order_by(table.c.id))
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


def _standing(connection: Connection, system_id: str, answer: Answer) -> Answer | None:
    """Return the answer that holds for the same requirement."""
    query = (
        select(table)
        .where(
            table.c.system_id == system_id,
            table.c.checklist == answer.checklist,
            table.c.requirement == answer.requirement,
        )
        .order_by(table.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return _answer(row) if row else None


def _answer(row: Row[Any]) -> Answer:
    lists = {name: STRINGS.validate_json(getattr(row, name)) for name in _LISTS}
    return Answer(**fields(row, "id", "system_id", *_LISTS), **lists)
