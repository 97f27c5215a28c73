"""Which systems have the level-3 solution: each condition of the rule, and what is never counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from secaudit.assess.findings import find
from secaudit.assess.portfolio import Page, SystemFacts, portfolio, solution_verdict
from secaudit.model.assessment import Assessment
from secaudit.model.judgement import Finding
from secaudit.model.organisation import System, SystemKind
from secaudit.model.solution import SolutionRule, SolutionShare, Target, rule_in_words
from secaudit.model.words import AnswerValue, Outcome, Severity
from tests.assess.making import FAILED, TODAY, answer, assessed, outcome, row
from tests.report.forms_sample import RULE

PAGES = (Page(TODAY, complete=True),)
MET = assessed(row("1.1"), row("1.2"), answers=[answer(requirement="1.1"), answer(requirement="1.2")])
HALF = assessed(row("1.1"), row("1.2"), answers=[answer(requirement="1.1"), answer(AnswerValue.PARTIAL, "1.2")])


def facts(
    judged: Assessment | None = MET, findings: tuple[Finding, ...] = (), pages: tuple[Page, ...] = PAGES, **system: Any
) -> SystemFacts:
    return SystemFacts(System(**{"id": "trang", "name": "Trang", **system}), judged, findings, pages)


def lacks(one: SystemFacts, **rule: Any) -> list[str]:
    return [reason.code for reason in solution_verdict(RULE.model_copy(update=rule), one, TODAY).lacks]


def finding(severity: Severity) -> Finding:
    return find([outcome("tls.x", Outcome.FAIL)], {})[0].model_copy(update={"severity": severity})


def test_a_system_in_which_everything_holds_has_the_solution() -> None:
    verdict = solution_verdict(RULE, facts(), TODAY)
    assert (verdict.has, verdict.counted, verdict.lacks) == (True, True, ())


@pytest.mark.parametrize("lenient", [False, True])
def test_what_nobody_looked_at_never_counts_whatever_the_rule_says(lenient: bool) -> None:
    rule = (
        {"strict": 1, "contradicted": 1000, "worst_finding": "none", "scan_age_days": 3660, "scan_complete": False,
         "level": 1}
        if lenient
        else {}
    )  # fmt: skip
    assert lacks(facts(pages=()), **rule) == ["solution-lacks-page"]
    assert lacks(facts(pages=(*PAGES, Page(None))), **rule) == ["solution-lacks-scan"]
    assert lacks(facts(judged=None), **rule) == ["solution-lacks-assessment"]
    assert lacks(facts(judged=assessed(row("1.1"))), **rule) == ["solution-lacks-assessment"]


def test_the_strict_figure_is_reached_exactly_or_not() -> None:
    assert lacks(facts(HALF)) == ["solution-lacks-strict"]
    assert lacks(facts(HALF), strict=51) == ["solution-lacks-strict"]
    assert lacks(facts(HALF), strict=50) == []


def test_level_contradictions_findings_and_scans() -> None:
    against = assessed(row("1.1"), row("1.2", contradicted_by=()), outcomes=[FAILED],
                       answers=[answer(AnswerValue.NOT_MET, "1.1"), answer(requirement="1.2")])  # fmt: skip
    assert lacks(facts(level=2)) == ["solution-lacks-level"]
    assert lacks(facts(against), strict=50) == ["solution-lacks-contradicted"]
    assert lacks(facts(against), strict=50, contradicted=1) == []
    assert lacks(facts(findings=(finding(Severity.HIGH),))) == ["solution-lacks-finding-high"]
    assert lacks(facts(findings=(finding(Severity.MEDIUM),))) == []
    assert lacks(facts(findings=(finding(Severity.CRITICAL),)), worst_finding="none") == []
    assert lacks(facts(pages=(Page(TODAY, complete=False),))) == ["solution-lacks-complete"]
    assert lacks(facts(pages=(Page(TODAY, complete=False),)), scan_complete=False) == []
    assert lacks(facts(pages=(Page(TODAY - timedelta(days=90), complete=True),))) == []
    assert lacks(facts(pages=(*PAGES, Page(TODAY - timedelta(days=91), complete=True)))) == ["solution-lacks-recent"]


def test_the_share_is_over_the_kinds_that_the_rule_names() -> None:
    every = [facts(), facts(HALF, id="bao", kind=SystemKind.PRESS), facts(id="noi-bo", kind=SystemKind.OTHER)]
    figure = portfolio(RULE, every, TODAY)
    assert (figure.total.have, figure.total.all, figure.total.share, figure.left_out) == (1, 2, 0.5, 1)
    assert {kind: (part.have, part.all) for kind, part in figure.kinds.items()} == {
        SystemKind.PAGE: (1, 1), SystemKind.PRESS: (0, 1),
    }  # fmt: skip
    assert figure.verdicts[2].lacks == ()
    assert not figure.verdicts[2].has
    assert portfolio(RULE, [], TODAY).total.share is None


@pytest.mark.parametrize(
    ("have", "all_", "wanted", "reached"),
    [(0, 0, 0, False), (2, 3, 66, True), (2, 3, 67, False), (999, 1000, 100, False), (3, 3, 100, True)],
)
def test_a_target_is_reached_without_rounding(have: int, all_: int, wanted: int, reached: bool) -> None:
    assert SolutionShare(have=have, all=all_).reaches(Target(year=2030, share=wanted)) is reached


def test_the_rule_says_in_words_what_it_asks() -> None:
    assert [reason.code for reason in rule_in_words(RULE)] == [
        "solution-rule-level", "solution-rule-strict-all", "solution-rule-contradicted-none",
        "solution-rule-finding-high", "solution-rule-scan-complete",
    ]  # fmt: skip
    mild = SolutionRule.model_validate(
        {**RULE.model_dump(), "strict": 80, "contradicted": 2, "worst_finding": "none", "scan_complete": False}
    )
    assert [reason.code for reason in rule_in_words(mild)] == [
        "solution-rule-level", "solution-rule-strict", "solution-rule-contradicted", "solution-rule-scan",
    ]  # fmt: skip
