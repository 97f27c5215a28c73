"""The plan's figure: which systems have the level-3 solution by a rule that is data, and what the others lack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from secaudit.model.assessment import Assessment
from secaudit.model.base import Reason
from secaudit.model.judgement import Finding
from secaudit.model.organisation import System
from secaudit.model.solution import Portfolio, SolutionRule, SolutionShare, SolutionVerdict
from secaudit.model.words import RowState, Severity


@dataclass(frozen=True)
class Page:
    """The scan that speaks for one page of a system.

    Attributes:
        scanned: its local day, None where the page was never scanned.
        complete: all probes could look.
    """

    scanned: date | None
    complete: bool = False


@dataclass(frozen=True)
class SystemFacts:
    """What the rule asks of one system.

    Attributes:
        assessment: of the checklist that counts; None where none was judged.
        findings: of the scans that speak for its pages.
        pages: all of them, scanned or not.
    """

    system: System
    assessment: Assessment | None
    findings: Sequence[Finding]
    pages: Sequence[Page]


def portfolio(rule: SolutionRule, systems: Iterable[SystemFacts], today: date) -> Portfolio:
    """Return the figure over all systems of an owner on a day; scans are aged by it."""
    verdicts = tuple(solution_verdict(rule, facts, today) for facts in systems)
    return Portfolio(
        rule=rule,
        verdicts=verdicts,
        total=_share(one for one in verdicts if one.counted),
        kinds={
            kind: _share(members)
            for kind in rule.kinds
            if (members := [one for one in verdicts if one.counted and one.kind is kind])
        },
    )


def solution_verdict(rule: SolutionRule, facts: SystemFacts, today: date) -> SolutionVerdict:
    """Return whether a system has the solution, and all that it lacks.

    Whatever the rule says, a system without a page, with a page that was never scanned, or of which nobody has
    assessed anything never has it: what was not looked at cannot be counted.
    """
    counted = facts.system.kind in rule.kinds
    lacks = (*_lacks_of_assessment(rule, facts), *_lacks_of_scans(rule, facts, today)) if counted else ()
    return SolutionVerdict(system=facts.system.id, kind=facts.system.kind, counted=counted, lacks=lacks)


def _lacks_of_assessment(rule: SolutionRule, facts: SystemFacts) -> tuple[Reason, ...]:
    lacks = []
    if facts.system.level < rule.level:
        lacks.append(_reason("solution-lacks-level", level=facts.system.level, wanted=rule.level))
    rows = [row for row in facts.assessment.rows if row.counted] if facts.assessment else []
    if facts.assessment is None or all(row.state is RowState.UNASSESSED for row in rows):
        return (*lacks, _reason("solution-lacks-assessment"))
    total = facts.assessment.total
    if total.met * 100 < rule.strict * total.applicable:
        params = {"met": total.met, "applicable": total.applicable, "wanted": rule.strict}
        lacks.append(_reason("solution-lacks-strict", **params))
    against = sum(bool(row.contradicted_by) for row in rows)
    if against > rule.contradicted:
        lacks.append(_reason("solution-lacks-contradicted", count=against, allowed=rule.contradicted))
    return tuple(lacks)


def _lacks_of_scans(rule: SolutionRule, facts: SystemFacts, today: date) -> tuple[Reason, ...]:
    if not facts.pages:
        return (_reason("solution-lacks-page"),)
    lacks = []
    if rule.worst_finding != "none":
        worst = Severity(rule.worst_finding)
        grave = sum(finding.severity.rank <= worst.rank for finding in facts.findings)
        if grave:
            lacks.append(_reason(f"solution-lacks-finding-{worst.value}", count=grave))
    if unseen := sum(page.scanned is None for page in facts.pages):
        lacks.append(_reason("solution-lacks-scan", count=unseen))
    partial = sum(page.scanned is not None and not page.complete for page in facts.pages)
    if rule.scan_complete and partial:
        lacks.append(_reason("solution-lacks-complete", count=partial))
    oldest = max(((today - page.scanned).days for page in facts.pages if page.scanned), default=0)
    if oldest > rule.scan_age_days:
        lacks.append(_reason("solution-lacks-recent", days=oldest, allowed=rule.scan_age_days))
    return tuple(lacks)


def _share(verdicts: Iterable[SolutionVerdict]) -> SolutionShare:
    every = tuple(verdicts)
    return SolutionShare(have=sum(one.has for one in every), all=len(every))


def _reason(code: str, **params: str | int | float) -> Reason:
    return Reason(code=code, params=params)
