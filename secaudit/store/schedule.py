"""The schedule, and who has taken which turn, so that two that run at once never do the same work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, select
from sqlalchemy.dialects.sqlite import insert

from secaudit.model.history import ProcessMark
from secaudit.model.schedule import PeriodicRun, RunState, Schedule, SentDigest
from secaudit.store.database import Database
from secaudit.store.rows import fields
from secaudit.store.tables import digest, periodic_run
from secaudit.store.tables import schedule as table

_SCANS = TypeAdapter(dict[str, str])
_ONLY = 1
Alive = Callable[[ProcessMark], bool]


class ScheduleRepository:
    """The periodic work of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self) -> Schedule | None:
        """Return the schedule that stands, None where there is none."""
        with self._database.read() as connection:
            body = connection.execute(select(table.c.body)).scalar_one_or_none()
        return None if body is None else Schedule.model_validate_json(body)

    def save(self, schedule: Schedule | None) -> None:
        """Store the schedule, or that there is none any more."""
        values = {"id": _ONLY, "body": schedule.model_dump_json() if schedule else None}
        with self._database.write() as connection:
            connection.execute(insert(table).values(values).on_conflict_do_update(set_=values))
            kind = "schedule.set" if schedule else "schedule.remove"
            self._database.journal(connection, kind, table.name, _ONLY)

    def runs(self, limit: int = 20) -> list[PeriodicRun]:
        """Return the latest turns, newest first."""
        query = select(periodic_run).order_by(periodic_run.c.slot.desc(), periodic_run.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [_run(row) for row in connection.execute(query)]

    def take_turn(
        self, site: str, slot: datetime, now: datetime, mark: ProcessMark,
        may: Callable[[PeriodicRun | None, ProcessMark | None], bool],
    ) -> bool:  # fmt: skip
        """Take one page's turn of one planned moment for this process, unless `may` says no.

        Args:
            may: told what was done of the turn and whose it is, inside the transaction; no other process can take
                it meanwhile.
        """
        here = (periodic_run.c.site_id == site) & (periodic_run.c.slot == slot)
        with self._database.write() as connection:
            run, owner = _taken(connection.execute(select(periodic_run).where(here)).first())
            if not may(run, owner):
                return False
            values = {
                "site_id": site, "slot": slot, "state": RunState.RUNNING, "started_at": now, "scan": "", "fault": "",
                "attempts": run.attempts + 1 if run else 1, "process": mark.model_dump_json(),
            }  # fmt: skip
            statement = insert(periodic_run).values(values)
            connection.execute(statement.on_conflict_do_update(index_elements=["site_id", "slot"], set_=values))
        return True

    def end_turn(self, site: str, slot: datetime, *, scan: str = "", fault: str = "") -> None:
        """Store how a turn ended: with a scan, or with a sentence that says why not."""
        here = (periodic_run.c.site_id == site) & (periodic_run.c.slot == slot)
        state = RunState.FAILED if fault else RunState.DONE
        with self._database.write() as connection:
            connection.execute(periodic_run.update().where(here).values(state=state, scan=scan, fault=fault))

    def turn(self, site: str, slot: datetime) -> tuple[PeriodicRun | None, ProcessMark | None]:
        """Return what was done of one turn and by which process, None for nothing."""
        query = select(periodic_run).where(periodic_run.c.site_id == site, periodic_run.c.slot == slot)
        with self._database.read() as connection:
            return _taken(connection.execute(query).first())

    def take_digest(self, slot: datetime, mark: ProcessMark, alive: Alive, most_attempts: int) -> bool:
        """Take the sending of one moment's digest for this process.

        Returns:
            False when it was sent, is being sent by a process that is alive, or was tried too often.
        """
        with self._database.write() as connection:
            row = connection.execute(select(digest).where(digest.c.slot == slot)).first()
            if row is not None:
                owner = ProcessMark.model_validate_json(row.process) if row.process else None
                if row.sent_at is not None or row.attempts >= most_attempts or (owner is not None and alive(owner)):
                    return False
            values = {"slot": slot, "process": mark.model_dump_json(), "sent_at": None, "scans": "{}",
                      "attempts": row.attempts + 1 if row else 1}  # fmt: skip
            connection.execute(insert(digest).values(values).on_conflict_do_update(set_=values))
        return True

    def let_go_of_digest(self, slot: datetime) -> None:
        """Store that this process could not send it, so that the next call may try."""
        with self._database.write() as connection:
            connection.execute(digest.update().where(digest.c.slot == slot).values(process=""))

    def digest_sent(self, slot: datetime, now: datetime, scans: Mapping[str, str]) -> None:
        """Store that a digest was taken by the mail server, and which scans it told of."""
        values = {"sent_at": now, "scans": _SCANS.dump_json(dict(scans)).decode("utf-8")}
        with self._database.write() as connection:
            connection.execute(digest.update().where(digest.c.slot == slot).values(values))

    def last_digest(self) -> SentDigest | None:
        """Return the newest digest that was sent, None where there was none."""
        query = select(digest).where(digest.c.sent_at.is_not(None)).order_by(digest.c.slot.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return SentDigest(slot=row.slot, sent_at=row.sent_at, scans=_SCANS.validate_json(row.scans))


def _taken(row: Row[Any] | None) -> tuple[PeriodicRun | None, ProcessMark | None]:
    if row is None:
        return None, None
    return _run(row), ProcessMark.model_validate_json(row.process)


def _run(row: Row[Any]) -> PeriodicRun:
    return PeriodicRun(site=row.site_id, **fields(row, "id", "site_id", "process"))
