"""What an outside look says of one requirement: which findings contradict it, which checks support it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.model.assessment import Answer
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.requirement import Requirement
from secaudit.model.words import Outcome


@dataclass(frozen=True)
class OutsideLook:
    """What was seen, as far as it informs one row. Fields as in `RequirementStatus`."""

    contradicted_by: tuple[str, ...] = ()
    upheld: tuple[str, ...] = ()
    supported_by: tuple[str, ...] = ()
    inconclusive: tuple[str, ...] = ()


_NOTHING = OutsideLook()


class Looks:
    """Outcomes and findings of one or more scans, by check."""

    def __init__(self, outcomes: Iterable[CheckOutcome], findings: Iterable[Finding]) -> None:
        self._results: dict[str, set[Outcome]] = defaultdict(set)
        for outcome in outcomes:
            self._results[outcome.check].add(outcome.result)
        self._findings: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            self._findings[finding.check].append(finding)
            self._results[finding.check].add(Outcome.FAIL)

    def at(self, row: Requirement, answer: Answer | None) -> OutsideLook:
        """Return what the look says of `row`, given what the answer explains.

        A check supports a row when it passed on every target that it applies to. One that saw nothing on some
        target is inconclusive, unless it failed on another.
        """
        if not row.contradicted_by and not row.supported_by:
            return _NOTHING
        against = [finding for link in row.contradicted_by for finding in self._findings.get(link.check, ())]
        explained = set(answer.upholds) if answer is not None and explains(answer) else set()
        upheld = [f.identity for f in against if f.check in explained or f.identity in explained]
        linked = dict.fromkeys(link.check for link in (*row.contradicted_by, *row.supported_by))
        return OutsideLook(
            contradicted_by=tuple(f.identity for f in against if f.identity not in upheld),
            upheld=tuple(upheld),
            supported_by=tuple(link.check for link in row.supported_by if self._speaks_for(link.check)),
            inconclusive=tuple(check for check in linked if self._saw_nothing(check)),
        )

    def _speaks_for(self, check: str) -> bool:
        results = self._results.get(check, set())
        return Outcome.PASS in results and not results & {Outcome.FAIL, Outcome.INCONCLUSIVE}

    def _saw_nothing(self, check: str) -> bool:
        results = self._results.get(check, set())
        return Outcome.INCONCLUSIVE in results and Outcome.FAIL not in results


def explains(answer: Answer) -> bool:
    """Tell whether an answer carries a reason and a name, without which it explains nothing."""
    return bool(answer.reason.strip() and answer.answered_by.strip())
