"""Versions compare as their publishers mean them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.reference.versions import Version


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.8.3", "1.12.4"),
        ("3.0.0-rc1", "3.0.0"),
        ("1.9.0b1", "1.9.0"),
        ("4.0.0-beta.2", "4.0.0"),
        ("4.0.0-alpha.6", "4.0.0-beta"),
        ("1.1.1", "1.1.1w"),
        ("1.1.1k", "1.1.1w"),
        ("4.5.01", "4.5.02"),
        ("2.4.9", "2.4.58"),
        ("9", "10.2"),
    ],
)
def test_older_is_less(older: str, newer: str) -> None:
    assert Version(older) < Version(newer)
    assert not Version(newer) < Version(older)


@pytest.mark.parametrize(
    ("one", "other"),
    [("3.5", "3.5.0"), ("7.4.33-1+deb11u3", "7.4.33"), ("8.1.2-1ubuntu2.14", "8.1.2"), ("v1.2", "1.2.0")],
)
def test_same_version_differently_written(one: str, other: str) -> None:
    assert Version(one) == Version(other)
    assert hash(Version(one)) == hash(Version(other))


def test_a_line_is_a_beginning_by_numbers_not_by_letters() -> None:
    assert Version("4.5.02").starts_with(Version("4.5"))
    assert not Version("4.50.1").starts_with(Version("4.5"))
    assert Version("1.1.1w").starts_with(Version("1.1.1"))


def test_no_number_is_no_version() -> None:
    assert not Version("unknown").known
    assert not Version("").known


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_compares_without_a_crash(one: str, other: str) -> None:
    first, second = Version(one), Version(other)
    assert (first < second) + (second < first) + (first == second) == 1
