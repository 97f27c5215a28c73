"""What a cell means, and what is said of cells that mean nothing."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

import pytest

from secaudit.export.workbook.cells import Cell, answer_of, day_of, evidence_of, text_of, yes_no_of
from secaudit.model.errors import BadInput
from secaudit.model.words import AnswerValue


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Đạt", AnswerValue.MET),
        (unicodedata.normalize("NFD", "Đạt"), AnswerValue.MET),
        (unicodedata.normalize("NFD", "  chưa   ĐẠT "), AnswerValue.NOT_MET),
        ("Met", AnswerValue.MET),
        ("partly met", AnswerValue.PARTIAL),
        ("Một phần.", AnswerValue.PARTIAL),
        ("not-applicable", AnswerValue.NOT_APPLICABLE),
        ("Không áp dụng", AnswerValue.NOT_APPLICABLE),
        ("Chưa đánh giá", None),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_answers_in_either_language_however_they_were_composed(
    typed: str | None, value: AnswerValue | None, language: str
) -> None:
    assert answer_of(Cell(typed), language) is value


@pytest.mark.parametrize("typed", ["Dat", "Có", "100%", "Đạt?", 1, True, date(2026, 11, 22)])
def test_no_answer_is_guessed(typed: Any) -> None:
    with pytest.raises(BadInput) as refused:
        answer_of(Cell(typed, "n"), "vi")
    assert refused.value.params["allowed"] == "Đạt, Một phần, Chưa đạt, Không áp dụng"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("22/11/2026", date(2026, 11, 22)),
        ("5/6/2026", date(2026, 6, 5)),
        ("05.06.2026", date(2026, 6, 5)),
        (" 05 / 06 / 2026 ", date(2026, 6, 5)),
        ("2026-06-05", date(2026, 6, 5)),
        (datetime(2026, 6, 5, 14, 30), date(2026, 6, 5)),  # noqa: DTZ001 - as spreadsheets have it
        (date(2026, 6, 5), date(2026, 6, 5)),
        ("", None),
        (None, None),
    ],
)
def test_days_are_read_with_the_day_before_the_month(typed: Any, day: date | None) -> None:
    assert day_of(Cell(typed, "d" if isinstance(typed, date) else "s")) == day


@pytest.mark.parametrize(
    ("typed", "kind", "complaint"),
    [
        ("11/22/2026", "s", "begin with the month"),
        ("31/02/2026", "s", "is not a day"),
        ("22/11/26", "s", "four digits"),
        ("tháng 11", "s", "is not a day"),
        ("22/11/0026", "s", "year 26"),
        ("22/11/2926", "s", "year 2926"),
        (46000, "n", "number 46000"),
        (True, "b", "number TRUE"),
        ("=TODAY()", "f", "formula"),
        ("#N/A", "e", "#N/A"),
    ],
)
def test_what_is_no_day_is_refused_and_said_how_it_was_understood(typed: Any, kind: str, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        day_of(Cell(typed, kind))


def test_the_month_before_the_day_is_turned_around_in_the_advice() -> None:
    with pytest.raises(BadInput) as refused:
        day_of(Cell("11/22/2026"))
    assert refused.value.params == {"typed": "11/22/2026", "day": 11, "month": 22, "turned": "22/11/2026"}


@pytest.mark.parametrize(
    ("typed", "said"), [("có", True), ("Không", False), ("YES", True), ("no", False), (True, True), ("", None)]
)
def test_yes_and_no(typed: Any, said: bool | None) -> None:
    assert yes_no_of(Cell(typed), "vi") is said


def test_neither_yes_nor_no() -> None:
    with pytest.raises(BadInput, match="neither"):
        yes_no_of(Cell("chắc vậy"), "vi")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("=1+1", "s", "=1+1"),  # a text that begins with =, not a formula
        (12.0, "n", "12"),
        (0.5, "n", "0.5"),
        (datetime(2026, 6, 5), "d", "05/06/2026"),  # noqa: DTZ001
        ("một\r\nhai_x000D_\nba ", "s", "một\nhai\nba"),
    ],
)
def test_texts_come_as_they_are_seen(value: Any, kind: str, text: str) -> None:
    assert text_of(Cell(value, kind)) == text


@pytest.mark.parametrize("value", ["=1+1", '=WEBSERVICE("http://192.0.2.1/")'])
def test_a_formula_is_never_read(value: str) -> None:
    with pytest.raises(BadInput, match="formula"):
        text_of(Cell(value, "f"))


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("E1", ("E1",)),
        ("e1; E2, e3", ("E1", "E2", "E3")),
        ("E1 (Biên bản (ký); bản 2.pdf)\nE2 (https://xa.vn)", ("E1", "E2")),
        ("https://xa.vn/a;b,c\nhttps://xa.vn/d https://xa.vn/e;", ("https://xa.vn/a;b,c", "https://xa.vn/d",
                                                                  "https://xa.vn/e")),
        ("scan:2026", ("scan:2026",)),
        ("Báo cáo, bản 2.pdf", ("Báo cáo, bản 2.pdf",)),
        ("E1\nE1\n\n", ("E1",)),
        (None, ()),
    ],
)  # fmt: skip
def test_evidence_is_one_piece_per_line(typed: str | None, pieces: tuple[str, ...]) -> None:
    assert evidence_of(Cell(typed)) == pieces
