"""A workspace of years, made of arithmetic: the same at every run.

30 systems of one page each, 36 monthly scans with stored judgements and 200,000 findings between them, 36 monthly
answers to 250 requirements of each system, and a remediation item for every fault ever seen. Rows go in by the
thousand through plain SQL into a database that the program made; the journal, which `status` does not read, is left
out, so `verify` would complain.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from secaudit.app.knowledge import Knowledge
from secaudit.app.rules import rules_version
from secaudit.model.judgement import finding_identity
from secaudit.model.organisation import Site, System, SystemKind
from secaudit.model.target import parse_target
from secaudit.store.database import FILE_NAME
from secaudit.store.moments import utc_text
from secaudit.store.workspace import Workspace

SYSTEMS, MONTHS, ROWS, FINDINGS = 30, 36, 250, 200_000
LAST = datetime(2026, 11, 20, 3, tzinfo=UTC)
"""Time of the newest scans; older ones lie 30 days apart."""
OBSERVATIONS = 20
"""Of two kilobytes each, beside every scan; real scans have more."""
_PER_SCAN = FINDINGS // (SYSTEMS * MONTHS) + 1
_ANSWERS = ("met", "met", "met", "partial", "not-met", "met", "not-applicable")
_KINDS = (SystemKind.PAGE, SystemKind.PAGE, SystemKind.PAGE, SystemKind.PRESS, SystemKind.OTHER)


def build(folder: Path, systems: int = SYSTEMS, months: int = MONTHS) -> dict[str, int]:
    """Make the workspace and return how many rows each table got.

    Args:
        folder: where; must not exist.
        systems, months: fewer of both make a smaller workspace of the same shape.
    """
    knowledge = Knowledge()
    with Workspace.create(folder) as workspace:
        for number in range(systems):
            system = System(id=f"trang-{number:02}", name=f"Trang xã số {number}", kind=_KINDS[number % len(_KINDS)])
            workspace.registry.save_system(system)
            target = parse_target(f"https://xa{number:02}.tinh.gov.vn/")
            workspace.registry.save_site(Site(id=f"xa{number:02}", system=system.id, target=target))
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        for table, rows in (
            ("scan", _scans(systems, months)),
            ("observation", _observations(systems, months)),
            ("judgement", _judgements(systems, months)),
            ("check_outcome", _outcomes(knowledge, systems, months)),
            ("finding", _findings(knowledge, systems, months)),
            ("answer", _answers(knowledge, systems, months)),
            ("remediation_item", _items(knowledge, systems, months)),
        ):
            _insert(connection, table, rows)
        tables = ("scan", "observation", "check_outcome", "finding", "answer", "remediation_item")
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    columns = ", ".join(first)
    places = ", ".join(f":{column}" for column in first)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"
    connection.execute(statement, first)
    connection.executemany(statement, rows)


def _moment(month: int, months: int) -> datetime:
    return LAST - timedelta(days=30 * (months - 1 - month))


def _each_scan(systems: int, months: int) -> Iterator[tuple[int, int, int]]:
    """Give number of system, month and judgement (which is counted from 1 in the same order)."""
    for system in range(systems):
        for month in range(months):
            yield system, month, system * months + month + 1


def _scans(systems: int, months: int) -> Iterator[dict[str, Any]]:
    for system, month, _ in _each_scan(systems, months):
        url = f"https://xa{system:02}.tinh.gov.vn/"
        at = _moment(month, months)
        yield {
            "id": f"scan-{system:02}-{month:02}", "site_id": f"xa{system:02}", "version": "0.1.0", "url": url,
            "target": parse_target(url).model_dump_json(), "options": "{}", "started_at": utc_text(at),
            "finished_at": utc_text(at + timedelta(minutes=4)), "status": "complete", "authorisation": "a",
            "tools": "{}", "process": json.dumps({"host": "h", "pid": 1}),
        }  # fmt: skip


def _observations(systems: int, months: int) -> Iterator[dict[str, Any]]:
    body = json.dumps({"kind": "of another program", "seen": "x" * 2000})
    for system, month, _ in _each_scan(systems, months):
        for number in range(OBSERVATIONS):
            yield {"scan_id": f"scan-{system:02}-{month:02}", "kind": "other", "target": str(number),
                   "at": utc_text(_moment(month, months)), "body": body}  # fmt: skip


def _judgements(systems: int, months: int) -> Iterator[dict[str, Any]]:
    version = rules_version()
    for system, month, number in _each_scan(systems, months):
        yield {"id": number, "scan_id": f"scan-{system:02}-{month:02}", "rules_version": version,
               "judged_at": utc_text(_moment(month, months))}  # fmt: skip


def _faults(knowledge: Knowledge, system: int, month: int) -> Iterator[tuple[str, str, str]]:
    """Give check, target and place of every fault of one scan; a few come and go from month to month."""
    checks = [check for number, check in enumerate(knowledge.texts) if (number + system) % 4 == 0]
    target = f"xa{system:02}.tinh.gov.vn:443"
    for number in range(_PER_SCAN):
        place = f"/trang/{number}" if number % 11 else f"/trang/{number}/{month}"
        yield checks[number % len(checks)], target, place


def _outcomes(knowledge: Knowledge, systems: int, months: int) -> Iterator[dict[str, Any]]:
    for system, month, number in _each_scan(systems, months):
        failing = set()
        for check, target, place in _faults(knowledge, system, month):
            failing.add(check)
            yield {"judgement_id": number, "check_id": check, "result": "fail", "target": target, "place": place,
                   "evidence": '{"seen": "một trang"}', "reason": None}  # fmt: skip
        for check in knowledge.texts:
            if check not in failing:
                yield {"judgement_id": number, "check_id": check, "result": "pass",
                       "target": f"xa{system:02}.tinh.gov.vn:443", "place": "", "evidence": "{}",
                       "reason": None}  # fmt: skip


def _findings(knowledge: Knowledge, systems: int, months: int) -> Iterator[dict[str, Any]]:
    severities = {check: text.severity.value for check, text in knowledge.texts.items()}
    for system, month, number in _each_scan(systems, months):
        for check, target, place in _faults(knowledge, system, month):
            yield {"judgement_id": number, "identity": finding_identity(check, target, place), "check_id": check,
                   "severity": severities[check], "target": target, "place": place,
                   "evidence": '{"seen": "một trang"}'}  # fmt: skip


def _answers(knowledge: Knowledge, systems: int, months: int) -> Iterator[dict[str, Any]]:
    every = [(checklist.id, row.id) for checklist in knowledge.checklists for row in checklist.requirements][:ROWS]
    for system, month, _ in _each_scan(systems, months):
        at = _moment(month, months) + timedelta(days=2)
        for number, (checklist, row) in enumerate(every):
            value = _ANSWERS[(number + system + month) % len(_ANSWERS)]
            yield {"system_id": f"trang-{system:02}", "checklist": checklist, "requirement": row, "value": value,
                   "answered_by": "Trần Thị B", "answered_at": utc_text(at), "note": "theo biên bản tháng",
                   "reason": "không dùng" if value == "not-applicable" else "", "equivalent": "",
                   "evidence_date": at.date().isoformat(), "upholds": "[]"}  # fmt: skip


def _items(knowledge: Knowledge, systems: int, months: int) -> Iterator[dict[str, Any]]:
    """Give one remediation item for every fault that any scan of a system ever showed."""
    severities = {check: text.severity.value for check, text in knowledge.texts.items()}
    states = ("open", "assigned", "verified", "done", "reopened")
    number = 0
    for system in range(systems):
        known: set[str] = set()
        for month in range(months):
            at = _moment(month, months)
            for check, target, place in _faults(knowledge, system, month):
                identity = finding_identity(check, target, place)
                if identity in known:
                    continue
                known.add(identity)
                number += 1
                yield {"number": number, "system_id": f"trang-{system:02}", "source": "finding", "subject": identity,
                       "check_id": check, "target": target, "place": place, "group_id": "",
                       "severity": severities[check], "title": "", "state": states[number % len(states)],
                       "priority": "normal", "owner": "Trần Thị B", "unit": "Văn phòng",
                       "due": (at + timedelta(days=30)).date().isoformat(), "opened_at": utc_text(at),
                       "opened_by": "", "reopened": 0, "attachments": "[]"}  # fmt: skip
