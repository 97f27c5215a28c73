"""Periods, scores and findings, and what must hold for any answers whatever."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secaudit.assess.findings import WITHOUT_TEXT, find
from secaudit.assess.period import add_period
from secaudit.model.assessment import Answer, Assessment
from secaudit.model.words import AnswerValue, Outcome, RowState, Severity
from tests.assess.making import FAILED, TODAY, answer, assessed, outcome, row, text

unhurried = settings(deadline=None)  # a loaded machine proves nothing about the rules
ROWS = (row("1.1"), row("1.2", period="P6M"), row("2.1", equivalent=True), row("2.2", contradicted_by=()))
DAYS = st.one_of(st.none(), st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=30)))
WORDS = st.sampled_from(["", "vì đã kiểm tra"])
ANSWERS = st.lists(
    st.builds(
        answer,
        st.sampled_from(list(AnswerValue)),
        st.sampled_from([r.id for r in ROWS]),
        reason=WORDS,
        equivalent=WORDS,
        answered_by=st.sampled_from(["", "Lan"]),
        evidence_date=DAYS,
        upholds=st.sampled_from([(), ("tls.sslv3",)]),
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    ("day", "period", "expected"),
    [
        ("2026-08-31", "P6M", "2027-02-28"),
        ("2027-08-31", "P6M", "2028-02-29"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2026-12-31", "P1M", "2027-01-31"),
        ("2026-01-31", "P12M", "2027-01-31"),
        ("2026-01-31", "P1Y1M", "2027-02-28"),
        ("2026-11-22", "P2W", "2026-12-06"),
        ("2026-11-22", "P45D", "2027-01-06"),
        ("2026-11-22", "P1M1W1D", "2026-12-30"),
        ("2026-11-22", "P0D", "2026-11-22"),
    ],
)
def test_periods_follow_the_calendar(day: str, period: str, expected: str) -> None:
    assert add_period(date.fromisoformat(day), period) == date.fromisoformat(expected)


@pytest.mark.parametrize("period", ["", "P", "6M", "PT5M", "P6", "P-6M", "P1.5M", "P6M "])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        add_period(TODAY, period)


def test_a_day_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(OverflowError):
        add_period(TODAY, "P9000Y")


@unhurried
@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 60), st.integers(0, 60))
def test_a_longer_period_never_ends_earlier(day: date, months: int, more: int) -> None:
    assert day <= add_period(day, f"P{months}M") <= add_period(day, f"P{months + more}M")


def test_the_two_figures() -> None:
    answers = [answer(requirement="1.1"), answer(AnswerValue.PARTIAL, "2.1")]
    found = assessed(*ROWS, answers=answers)
    assert (found.total.applicable, found.total.met, found.total.partial) == (4, 1, 1)
    assert (found.total.strict, found.total.progress) == (0.25, 0.375)
    assert found.total.by_state == {RowState.MET: 1, RowState.PARTIAL: 1, RowState.UNASSESSED: 2}
    assert list(found.groups) == ["1", "2"]
    assert (found.groups["1"].strict, found.groups["2"].progress) == (0.5, 0.25)


@unhurried
@given(ANSWERS, st.booleans())
def test_strict_never_exceeds_progress_and_both_stay_within_bounds(answers: list[Answer], failing: bool) -> None:
    found = assessed(*ROWS, answers=answers, outcomes=[FAILED] if failing else [])
    for figures in (found.total, *found.groups.values()):
        if figures.strict is not None and figures.progress is not None:
            assert 0 <= figures.strict <= figures.progress <= 1
    assert sum(figures.applicable for figures in found.groups.values()) == found.total.applicable
    assert sum(found.total.by_state.values()) == len(ROWS)


@unhurried
@given(ANSWERS)
def test_a_contradiction_never_raises_a_figure(answers: list[Answer]) -> None:
    before, after = assessed(*ROWS, answers=answers), assessed(*ROWS, answers=answers, outcomes=[FAILED])
    assert _strict(after) <= _strict(before)
    assert _progress(after) <= _progress(before)
    assert after.total.met <= before.total.met


@unhurried
@given(ANSWERS)
def test_a_pass_never_moves_a_figure(answers: list[Answer]) -> None:
    passed = [outcome("tls.no-tls12", Outcome.PASS), outcome("tls.sslv3", Outcome.PASS)]
    assert assessed(*ROWS, answers=answers, outcomes=passed).total == assessed(*ROWS, answers=answers).total


@unhurried
@given(ANSWERS)
def test_nothing_is_met_that_nobody_called_met(answers: list[Answer]) -> None:
    called = {one.requirement for one in answers if one.value is AnswerValue.MET}
    found = assessed(*ROWS, answers=answers)
    assert {one.requirement for one in found.rows if one.state is RowState.MET} <= called


@unhurried
@given(ANSWERS, st.integers(0, 2000))
def test_time_never_raises_the_strict_figure_of_past_evidence(answers: list[Answer], days: int) -> None:
    past = [one for one in answers if one.evidence_date is None or one.evidence_date <= TODAY]
    later = assessed(*ROWS, answers=past, today=TODAY + timedelta(days=days))
    assert later.total.met <= assessed(*ROWS, answers=past).total.met


def test_only_failures_become_findings_gravest_first() -> None:
    texts = {"tls.sslv3": text("tls.sslv3", Severity.HIGH), "port.telnet": text("port.telnet", Severity.CRITICAL)}
    seen = [
        outcome("tls.sslv3", Outcome.PASS, "b:443"),
        outcome("tls.sslv3", Outcome.INCONCLUSIVE, "c:443"),
        outcome("tls.sslv3", Outcome.NOT_APPLICABLE, "d:443"),
        FAILED,
        outcome("port.telnet", Outcome.FAIL, "a:23"),
        outcome("never.heard-of", Outcome.FAIL, "a:1"),
    ]
    found = find(seen, texts)
    assert [(f.check, f.severity) for f in found] == [
        ("port.telnet", Severity.CRITICAL),
        ("tls.sslv3", Severity.HIGH),
        ("never.heard-of", WITHOUT_TEXT),
    ]


def test_the_same_fault_is_one_finding_and_another_place_another() -> None:
    found = find([FAILED, FAILED, outcome("tls.sslv3", Outcome.FAIL, place="cookie-a")], {})
    assert len(found) == 2
    assert len({f.identity for f in found}) == 2


def _strict(found: Assessment) -> float:
    return 1.0 if found.total.strict is None else found.total.strict


def _progress(found: Assessment) -> float:
    return 1.0 if found.total.progress is None else found.total.progress
