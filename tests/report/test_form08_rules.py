"""Each consistency rule of Form 08: silent on a form that agrees with itself, speaking when its own fault is put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from secaudit.checklist.phrases import load_phrases
from secaudit.report.form08.build import Form08Inputs, build_form, reporting_year
from secaudit.report.form08.facts import Approval, Examination, Form08, Implementation
from secaudit.report.form08.rules import check_form, proposed_implementation
from secaudit.report.official.letter import Capacity
from tests.report.forms_sample import PAGE, form_inputs, officer
from tests.report.sample import ROOT

Change = Callable[[Form08Inputs], Form08Inputs]


def given(**changes: Any) -> Change:
    """Change fields of the officer's file."""
    return lambda inputs: replace(inputs, officer=inputs.officer.model_copy(update=changes))


def system(key: str, **changes: Any) -> Change:
    """Change fields of one system of the officer's file."""

    def change(inputs: Form08Inputs) -> Form08Inputs:
        systems = tuple(s.model_copy(update=changes) if s.id == key else s for s in inputs.officer.systems)
        return given(systems=systems)(inputs)

    return change


def signer(**changes: Any) -> Change:
    return given(signer=officer().signer.model_copy(update=changes))


def counts(**changes: Any) -> Change:
    return given(counts=officer().counts.model_copy(update=changes))


def document(**changes: Any) -> Change:
    return given(document=officer().document.model_copy(update=changes))


def stored(**changes: Any) -> Change:
    return lambda inputs: replace(inputs, systems=[PAGE.model_copy(update=changes)])


def office(**changes: Any) -> Change:
    return lambda inputs: replace(inputs, organisation=inputs.organisation.model_copy(update=changes))


def confirmed(**values: Implementation) -> Change:
    return lambda inputs: replace(inputs, confirmed={k.replace("_", "-"): v for k, v in values.items()})


FAULTS: list[tuple[str, str, str, Change]] = [
    ("data", "error", "document-gap-symbol", document(symbol="")),
    ("data", "error", "document-gap-addressee", document(addressees=())),
    ("data", "error", "document-gap-date", document(date=None)),
    ("data", "error", "document-gap-place", office(place=" ")),
    ("data", "error", "document-gap-body", office(name="")),
    ("data", "error", "form08-count-missing", system("trang-tin", classified=None)),
    ("data", "error", "form08-owner-field-missing", given(owner=officer().owner.model_copy(update={"address": ""}))),
    ("data", "error", "form08-unit-field-missing", given(unit=officer().unit.model_copy(update={"name": ""}))),
    ("data", "error", "form08-system-field-missing", stored(operator="")),
    ("data", "error", "form08-status-missing", system("trang-tin", status=None)),
    ("data", "error", "form08-implementation-unconfirmed", confirmed(mot_cua=Implementation.FULL)),
    ("data", "error", "form08-implementation-unknown", confirmed(trang_tin=Implementation.SOME)),
    ("1", "error", "form08-total-differs", counts(total_systems=3)),
    ("2", "error", "form08-approved-differs", counts(approved=2)),
    ("2", "error", "form08-approval-decision-missing", system("mot-cua", approval_decision=None)),
    ("2", "error", "form08-approval-decision-too-early", system("mot-cua", status=Approval.APPRAISED)),
    ("3", "error", "form08-approval-date-missing", system("trang-tin", approval_expected="")),
    ("3", "error", "form08-implementation-date-missing", system("trang-tin", implementation_expected="")),
    ("4", "error", "form08-regulation-missing", system("mot-cua", regulation=None)),
    (
        "4", "error", "form08-regulation-later",
        system("mot-cua", regulation=officer().systems[1].regulation.model_copy(update={"date": date(2026, 6, 1)})),  # type: ignore[union-attr]
    ),
    ("5", "error", "form08-checked-differs", counts(approved_and_checked=0)),
    ("5", "warning", "form08-checked-ambiguous", system("trang-tin", examinations=(Examination.PERIODIC,))),
    ("6", "error", "form08-level-differs", system("trang-tin", level=2)),
    ("6", "warning", "form08-level-voluntary", stored(level_basis="voluntary")),
    ("6", "warning", "form08-level-approved-elsewhere", stored(level_basis="approved")),
    ("7", "error", "form08-all-approved-missing", counts(all_approved_by="")),
    ("8", "warning", "form08-full-but-open", confirmed(trang_tin=Implementation.FULL, mot_cua=Implementation.FULL)),
    ("9", "warning", "form08-outside-window", given(as_of=date(2026, 12, 15))),
    ("9", "error", "form08-unit-report-late", given(unit_report_date=date(2026, 12, 20))),
    ("9", "warning", "form08-unit-report-undated", given(unit_report_date=None)),
    ("9", "error", "form08-operator-report-late", system("mot-cua", operator_report_date=date(2027, 1, 2))),
    ("9", "warning", "form08-operator-report-undated", system("mot-cua", operator_report_date=None)),
    ("9", "warning", "form08-sent-late", document(date=date(2026, 12, 25))),
    ("9", "error", "form08-dated-before-data", document(date=date(2026, 12, 13))),
    ("10", "error", "form08-signer-missing", signer(name="")),
    ("10", "error", "form08-deputy-without-prefix", signer(capacity=Capacity.DEPUTY)),
    ("10", "error", "form08-authority-missing", signer(capacity=Capacity.AUTHORISED, lines=("TUQ. CHỦ TỊCH",))),
    (
        "10", "error", "form08-authorised-without-prefix",
        signer(capacity=Capacity.AUTHORISED, authorised_by="Giấy ủy quyền số 3"),
    ),
    ("order", "warning", "form08-counts-order", counts(appraised=0)),
    ("order", "warning", "form08-count-overridden", counts(classified=1)),
]  # fmt: skip


