"""Answers to the applicability questions, of which none is ever overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from secaudit.model.assessment import ProfileAnswer
from secaudit.store.database import Database
from secaudit.store.registry import require_system
from secaudit.store.rows import fields
from secaudit.store.standing import StandingRepository
from secaudit.store.tables import profile_answer


class ProfileRepository:
    """What was said to the applicability questions of each system; the last answer recorded holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, system_id: str, answer: ProfileAnswer) -> None:
        """Add an answer.

        Raises:
            BadInput: there is no such system.
        """
        with self._database.write() as connection:
            require_system(connection, system_id)
            row = insert(profile_answer).values(system_id=system_id, **answer.model_dump())
            number = connection.execute(row.returning(profile_answer.c.id)).scalar_one()
            self._database.journal(connection, "profile.set", profile_answer.name, number)

    def current(self, system_id: str, before: datetime | None = None) -> dict[str, ProfileAnswer]:
        """Return the answer that holds, or held at the moment `before`, by question id."""
        return StandingRepository(self._database).profile(system_id, before)

    def every(self, system_id: str) -> list[ProfileAnswer]:
        """Return everything that was ever answered for a system, in the order of recording."""
        query = select(profile_answer).where(profile_answer.c.system_id == system_id).order_by(profile_answer.c.id)
        with self._database.read() as connection:
            return [ProfileAnswer(**fields(row, "id", "system_id")) for row in connection.execute(query)]

    def history(self, system_id: str, question: str) -> list[ProfileAnswer]:
        """Return all answers to one question, oldest first."""
        query = (
            select(profile_answer)
            .where(profile_answer.c.system_id == system_id, profile_answer.c.question == question)
            .order_by(profile_answer.c.id)
        )
        with self._database.read() as connection:
            return [ProfileAnswer(**fields(row, "id", "system_id")) for row in connection.execute(query)]
