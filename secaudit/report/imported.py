"""What other tools found, as entries of the report: in their own words, bounded, unjudged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from secaudit.model.observation import ImportedFinding
from secaudit.model.scan import Scan
from secaudit.report.bounds import bounded
from secaudit.report.imports_model import ImportedEntry, ImportEntry

MOST_SHOWN = 100
"""Results of one file that are shown."""
_EVIDENCE = 500


def import_entries(scans: Sequence[Scan]) -> tuple[ImportEntry, ...]:
    """Return one entry for each imported scan; scans of our own are left out."""
    return tuple(_entry(scan) for scan in scans if scan.source is not None)


def _entry(scan: Scan) -> ImportEntry:
    source = scan.source
    assert source is not None
    found = [seen for seen in scan.observations if isinstance(seen, ImportedFinding)]
    return ImportEntry(
        scan=scan.id,
        tool=bounded(source.tool, 60),
        tool_version=bounded(source.tool_version, 60),
        file_name=bounded(source.file_name, 120),
        sha256=source.sha256,
        made_at=source.made_at,
        imported_at=scan.finished_at or scan.started_at,
        facts=len(scan.observations) - len(found),
        severities=dict(Counter(bounded(seen.severity, 40) for seen in found).most_common()),
        findings=tuple(
            ImportedEntry(
                rule=bounded(seen.rule, 120),
                title=bounded(seen.title),
                severity=bounded(seen.severity, 40),
                target=bounded(seen.target),
                evidence=bounded(seen.evidence, _EVIDENCE),
            )
            for seen in found[:MOST_SHOWN]
        ),
        omitted=max(0, len(found) - MOST_SHOWN),
    )
