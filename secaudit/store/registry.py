"""The organisation, its systems and their sites."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.sqlite import insert

from secaudit.model.errors import BadInput, message
from secaudit.model.organisation import Organisation, Site, System
from secaudit.model.target import Target
from secaudit.store.database import Database
from secaudit.store.rows import NUMBERS, fields, text_of
from secaudit.store.standing import StandingRepository
from secaudit.store.tables import organisation, site, system


def require_system(connection: Connection, system_id: str) -> None:
    """Make sure that a system is there.

    Raises:
        BadInput: it is not.
    """
    if not connection.execute(select(system.c.id).where(system.c.id == system_id)).first():
        raise BadInput(message("There is no system {id} in the workspace."), id=system_id)


class RegistryRepository:
    """Who is audited. Saving something with a known id replaces it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def organisation(self) -> Organisation:
        """Return the organisation; one with empty fields while nothing is stored."""
        with self._database.read() as connection:
            row = connection.execute(select(organisation)).first()
            return Organisation() if row is None else Organisation(**fields(row, "id"))

    def save_organisation(self, o: Organisation) -> None:
        """Store the organisation."""
        with self._database.write() as connection:
            self._save(connection, organisation, {"id": 1, **o.model_dump()})

    def systems(self) -> list[System]:
        """Return all systems by id."""
        return StandingRepository(self._database).systems()

    def save_system(self, s: System) -> None:
        """Store a system."""
        with self._database.write() as connection:
            self._save(connection, system, s.model_dump())

    def sites(self) -> list[Site]:
        """Return all sites by id."""
        return StandingRepository(self._database).sites()

    def save_site(self, s: Site) -> None:
        """Store a site.

        Raises:
            BadInput: its system is not stored.
        """
        values = {
            "id": s.id,
            "system_id": s.system,
            "url": s.target.url,
            "target": s.target.model_dump_json(),
            "allowed_ports": text_of(NUMBERS, s.allowed_ports),
            "baseline": s.baseline.model_dump_json() if s.baseline else None,
        }
        with self._database.write() as connection:
            require_system(connection, s.system)
            self._save(connection, site, values)

    def site_for(self, target: Target) -> Site | None:
        """Return the site with exactly this URL, None when there is none."""
        return next(iter(StandingRepository(self._database).sites(target.url)), None)

    def _save(self, connection: Connection, table: Table, values: dict[str, Any]) -> None:
        """Store a row and put it into the journal; one that says what is there already changes nothing."""
        present = connection.execute(select(table).where(table.c.id == values["id"])).first()
        if present is None or dict(present._mapping) != values:
            connection.execute(insert(table).values(values).on_conflict_do_update(set_=values))
            self._database.journal(connection, f"{table.name}.save", table.name, values["id"])
