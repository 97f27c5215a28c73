"""How much a page reads like betting advertising: points with reasons.

What advertising cannot do without counts most: titles, links to betting sites, host names, file names. Prose counts
little, and not at all near the words of news and law, so that a report on a raid scores next to nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from secaudit.checks.vocabulary import Folded, Term, Vocabulary, fold, labels, vocabulary, words_of_path
from secaudit.html.addresses import host_of, is_foreign
from secaudit.html.page import Link, Page

THRESHOLD = 12.0
"""Points from which a page counts as betting advertising; the corpus in tests/corpus shows how it was chosen."""
NEAR = 250
"""Characters on either side within which a word of news or law takes the points from a term in prose."""
NEWS_SHARE = 0.6
"""Share of the terms in prose standing near such words from which the whole page counts as news."""
NEWS_FACTOR = 0.2
BARE_FACTOR = 0.4
"""What is left of the points where nothing is sold: no betting link, no name of a site, no word of promotion."""
_FIELDS = {"title": (3.0, 1), "description": (1.5, 1), "heading": (2.0, 2), "file name": (1.5, 4), "link": (1.5, 4)}
_OUTWARD = (3.0, 4)
_PROSE = (0.5, 3)
_HOST = 6.0
_SECTION, _MOST_SECTIONS = 2.0, 4
ENOUGH_SECTIONS = 2
"""So many games as sections of the site sell something, whatever else the page says."""
_MOST_REASONS = 12


@dataclass
class SpamScore:
    """The points of a page, and why.

    Attributes:
        outward: links to betting sites elsewhere.
        reasons: where each word was found with its points, the weightiest first.
    """

    points: float = 0.0
    outward: list[Link] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def is_spam(self) -> bool:
        """Tell whether the page counts as betting advertising."""
        return self.points >= THRESHOLD


def leads_to_betting(link: Link, own: str, known: Vocabulary | None = None) -> bool:
    """Tell whether a link leads to another body's host that its name or the link's words show to be a betting site."""
    known = known or vocabulary()
    host = host_of(link.url)
    if not is_foreign(host, own) or known.is_trusted(host):
        return False
    if known.joined_in(host) or known.brands_in(labels(host)):
        return True
    text = fold(link.text)
    if known.context.found(text):
        return False
    words = text.bare.split()
    strong = [term for term in known.gambling.found(text) if term.weight >= 2]
    # A lucky number in the host's name is a sign only where the link itself is called so, or sells something.
    lucky = known.lucky_in(labels(host)) and (known.lucky_in(words) or known.promotion.found(text))
    return bool(strong or lucky or known.brands_in(words))


def is_sold_elsewhere(link: Link, own: str, known: Vocabulary | None = None) -> bool:
    """Tell whether a link sells other goods that are advertised by hidden links (medicine, loans, forged papers)."""
    known = known or vocabulary()
    host = host_of(link.url)
    if not is_foreign(host, own) or known.is_trusted(host):
        return False
    text = fold(link.text)
    return bool(known.other.found(text)) and not known.context.found(text)


def score_page(page: Page, known: Vocabulary | None = None) -> SpamScore:
    """Return the points of a page."""
    return _Scorer(page, known or vocabulary()).score()


def score_addresses(urls: Iterable[str], known: Vocabulary | None = None) -> SpamScore:
    """Return the points of a list of addresses, for example of a sitemap: words of news take an entry's away."""
    known = known or vocabulary()
    total = SpamScore()
    points: Counter[str] = Counter()
    for url in list(dict.fromkeys(urls))[:20_000]:
        text = fold(words_of_path(url))
        if known.context.found(text):
            continue
        worth = sum(term.weight for term in known.gambling.found(text) if term.weight >= 2)
        worth += 2 * len(known.brands_in(text.bare.split())) if worth else 0
        if worth:
            points[url] = round(1.5 * worth)
    total.points = float(sum(points.values()))
    total.reasons = [f"{url[:150]} (+{worth})" for url, worth in points.most_common(_MOST_REASONS)]
    return total


