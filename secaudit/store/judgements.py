"""Judgements of scans: rows in, rows out, inside a transaction of the caller."""

from __future__ import annotations

from sqlalchemy import Connection, Select, func, insert, select

from secaudit.model.history import Judgement
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.words import Severity
from secaudit.store.rows import EVIDENCE, optional_text, reason_of, text_of
from secaudit.store.tables import check_outcome, finding, judgement


def save(connection: Connection, said: Judgement) -> None:
    """Add a judgement of a scan that is stored."""
    head = {"scan_id": said.scan, "rules_version": said.rules_version, "judged_at": said.judged_at}
    judgement_id = connection.execute(insert(judgement).values(head).returning(judgement.c.id)).scalar_one()
    outcome_rows = [
        {
            "judgement_id": judgement_id,
            "check_id": outcome.check,
            "result": outcome.result,
            "target": outcome.target,
            "place": outcome.place,
            "evidence": text_of(EVIDENCE, outcome.evidence),
            "reason": optional_text(outcome.reason),
        }
        for outcome in said.outcomes
    ]
    finding_rows = [
        {
            "judgement_id": judgement_id,
            "identity": found.identity,
            "check_id": found.check,
            "severity": found.severity,
            "target": found.target,
            "place": found.place,
            "evidence": text_of(EVIDENCE, found.evidence),
        }
        for found in said.findings
    ]
    # An empty list would insert a row of defaults.
    if outcome_rows:
        connection.execute(insert(check_outcome), outcome_rows)
    if finding_rows:
        connection.execute(insert(finding), finding_rows)


def latest(connection: Connection, scan_id: str) -> Judgement | None:
    """Return the last judgement saved for a scan, None when there is none."""
    query = select(judgement).where(judgement.c.scan_id == scan_id).order_by(judgement.c.id.desc()).limit(1)
    head = connection.execute(query).first()
    if head is None:
        return None
    outcomes = select(check_outcome).where(check_outcome.c.judgement_id == head.id).order_by(check_outcome.c.id)
    findings = select(finding).where(finding.c.judgement_id == head.id).order_by(finding.c.id)
    return Judgement(
        scan=scan_id,
        rules_version=head.rules_version,
        judged_at=head.judged_at,
        outcomes=tuple(
            CheckOutcome(
                check=row.check_id,
                result=row.result,
                target=row.target,
                place=row.place,
                evidence=EVIDENCE.validate_json(row.evidence),
                reason=reason_of(row.reason),
            )
            for row in connection.execute(outcomes)
        ),
        findings=tuple(
            Finding(
                identity=row.identity,
                check=row.check_id,
                severity=row.severity,
                target=row.target,
                place=row.place,
                evidence=EVIDENCE.validate_json(row.evidence),
            )
            for row in connection.execute(findings)
        ),
    )


def counts(connection: Connection, scan_ids: Select[tuple[str]]) -> dict[str, dict[Severity, int]]:
    """Return the findings of each severity in the last judgement of those of the scans that are judged."""
    newest = select(func.max(judgement.c.id)).where(judgement.c.scan_id.in_(scan_ids)).group_by(judgement.c.scan_id)
    query = (
        select(judgement.c.scan_id, finding.c.severity, func.count(finding.c.id))
        .select_from(judgement.outerjoin(finding))
        .where(judgement.c.id.in_(newest))
        .group_by(judgement.c.scan_id, finding.c.severity)
    )
    result: dict[str, dict[Severity, int]] = {}
    for scan_id, severity, count in connection.execute(query):
        line = result.setdefault(scan_id, dict.fromkeys(Severity, 0))
        if severity is not None:
            line[Severity(severity)] = count
    return result
