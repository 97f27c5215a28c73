"""One page with several eyes: what a search crawler or a search visitor sees and a browser does not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from secaudit.checks.crawled import SeenPage
from secaudit.checks.sent_elsewhere import sent_to
from secaudit.checks.spam_score import score_page
from secaudit.checks.vocabulary import Vocabulary, fold, vocabulary
from secaudit.html.addresses import host_of, is_foreign, registered
from secaudit.html.page import Page
from secaudit.model.base import Json
from secaudit.model.observation import HttpVisit

MANY_HOSTS = 5
"""So many hosts of others that only one kind of visitor is led to are no banner that happens to change."""
OTHER_PAGE = 0.3
"""Share of common words below which two texts count as different pages."""


@dataclass(frozen=True)
class Difference:
    """How one look differs from a browser's.

    Attributes:
        facts: evidence; empty when nothing differs that matters.
        certain: the difference can only be deliberate.
    """

    facts: dict[str, Json]
    certain: bool


def difference(seen: SeenPage, home: SeenPage, again: SeenPage | None, known: Vocabulary | None = None) -> Difference:
    """Compare what a crawler or a search visitor got with what a browser got, once or twice."""
    known = known or vocabulary()
    if seen.exchange.body == home.exchange.body:
        return Difference({}, certain=False)
    plain = [home.page, *([again.page] if again else [])]
    facts: dict[str, Json] = {}
    score = score_page(seen.page, known)
    sold_before = any(score_page(page, known).is_spam for page in plain)
    titles_before = any(_sells(page.title, known) for page in plain)
    if score.is_spam and (not sold_before or (_sells(seen.page.title, known) and not titles_before)):
        facts["betting_only_here"] = [*score.reasons[:6]]
    new = _strange_hosts(seen.page, known).difference(*(_strange_hosts(page, known) for page in plain))
    by_itself = _strange_hosts(plain[-1], known) - _strange_hosts(home.page, known)
    certain = bool(facts) or (len(new) >= MANY_HOSTS > len(by_itself))
    if len(new) >= MANY_HOSTS:
        facts["links_only_here"] = [*sorted(new)[:10]]
    steadily = not (again and _is_other_page(again.page, home.page))
    if seen.page.title != home.page.title and (certain or (_is_other_page(seen.page, home.page) and steadily)):
        facts["title_here"], facts["title_in_browser"] = seen.page.title[:200], home.page.title[:200]
    return Difference(facts, certain)


def sent_away(visit: HttpVisit, seen: SeenPage | None, home: HttpVisit, home_page: SeenPage | None) -> str:
    """Return the host of others that a visit was sent to while the browser stayed; empty for none."""
    own = host_of(home.page.url if home.page else home.target)
    browser_goes = {registered(host_of(url)) for url in (home.next_url, own) if url}
    ends = [visit.next_url, *(exchange.url for exchange in visit.exchanges)]
    for url in ends:
        host = host_of(url)
        if is_foreign(host, own) and registered(host) not in browser_goes:
            return host
    if seen is not None:
        new = sent_to(seen.page) - (sent_to(home_page.page) if home_page else set())
        return min(new, default="")
    return ""


def _sells(title: str, known: Vocabulary) -> bool:
    return any(term.weight >= 2 for term in known.gambling.found(fold(title)))


def _strange_hosts(page: Page, known: Vocabulary) -> set[str]:
    own = host_of(page.url)
    hosts = {host_of(link.url) for link in page.links}
    return {host for host in hosts if is_foreign(host, own) and not known.is_trusted(host)}


def _is_other_page(one: Page, other: Page) -> bool:
    if one.title == other.title:
        return False
    words = [set(re.findall(r"\w{2,}", fold(page.text[:50_000]).text)) for page in (one, other)]
    common, every = words[0] & words[1], words[0] | words[1]
    return bool(every) and len(common) / len(every) < OTHER_PAGE
