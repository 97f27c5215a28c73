"""What a seal says of stored data, as hashes that can be taken again years later.

* A scan: SHA-256 over lines of canonical JSON (`secaudit.store.chain`): its head, then each observation, then each
  probe's run, as the columns stand in the database.
* The records: for every row of a journalled table the line `[table, key, SHA-256 of the canonical row]`, by the last
  entry of the journal up to a sequence, the lines sorted; SHA-256 over them. So the state at any earlier moment can be
  computed again as long as the chain holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from secaudit.model.seal import JournalMark, SealedJudgement, SealedRecords
from secaudit.store import journal
from secaudit.store.chain import START, canonical
from secaudit.store.integrity import row_of
from secaudit.store.tables import journal as journal_table
from secaudit.store.workspace import Workspace

_SCAN = (
    "SELECT id, site_id, version, url, target, options, started_at, finished_at, status, authorisation, tools, source "
    "FROM scan WHERE id = ?"
)
_OBSERVATIONS = "SELECT kind, target, at, body FROM observation WHERE scan_id = ? ORDER BY id"
_RUNS = "SELECT name, status, seconds, fault, notes FROM probe_run WHERE scan_id = ? ORDER BY name"
_JUDGEMENTS = "SELECT id, rules_version, judged_at FROM judgement WHERE scan_id = ? ORDER BY id DESC"
_OUTCOMES = (
    "SELECT check_id, result, target, place, evidence, reason FROM check_outcome WHERE judgement_id = ? ORDER BY id"
)
_FINDINGS = (
    "SELECT identity, check_id, severity, target, place, evidence FROM finding WHERE judgement_id = ? ORDER BY id"
)
SEALED = "report.seal"


def mark_and_records(workspace: Workspace) -> tuple[JournalMark, SealedRecords]:
    """Return where the journal stands and the state of all records at that moment."""
    with workspace.database.read() as connection:
        found = list(_ends(connection))
        first, (sequence, head) = found[0][1] if found else START, found[-1] if found else (0, START)
        return JournalMark(first=first, sequence=sequence, hash=head), _records(connection, sequence)


def records_at(workspace: Workspace, sequence: int) -> SealedRecords:
    """Return the state of all records as it was when the journal had so many entries."""
    with workspace.database.read() as connection:
        return _records(connection, sequence)


def holds(workspace: Workspace, mark: JournalMark) -> bool:
    """Tell whether the entry that was newest at the sealing still stands in its place."""
    query = select(journal_table.c.hash).where(journal_table.c.sequence == mark.sequence)
    with workspace.database.read() as connection:
        return mark.sequence == 0 or connection.execute(query).scalar_one_or_none() == mark.hash


def first_entry(workspace: Workspace) -> str:
    """Return the hash of the first entry of the journal, by which a workspace is known."""
    with workspace.database.read() as connection:
        return next((found for _, found in _ends(connection)), START)


def scan_hash(workspace: Workspace, scan_id: str) -> tuple[int, str] | None:
    """Return how many observations a scan has and the hash over it, None where there is no such scan."""
    with workspace.database.read() as connection:
        head = _rows(connection, _SCAN, scan_id)
        seen = _rows(connection, _OBSERVATIONS, scan_id)
        runs = _rows(connection, _RUNS, scan_id)
    return (len(seen), _digest([*head, *seen, *runs])) if head else None


def judgement_hash(workspace: Workspace, scan_id: str, judged_at: str = "") -> SealedJudgement | None:
    """Return the newest stored judgement of a scan, or the one of that time, with the hash over it."""
    with workspace.database.read() as connection:
        every = connection.exec_driver_sql(_JUDGEMENTS, (scan_id,)).all()
        head = next((row for row in every if judged_at in ("", row.judged_at)), None)
        if head is None:
            return None
        lines = [*_rows(connection, _OUTCOMES, head.id), *_rows(connection, _FINDINGS, head.id)]
    digest = _digest([(head.rules_version, head.judged_at), *lines])
    return SealedJudgement(rules_version=head.rules_version, judged_at=head.judged_at, sha256=digest)


def note_seal(workspace: Workspace, name: str, sha256: str) -> None:
    """Append to the journal that a manifest was written here, with its hash."""
    workspace.journal.append(SEALED, {"manifest": name, "sha256": sha256})


def is_noted(workspace: Workspace, sha256: str) -> bool:
    """Tell whether a manifest with this hash was written here."""
    payloads = [entry.payload for entry in workspace.journal.entries(SEALED)]
    return any(f'"sha256":"{sha256}"' in payload for payload in payloads)


def _ends(connection: Connection) -> Iterable[tuple[int, str]]:
    """Give sequence and hash of the first and of the newest entry."""
    for order in (journal_table.c.sequence, journal_table.c.sequence.desc()):
        row = connection.execute(
            select(journal_table.c.sequence, journal_table.c.hash).order_by(order).limit(1)
        ).first()
        if row is not None:
            yield row.sequence, row.hash


def _records(connection: Connection, sequence: int) -> SealedRecords:
    last: dict[tuple[str, str], str] = {}
    for entry in journal.entries(connection):
        if entry.sequence > sequence:
            break
        if (noted := row_of(entry)) is not None:
            table, key, row = noted
            last[table, str(key)] = hashlib.sha256(canonical(row).encode("utf-8")).hexdigest()
    return SealedRecords(rows=len(last), sha256=_digest(sorted((*key, digest) for key, digest in last.items())))


def _rows(connection: Connection, query: str, key: str | int) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query, (key,))]


def _digest(lines: Iterable[tuple[Any, ...]]) -> str:
    total = hashlib.sha256()
    for line in lines:
        total.update(canonical(list(line)).encode("utf-8") + b"\n")
    return total.hexdigest()
