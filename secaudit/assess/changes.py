"""What changed between two scans of a site, by the lasting identity of findings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from secaudit.model.base import Frozen, Reason
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.words import Outcome


class Change(StrEnum):
    """What became of a finding. Only a check that passed proves `fixed`."""

    NEW = "new"
    BACK = "back"
    OPEN = "open"
    FIXED = "fixed"
    UNKNOWN = "unknown"
    NO_LONGER_APPLIES = "no-longer-applies"


class FindingChange(Frozen):
    """One finding of either scan and what became of it.

    Attributes:
        reason: why nobody can say, for `unknown`, or why it does not apply any more.
    """

    change: Change
    finding: Finding
    reason: Reason | None = None


def compare(
    before: Sequence[Finding],
    after: Sequence[Finding],
    outcomes_after: Sequence[CheckOutcome],
    seen_earlier: Collection[str] = (),
) -> list[FindingChange]:
    """Return every finding of both scans with what became of it, gravest first within each kind of change.

    Args:
        outcomes_after: all outcomes of the later scan: a finding that is gone is fixed only if its check passed.
        seen_earlier: identities of findings of still earlier scans, to tell what is back from what is new.
    """
    old = {finding.identity: finding for finding in before}
    new = {finding.identity: finding for finding in after}
    changes = []
    for identity, finding in new.items():
        gone_before = Change.BACK if identity in seen_earlier else Change.NEW
        changes.append(FindingChange(change=Change.OPEN if identity in old else gone_before, finding=finding))
    for identity, finding in old.items():
        if identity not in new:
            changes.append(_gone(finding, [o for o in outcomes_after if o.check == finding.check]))
    order = list(Change)
    return sorted(changes, key=lambda c: (order.index(c.change), c.finding.severity.rank, c.finding.check))


def _gone(finding: Finding, outcomes: Sequence[CheckOutcome]) -> FindingChange:
    """Judge a finding that the later scan lacks by what the same check says there now."""
    here = [outcome for outcome in outcomes if outcome.target == finding.target] or outcomes
    blind = next((outcome for outcome in here if outcome.result is Outcome.INCONCLUSIVE), None)
    if blind is not None or not here:
        reason = blind.reason if blind else Reason(code="check-not-run", params={"check": finding.check})
        return FindingChange(change=Change.UNKNOWN, finding=finding, reason=reason)
    if all(outcome.result is Outcome.NOT_APPLICABLE for outcome in here):
        return FindingChange(change=Change.NO_LONGER_APPLIES, finding=finding, reason=here[0].reason)
    return FindingChange(change=Change.FIXED, finding=finding)
