"""Findings with their words, the requirements they touch and who repairs them; and the outcomes that are none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from secaudit.model.base import Text
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.requirement import CheckText
from secaudit.model.words import Outcome, Responsible
from secaudit.report.bounds import bounded, evidence_lines
from secaudit.report.inputs import ReportInputs
from secaudit.report.model import CheckEntry, FindingEntry, RequirementRef
from secaudit.report.observed import said, unique

SHORTEST_CODE = 8


def short_codes(identities: Sequence[str]) -> dict[str, str]:
    """Return the shortest prefixes (8 digits or more, all of one length) that tell the identities apart."""
    distinct = set(identities)
    length = SHORTEST_CODE
    while len({identity[:length] for identity in distinct}) < len(distinct):
        length += 2
    return {identity: identity[:length] for identity in distinct}


def requirements_by_check(inputs: ReportInputs) -> dict[str, tuple[RequirementRef, ...]]:
    """Return for each check the rows of the lists that its fault speaks against, lists that count first."""
    touched: dict[str, list[RequirementRef]] = defaultdict(list)
    for checklist in sorted(inputs.checklists, key=lambda c: not c.counts):
        for row in checklist.requirements:
            for link in row.contradicted_by:
                touched[link.check].append(
                    RequirementRef(
                        checklist=checklist.id,
                        requirement=row.id,
                        clause=row.clause,
                        text=row.text,
                        why=link.reason,
                        counts=checklist.counts,
                        responsible=row.responsible,
                    )
                )
    return {check: tuple(refs) for check, refs in touched.items()}


def finding_entries(inputs: ReportInputs) -> tuple[FindingEntry, ...]:
    """Return the findings, gravest first, then in the order of the checks."""
    codes = short_codes([finding.identity for finding in inputs.findings])
    touched = requirements_by_check(inputs)
    order = {check: place for place, check in enumerate(unique(o.check for o in inputs.outcomes))}
    ranked = sorted(
        inputs.findings,
        key=lambda f: (f.severity.rank, order.get(f.check, len(order)), f.check, f.target, f.place),
    )
    return tuple(_entry(f, codes[f.identity], inputs, touched.get(f.check, ())) for f in ranked)


def _entry(finding: Finding, code: str, inputs: ReportInputs, requirements: tuple[RequirementRef, ...]) -> FindingEntry:
    text = inputs.texts.get(finding.check)
    return FindingEntry(
        code=code,
        identity=finding.identity,
        check=finding.check,
        area=area_of(finding.check),
        severity=finding.severity,
        target=bounded(finding.target),
        place=bounded(finding.place),
        title=inputs.title(finding.check),
        explanation=text.explanation if text else None,
        risk=text.risk if text else None,
        remediation=text.remediation if text else None,
        fixes=dict(text.fixes) if text else {},
        references=text.references if text else (),
        evidence=evidence_lines(finding.evidence),
        requirements=requirements,
        unmapped=text.unmapped if text else None,
        responsible=_who(text, requirements),
    )


def _who(text: CheckText | None, requirements: Sequence[RequirementRef]) -> Responsible:
    """Say who repairs: as the requirements agree; else the provider, where the texts say what to ask of it."""
    named = {ref.responsible for ref in requirements} - {Responsible.SHARED}
    if len(named) == 1:
        return named.pop()
    if text and "provider" in text.fixes:
        return Responsible.PROVIDER
    return Responsible.SHARED


def other_outcomes(inputs: ReportInputs) -> tuple[CheckEntry, ...]:
    """Return what is no finding: each check once per result and reason, with all its targets."""
    gathered: dict[tuple[str, Outcome, str], list[CheckOutcome]] = defaultdict(list)
    for outcome in inputs.outcomes:
        if outcome.result is not Outcome.FAIL:
            reason = repr(outcome.reason)
            gathered[outcome.check, outcome.result, reason].append(outcome)
    return tuple(
        CheckEntry(
            check=check,
            area=area_of(check),
            result=result,
            title=inputs.title(check),
            targets=unique(bounded(o.target) for o in outcomes),
            reason=said(outcomes[0].reason, inputs.phrase),
        )
        for (check, result, _), outcomes in gathered.items()
    )


def area_of(check: str) -> str:
    """Return the area of a check's id: `tls` for `tls.tls10`."""
    return check.split(".", 1)[0]


def titles(inputs: ReportInputs, checks: Sequence[str]) -> tuple[Text, ...]:
    """Return the titles of checks."""
    return tuple(inputs.title(check) for check in checks)
