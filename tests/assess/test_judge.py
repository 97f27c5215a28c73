"""The rules that keep the figures honest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from secaudit.assess.judge import orphans
from secaudit.checklist.loader import Library
from secaudit.model.assessment import ProfileAnswer
from secaudit.model.words import AnswerValue, Obligation, Outcome, RowState
from tests.assess.making import FAILED, FAILED_IDENTITY, NOW, answer, assessed, checklist, codes, outcome, row, status
from tests.checklist.conftest import DATA


def said_no(question: str = "uses-wireless", by: str = "Lan", reason: str = "") -> ProfileAnswer:
    return ProfileAnswer(question=question, yes=False, answered_by=by, answered_at=NOW, reason=reason)


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (AnswerValue.MET, RowState.MET),
        (AnswerValue.PARTIAL, RowState.PARTIAL),
        (AnswerValue.NOT_MET, RowState.NOT_MET),
    ],
)
def test_an_answer_stands_where_nothing_speaks_against_it(value: AnswerValue, state: RowState) -> None:
    assert status(answers=[answer(value)]).state is state


def test_a_row_nobody_answered_is_unassessed() -> None:
    assert status().state is RowState.UNASSESSED


def test_a_fault_seen_does_not_answer_for_the_assessor() -> None:
    one = status(outcomes=[FAILED])
    assert one.state is RowState.UNASSESSED
    assert one.contradicted_by == (FAILED_IDENTITY,)
    assert codes(one) == ["row-seen-failing"]


def test_the_latest_answer_stands() -> None:
    older = answer(AnswerValue.MET, answered_at=NOW - timedelta(days=1))
    assert status(answers=[answer(AnswerValue.NOT_MET), older]).state is RowState.NOT_MET


def test_an_answer_of_another_list_says_nothing() -> None:
    assert status(answers=[answer(checklist="another")]).state is RowState.UNASSESSED


@pytest.mark.parametrize("value", [AnswerValue.MET, AnswerValue.NOT_APPLICABLE])
def test_a_fault_seen_overrules_a_claim(value: AnswerValue) -> None:
    one = status(answers=[answer(value, reason="không dùng")], outcomes=[FAILED])
    assert one.state is RowState.CONTRADICTED
    assert one.counted
    assert one.contradicted_by == (FAILED_IDENTITY,)
    assert codes(one) == ["row-contradicted"]


@pytest.mark.parametrize("value", [AnswerValue.PARTIAL, AnswerValue.NOT_MET])
def test_an_admitted_gap_is_not_contradicted(value: AnswerValue) -> None:
    one = status(answers=[answer(value)], outcomes=[FAILED])
    assert one.state.value == value.value
    assert one.contradicted_by == (FAILED_IDENTITY,)


@pytest.mark.parametrize("key", ["tls.sslv3", FAILED_IDENTITY])
def test_a_claim_upheld_with_a_reason_stands(key: str) -> None:
    one = status(answers=[answer(reason="thiết bị thử nghiệm, đã cách ly", upholds=(key,))], outcomes=[FAILED])
    assert one.state is RowState.MET
    assert (one.contradicted_by, one.upheld) == ((), (FAILED_IDENTITY,))
    assert codes(one) == ["row-upheld"]


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "", "upholds": ("tls.sslv3",)},
        {"reason": "  ", "upholds": ("tls.sslv3",)},
        {"reason": "có lý do", "upholds": ("tls.tls10",)},
        {"reason": "có lý do", "answered_by": " ", "upholds": ("tls.sslv3",)},
        {"reason": "có lý do"},
    ],
)
def test_upholding_needs_the_check_a_reason_and_a_name(changes: dict[str, object]) -> None:
    assert status(answers=[answer(**changes)], outcomes=[FAILED]).state is RowState.CONTRADICTED


def test_upholding_one_finding_leaves_the_other() -> None:
    other = outcome("tls.sslv3", Outcome.FAIL, "www.xa.gov.vn:443")
    one = status(answers=[answer(reason="đã cách ly", upholds=(FAILED_IDENTITY,))], outcomes=[FAILED, other])
    assert one.state is RowState.CONTRADICTED
    assert one.upheld == (FAILED_IDENTITY,)
    assert len(one.contradicted_by) == 1


def test_not_applicable_with_reason_and_name_is_out_of_the_count() -> None:
    one = status(answers=[answer(AnswerValue.NOT_APPLICABLE, reason="xã không có máy chủ")])
    assert (one.state, one.counted) == (RowState.NOT_APPLICABLE, False)


@pytest.mark.parametrize("changes", [{"reason": ""}, {"reason": " \n"}, {"reason": "vì", "answered_by": ""}])
def test_not_applicable_without_reason_or_name_is_unassessed(changes: dict[str, str]) -> None:
    one = status(answers=[answer(AnswerValue.NOT_APPLICABLE, **changes)])
    assert (one.state, one.counted) == (RowState.UNASSESSED, True)
    assert codes(one) == ["row-not-applicable-unexplained"]


@pytest.mark.parametrize(
    ("evidence", "state", "due"),
    [
        (date(2026, 5, 22), RowState.MET, date(2026, 11, 22)),
        (date(2026, 5, 21), RowState.STALE, date(2026, 11, 21)),
        (date(2026, 11, 22), RowState.MET, date(2027, 5, 22)),
        (None, RowState.STALE, None),
        (date(2026, 11, 23), RowState.STALE, None),
    ],
)
def test_evidence_ages_by_the_period_of_the_source(evidence: date | None, state: RowState, due: date | None) -> None:
    for value in (AnswerValue.MET, AnswerValue.PARTIAL):
        one = status(row(period="P6M"), answers=[answer(value, evidence_date=evidence)])
        assert one.state is (RowState.PARTIAL if state is RowState.MET and value is AnswerValue.PARTIAL else state)
        assert one.due == due
        assert bool(one.reasons) == (state is RowState.STALE)


def test_evidence_does_not_age_without_a_period() -> None:
    assert status(answers=[answer(evidence_date=date(1999, 1, 1))]).state is RowState.MET


def test_not_met_does_not_become_stale() -> None:
    assert status(row(period="P6M"), answers=[answer(AnswerValue.NOT_MET)]).state is RowState.NOT_MET


def test_a_contradiction_is_shown_before_old_evidence_and_both_are_told() -> None:
    one = status(row(period="P6M"), answers=[answer(evidence_date=date(2020, 1, 1))], outcomes=[FAILED])
    assert one.state is RowState.CONTRADICTED
    assert codes(one) == ["row-contradicted", "row-evidence-old"]


def test_an_equivalent_measure_counts_where_the_source_names_one() -> None:
    other = answer(equivalent="VPN của tỉnh")
    assert status(row(equivalent=True), answers=[other]).state is RowState.MET
    refused = status(row(), answers=[other])
    assert refused.state is RowState.PARTIAL
    assert codes(refused) == ["row-equivalent-not-allowed"]


def test_a_question_answered_no_sets_rows_aside() -> None:
    one = status(row(condition="uses-wireless"), answers=[answer()], profile=[said_no()])
    assert (one.state, one.counted, one.profile_reason) == (RowState.NOT_APPLICABLE, False, "uses-wireless")
    assert codes(one) == ["row-set-aside"]


def test_a_question_without_a_kept_reason_needs_one_in_the_answer() -> None:
    conditional = row(condition="without-reason")
    assert status(conditional, profile=[said_no("without-reason")]).state is RowState.UNASSESSED
    explained = status(conditional, profile=[said_no("without-reason", reason="vì đã bỏ")])
    assert explained.state is RowState.NOT_APPLICABLE


def test_a_no_without_a_name_sets_nothing_aside() -> None:
    one = status(row(condition="uses-wireless"), profile=[said_no(by=" ")])
    assert (one.state, one.counted, one.profile_reason) == (RowState.UNASSESSED, True, "")
    assert codes(one) == ["row-set-aside-unsigned"]


def test_yes_and_silence_leave_a_row_applicable() -> None:
    yes = ProfileAnswer(question="uses-wireless", yes=True, answered_by="Lan", answered_at=NOW)
    for profile in ([], [yes]):
        assert status(row(condition="uses-wireless"), profile=profile).state is RowState.UNASSESSED


def test_the_latest_word_on_a_question_stands() -> None:
    later = ProfileAnswer(question="uses-wireless", yes=True, answered_by="Lan", answered_at=NOW + timedelta(minutes=1))
    for order in ([said_no(), later], [later, said_no()]):
        assert status(row(condition="uses-wireless"), profile=order).state is RowState.UNASSESSED


@pytest.mark.parametrize(
    ("results", "supported", "unseen"),
    [
        ([Outcome.PASS], True, False),
        ([Outcome.PASS, Outcome.NOT_APPLICABLE], True, False),
        ([Outcome.PASS, Outcome.INCONCLUSIVE], False, True),
        ([Outcome.PASS, Outcome.FAIL], False, False),
        ([Outcome.INCONCLUSIVE, Outcome.FAIL], False, False),
        ([Outcome.INCONCLUSIVE], False, True),
        ([Outcome.NOT_APPLICABLE], False, False),
        ([], False, False),
    ],
)
def test_support_needs_a_pass_everywhere(results: list[Outcome], supported: bool, unseen: bool) -> None:
    seen = [outcome("tls.no-tls12", result, f"host{n}:443") for n, result in enumerate(results)]
    one = status(outcomes=seen)
    assert one.supported_by == (("tls.no-tls12",) if supported else ())
    assert one.inconclusive == (("tls.no-tls12",) if unseen else ())
    assert one.state is RowState.UNASSESSED, "a pass never proves anything"


def test_inconclusive_contradictors_are_told_and_do_not_contradict() -> None:
    one = status(answers=[answer()], outcomes=[outcome("tls.sslv3", Outcome.INCONCLUSIVE)])
    assert (one.state, one.inconclusive) == (RowState.MET, ("tls.sslv3",))


def test_a_suggested_row_is_judged_and_not_counted() -> None:
    one = status(row(obligation=Obligation.SUGGESTED), answers=[answer()])
    assert (one.state, one.counted) == (RowState.MET, False)


def test_answers_to_rows_that_are_gone_are_found() -> None:
    gone = answer(requirement="9.9")
    assert orphans(checklist(row()), [answer(), gone, answer(requirement="9.9", checklist="another")]) == (gone,)


def test_the_shipped_lists_can_all_be_judged_without_a_single_answer() -> None:
    library = Library(DATA)
    found = assessed(*library.checklist("tcvn-14423-2026-l3").requirements)
    assert (found.total.applicable, found.total.met, found.total.strict) == (190, 0, 0.0)
    assert found.total.by_state == {RowState.UNASSESSED: 195}
    assert len(found.groups) == 18
    annex = assessed(*library.checklist("tcvn-14423-2026-annex-a-l3").requirements)
    assert annex.total.strict is None, "an advisory list has no figure"
