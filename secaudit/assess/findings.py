"""From outcomes of checks to findings: a failure with its severity and an identity that lasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from secaudit.model.judgement import CheckOutcome, Finding, finding_identity
from secaudit.model.requirement import CheckText
from secaudit.model.words import Outcome, Severity

WITHOUT_TEXT = Severity.MEDIUM
"""Severity of a failed check that has no text (a rule of another version). It is shown rather than lost."""


def find(outcomes: Iterable[CheckOutcome], texts: Mapping[str, CheckText]) -> tuple[Finding, ...]:
    """Return one finding per fault, gravest first, then by check, target and place.

    Outcomes with the same identity (check, target, place) are one fault; the evidence of the first stands.
    """
    found: dict[str, Finding] = {}
    for outcome in outcomes:
        if outcome.result is not Outcome.FAIL:
            continue
        identity = finding_identity(outcome.check, outcome.target, outcome.place)
        text = texts.get(outcome.check)
        found.setdefault(
            identity,
            Finding(
                identity=identity,
                check=outcome.check,
                severity=text.severity if text else WITHOUT_TEXT,
                target=outcome.target,
                place=outcome.place,
                evidence=outcome.evidence,
            ),
        )
    return tuple(sorted(found.values(), key=lambda f: (f.severity.rank, f.check, f.target, f.place)))
