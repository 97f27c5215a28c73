"""The few things to do first, by a rule that can be said in one sentence.

Faults of one area and severity that the same people repair are one thing. The gravest come first, among equals what
speaks against more requirements.
A probe that failed, requirements that nobody answered and evidence out of date each take one place at the end, so
that the list is never only about what a scanner can see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from secaudit.model.words import ProbeStatus, Responsible, RowState, Severity
from secaudit.report.model import FindingEntry, FirstThing, ProbeEntry, RequirementRef, Standing
from secaudit.report.observed import distinct_texts

HOW_MANY = 5


def first_things(
    findings: Sequence[FindingEntry], probes: Sequence[ProbeEntry], standing: Standing | None
) -> tuple[FirstThing, ...]:
    """Return at most five things to do first."""
    standing_work = _standing_work(probes, standing)
    repairs = _repairs(findings)
    return (*repairs[: HOW_MANY - len(standing_work)], *standing_work)


def _repairs(findings: Sequence[FindingEntry]) -> list[FirstThing]:
    jobs: dict[tuple[str, Severity, Responsible], list[FindingEntry]] = defaultdict(list)
    for finding in findings:
        if finding.severity is not Severity.INFO:
            jobs[finding.area, finding.severity, finding.responsible].append(finding)
    ranked = sorted(jobs.values(), key=lambda job: (job[0].severity.rank, -sum(ref.counts for ref in _touched(job))))
    return [
        FirstThing(
            kind="finding",
            responsible=job[0].responsible,
            count=len(job),
            severity=job[0].severity,
            titles=distinct_texts([finding.title for finding in job]),
            actions=distinct_texts([finding.remediation for finding in job if finding.remediation]),
            codes=tuple(finding.code for finding in job),
            requirements=_touched(job),
        )
        for job in ranked
    ]


def _touched(job: Sequence[FindingEntry]) -> tuple[RequirementRef, ...]:
    """Return the requirements that the findings of a job speak against, each once."""
    refs = {(ref.checklist, ref.requirement): ref for finding in job for ref in finding.requirements}
    return tuple(refs.values())


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
