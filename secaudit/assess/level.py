"""Which level a system falls under, by the criteria that its answers meet (Decree 331/2026 Arts 8.2, 11-15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from secaudit.model.level import LevelCriterion, LevelQuestion, LevelSheet

BY_PLAN = 3
"""The level that the plan's target names: "level 3 or above"."""


@dataclass(frozen=True)
class LevelResult:
    """What a sheet comes to.

    Attributes:
        level: by law; None while a question that matters is open.
        criteria: those of that level that are met, in the order of the sheet.
        also: those of lower levels that are met, too.
        open: questions that are still to be answered.
        aimed: the level to work towards: the law's, or 3 where a plan asks for it; None as for `level`.
        by_plan: `aimed` comes from the plan and not from the law.
    """

    level: int | None
    criteria: tuple[LevelCriterion, ...]
    also: tuple[LevelCriterion, ...]
    open: tuple[str, ...]
    aimed: int | None
    by_plan: bool


def to_ask(sheet: LevelSheet, answers: Mapping[str, bool]) -> tuple[LevelQuestion, ...]:
    """Return the questions that these answers make necessary, in order: those that follow a "no" fall away."""
    asked: list[LevelQuestion] = []
    for question in sheet.questions:
        if not question.ask_if or (answers.get(question.ask_if) and question.ask_if in {q.id for q in asked}):
            asked.append(question)
    return tuple(asked)


def level_of(sheet: LevelSheet, answers: Mapping[str, bool], plan: str = "") -> LevelResult:
    """Return the highest level of which a criterion is met.

    Args:
        sheet: questions and criteria.
        answers: yes or no by question; answers to questions that fall away count for nothing.
        plan: the plan that asks for level 3, empty where none does.
    """
    asked = to_ask(sheet, answers)
    open_questions = tuple(question.id for question in asked if question.id not in answers)
    if open_questions:
        return LevelResult(None, (), (), open_questions, None, by_plan=False)
    known = {question.id: answers[question.id] for question in asked}
    met = [criterion for criterion in sheet.criteria if _is_met(criterion, known)]
    # The last criterion takes every system that meets none of the others, so one is always met.
    level = max(criterion.level for criterion in met)
    by_plan = bool(plan.strip()) and level < BY_PLAN
    return LevelResult(
        level=level,
        criteria=tuple(criterion for criterion in met if criterion.level == level),
        also=tuple(criterion for criterion in met if criterion.level < level),
        open=(),
        aimed=BY_PLAN if by_plan else level,
        by_plan=by_plan,
    )


def _is_met(criterion: LevelCriterion, known: Mapping[str, bool]) -> bool:
    return all(known.get(question) is True for question in criterion.all_yes) and not any(
        known.get(question) for question in criterion.all_no
    )
