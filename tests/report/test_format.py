from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.cli.words import share
from secaudit.i18n import use_language
from secaudit.report.format import Formatter, period_parts, visible

VI = Formatter("vi", timezone(timedelta(hours=7)))
EN = Formatter("en", UTC)
LATE = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)


def test_dates_as_vietnamese_offices_write_them():
    assert VI.date(date(2026, 11, 2)) == "02/11/2026"
    assert VI.date(LATE) == "23/11/2026"
    assert VI.moment(LATE) == "03:05 ngày 23/11/2026"
    assert EN.moment(LATE) == "22 November 2026, 20:05"


@pytest.mark.parametrize(
    ("minutes", "name"), [(420, "UTC+7"), (0, "UTC"), (-210, "UTC-3:30"), (345, "UTC+5:45"), (-60, "UTC-1")]
)
def test_zone_names(minutes: int, name: str):
    assert Formatter("vi", timezone(timedelta(minutes=minutes))).zone_name(LATE) == name


@pytest.mark.parametrize(
    ("share", "vi", "en"),
    [
        (0, "0%", "0%"),
        (1, "100%", "100%"),
        (0.375, "37,5%", "37.5%"),
        (194.9 / 195, "99,9%", "99.9%"),
        (0.9999, "99,9%", "99.9%"),
        (0.0001, "0,1%", "0.1%"),
        (2 / 3, "66,7%", "66.7%"),
    ],
)
def test_only_all_is_shown_as_100_per_cent_and_only_none_as_0(share: float, vi: str, en: str):
    assert VI.percent(share) == vi
    assert EN.percent(share) == en


def test_numbers():
    assert VI.number(1234.5, 1) == "1.234,5"
    assert EN.number(1234.5, 1) == "1,234.5"
    assert VI.number(1050) == "1.050"


def test_moments_in_evidence_are_written_out_and_lookalikes_stay():
    assert VI.stamp_or_text("2026-12-08T23:59:59Z") == "06:59 ngày 09/12/2026 (UTC+7)"
    assert VI.stamp_or_text("2026-13-08T23:59:59Z") == "2026-13-08T23:59:59Z"
    assert VI.stamp_or_text("9999-12-31T23:59:59Z") == "9999-12-31T23:59:59Z"
    assert VI.stamp_or_text("nginx 2026") == "nginx 2026"


@pytest.mark.parametrize(
    ("period", "parts"),
    [("P6M", [(6, "month")]), ("P1Y6M", [(1, "year"), (6, "month")]), ("PT24H", [(24, "hour")]), ("x", [])],
)
def test_periods(period: str, parts: list[tuple[int, str]]):
    assert period_parts(period) == parts


def test_what_hides_or_reorders_is_written_out():
    assert visible("a\u202eb\x00\x1b[31m\u200b\ufeff") == "a[U+202E]b[U+0000][U+001B][31m[U+200B][U+FEFF]"
    assert visible("\ud800") == "[U+D800]"
    assert visible("Ủy ban nhân dân xã Mẫu\n\t") == "Ủy ban nhân dân xã Mẫu\n\t"
    assert visible("a\u0301\u0301\u0301\u0301") == "a\u0301[U+0301 ×3]"
    assert visible("Điều\u00a05") == "Điều\u00a05"


@given(st.text(max_size=60))
def test_visible_text_has_nothing_invisible_and_settles(text: str):
    shown = visible(text)
    assert all(letter.isprintable() or letter in "\n\t" or letter.isspace() for letter in shown)
    assert visible(shown) == shown
    shown.encode("utf-8")


@pytest.mark.parametrize("value", [0, 1 / 380, 0.00001, 2 / 11, 0.5, 2 / 3, 0.9996, 0.99999, 1])
def test_the_prompt_shows_a_share_as_the_reports_do(value: float) -> None:
    try:
        for language, formatter in (("en", EN), ("vi", VI)):
            use_language(language)
            assert share(value).replace(" %", "%") == formatter.percent(value)
    finally:
        use_language("vi")
