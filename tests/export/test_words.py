"""Codes, figures and periods in words."""

from __future__ import annotations

import json

import pytest

from secaudit.export import words as tables
from secaudit.export.words import Words
from secaudit.model.base import Text
from secaudit.model.requirement import Source, Threshold
from secaudit.model.words import Nature, Obligation, Responsible
from tests.export.sample import ROOT


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("P6M", "every 6 months"),
        ("P1M", "every 1 month"),
        ("P12M", "every 12 months"),
        ("P1Y6M", "every 1 year 6 months"),
        ("P2W", "every 2 weeks"),
        ("", ""),
        ("six months", "every six months"),
    ],
)
def test_periods(period: str, expected: str) -> None:
    assert Words("en").period(period) == expected


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [(3.0, "3", "3"), (100000.0, "100.000", "100,000"), (0.5, "0,5", "0.5"), (1234.25, "1.234,25", "1,234.25")],
)
def test_numbers_have_the_separators_of_the_language(value: float, vietnamese: str, english: str) -> None:
    assert Words("vi").number(value) == vietnamese
    assert Words("en").number(value) == english


@pytest.mark.parametrize(
    ("comparison", "value", "unit", "expected"),
    [
        ("at-least", 3, "month", "Kept: at least 3 months"),
        ("at-most", 1, "hour", "Kept: at most 1 hour"),
        ("exactly", 15, "percent", "Kept: 15 %"),
        ("exactly", 2, "barrels", "Kept: 2 barrels"),
    ],
)
def test_thresholds(comparison: str, value: float, unit: str, expected: str) -> None:
    threshold = Threshold(name=Text(vi="Lưu", en="Kept"), value=value, unit=unit, comparison=comparison)
    assert Words("en").threshold(threshold) == expected


def test_every_word_of_the_closed_lists_is_worded() -> None:
    schema = json.loads((ROOT / "checklists" / "schema.json").read_text(encoding="utf-8"))
    units = schema["$defs"]["threshold"]["properties"]["unit"]["enum"]
    english = Words("en")
    assert all(english.amount(2, unit) != f"2 {unit}" or unit in {"times", "characters", "copies", "zones", "passwords",
               "steps", "items", "people"} for unit in units)  # fmt: skip
    assert set(units) == set(tables._AMOUNTS)
    assert set(tables.NATURES) == set(Nature)
    assert set(tables.OBLIGATIONS) == set(Obligation)
    assert set(tables.RESPONSIBLE) == set(Responsible)
    assert set(tables.KINDS) == set(Source.model_fields["kind"].annotation.__args__)
    assert set(tables.ROLES) == set(schema["properties"]["role"]["enum"])
