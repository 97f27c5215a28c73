"""What falls due, and answers that hold only until a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from secaudit.assess.due import HORIZONS, falling_due
from secaudit.model.words import AnswerValue, RowState
from tests.assess.making import FAILED, TODAY, answer, assessed, codes, row, status

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "valid_until", "state", "due"),
    [
        ("", TODAY, RowState.MET, TODAY),
        ("", TODAY - DAY, RowState.STALE, TODAY - DAY),
        ("", None, RowState.MET, None),
        ("P6M", TODAY + 10 * DAY, RowState.MET, TODAY + 10 * DAY),  # the earlier end counts
        ("P6M", TODAY + 1000 * DAY, RowState.MET, date(2027, 4, 22)),
        ("P6M", TODAY - DAY, RowState.STALE, TODAY - DAY),
    ],
)
def test_an_answer_holds_until_the_end_of_its_evidence(
    period: str, valid_until: date | None, state: RowState, due: date | None
) -> None:
    said = answer(valid_until=valid_until, evidence_date=date(2026, 10, 22))
    one = status(row(period=period), answers=[said])
    assert (one.state, one.due) == (state, due)
    assert codes(one) == (["row-evidence-expired"] if state is RowState.STALE else [])


def test_an_exemption_ends_and_the_row_counts_again() -> None:
    held = answer(AnswerValue.NOT_APPLICABLE, reason="đang thay thiết bị", valid_until=TODAY)
    assert (status(answers=[held]).state, status(answers=[held]).due) == (RowState.NOT_APPLICABLE, TODAY)
    ended = status(answers=[held], today=TODAY + DAY)
    assert (ended.state, ended.counted) == (RowState.STALE, True)


def test_evidence_dated_in_the_future_does_not_count_without_a_period_either() -> None:
    one = status(answers=[answer(evidence_date=TODAY + DAY)])
    assert (one.state, codes(one)) == (RowState.STALE, ["row-evidence-future"])


def test_a_gap_that_is_admitted_does_not_expire() -> None:
    one = status(row(period="P6M"), answers=[answer(AnswerValue.NOT_MET, valid_until=TODAY - DAY)])
    assert (one.state, one.due) == (RowState.NOT_MET, None)


def test_what_falls_due_is_listed_overdue_first() -> None:
    ends = {"1.1": 31, "1.2": -5, "1.3": 30, "1.4": 0, "1.5": None, "1.6": -400, "1.7": 91}
    answers = [
        answer(requirement=name, valid_until=TODAY + end * DAY if end is not None else None)
        for name, end in ends.items()
    ]
    undated = answer(requirement="1.8")
    rows = [row(name) for name in ends] + [row("1.8", period="P1Y"), row("1.9")]
    assessment = assessed(*rows, answers=[*answers, undated])
    listed = [(one.requirement, one.days_left, one.overdue) for one in falling_due(assessment.rows, TODAY, 30)]
    assert listed == [
        ("1.8", None, True), ("1.6", -400, True), ("1.2", -5, True), ("1.4", 0, False), ("1.3", 30, False),
    ]  # fmt: skip
    soon = {days: len([one for one in falling_due(assessment.rows, TODAY, days) if not one.overdue])
            for days in HORIZONS}  # fmt: skip
    assert soon == {30: 2, 60: 3, 90: 3}


def test_a_contradicted_row_that_is_overdue_is_listed() -> None:
    assessment = assessed(row(), answers=[answer(valid_until=TODAY - DAY)], outcomes=[FAILED])
    assert assessment.rows[0].state is RowState.CONTRADICTED
    assert [one.overdue for one in falling_due(assessment.rows, TODAY, 0)] == [True]
