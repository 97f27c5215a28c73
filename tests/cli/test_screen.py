"""The screen: bars in which nothing is lost, and lines that fit."""

from __future__ import annotations

import pytest

from secaudit.cli.screen import MARKS, Screen, bar, cut
from secaudit.model.words import RowState


def drawn(counts: dict[RowState, int], cells: int) -> str:
    return "".join(span.text for span in bar(counts, cells))


def test_a_bar_has_one_mark_for_each_requirement_where_they_fit() -> None:
    counts = {RowState.UNASSESSED: 3, RowState.MET: 2, RowState.CONTRADICTED: 1, RowState.NOT_APPLICABLE: 9}
    assert drawn(counts, 20) == "[##!...]"


@pytest.mark.parametrize("cells", [6, 7, 20, 33])
def test_a_bar_that_is_scaled_keeps_every_state_and_its_length(cells: int) -> None:
    counts = dict.fromkeys(MARKS, 1) | {RowState.UNASSESSED: 180, RowState.MET: 60}
    text = drawn(counts, cells)
    assert len(text) == cells + 2
    assert {mark for mark, _ in MARKS.values()} <= set(text)


def test_marks_tell_states_apart_without_colours_on_any_console() -> None:
    marks = [mark for mark, _ in MARKS.values()]
    assert len(set(marks)) == len(marks)
    assert all(mark.isascii() for mark in marks)
    assert set(MARKS) == set(RowState) - {RowState.NOT_APPLICABLE}


def test_text_is_wrapped_only_where_there_is_a_width() -> None:
    text = "Nghị định số 331/2026/NĐ-CP " * 9
    for width in (80, 160):
        screen = Screen(width)
        screen.text(text, 2, 4)
        assert len(screen.lines) > 1
        assert all(sum(len(span.text) for span in line) <= width for line in screen.lines)
        assert "-".join(("NĐ", "CP")) in screen.lines[0][0].text
    plain = Screen(None)
    plain.text(text, 2, 4)
    assert len(plain.lines) == 1


def test_a_title_is_cut_to_its_column() -> None:
    assert cut("Quản lý", 10) == "Quản lý   "
    assert cut("Quản lý rủi ro", 10) == "Quản lý r…"
    assert cut("Quản lý rủi ro", 9) == "Quản lý …"
