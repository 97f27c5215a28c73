"""The level sheet against the criteria of Decree 331/2026 Arts 11-15."""

from __future__ import annotations

import itertools

import pytest

from secaudit.assess.level import level_of, to_ask
from secaudit.checklist.level_sheet import load_level_sheet
from tests.checklist.conftest import DATA

SHEET = load_level_sheet(DATA)
NOTHING = {"online-service": False, "non-public-information": False, "state-secrets": False,
           "shared-infrastructure": False}  # fmt: skip
ONLINE = NOTHING | {
    "online-service": True, "administrative-procedures": False, "conditional-business": False,
    "many-data-subjects": False,
}  # fmt: skip
SECRET = NOTHING | {"state-secrets": True, "serious-national-harm": False}
SHARED = NOTHING | {
    "shared-infrastructure": True, "infrastructure-for-province": False, "infrastructure-nationwide": False,
    "infrastructure-international": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "level", "articles"),
    [
        (NOTHING, 1, ["11.1"]),
        (NOTHING | {"non-public-information": True}, 2, ["12.1"]),
        (ONLINE, 2, ["12.2"]),
        (ONLINE | {"non-public-information": True}, 2, ["12.1", "12.2"]),
        (ONLINE | {"administrative-procedures": True}, 3, ["13.2.b"]),
        (ONLINE | {"conditional-business": True}, 3, ["13.2.a"]),
        (ONLINE | {"many-data-subjects": True, "administrative-procedures": True}, 3, ["13.2.b", "13.2.c"]),
        (SECRET, 3, ["13.1"]),
        (SECRET | {"serious-national-harm": True, "exceptional-national-harm": False}, 4, ["14.1"]),
        (SECRET | {"serious-national-harm": True, "exceptional-national-harm": True}, 5, ["15.1"]),
        (SHARED, 2, ["12.3"]),
        (SHARED | {"infrastructure-for-province": True}, 3, ["13.3"]),
        (SHARED | {"infrastructure-nationwide": True}, 4, ["14.2"]),
        (SHARED | {"infrastructure-international": True}, 5, ["15.3"]),
    ],
)
def test_the_highest_criterion_that_is_met_decides(answers: dict[str, bool], level: int, articles: list[str]) -> None:
    result = level_of(SHEET, answers)
    assert (result.level, [criterion.article for criterion in result.criteria]) == (level, articles)
    assert (result.aimed, result.by_plan, result.open) == (level, False, ())
    assert all(criterion.level < level for criterion in result.also)


def test_a_plan_asks_for_level_3_and_never_for_less() -> None:
    below = level_of(SHEET, ONLINE, "Kế hoạch 86/KH-UBND")
    assert (below.level, below.aimed, below.by_plan) == (2, 3, True)
    above = level_of(SHEET, SHARED | {"infrastructure-nationwide": True}, "Kế hoạch 86/KH-UBND")
    assert (above.level, above.aimed, above.by_plan) == (4, 4, False)
    assert level_of(SHEET, ONLINE, "  ").aimed == 2


def test_an_open_question_leaves_the_level_open() -> None:
    result = level_of(SHEET, {name: said for name, said in ONLINE.items() if name != "many-data-subjects"}, "86/KH")
    assert (result.level, result.aimed, result.open) == (None, None, ("many-data-subjects",))
    assert level_of(SHEET, {}).open == tuple(NOTHING)


def test_answers_to_questions_that_fall_away_count_for_nothing() -> None:
    assert level_of(SHEET, NOTHING | {"administrative-procedures": True, "exceptional-national-harm": True}).level == 1
    asked = {question.id for question in to_ask(SHEET, NOTHING | {"serious-national-harm": True})}
    assert asked == set(NOTHING)


def test_every_combination_of_answers_has_a_level() -> None:
    ids = [question.id for question in SHEET.questions]
    found = {
        level_of(SHEET, dict(zip(ids, said, strict=True))).level
        for said in itertools.product((True, False), repeat=len(ids))
    }
    assert found == {1, 2, 3, 4, 5}


def test_the_sheet_refers_to_its_own_questions_in_order() -> None:
    ids = [question.id for question in SHEET.questions]
    assert len(set(ids)) == len(ids)
    for position, question in enumerate(SHEET.questions):
        assert not question.ask_if or question.ask_if in ids[:position]
    for criterion in SHEET.criteria:
        assert {*criterion.all_yes, *criterion.all_no} <= set(ids)
        assert criterion.article.startswith(f"{criterion.level + 10}.")
