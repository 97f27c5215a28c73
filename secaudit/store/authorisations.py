"""The records of who allowed active probing."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from secaudit.model.authorisation import Authorisation
from secaudit.model.errors import BadInput, message
from secaudit.store.database import Database
from secaudit.store.rows import PORTS, STRINGS, fields, text_of
from secaudit.store.tables import authorisation as table


class AuthorisationRepository:
    """Authorisation records. None is ever removed: a withdrawn one keeps its place, with the date."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, record: Authorisation) -> None:
        """Store a record.

        Raises:
            BadInput: one with this id is there already.
        """
        values = record.model_dump(exclude={"hosts", "ports"})
        values |= {"hosts": text_of(STRINGS, record.hosts), "ports": text_of(PORTS, record.ports)}
        with self._database.write() as connection:
            if connection.execute(select(table.c.id).where(table.c.id == record.id)).first():
                raise BadInput(message("The authorisation {id} is recorded already."), id=record.id)
            connection.execute(insert(table).values(values))
            self._database.journal(connection, "scope.add", table.name, record.id)

    def list(self) -> builtins.list[Authorisation]:
        """Return all records in the order in which they were recorded, withdrawn and expired ones included."""
        with self._database.read() as connection:
            rows = connection.execute(select(table).order_by(table.c.recorded_at, table.c.id))
            return [_record(row) for row in rows]

    def revoke(self, authorisation_id: str, at: datetime) -> Authorisation:
        """Withdraw a record from `at` on and return it; a second time changes nothing.

        Raises:
            BadInput: there is no such record.
        """
        mine = table.c.id == authorisation_id
        with self._database.write() as connection:
            changed = connection.execute(update(table).where(mine, table.c.revoked_at.is_(None)).values(revoked_at=at))
            if changed.rowcount:
                self._database.journal(connection, "scope.revoke", table.name, authorisation_id)
            row = connection.execute(select(table).where(mine)).first()
        if row is None:
            raise BadInput(
                message("There is no authorisation {id}. Run secaudit scope list to see them."),
                id=authorisation_id,
            )
        return _record(row)


def _record(row: Row[Any]) -> Authorisation:
    return Authorisation(
        **fields(row, "hosts", "ports"),
        hosts=STRINGS.validate_json(row.hosts),
        ports=PORTS.validate_json(row.ports),
    )
