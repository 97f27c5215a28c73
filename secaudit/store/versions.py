"""Which version of the program wrote a workspace."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from secaudit.model.base import Frozen, Instant
from secaudit.store.tables import program
from secaudit.version import VERSION


class ProgramVersion(Frozen):
    """A version of secaudit that wrote to the workspace, and the revision of the tables then."""

    version: str
    revision: int
    first_used_at: Instant


def used_versions(connection: Connection) -> list[ProgramVersion]:
    """Return the versions in the order in which they came to the workspace."""
    rows = connection.execute(select(program).order_by(program.c.id))
    return [ProgramVersion(version=row.version, revision=row.revision, first_used_at=row.first_used_at) for row in rows]


def is_noted(connection: Connection, revision: int) -> bool:
    """Tell whether this program is the last one that came to the workspace."""
    last = connection.execute(select(program).order_by(program.c.id.desc()).limit(1)).first()
    return last is not None and (last.version, last.revision) == (VERSION, revision)


def note(connection: Connection, revision: int, at: datetime) -> None:
    """Note that this program writes to the workspace from now on, unless it stands there as the last one."""
    if not is_noted(connection, revision):
        connection.execute(insert(program).values(version=VERSION, revision=revision, first_used_at=at))
