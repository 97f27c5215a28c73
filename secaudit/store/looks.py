"""Which scans speak for a site, and what was judged of them: read without anything they saw.

A workspace of years holds gigabytes of observations. Whoever asks where a system stands needs the head of one scan per
site and a stored judgement of it, which are a few hundred short rows.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.words import ScanStatus
from secaudit.store.database import Database
from secaudit.store.moments import utc_text
from secaudit.store.rows import reason_of

ENDED = (ScanStatus.COMPLETE, ScanStatus.INCOMPLETE)
OUTCOMES = TypeAdapter(tuple[CheckOutcome, ...])
FINDINGS = TypeAdapter(tuple[Finding, ...])
_HEADS = """
SELECT id, site_id, started_at, finished_at, status FROM scan
WHERE site_id = :site AND source IS NULL AND status IN ({status}) AND (:before IS NULL OR finished_at <= :before)
    AND instr(options, '"verifies":true') = 0
ORDER BY started_at DESC, id DESC LIMIT :count
"""
_VERIFICATIONS = """
SELECT id FROM scan
WHERE site_id = :site AND status IN ('complete', 'incomplete') AND instr(options, '"verifies":true') > 0
    AND rowid > (SELECT rowid FROM scan WHERE id = :after) AND (:before IS NULL OR finished_at <= :before)
ORDER BY rowid
"""
_JUDGEMENT = "SELECT id FROM judgement WHERE scan_id = ? AND rules_version = ? ORDER BY id DESC LIMIT 1"
_OUTCOMES = "SELECT DISTINCT check_id, result, target, reason FROM check_outcome WHERE judgement_id = ?"
_FINDINGS = "SELECT identity, check_id, severity, target, place FROM finding WHERE judgement_id = ? ORDER BY id"
_SEEN_BEFORE = """
SELECT DISTINCT finding.identity FROM scan
JOIN judgement ON judgement.scan_id = scan.id
JOIN finding ON finding.judgement_id = judgement.id
WHERE scan.site_id = :site AND scan.source IS NULL AND scan.started_at < :before
    AND finding.identity IN (SELECT value FROM json_each(:identities))
"""


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

        A scan that was interrupted stands in only while there is no whole one; one that was imported never does, nor
        one that looked only for what remediation items need.

        Args:
            site_id: of which site.
            before: only scans that were over at that moment.
            count: how many at most.
        """
        wanted = {"site": site_id, "before": None if before is None else utc_text(before), "count": count}
        with self._database.plain() as connection:
            rows = (
                connection.execute(_HEADS.format(status="'complete', 'incomplete'"), wanted).fetchall()
                or connection.execute(_HEADS.format(status="'interrupted'"), wanted).fetchall()
            )
        return [
            ScanHead(
                number, site, datetime.fromisoformat(started), datetime.fromisoformat(ended) if ended else None,
                ScanStatus(status),
            )
            for number, site, started, ended, status in rows
        ]  # fmt: skip

    def verifications(self, site_id: str, after: str, before: datetime | None = None) -> list[str]:
        """Return the rescans of a site for the remediation register that ended, in the order in which they began.

        Args:
            site_id: of which site.
            after: only those that began after this scan.
            before: only those that were over at that moment.
        """
        wanted = {"site": site_id, "after": after, "before": None if before is None else utc_text(before)}
        with self._database.plain() as connection:
            return [number for (number,) in connection.execute(_VERIFICATIONS, wanted)]

    def judged(self, scan_id: str, rules_version: str) -> StoredLook | None:
        """Return what exactly these rules said of a scan, None where they were never asked."""
        with self._database.plain() as connection:
            found = connection.execute(_JUDGEMENT, (scan_id, rules_version)).fetchone()
            if found is None:
                return None
            outcomes = connection.execute(_OUTCOMES, found).fetchall()
            findings = connection.execute(_FINDINGS, found).fetchall()
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
        wanted = {"site": site_id, "before": utc_text(before), "identities": json.dumps(sorted(identities))}
        with self._database.plain() as connection:
            return {identity for (identity,) in connection.execute(_SEEN_BEFORE, wanted)}
