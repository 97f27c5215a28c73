"""Which scans speak for a site, and what was judged of them: read without anything they saw.

A workspace of years holds gigabytes of observations. Whoever asks where a system stands needs the head of one scan per
site and a stored judgement of it, which are a few hundred short rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select

from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.words import ScanStatus
from secaudit.store.database import Database
from secaudit.store.rows import reason_of
from secaudit.store.tables import finding, judgement, scan

ENDED = (ScanStatus.COMPLETE, ScanStatus.INCOMPLETE)
OUTCOMES = TypeAdapter(tuple[CheckOutcome, ...])
FINDINGS = TypeAdapter(tuple[Finding, ...])
_OUTCOMES = "SELECT DISTINCT check_id, result, target, reason FROM check_outcome WHERE judgement_id = ?"
_FINDINGS = "SELECT identity, check_id, severity, target, place FROM finding WHERE judgement_id = ? ORDER BY id"


@dataclass(frozen=True)
class ScanHead:
    """When a scan ran and how it ended."""

    id: str
    site_id: str
    started_at: datetime
    finished_at: datetime | None
    status: ScanStatus


@dataclass(frozen=True)
class StoredLook:
    """What a stored judgement says, without evidence.

    Attributes:
        outcomes: each result of a check on a target once, however many places it has there.
        findings: all of them, gravest first, as they were stored.
    """

    outcomes: tuple[CheckOutcome, ...]
    findings: tuple[Finding, ...]


class LookRepository:
    """Heads of scans and stored judgements."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def heads(self, site_id: str, before: datetime | None = None, count: int = 1) -> list[ScanHead]:
        """Return the newest scans of a site that ended by themselves, the newest first.

        A scan that was interrupted stands in only while there is no whole one; one that was imported never does.

        Args:
            site_id: of which site.
            before: only scans that were over at that moment.
            count: how many at most.
        """
        columns = (scan.c.id, scan.c.site_id, scan.c.started_at, scan.c.finished_at, scan.c.status)
        own = select(*columns).where(scan.c.site_id == site_id, scan.c.source.is_(None))
        if before is not None:
            own = own.where(scan.c.finished_at <= before)
        newest = own.order_by(scan.c.started_at.desc(), scan.c.id.desc()).limit(count)
        with self._database.read() as connection:
            rows = (
                connection.execute(newest.where(scan.c.status.in_(ENDED))).all()
                or connection.execute(newest.where(scan.c.status == ScanStatus.INTERRUPTED)).all()
            )
        return [ScanHead(row.id, row.site_id, row.started_at, row.finished_at, ScanStatus(row.status)) for row in rows]

    def judged(self, scan_id: str, rules_version: str) -> StoredLook | None:
        """Return what exactly these rules said of a scan, None where they were never asked."""
        head = (
            select(judgement.c.id)
            .where(judgement.c.scan_id == scan_id, judgement.c.rules_version == rules_version)
            .order_by(judgement.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            number = connection.execute(head).scalar()
            if number is None:
                return None
            outcomes = connection.exec_driver_sql(_OUTCOMES, (number,)).all()
            findings = connection.exec_driver_sql(_FINDINGS, (number,)).all()
        return StoredLook(
            OUTCOMES.validate_python(
                [
                    {"check": check, "result": result, "target": target, "evidence": {}, "reason": reason_of(reason)}
                    for check, result, target, reason in outcomes
                ]
            ),
            FINDINGS.validate_python(
                [
                    {
                        "identity": identity,
                        "check": check,
                        "severity": severity,
                        "target": target,
                        "place": place,
                        "evidence": {},
                    }
                    for identity, check, severity, target, place in findings
                ]
            ),
        )

    def seen_before(self, site_id: str, before: datetime, identities: Collection[str]) -> set[str]:
        """Return those of the findings that some judgement of an older scan of the site names.

        Args:
            site_id: of which site.
            before: only scans that began before that moment.
            identities: the findings that are asked for.
        """
        query = (
            select(finding.c.identity)
            .distinct()
            .join(judgement, judgement.c.id == finding.c.judgement_id)
            .join(scan, scan.c.id == judgement.c.scan_id)
            .where(scan.c.site_id == site_id, scan.c.source.is_(None), scan.c.started_at < before)
            .where(finding.c.identity.in_(identities))
        )
        with self._database.read() as connection:
            return set(connection.execute(query).scalars())