class _Scorer:
    def __init__(self, page: Page, known: Vocabulary) -> None:
        self._page, self._known = page, known
        self._own = host_of(page.url)
        self._parts: dict[tuple[str, str], float] = {}
        self._in_news = self._in_prose = self._own_sections = 0

    def score(self) -> SpamScore:
        page = self._page
        prose = fold(page.prose)
        near = sorted(self._known.context.places(prose))
        self._prose(prose, near)
        title = fold(page.title)
        self._segments("title", [title])
        self._segments("description", [fold(page.description)])
        headings = [folded for folded in map(fold, page.headings) if folded.text not in title.text]
        self._segments("heading", headings)
        self._segments("file name", [fold(words_of_path(page.url))])
        written = sum(self._parts.values())
        outward = self._links()
        brands = self._brands(title, headings)
        linked = sum(self._parts.values()) - written
        promotion = self._promotion(title, prose, near)
        if not outward:
            if self._in_prose and self._in_news >= NEWS_SHARE * self._in_prose:
                written *= NEWS_FACTOR
            if not promotion and not brands and self._own_sections < ENOUGH_SECTIONS:
                written, linked = written * BARE_FACTOR, linked * BARE_FACTOR
        total = written + linked
        if total:
            total += promotion
        weightiest = sorted(self._parts.items(), key=lambda part: -part[1])[:_MOST_REASONS]
        reasons = [f"{place}: {words} (+{worth:g})" for (place, words), worth in weightiest]
        return SpamScore(round(total, 1), outward, reasons)

    def _prose(self, text: Folded, near: list[int]) -> None:
        """Count the terms in prose that stand away from words of news and law."""
        counted: Counter[Term] = Counter()
        for place, term in self._known.gambling.places_of(text):
            self._in_prose += 1
            if _stands_near(place, near):
                self._in_news += 1
            else:
                counted[term] += 1
        self._add("text", counted, *_PROSE)

    def _segments(self, place: str, texts: list[Folded]) -> None:
        """Count terms in short texts; one that itself speaks of law or news counts nothing."""
        counted: Counter[Term] = Counter()
        for text in texts:
            found = self._known.gambling.found(text)
            if found and not self._known.context.found(text):
                counted.update(found)
        self._add(place, counted, *_FIELDS[place])

    def _add(self, place: str, counted: Counter[Term], factor: float, most: int) -> None:
        for term, count in counted.items():
            self._parts[place, term.term] = term.weight * factor * min(count, most)

    def _links(self) -> list[Link]:
        """Count the words of links: those to betting sites elsewhere most, those within the site as its file names."""
        outward = [link for link in self._page.links if leads_to_betting(link, self._own, self._known)]
        counted: Counter[Term] = Counter()
        for link in outward:
            counted.update(self._known.gambling.found(fold(link.text)).keys())
            self._parts["host", host_of(link.url)] = _HOST
        self._add("link to another site", counted, *_OUTWARD)
        inward = [link for link in self._page.links if not is_foreign(host_of(link.url), self._own)]
        self._segments("link", [fold(f"{link.text} {words_of_path(link.url)}") for link in inward])
        self._sections(inward)
        return outward

    def _sections(self, inward: list[Link]) -> None:
        """Count the site's own sections that are named after a game, in the link's words and in its address alike."""
        named: set[str] = set()
        for link in inward:
            text, path = fold(link.text), fold(words_of_path(link.url))
            names = {term.term for term in self._known.gambling.found(text) if fold(term.term).text == text.text}
            named |= names & {term.term for term in self._known.gambling.found(path)}
        self._own_sections = len(named)
        for name in sorted(named)[:_MOST_SECTIONS]:
            self._parts["section", name] = _SECTION

    def _brands(self, title: Folded, headings: list[Folded]) -> int:
        """Return how many names of betting sites title and headings hold, points added."""
        words = {word.strip(".,:;|-–()[]!?") for text in (title, *headings) for word in text.bare.split()}
        # Such a name alone is nothing; beside words of betting it is one more sign.
        named = sorted({*self._known.brands_in(words), *self._known.lucky_in(words)})
        if self._parts:
            for name in named[:5]:
                self._parts["name", name] = 3.0
        return len(named)

    def _promotion(self, title: Folded, prose: Folded, near: list[int]) -> float:
        """Return the points of the words that sell, away from words of news; at most about as many as a title gives."""
        found = {term for place, term in self._known.promotion.places_of(prose) if not _stands_near(place, near)}
        found |= set(self._known.promotion.found(title))
        for link in self._page.links:
            if is_foreign(host_of(link.url), self._own) and not self._known.is_trusted(host_of(link.url)):
                found |= set(self._known.promotion.found(fold(link.text)))
        worth = sum(term.weight for term in found)
        return min(worth, 8.0) if worth >= 2 else 0.0


def _stands_near(place: int, near: list[int]) -> bool:
    """Tell whether one of the places in `near`, ascending, is within reach."""
    at = bisect_left(near, place - NEAR)
    return at < len(near) and near[at] <= place + NEAR
