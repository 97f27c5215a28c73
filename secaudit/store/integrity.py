"""Is everything in a workspace what it was when it was stored? Looks at all of it and names every fault."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from secaudit.model.base import Reason
from secaudit.model.errors import StoreError
from secaudit.model.journal import JournalEntry
from secaudit.store import journal
from secaudit.store.chain import canonical, first_broken_link
from secaudit.store.evidence_files import DRAFT
from secaudit.store.tables import JOURNALLED, metadata, raw_result
from secaudit.store.tables import evidence as evidence_table
from secaudit.store.workspace import Workspace

_MOST = 20
"""How many complaints of SQLite are passed on; a broken page can have thousands."""

_State = dict[tuple[str, str | int], tuple[int, tuple[str, ...], bytes]]


def faults(workspace: Workspace) -> Iterator[Reason]:
    """Give what is wrong, one reason each; nothing when all is well.

    Looks at the database's own structure, at the journal's chain, at every row against the journal, and at every
    kept file against its hash. Reads everything once, in memory that does not grow with the files.
    """
    for look in (_database, journal_faults, _evidence, _raw_results):
        try:
            yield from look(workspace)
        except StoreError as error:
            yield Reason(code="store-unreadable", params={"detail": str(error)})


def leftovers(workspace: Workspace) -> Iterator[Reason]:
    """Give what a killed process left behind: harmless, and no fault."""
    known = _known_files(workspace)
    for file, digest in workspace.evidence.files.digests():
        if file.name.endswith(DRAFT) or (digest == file.name and digest not in known):
            yield Reason(code="evidence-left", params={"file": _relative(workspace, file)})


def _database(workspace: Workspace) -> Iterator[Reason]:
    with workspace.database.read() as connection:
        found = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})").scalars().all()
        for complaint in found if found != ["ok"] else []:
            yield Reason(code="database-damaged", params={"detail": str(complaint)})
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST):
            yield Reason(code="row-points-nowhere", params={"table": table, "row": row or 0, "parent": parent})


def journal_faults(workspace: Workspace) -> Iterator[Reason]:
    """Give what is wrong with the journal's chain, and with the rows held against it."""
    with workspace.database.read() as connection:
        if (broken := first_broken_link(journal.entries(connection))) is not None:
            yield broken
        yield from _rows_against_journal(connection)


def _rows_against_journal(connection: Connection) -> Iterator[Reason]:
    told: _State = {}
    for entry in journal.entries(connection):
        if (noted := _row_of(entry)) is not None:
            table, key, row = noted
            columns = tuple(sorted(row))
            told[table, key] = (entry.sequence, columns, _digest(row, columns))
    for table in sorted({*(table.name for table in JOURNALLED), *(table for table, _ in told)}):
        key_column = metadata.tables[table].primary_key.columns[0].name
        # The name comes from our own tables.
        for found in connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings():  # noqa: S608
            params: dict[str, str | int | float] = {"table": table, "row": found[key_column]}
            state = told.pop((table, found[key_column]), None)
            if state is None:
                yield Reason(code="row-not-in-journal", params=params)
            elif _digest(dict(found), state[1]) != state[2]:
                yield Reason(code="row-changed", params={**params, "sequence": state[0]})
    for (table, key), (sequence, _, _) in told.items():
        yield Reason(code="row-missing", params={"table": table, "row": key, "sequence": sequence})


def _row_of(entry: JournalEntry) -> tuple[str, str | int, dict[str, Any]] | None:
    """Return table, key and row that an entry holds, None for an entry without one."""
    try:
        payload = json.loads(entry.payload)
        table, row = payload["table"], payload["row"]
        key = row[metadata.tables[table].primary_key.columns[0].name]
    except (ValueError, KeyError, TypeError):
        return None  # another kind of entry, or one that was tampered with, which the chain tells
    return table, key, row


def _digest(row: dict[str, Any], columns: tuple[str, ...]) -> bytes:
    text = canonical([row.get(column) for column in columns])
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).digest()


def _known_files(workspace: Workspace) -> dict[str, str]:
    """Return the name of the first record by the SHA-256 of its file."""
    query = select(evidence_table.c.sha256, evidence_table.c.number, evidence_table.c.name).where(
        evidence_table.c.sha256 != ""
    )
    known: dict[str, str] = {}
    with workspace.database.read() as connection:
        for row in connection.execute(query.order_by(evidence_table.c.number)):
            known.setdefault(row.sha256, f"E{row.number} {row.name}")
    return known


def _evidence(workspace: Workspace) -> Iterator[Reason]:
    known = _known_files(workspace)
    seen = set()
    for file, digest in workspace.evidence.files.digests():
        place = _relative(workspace, file)
        in_place = file == workspace.evidence.files.path(file.name)
        if in_place and file.name in known:
            seen.add(file.name)
            if digest != file.name:
                yield Reason(code="evidence-changed", params={"evidence": known[file.name], "file": place})
        elif not file.name.endswith(DRAFT) and not (in_place and digest == file.name):
            yield Reason(code="evidence-foreign", params={"file": place})
    for digest in known.keys() - seen:
        place = _relative(workspace, workspace.evidence.files.path(digest))
        yield Reason(code="evidence-missing", params={"evidence": known[digest], "file": place})


def _raw_results(workspace: Workspace) -> Iterator[Reason]:
    query = select(raw_result.c.scan_id, raw_result.c.name, raw_result.c.sha256).order_by(raw_result.c.id)
    with workspace.database.read() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        try:
            workspace.scans.raw(row.scan_id, row.name)
        except StoreError:
            yield Reason(code="raw-result-lost", params={"scan": row.scan_id, "name": row.name})


def _relative(workspace: Workspace, file: Any) -> str:
    name: str = file.relative_to(workspace.path).as_posix()
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
