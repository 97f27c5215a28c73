"""What to do first, and why.

One piece of work is all findings of one area of checks (`tls`, `cert`, `header`, `port` …), because they are put
right in one place: one TLS configuration, one certificate, one firewall. Works are ranked by

1. the gravest severity in them,
2. how many mandatory rows they contradict (of checklists that bind),
3. ease: works for which a configuration to paste exists come before those without,
4. how many findings they close, and the area's name, so that the order never wavers.

Information-only findings are no work. After the findings come the groups of the checklist that have open mandatory
rows, those with the most unassessed rows first, then in the order of the source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from secaudit.model.assessment import Assessment
from secaudit.model.base import Reason
from secaudit.model.judgement import Finding
from secaudit.model.requirement import CheckText
from secaudit.model.words import RowState, Severity

FIRST = 5


@dataclass(frozen=True)
class Priority:
    """One thing to do.

    Attributes:
        kind: `findings` to put right, or a `group` of requirements to assess and close.
        subject: area of checks, or id of the group.
        reason: why it stands where it stands.
        severity: the gravest of the findings; None for a group.
        checks: what fails, gravest first.
        findings: identities of the findings.
        requirements: `checklist:row` of mandatory rows that it touches.
    """

    kind: Literal["findings", "group"]
    subject: str
    reason: Reason
    severity: Severity | None = None
    checks: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


def first_things(
    findings: Iterable[Finding],
    assessments: Iterable[Assessment],
    texts: Mapping[str, CheckText],
    count: int = FIRST,
) -> tuple[Priority, ...]:
    """Return the `count` things to do first.

    Args:
        findings: what fails now; leave out those whose risk is accepted.
        assessments: of the checklists that bind, the standard first; groups of the first one follow the findings.
        texts: for the ease of putting a finding right.
        count: how many at most.
    """
    judged = tuple(assessments)
    works = _works(findings, judged, texts)
    return (*works, *(_groups(judged[0]) if judged else ()))[:count]


def area_of(check: str) -> str:
    """Return the area of a check: what is put right in one place."""
    return check.split(".", 1)[0]


def _works(
    findings: Iterable[Finding], judged: tuple[Assessment, ...], texts: Mapping[str, CheckText]
) -> list[Priority]:
    contradicted: dict[str, list[str]] = defaultdict(list)
    for assessment in judged:
        for row in assessment.rows:
            for identity in row.contradicted_by if row.counted else ():
                contradicted[identity].append(f"{assessment.checklist}:{row.requirement}")
    areas: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.severity is not Severity.INFO:
            areas[area_of(finding.check)].append(finding)
    works = [_work(area, members, contradicted) for area, members in areas.items()]
    return sorted(
        works,
        key=lambda work: (
            work.severity.rank if work.severity else len(Severity),
            -len(work.requirements),
            not any(_pasteable(texts.get(check)) for check in work.checks),
            -len(work.findings),
            work.subject,
        ),
    )


def _work(area: str, members: list[Finding], contradicted: Mapping[str, list[str]]) -> Priority:
    members = sorted(members, key=lambda f: (f.severity.rank, f.check, f.target, f.place))
    rows = tuple(dict.fromkeys(row for f in members for row in contradicted.get(f.identity, ())))
    code = "priority-findings" if rows else "priority-findings-only"
    return Priority(
        kind="findings",
        subject=area,
        reason=Reason(code=code, params={"count": len(members), "rows": len(rows)}),
        severity=members[0].severity,
        checks=tuple(dict.fromkeys(f.check for f in members)),
        findings=tuple(f.identity for f in members),
        requirements=rows,
    )


def _pasteable(text: CheckText | None) -> bool:
    return text is not None and any(fix.code for fix in text.fixes.values())


def _groups(assessment: Assessment) -> list[Priority]:
    found: list[tuple[int, Priority]] = []
    for group in assessment.groups:
        open_rows = [
            row for row in assessment.rows if row.group == group and row.counted and row.state is not RowState.MET
        ]
        if not open_rows:
            continue
        unassessed = sum(row.state is RowState.UNASSESSED for row in open_rows)
        params: dict[str, str | int | float] = {"group": group, "unassessed": unassessed, "open": len(open_rows)}
        ids = tuple(f"{assessment.checklist}:{row.requirement}" for row in open_rows)
        reason = Reason(code="priority-group", params=params)
        found.append((unassessed, Priority(kind="group", subject=group, reason=reason, requirements=ids)))
    return [work for _, work in sorted(found, key=lambda pair: -pair[0])]
