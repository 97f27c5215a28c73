"""Years of scans read quickly: judgements without evidence, certificates without the rest of what was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection, func, select

from secaudit.model.history import Judgement
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.observation import CertificateObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.words import Outcome, Severity
from secaudit.store.database import Database
from secaudit.store.tables import check_outcome, finding, judgement, observation, scan

_AT_ONCE = 200
"""Ids in one query; SQLite allows 999 in old versions."""


@dataclass(frozen=True)
class PastScan:
    """What of a past scan is told apart from what it saw.

    Attributes:
        certificates: as served, in the order in which they were seen.
        addresses: IP addresses that were looked at, each once, at most `MOST_ADDRESSES`.
    """

    options: ScanOptions
    certificates: tuple[CertificateObservation, ...]
    addresses: tuple[str, ...]


MOST_ADDRESSES = 16


def past_judgements(database: Database, scan_ids: Sequence[str]) -> dict[str, Judgement]:
    """Return by scan the judgement that holds, without evidence and reasons; a scan without one is left out."""
    found: dict[str, Judgement] = {}
    with database.read() as connection:
        for some in _parts(scan_ids):
            found |= _judgements(connection, some)
    return found


def past_scans(database: Database, scan_ids: Sequence[str]) -> dict[str, PastScan]:
    """Return options, certificates and addresses of the scans by id; an unknown id is left out."""
    found: dict[str, PastScan] = {}
    with database.read() as connection:
        for some in _parts(scan_ids):
            certificates: dict[str, list[CertificateObservation]] = defaultdict(list)
            wanted = observation.c.scan_id.in_(some)
            bodies = select(observation.c.scan_id, observation.c.body).where(wanted)
            kept = bodies.where(observation.c.kind == "certificate").order_by(observation.c.id)
            for row in connection.execute(kept):
                try:
                    certificates[row.scan_id].append(CertificateObservation.model_validate_json(row.body))
                except ValidationError:  # of a newer program: what cannot be read is not counted
                    continue
            addresses: dict[str, list[str]] = defaultdict(list)
            address = func.json_extract(observation.c.body, "$.address")
            places = select(observation.c.scan_id, address).where(wanted, address != "").distinct()
            for scan_id, seen in connection.execute(places):
                addresses[scan_id].append(str(seen))
            for row in connection.execute(select(scan.c.id, scan.c.options).where(scan.c.id.in_(some))):
                options = ScanOptions.model_validate_json(row.options)
                seen_at = tuple(sorted(addresses[row.id])[:MOST_ADDRESSES])
                found[row.id] = PastScan(options, tuple(certificates[row.id]), seen_at)
    return found


def _judgements(connection: Connection, scan_ids: Sequence[str]) -> dict[str, Judgement]:
    newest = select(func.max(judgement.c.id)).where(judgement.c.scan_id.in_(scan_ids)).group_by(judgement.c.scan_id)
    heads = connection.execute(select(judgement).where(judgement.c.id.in_(newest))).all()
    numbers = [head.id for head in heads]
    # Rows were validated when they were written; making thousands of objects anew would take seconds.
    outcomes: dict[int, list[CheckOutcome]] = defaultdict(list)
    columns = (check_outcome.c.judgement_id, check_outcome.c.check_id, check_outcome.c.result, check_outcome.c.target,
               check_outcome.c.place)  # fmt: skip
    query = select(*columns).where(check_outcome.c.judgement_id.in_(numbers)).order_by(check_outcome.c.id)
    for number, check, result, target, place in connection.execute(query):
        outcomes[number].append(
            CheckOutcome.model_construct(check=check, result=Outcome(result), target=target, place=place)
        )
    findings: dict[int, list[Finding]] = defaultdict(list)
    wanted = select(finding).where(finding.c.judgement_id.in_(numbers)).order_by(finding.c.id)
    for row in connection.execute(wanted):
        findings[row.judgement_id].append(
            Finding.model_construct(
                identity=row.identity, check=row.check_id, severity=Severity(row.severity), target=row.target,
                place=row.place,
            )
        )  # fmt: skip
    return {
        head.scan_id: Judgement.model_construct(
            scan=head.scan_id, rules_version=head.rules_version, judged_at=head.judged_at,
            outcomes=tuple(outcomes[head.id]), findings=tuple(findings[head.id]),
        )
        for head in heads
    }  # fmt: skip


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(ids), _AT_ONCE):
        yield ids[begin : begin + _AT_ONCE]
