"""What a seal says of stored data, as hashes that can be taken again years later.

* A scan: SHA-256 over lines of canonical JSON (`secaudit.store.chain`): its head, then each observation, then each
  probe's run, as the columns stand in the database.
* The answers: SHA-256 over one such line for each answer that holds, by system, list and row. All other records, and
  every answer before, hang on the journal: its chain binds them to the hash of its newest entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from secaudit.model.seal import JournalMark, SealedAnswers, SealedJudgement
from secaudit.store.chain import START, canonical
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
_ANSWERS = (
    "SELECT system_id, checklist, requirement, value, answered_by, answered_at, note, reason, equivalent, "
    "evidence_date, upholds, authority, assessor, independent, valid_until, evidence FROM answer WHERE id IN "
    "(SELECT max(id) FROM answer GROUP BY system_id, checklist, requirement) "
    "ORDER BY system_id, checklist, requirement"
)
_LATER = "SELECT count(*) FROM journal WHERE sequence > ? AND kind != ?"
SEALED = "report.seal"


def mark_and_answers(workspace: Workspace) -> tuple[JournalMark, SealedAnswers]:
    """Return where the journal stands, and the answers that hold at that moment."""
    with workspace.database.read() as connection:
        found = list(_ends(connection))
        first, (sequence, head) = found[0][1] if found else START, found[-1] if found else (0, START)
        rows = [tuple(row) for row in connection.exec_driver_sql(_ANSWERS)]
        mark = JournalMark(first=first, sequence=sequence, hash=head)
        return mark, SealedAnswers(rows=len(rows), sha256=_digest(rows))


def changed_after(workspace: Workspace, mark: JournalMark) -> bool:
    """Tell whether the journal tells of changes after that entry; seals change nothing."""
    with workspace.database.read() as connection:
        return bool(connection.exec_driver_sql(_LATER, (mark.sequence, SEALED)).scalar_one())


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


def _rows(connection: Connection, query: str, key: str | int) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query, (key,))]


def _digest(lines: Iterable[tuple[Any, ...]]) -> str:
    total = hashlib.sha256()
    for line in lines:
        total.update(canonical(list(line)).encode("utf-8") + b"\n")
    return total.hexdigest()
