"""The search for injected betting pages on the corpus: no false alarm, and hardly anything missed."""

from __future__ import annotations

from benchmarks.integrity import measure
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
