"""The JSON of `secaudit scan --json`, as the outside contract fixes it (section 3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.observation import ImportedFinding, PortScanObservation, ServiceObservation
from secaudit.model.requirement import CheckText
from secaudit.model.scan import Scan

SCHEMA = "secaudit.scan/1"


def scan_json(
    scan: Scan,
    outcomes: Sequence[CheckOutcome],
    findings: Sequence[Finding],
    texts: Mapping[str, CheckText],
    requirements_of: Callable[[str], Sequence[str]],
    render: Callable[[Reason], str],
) -> dict[str, Any]:
    """Return the contract's object for one scan.

    Args:
        requirements_of: gives, for a check id, the references `checklist:requirement` that it contradicts.
        render: words a reason in the chosen language.
    """
    return {
        "schema": SCHEMA,
        "secaudit": scan.version,
        "id": scan.id,
        "target": scan.target.url,
        "started_at": scan.started_at.isoformat(),
        "finished_at": scan.finished_at.isoformat() if scan.finished_at else None,
        "status": scan.status.value,
        "authorisation": scan.authorisation,
        "profile": scan.options.profile.value,
        "tools": scan.tools,
        "imported_from": scan.source.model_dump(mode="json") if scan.source else None,
        "traffic": scan.traffic.model_dump(mode="json") if scan.traffic else None,
        "probes": [
            {
                "name": run.name,
                "status": run.status.value,
                "seconds": run.seconds,
                "error": render(run.fault) if run.fault else None,
                "notes": [render(note) for note in run.notes],
            }
            for run in scan.runs
        ],
        "checks": [
            {
                "id": outcome.check,
                "result": outcome.result.value,
                "target": outcome.target,
                "reason": render(outcome.reason) if outcome.reason else None,
            }
            for outcome in outcomes
        ],
        "findings": [_finding(finding, texts, requirements_of) for finding in findings],
        "ports": open_ports(scan),
        "imported": [
            seen.model_dump(mode="json", exclude={"kind", "fault", "address"})
            for seen in scan.observations
            if isinstance(seen, ImportedFinding)
        ],
    }


def _finding(
    finding: Finding, texts: Mapping[str, CheckText], requirements_of: Callable[[str], Sequence[str]]
) -> dict[str, Any]:
    text = texts[finding.check]
    return {
        "id": finding.check,
        "identity": finding.identity,
        "severity": finding.severity.value,
        "target": finding.target,
        "place": finding.place,
        "title": text.title.model_dump(),
        "evidence": finding.evidence,
        "remediation": text.remediation.model_dump(),
        "references": list(text.references),
        "requirements": list(requirements_of(finding.check)),
    }


def open_ports(scan: Scan) -> list[dict[str, Any]]:
    """Return every port that was found open or filtered, with the service where it is known."""
    services = {
        (seen.host, seen.port, seen.protocol): seen
        for seen in scan.observations
        if isinstance(seen, ServiceObservation)
    }
    rows: dict[tuple[str, int, str], dict[str, Any]] = {}
    for seen in scan.observations:
        if not isinstance(seen, PortScanObservation):
            continue
        for look in seen.found:
            key = (seen.host, look.port, seen.protocol)
            service = services.get(key)
            row = {
                "host": seen.host,
                "port": look.port,
                "protocol": seen.protocol,
                "state": look.state.value,
                "service": service.service if service else "",
                "product": service.product if service else "",
                "version": service.version if service else "",
            }
            # Several addresses behind one name: open on one of them is what counts.
            if key not in rows or look.state.value == "open":
                rows[key] = row
    return [rows[key] for key in sorted(rows)]
