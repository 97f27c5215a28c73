"""The search for injected betting pages on the corpus: no false alarm, and hardly anything missed."""

from __future__ import annotations

from benchmarks.integrity import measure
from secaudit.checks.spam_score import THRESHOLD, score_page
from secaudit.checks.vocabulary import fold, vocabulary
from secaudit.html.page import Link, Page
from tests.corpus.shapes import entries


def test_the_corpus_is_large_and_varied() -> None:
    for name in ("spam", "clean"):
        loaded = entries(name)
        assert len(loaded) >= 40
        assert len({entry["name"] for entry in loaded}) == len(loaded)
        assert len({entry["shape"] for entry in loaded}) >= 5
        assert len({entry["title"] for entry in loaded}) == len(loaded)


def test_no_clean_page_alarms_and_nearly_every_spam_page_is_found() -> None:
    found = measure("spam", "clean")
    assert found.false_alarms == ()
    assert found.recall >= 0.95, found.missed


def test_the_part_that_was_never_tuned_for_raises_no_false_alarm() -> None:
    """Its recall is printed by the benchmark; only the promise of precision is kept by a test."""
    assert measure("spam-held-out", "clean-held-out").false_alarms == ()


def test_a_question_in_the_manner_of_advertising_warns_of_nothing() -> None:
    known = vocabulary()
    assert not known.context.found(fold("FB88 lừa đảo không? Review mới nhất"))
    assert known.context.found(fold("Cảnh giác với nhà cái"))
    assert known.context.found(fold("Công an cảnh báo lừa đảo"))


def test_sections_named_after_games_sell_and_one_alone_does_not() -> None:
    def points(*names: tuple[str, str]) -> float:
        links = tuple(Link(f"https://xa.tinh.gov.vn{path}", text) for text, path in names)
        return score_page(Page("https://xa.tinh.gov.vn/", title="Xã", links=links)).points

    assert points(("Tài xỉu", "/tai-xiu/"), ("Nổ hũ", "/no-hu/")) >= THRESHOLD
    assert points(("Tài xỉu", "/tin-tuc/123"), ("Nổ hũ", "/tin-tuc/124")) < THRESHOLD
    assert points(("Tài xỉu", "/tai-xiu/")) < THRESHOLD
    assert points(("Công an bắt tụ điểm tài xỉu", "/bat-tu-diem-tai-xiu"), ("Nổ hũ trái phép", "/no-hu-trai-phep")) == 0
