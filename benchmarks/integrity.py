"""Precision and recall of the search for injected betting pages, on the corpus that tests share."""

from __future__ import annotations

import time
from dataclasses import dataclass

from secaudit.checks.defacement import defacement_mark
from secaudit.checks.hidden_links import hidden_links
from secaudit.checks.spam_score import score_page
from secaudit.html.page import read_page
from tests.corpus.shapes import Entry, address, draw, entries


@dataclass(frozen=True)
class Judged:
    """One page of the corpus and what the rules say of it."""

    name: str
    points: float
    alarms: tuple[str, ...]
    reasons: tuple[str, ...]


def judge(entry: Entry) -> Judged:
    page = read_page(draw(entry), address(entry))
    score = score_page(page)
    alarms = ["gambling-spam"] if score.is_spam else []
    alarms += ["hidden-links"] if hidden_links(page) else []
    alarms += ["defaced"] if defacement_mark(page) else []
    return Judged(entry["name"], score.points, tuple(alarms), tuple(score.reasons[:4]))


@dataclass(frozen=True)
class Measured:
    """How the rules did on one part of the corpus."""

    spam: int
    clean: int
    missed: tuple[str, ...]
    false_alarms: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Return which share of the alarms is right."""
        found = self.spam - len(self.missed)
        return found / (found + len(self.false_alarms)) if found else 0.0

    @property
    def recall(self) -> float:
        """Return which share of the spam pages alarms."""
        return 1 - len(self.missed) / self.spam


def measure(spam: str, clean: str) -> Measured:
    bad, good = [judge(entry) for entry in entries(spam)], [judge(entry) for entry in entries(clean)]
    return Measured(
        len(bad),
        len(good),
        tuple(page.name for page in bad if not page.alarms),
        tuple(page.name for page in good if page.alarms),
    )


def main() -> None:
    for title, spam, clean in (("corpus", "spam", "clean"), ("held out", "spam-held-out", "clean-held-out")):
        began = time.perf_counter()
        found = measure(spam, clean)
        seconds = time.perf_counter() - began
        print(
            f"  {title:<9} precision {found.precision:.3f}  recall {found.recall:.3f}  ({found.spam} spam, "
            f"{found.clean} clean pages, {1000 * seconds / (found.spam + found.clean):.1f} ms each)"
        )
        for kind, names in (("missed", found.missed), ("false alarm", found.false_alarms)):
            for name in names:
                print(f"    {kind}: {name}")
