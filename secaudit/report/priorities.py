"""The few things to do first, by a rule that can be said in one sentence.

Faults come first, gravest first, among equals the one that speaks against more requirements; one thing per check.
A probe that failed, requirements that nobody answered and evidence out of date each take one place at the end, so
that the list is never only about what a scanner can see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from secaudit.model.words import ProbeStatus, Responsible, RowState, Severity
from secaudit.report.model import FindingEntry, FirstThing, ProbeEntry, Standing

HOW_MANY = 5


def first_things(
    findings: Sequence[FindingEntry], probes: Sequence[ProbeEntry], standing: Standing | None
) -> tuple[FirstThing, ...]:
    """Return at most five things to do first."""
    standing_work = _standing_work(probes, standing)
    repairs = _repairs(findings)
    return (*repairs[: HOW_MANY - len(standing_work)], *standing_work)


def _repairs(findings: Sequence[FindingEntry]) -> list[FirstThing]:
    by_check: dict[str, list[FindingEntry]] = defaultdict(list)
    for finding in findings:
        if finding.severity is not Severity.INFO:
            by_check[finding.check].append(finding)
    ranked = sorted(
        by_check.values(),
        key=lambda group: (group[0].severity.rank, -len([r for r in group[0].requirements if r.counts])),
    )
    return [
        FirstThing(
            kind="finding",
            responsible=group[0].responsible,
            count=len(group),
            severity=group[0].severity,
            title=group[0].title,
            action=group[0].remediation,
            codes=tuple(finding.code for finding in group),
            requirements=group[0].requirements,
        )
        for group in ranked
    ]


def _standing_work(probes: Sequence[ProbeEntry], standing: Standing | None) -> list[FirstThing]:
    work = []
    failed = [probe for probe in probes if probe.status is ProbeStatus.FAILED]
    if failed:
        work.append(
            FirstThing(
                kind="rescan",
                responsible=Responsible.OWNER,
                count=len(failed),
                probes=tuple(probe.name for probe in failed),
                detail=failed[0].fault,
            )
        )
    if standing and standing.unanswered:
        work.append(FirstThing(kind="answer", responsible=Responsible.OWNER, count=standing.unanswered))
    stale = standing.states.get(RowState.STALE, 0) if standing else 0
    if stale:
        work.append(FirstThing(kind="renew", responsible=Responsible.OWNER, count=stale))
    return work
