"""The digest's text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from secaudit.i18n import use_language
from secaudit.model.words import Severity
from secaudit.notify.digest import Digest, NewsLine, OverdueLine, PageNews, SystemNews, subject, text

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("vi")


def line(title: str, severity: Severity = Severity.HIGH) -> NewsLine:
    return NewsLine(severity=severity, title=title)


PAGE = PageNews(
    name="xa-thu.gov.vn", url="https://xa-thu.gov.vn/", scanned_at=NOW, compared_with=NOW, new=(line("Old TLS"),),
    back=(line("Telnet open"),), fixed=(line("No HSTS"), line("No CAA")), still_open=7, report="/r/bao-cao.html",
)  # fmt: skip
FULL = Digest(
    organisation="UBND xã Thử", made_at=NOW, pages=(PAGE,),
    systems=(SystemNews(name="Trang", strict="41 %", progress="52.5 %", met=78, applicable=190),),
    evidence=(OverdueLine(id="l:5.1", title="Rules", due=date(2026, 11, 1)),),
    items=(OverdueLine(id="KP3", title="Close Telnet", due=None, owner="Trần Thị B"),), due_soon=4,
)  # fmt: skip


def test_the_subject_counts() -> None:
    assert subject(FULL) == "secaudit: 1 new, 1 back again, 2 fixed, 2 overdue – UBND xã Thử"


def test_everything_is_told_and_both_figures_together() -> None:
    told = text(FULL)
    for words in (
        "New (1):\n  [High] Old TLS", "Back again (1):\n  [High] Telnet open", "Fixed (2):", "Still open: 7",
        "strict 41 % (78 of 190 requirements met); with partial ones at half 52.5 %", "l:5.1: Rules (due 01/11/2026)",
        "KP3: Close Telnet (no usable date) – Trần Thị B", "of 4 more requirements", "/r/bao-cao.html",
    ):  # fmt: skip
        assert words in told


@pytest.mark.parametrize(
    ("change", "news"),
    [
        ({}, True),
        ({"new": (), "back": (), "fixed": ()}, False),
        ({"new": (), "back": (), "fixed": (), "gone_unknown": 1}, True),
        ({"new": (), "back": (), "fixed": (), "complete": False}, True),
        ({"new": (), "back": (), "fixed": (), "fault": "no permission"}, True),
    ],
)
def test_what_is_news(change: dict[str, object], news: bool) -> None:
    page = PAGE.model_copy(update=change)
    assert FULL.model_copy(update={"pages": (page,), "evidence": (), "items": ()}).is_news is news


def test_overdue_work_is_always_news() -> None:
    quiet = PAGE.model_copy(update={"new": (), "back": (), "fixed": ()})
    assert FULL.model_copy(update={"pages": (quiet,)}).is_news


def test_a_page_that_was_not_seen_is_no_good_page() -> None:
    told = text(Digest(organisation="", made_at=NOW, systems=(), pages=(
        PageNews(name="a", url="https://a/", fault="The permission has expired."),
        PageNews(name="b", url="https://b/", scanned_at=NOW, complete=False),
    )))  # fmt: skip
    assert "! Not scanned this time: The permission has expired." in told
    assert "! Never scanned so far." in told
    assert "! Not complete" in told
    assert "there is none to compare with" in told


def test_what_a_server_sent_moves_no_cursor_and_makes_no_header() -> None:
    evil = "x\r\nBcc: all@xa.example\x1b[2J\u202e"
    digest = FULL.model_copy(update={"organisation": evil, "pages": (PAGE.model_copy(update={"new": (line(evil),)}),)})
    assert "\n" not in subject(digest)
    for sign in ("\r", "\x1b", "\u202e", "\nBcc"):
        assert sign not in text(digest)


def test_a_thousand_findings_stay_a_mail() -> None:
    told = text(FULL.model_copy(update={"pages": (PAGE.model_copy(update={"new": (line("x"),) * 1000}),)}))
    assert "New (1000):" in told
    assert "… and 980 more" in told
    assert len(told.splitlines()) < 80
