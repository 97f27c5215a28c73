"""The plan's figure: which systems have the level-3 solution by a rule that is data, and what the others lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from secaudit.model.assessment import Assessment
from secaudit.model.base import Reason
from secaudit.model.judgement import Finding
from secaudit.model.organisation import System, SystemKind
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

    @property
    def numbers(self) -> SystemNumbers:
        """Return what the rule counts in them."""
        return SystemNumbers(
            system=self.system.id,
            kind=self.system.kind,
            level=self.system.level,
            figures=_figures(self.assessment),
            findings=Counter(finding.severity for finding in self.findings),
            pages=self.pages,
        )


@dataclass(frozen=True)
class Figures:
    """What is counted in the assessment of which somebody has answered at least one row.

    Attributes:
        met, applicable: requirements that count.
        against: how many of them a scan speaks against, whatever was answered.
    """

    met: int
    applicable: int
    against: int


@dataclass(frozen=True)
class SystemNumbers:
    """One system as the rule sees it, wherever the numbers come from.

    Attributes:
        kind: None where nobody says; such a system is counted, so that silence never raises the share.
        figures: None where nobody has assessed anything.
        findings: how many by severity.
        pages: all that are known.
        unsaid: what the source leaves open that the rule asks for; it is lacking like anything else.
    """

    system: str
    kind: SystemKind | None
    level: int
    figures: Figures | None
    findings: Mapping[Severity, int]
    pages: Sequence[Page]
    unsaid: Sequence[Reason] = ()


def portfolio(rule: SolutionRule, systems: Iterable[SystemFacts | SystemNumbers], today: date) -> Portfolio:
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


def solution_verdict(rule: SolutionRule, facts: SystemFacts | SystemNumbers, today: date) -> SolutionVerdict:
    """Return whether a system has the solution, and all that it lacks.

    Whatever the rule says, a system without a page, with a page that was never scanned, or of which nobody has
    assessed anything never has it: what was not looked at cannot be counted.
    """
    one = facts.numbers if isinstance(facts, SystemFacts) else facts
    counted = one.kind is None or one.kind in rule.kinds
    lacks = (*_lacks_of_assessment(rule, one), *_lacks_of_scans(rule, one, today), *one.unsaid) if counted else ()
    return SolutionVerdict(system=one.system, kind=one.kind or rule.kinds[0], counted=counted, lacks=lacks)


def _figures(assessment: Assessment | None) -> Figures | None:
    rows = [row for row in assessment.rows if row.counted] if assessment else []
    if assessment is None or all(row.state is RowState.UNASSESSED for row in rows):
        return None
    against = sum(bool(row.contradicted_by) for row in rows)
    return Figures(assessment.total.met, assessment.total.applicable, against)


def _lacks_of_assessment(rule: SolutionRule, one: SystemNumbers) -> tuple[Reason, ...]:
    lacks = []
    if one.level < rule.level:
        lacks.append(_reason("solution-lacks-level", level=one.level, wanted=rule.level))
    figures = one.figures
    if figures is None:
        return (*lacks, _reason("solution-lacks-assessment"))
    if figures.met * 100 < rule.strict * figures.applicable:
        params = {"met": figures.met, "applicable": figures.applicable, "wanted": rule.strict}
        lacks.append(_reason("solution-lacks-strict", **params))
    if figures.against > rule.contradicted:
        lacks.append(_reason("solution-lacks-contradicted", count=figures.against, allowed=rule.contradicted))
    return tuple(lacks)


def _lacks_of_scans(rule: SolutionRule, one: SystemNumbers, today: date) -> tuple[Reason, ...]:
    if not one.pages:
        return (_reason("solution-lacks-page"),)
    lacks = []
    if rule.worst_finding != "none":
        worst = Severity(rule.worst_finding)
        grave = sum(count for severity, count in one.findings.items() if severity.rank <= worst.rank)
        if grave:
            lacks.append(_reason(f"solution-lacks-finding-{worst.value}", count=grave))
    if unseen := sum(page.scanned is None for page in one.pages):
        lacks.append(_reason("solution-lacks-scan", count=unseen))
    partial = sum(page.scanned is not None and not page.complete for page in one.pages)
    if rule.scan_complete and partial:
        lacks.append(_reason("solution-lacks-complete", count=partial))
    oldest = max(((today - page.scanned).days for page in one.pages if page.scanned), default=0)
    if oldest > rule.scan_age_days:
        lacks.append(_reason("solution-lacks-recent", days=oldest, allowed=rule.scan_age_days))
    return tuple(lacks)


def _share(verdicts: Iterable[SolutionVerdict]) -> SolutionShare:
    every = tuple(verdicts)
    return SolutionShare(have=sum(one.has for one in every), all=len(every))


def _reason(code: str, **params: str | int | float) -> Reason:
    return Reason(code=code, params=params)
