"""The three-way comparison, for all that can stand in a row."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

from hypothesis import assume, given
from hypothesis import strategies as st

from secaudit.export.workbook.cells import Cell, evidence_of, text_of
from secaudit.export.workbook.columns import named_evidence
from secaudit.export.workbook.compare import Fate, fate
from secaudit.export.workbook.entry import Entry, changed_fields, entry_of, mark_of, plain, settled_evidence
from secaudit.model.assessment import Answer
from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.model.words import AnswerValue

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXTS = st.sampled_from(["", "một", "hai", "=1+1", "dòng\nhai"])
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 3))
ANSWERS = st.builds(
    Answer,
    checklist=st.just("c"),
    requirement=st.just("r"),
    value=st.sampled_from(AnswerValue),
    answered_by=st.sampled_from(["Lan", "Bình"]),
    answered_at=st.sampled_from([NOW, NOW.replace(hour=5)]),
    note=TEXTS,
    reason=TEXTS,
    evidence=st.sampled_from([(), ("E1",), ("E1", "E2")]),
    evidence_date=DAYS,
    independent=st.none() | st.booleans(),
    upholds=st.sampled_from([(), ("tls.tls10",)]),
)
STORED = st.none() | ANSWERS
ENTRIES = STORED.map(entry_of)


@given(STORED, STORED)
def test_what_was_not_touched_in_the_sheet_changes_nothing(base: Answer | None, stored: Answer | None) -> None:
    untouched = entry_of(base)
    assert fate(mark_of(base), untouched, untouched, mark_of(stored)) is Fate.UNCHANGED


@given(STORED, ENTRIES, STORED)
def test_a_row_is_set_only_while_the_very_answer_of_the_export_stands(
    base: Answer | None, sheet: Entry, stored: Answer | None
) -> None:
    result = fate(mark_of(base), sheet, sheet, mark_of(stored))
    if result is Fate.SET:
        assert stored == base
        assert sheet != entry_of(stored)
        assert sheet.value is not None
    if stored != base and sheet not in (entry_of(base), entry_of(stored)) and sheet.value is not None:
        assert result is Fate.CONFLICT


@given(STORED, ANSWERS)
def test_what_was_set_is_the_same_when_it_is_read_again(base: Answer | None, said: Answer) -> None:
    sheet = entry_of(said)
    assume(sheet != entry_of(base))
    assert fate(mark_of(base), sheet, sheet, mark_of(base)) is Fate.SET
    assert fate(mark_of(base), sheet, sheet, mark_of(said)) is Fate.SAME


@given(ANSWERS, STORED)
def test_an_emptied_row_takes_no_answer_back(base: Answer, stored: Answer | None) -> None:
    from dataclasses import replace

    only_answer = replace(entry_of(base), value=None)
    for emptied in (Entry(), only_answer):
        assert fate(mark_of(base), emptied, emptied, mark_of(stored)) is Fate.EMPTIED


@given(STORED, ENTRIES)
def test_writing_without_an_answer_is_named(base: Answer | None, sheet: Entry) -> None:
    from dataclasses import replace

    noted = replace(sheet, value=None, note="còn hỏi tỉnh")
    expected = Fate.EMPTIED if noted == replace(entry_of(base), value=None) else Fate.UNANSWERED
    result = fate(mark_of(base), noted, noted, mark_of(base))
    assert result is (Fate.UNCHANGED if noted == entry_of(base) else expected)


def test_an_answer_given_again_in_the_same_words_is_newer_all_the_same() -> None:
    base = Answer(checklist="c", requirement="r", value=AnswerValue.MET, answered_by="Lan", answered_at=NOW)
    again = base.model_copy(update={"answered_at": NOW.replace(hour=9)})
    sheet = Entry(value=AnswerValue.NOT_MET, answered_by="Lan")
    assert fate(mark_of(base), sheet, sheet, mark_of(again)) is Fate.CONFLICT
    upheld = base.model_copy(update={"upholds": ("tls.tls10",), "reason": ""})
    assert fate(mark_of(base), sheet, sheet, mark_of(upheld)) is Fate.CONFLICT


@given(st.text(max_size=200))
def test_a_text_is_the_same_after_it_went_through_a_cell(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert plain(unicodedata.normalize("NFD", once)) == once
    assert text_of(Cell(once)) == once


def test_a_text_longer_than_a_cell_is_compared_as_the_cell_holds_it() -> None:
    assert plain("a" * 40_000) == plain("a" * 39_000)
    assert len(plain("a" * 40_000)) == 32_000


def test_fields_that_differ_are_named() -> None:
    assert changed_fields(Entry(note="a"), Entry(note="b", value=AnswerValue.MET)) == ["value", "note"]


def evidence(number: int, kind: EvidenceKind, **more: str) -> Evidence:
    return Evidence(id=f"E{number}", kind=kind, added_at=NOW, **{"name": "tên", **more})


def test_a_link_or_scan_that_the_answer_has_already_is_the_same_piece() -> None:
    known = {
        "E1": evidence(1, EvidenceKind.LINK, reference="https://xa.vn/a"),
        "E2": evidence(2, EvidenceKind.SCAN, reference="S-1"),
        "E3": evidence(3, EvidenceKind.FILE, name="Báo cáo.pdf"),
    }
    typed = ("https://xa.vn/a", "scan:S-1", "Báo cáo.pdf", "https://xa.vn/b", "E3")
    assert settled_evidence(typed, known) == ("E1", "E2", "E3", "https://xa.vn/b")


@given(st.lists(st.tuples(st.integers(1, 99), st.text(max_size=30)), max_size=5))
def test_evidence_with_its_names_is_read_back_as_its_ids(pieces: list[tuple[int, str]]) -> None:
    shown = plain("\n".join(named_evidence(f"E{number}", name) for number, name in pieces))
    assert evidence_of(Cell(shown)) == tuple(dict.fromkeys(f"E{number}" for number, _ in pieces))