def codes(form: Form08) -> set[tuple[str, str, str]]:
    return {(note.rule, note.weight, note.why.code) for note in check_form(form)}


def test_a_form_that_agrees_with_itself_has_no_notes_and_is_no_draft() -> None:
    form = build_form(form_inputs())
    assert check_form(form) == ()
    assert not form.letter.draft


@pytest.mark.parametrize(("rule", "weight", "code", "change"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_each_fault_is_named_and_an_error_makes_a_draft(rule: str, weight: str, code: str, change: Change) -> None:
    form = build_form(change(form_inputs()))
    assert (rule, weight, code) in codes(form)
    if weight == "error":
        assert form.letter.draft
        assert form.letter.mark() == "BẢN NHÁP"


def test_the_right_signatures_are_accepted() -> None:
    deputy = signer(capacity=Capacity.DEPUTY, lines=("TM. UBND", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"))
    authorised = signer(capacity=Capacity.AUTHORISED, lines=("TUQ. CHỦ TỊCH",), authorised_by="Giấy ủy quyền số 3")
    for change in (deputy, authorised):
        assert codes(build_form(change(form_inputs()))) == set()


def test_every_code_has_words_in_both_languages_without_a_hole() -> None:
    phrases = load_phrases(ROOT / "checklists")
    for _, _, code, change in FAULTS:
        for note in check_form(build_form(change(form_inputs()))):
            assert note.why.code in phrases, code
            for language in ("vi", "en"):
                sentence = phrases.render(note.why, language)
                assert "{" not in sentence
                assert note.why.code not in sentence


@pytest.mark.parametrize(
    ("applicable", "met", "partial", "value"),
    [
        (3, 3, 0, Implementation.FULL),
        (3, 2, 0, Implementation.SOME),
        (3, 0, 1, Implementation.SOME),
        (3, 0, 0, Implementation.NONE),
        (0, 0, 0, Implementation.NONE),
    ],
)
def test_column_10_is_proposed_by_the_published_rule(
    applicable: int, met: int, partial: int, value: Implementation
) -> None:
    assert proposed_implementation(applicable, met, partial) is value


def test_column_10_is_never_filled_without_confirmation() -> None:
    form = build_form(replace(form_inputs(), confirmed={}))
    assert [row.implementation for row in form.rows] == [None, None]
    assert form.rows[0].proposed is Implementation.SOME
    assert form.rows[1].proposed is None, "nobody assessed the system that is not in the workspace"


def test_the_values_are_those_of_the_form_letter_by_letter() -> None:
    assert [one.value for one in Approval] == ["Đang dự thảo", "Đã gửi thẩm định", "Đã thẩm định", "Đã được phê duyệt"]
    assert [one.value for one in Implementation] == [
        "Chưa triển khai", "Đã triển khai một số hạng mục", "Đã triển khai đầy đủ",
    ]  # fmt: skip
    assert [one.value for one in Examination] == ["Trước khi đưa vào sử dụng", "Định kỳ"]


def test_counts_follow_from_the_rows_and_the_officer_may_replace_them() -> None:
    plain = build_form(form_inputs()).counts
    assert (plain.total_systems, plain.classified, plain.dossier_built, plain.appraised) == (2, 2, 1, 1)
    assert (plain.approved, plain.approved_and_checked) == (1, 1)
    assert build_form(counts(dossier_built=2)(form_inputs())).counts.dossier_built == 2


def test_the_window_and_the_year_that_is_due() -> None:
    assert build_form(form_inputs()).window == (date(2025, 12, 15), date(2026, 12, 14))
    assert [reporting_year(date(2026, *day)) for day in ((11, 22), (12, 25), (12, 26))] == [2026, 2026, 2027]
