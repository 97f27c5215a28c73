"""Records of evidence: rows that are only ever added, and the files behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from secaudit.model.errors import BadInput, message
from secaudit.model.evidence import Evidence
from secaudit.store.database import Database
from secaudit.store.evidence_files import EvidenceFiles, Kept
from secaudit.store.faults import translated
from secaudit.store.rows import fields
from secaudit.store.tables import evidence as table

_SAME = ("kind", "name", "sha256", "reference", "dated", "valid_until", "note")
_UNKNOWN = message("There is no evidence {id}; see `secaudit assess evidence list`.")


def require_evidence(connection: Connection, ids: Iterable[str]) -> None:
    """Make sure that every record is there.

    Raises:
        BadInput: one is not.
    """
    for evidence_id in ids:
        if not connection.execute(select(table.c.number).where(table.c.number == _number(evidence_id))).first():
            raise BadInput(_UNKNOWN, id=evidence_id)


class EvidenceRepository:
    """Evidence of all systems.

    Attributes:
        files: the kept files, by SHA-256.
    """

    def __init__(self, database: Database, files: EvidenceFiles) -> None:
        self._database = database
        self.files = files

    def keep(self, source: Path) -> Kept:
        """Copy a file into the workspace (see `EvidenceFiles.keep`).

        Raises:
            BadInput: the file cannot be kept.
            StoreError: the folder cannot be written, or the disk is full.
        """
        with translated(self._database.folder):
            return self.files.keep(source)

    def add(self, record: Evidence) -> Evidence:
        """Add a record and return it with its id. One that says the same is not made a second time.

        The file, where it is one, is kept before (`keep`), so that no record ever points nowhere.

        Args:
            record: what to add; its id counts for nothing.
        """
        values = record.model_dump(exclude={"id"})
        same = [table.c[name].is_not_distinct_from(values[name]) for name in _SAME]
        with self._database.write() as connection:
            row = connection.execute(select(table).where(*same).order_by(table.c.number).limit(1)).first()
            if row is None:
                number = connection.execute(insert(table).values(values).returning(table.c.number)).scalar_one()
                self._database.journal(connection, "evidence.add", table.name, number)
                row = connection.execute(select(table).where(table.c.number == number)).one()
            return _evidence(row)

    def get(self, evidence_id: str) -> Evidence:
        """Return one record.

        Raises:
            BadInput: there is none with this id.
        """
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.number == _number(evidence_id))).first()
        if row is None:
            raise BadInput(_UNKNOWN, id=evidence_id)
        return _evidence(row)

    def list(self) -> list[Evidence]:
        """Return all records in the order in which they were added."""
        with self._database.read() as connection:
            return [_evidence(row) for row in connection.execute(select(table).order_by(table.c.number))]

    def path_of(self, record: Evidence) -> Path:
        """Return where the file of a record is kept."""
        return self.files.path(record.sha256)


def _number(evidence_id: str) -> int:
    found = re.fullmatch(r"[Ee]([0-9]{1,15})", evidence_id.strip())
    return int(found[1]) if found else 0


def _evidence(row: Row[Any]) -> Evidence:
    return Evidence(id=f"E{row.number}", **fields(row, "number"))
