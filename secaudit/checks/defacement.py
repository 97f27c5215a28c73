"""Marks that attackers leave on a page that they have taken."""

from __future__ import annotations

from secaudit.checks.vocabulary import Vocabulary, fold, vocabulary
from secaudit.html.page import Page

SHORT_PAGE = 3000
"""Characters of text below which a mark in a heading counts; a report on an attack is longer."""
TINY_PAGE = 600
"""Characters of text below which a mark anywhere counts."""
_EXCERPT = 160


def defacement_mark(page: Page, known: Vocabulary | None = None) -> str:
    """Return the words that show that somebody else has taken the page, empty where there are none.

    A report about such an attack quotes the same words: with words of news or law beside them they do not count.
    """
    known = known or vocabulary()
    length = len(page.text)
    places = [page.title]
    if length < SHORT_PAGE:
        places += page.headings
    if length < TINY_PAGE:
        places.append(page.text)
    for text in places:
        found = known.defacement.search(text)
        if found is None or known.context.found(fold(text)):
            continue
        # In the title of a long page the mark must come first: it may be the headline of a report.
        if length < SHORT_PAGE or found.start() < 5:
            return text[max(0, found.start() - 20) :][:_EXCERPT]
    return ""
