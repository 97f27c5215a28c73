"""Rows of how the probes of a scan went."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from secaudit.model.scan import ProbeRun
from secaudit.store.rows import REASONS, optional_text, reason_of, text_of
from secaudit.store.tables import probe_run


def save(connection: Connection, scan_id: str, run: ProbeRun) -> None:
    """Store how a probe went; a second time replaces the first."""
    values = {
        "status": run.status,
        "seconds": run.seconds,
        "fault": optional_text(run.fault),
        "notes": text_of(REASONS, run.notes),
    }
    row = upsert(probe_run).values(scan_id=scan_id, name=run.name, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["scan_id", "name"], set_=values))


def of_scan(connection: Connection, scan_id: str) -> tuple[ProbeRun, ...]:
    """Return the runs of a scan in the order in which they were first stored."""
    rows = connection.execute(select(probe_run).where(probe_run.c.scan_id == scan_id).order_by(probe_run.c.id))
    return tuple(
        ProbeRun(
            name=row.name,
            status=row.status,
            seconds=row.seconds,
            fault=reason_of(row.fault),
            notes=REASONS.validate_json(row.notes),
        )
        for row in rows.all()
    )
