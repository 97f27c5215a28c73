"""Which fault seen from outside speaks against which rows, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from secaudit.model.assessment import Assessment
from secaudit.model.judgement import Finding
from secaudit.model.words import RowState, Severity


@dataclass(frozen=True)
class Contradiction:
    """One failing check and the rows that it speaks against.

    Attributes:
        severity: the gravest of its findings.
        findings: those of its findings that speak against a row, in the order given.
        claimed: `checklist:row` of rows that somebody says are met or do not apply: they count as contradicted.
        others: the same of rows that nobody claims; they are not met in any case.
    """

    check: str
    severity: Severity
    findings: tuple[Finding, ...]
    claimed: tuple[str, ...]
    others: tuple[str, ...]


def contradictions(assessments: Iterable[Assessment], findings: Iterable[Finding]) -> tuple[Contradiction, ...]:
    """Return what speaks against the rows that count, checks that contradict most claims first, then the gravest.

    A finding that an answer upholds with its reason speaks against nothing and is not here.
    """
    known = {finding.identity: finding for finding in findings}
    claimed: dict[str, dict[str, None]] = {}
    others: dict[str, dict[str, None]] = {}
    seen: dict[str, dict[str, Finding]] = {}
    for assessment in assessments:
        for row in assessment.rows:
            for identity in row.contradicted_by if row.counted else ():
                if (finding := known.get(identity)) is None:
                    continue
                rows = claimed if row.state is RowState.CONTRADICTED else others
                rows.setdefault(finding.check, {})[f"{assessment.checklist}:{row.requirement}"] = None
                seen.setdefault(finding.check, {})[identity] = finding
    found = [_one(check, members, claimed, others) for check, members in seen.items()]
    return tuple(sorted(found, key=lambda c: (-len(c.claimed), c.severity.rank, -len(c.others), c.check)))


def _one(
    check: str, members: Mapping[str, Finding], claimed: Mapping[str, Iterable[str]],
    others: Mapping[str, Iterable[str]],
) -> Contradiction:  # fmt: skip
    return Contradiction(
        check=check,
        severity=min((finding.severity for finding in members.values()), key=lambda severity: severity.rank),
        findings=tuple(members.values()),
        claimed=tuple(claimed.get(check, ())),
        others=tuple(others.get(check, ())),
    )
