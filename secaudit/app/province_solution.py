"""Which of many systems have the solution: the rule of `status`, put to what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from secaudit.app.knowledge import Knowledge
from secaudit.app.portfolio import RuleInForce
from secaudit.assess.portfolio import Figures, Page, SystemNumbers, portfolio
from secaudit.model.base import Reason, Text
from secaudit.model.solution import Portfolio, kinds_in_words, rule_in_words
from secaudit.model.words import ScanStatus
from secaudit.report.province.facts import KindFigure, SolutionFigure, SystemState, TargetLine, Verdict


def portfolio_of_files(states: Sequence[SystemState], in_force: RuleInForce, today: date) -> Portfolio:
    """Return the figure over what files say of systems, by the rule that `status` uses; silence counts against one."""
    return portfolio(in_force.rule, [numbers_of(state) for state in states], today)


def numbers_of(state: SystemState) -> SystemNumbers:
    """Return what the rule counts in a system that a file speaks of."""
    seen = [Page(look.at.astimezone().date(), look.status is ScanStatus.COMPLETE) for look in state.looks]
    return SystemNumbers(
        system=state.system,
        kind=state.kind,
        level=state.level,
        figures=Figures(state.met, state.applicable, state.against) if state.assessed else None,
        findings=state.findings,
        pages=[*seen, *(Page(None) for _ in state.unseen)],
        unsaid=_unsaid(state),
    )


def _unsaid(state: SystemState) -> list[Reason]:
    unsaid = []
    if state.kind is None:
        unsaid.append(Reason(code="solution-lacks-kind"))
    if state.missing:
        unsaid.append(Reason(code="solution-lacks-rows", params={"count": state.missing}))
    if not state.pages_named:
        unsaid.append(Reason(code="solution-lacks-pages"))
    if state.unsent:
        unsaid.append(Reason(code="solution-lacks-file", params={"count": len(state.unsent)}))
    return unsaid


def solution_figure(found: Portfolio, in_force: RuleInForce, knowledge: Knowledge) -> SolutionFigure:
    """Return the figure with its rule in words."""
    rule = found.rule
    names = dict(zip(rule.kinds, kinds_in_words(rule), strict=True))
    return SolutionFigure(
        rule=rule,
        own=in_force.own is not None,
        kinds_named=tuple(_said(reason, knowledge) for reason in names.values()),
        conditions=tuple(_said(reason, knowledge) for reason in rule_in_words(rule)),
        have=found.total.have,
        all=found.total.all,
        kinds=tuple(
            KindFigure(kind=kind, name=_said(names[kind], knowledge), have=part.have, all=part.all)
            for kind, part in found.kinds.items()
        ),
        left_out=found.left_out,
        targets=tuple(
            TargetLine(year=target.year, wanted=target.share, reached=found.total.reaches(target))
            for target in rule.targets
        ),
    )


def verdicts_of(found: Portfolio, knowledge: Knowledge) -> list[Verdict]:
    """Return what the rule says of each system, in words, in the order of the portfolio."""
    return [
        Verdict(counted=one.counted, lacks=tuple(_said(reason, knowledge) for reason in one.lacks))
        for one in found.verdicts
    ]


def _said(reason: Reason, knowledge: Knowledge) -> Text:
    return Text(vi=knowledge.render(reason, "vi"), en=knowledge.render(reason, "en"))
