"""Rules of the area `integrity`: signs that somebody else has put content into the site."""

from __future__ import annotations

from collections.abc import Iterator

from secaudit.checks.cloaking import difference, sent_away
from secaudit.checks.crawled import EYES, SITE_PURPOSES, Crawled, Facts, SeenPage, by_place, crawled
from secaudit.checks.defacement import defacement_mark
from secaudit.checks.documents import page_of_document
from secaudit.checks.drift import drift
from secaudit.checks.hidden_links import hidden_links
from secaudit.checks.registry import Verdict, check, failed, inconclusive, not_applicable, passed
from secaudit.checks.sent_elsewhere import sent_from_search
from secaudit.checks.sitemaps import addresses_in_sitemaps
from secaudit.checks.spam_score import THRESHOLD, score_addresses, score_page
from secaudit.checks.view import View
from secaudit.html.addresses import host_of
from secaudit.html.page import Link
from secaudit.model.base import Json, Reason
from secaudit.model.observation import DocumentObservation, HttpVisit, ScriptHostObservation
from secaudit.model.words import Outcome

PROBES = ("crawl",)
_SHOWN = 5


def _links(links: tuple[Link, ...]) -> list[Json]:
    """Return links as evidence: host and words, how hidden."""
    shown = [f"{host_of(link.url)}: {link.text[:80]}" + (f" ({link.hidden})" if link.hidden else "") for link in links]
    unique: list[Json] = [*dict.fromkeys(shown)]
    return unique[:10]


@check("integrity.gambling-spam")
def _gambling_spam(view: View) -> list[Verdict]:
    seen = crawled(view)
    facts: Facts
    pages: list[Json] = []
    best = 0.0
    reasons: list[str] = []
    for page in seen.of(*SITE_PURPOSES, *EYES):
        score = score_page(page.page)
        if score.is_spam:
            pages.append(f"{page.url} ({page.visit.purpose}, {score.points:g})")
        if score.points > best:
            best, reasons = score.points, score.reasons
    documents = view.seen(DocumentObservation)
    for document in documents:
        score = score_page(page_of_document(document))
        if score.is_spam:
            pages.append(f"{document.target} (PDF, {score.points:g})")
        if score.points > best:
            best, reasons = score.points, score.reasons
    entries = score_addresses(addresses_in_sitemaps(view))
    if not pages and not entries.is_spam:
        if seen.why_not:
            return [inconclusive(seen.target, seen.why_not)]
        unread = sum(document.fault is not None for document in documents)
        facts = {"highest": max(best, entries.points), "threshold": THRESHOLD}
        if documents:
            facts |= {"documents_read": len(documents) - unread, "documents_unread": unread}
        return [passed(seen.target, **facts)]
    facts = {"threshold": THRESHOLD, "pages": pages[:_SHOWN], "on": len(pages)}
    if pages:
        facts |= {"points": best, "reasons": [*reasons]}
    if entries.is_spam:
        facts["sitemap"] = [*entries.reasons]
    return [Verdict(Outcome.FAIL, seen.target, facts)]


@check("integrity.hidden-links")
def _hidden_links(view: View) -> list[Verdict]:
    def find(page: SeenPage) -> Iterator[tuple[str, Facts]]:
        if hidden := hidden_links(page.page):
            yield "", {"selling": _links(hidden.selling), "links": _links(hidden.strange)}

    return by_place(view, find, (*SITE_PURPOSES, *EYES))


@check("integrity.cloaking")
def _cloaking(view: View) -> list[Verdict]:
    return [_compared(view, crawled(view), purpose) for purpose in EYES]


def _compared(view: View, seen: Crawled, purpose: str) -> Verdict:
    """Judge one kind of visitor against the browser; the place is the kind."""
    visit = view.visit(purpose)
    home_visit = view.visit("home")
    if visit is None or home_visit is None:
        return _placed(inconclusive(seen.target, view.why_not_run("crawl")), purpose)
    page, home = next(iter(seen.of(purpose)), None), seen.home
    away = sent_away(visit, page, home_visit, home) if purpose == "as-crawler" else ""
    if away:
        return failed(seen.target, place=purpose, visitor=purpose, leads_to=away)
    again = next(iter(seen.of("home-again")), None)
    if page is not None and home is not None:
        found = difference(page, home, again)
        if found.certain:
            return Verdict(Outcome.FAIL, seen.target, {"visitor": purpose, **found.facts}, place=purpose)
        if page.exchange.status >= 400 > home.exchange.status:
            reason = Reason(code="integrity-eyes-refused", params={"status": page.exchange.status})
            return _placed(inconclusive(seen.target, reason), purpose)
        if found.facts:
            changed = seen.crawl is not None and seen.crawl.changed
            code = "integrity-site-changed" if changed else "integrity-eyes-differ"
            return _placed(inconclusive(seen.target, Reason(code=code)), purpose)
    reason_why = seen.why_not or (visit.fault if page is None else None)
    if reason_why is None and page is None:
        reason_why = Reason(code="integrity-eyes-elsewhere", params={"url": visit.next_url[:200]})
    if reason_why:
        return _placed(inconclusive(seen.target, reason_why), purpose)
    return _placed(passed(seen.target, visitor=purpose), purpose)


def _placed(verdict: Verdict, place: str) -> Verdict:
    return Verdict(verdict.result, verdict.target, verdict.evidence, verdict.reason, place)


@check("integrity.search-redirect")
def _search_redirect(view: View) -> list[Verdict]:
    seen = crawled(view)
    visit, home = view.visit("as-search-visitor"), view.visit("home")
    if visit is None or home is None:
        return [inconclusive(seen.target, view.why_not_run("crawl"))]
    page = next(iter(seen.of("as-search-visitor")), None)
    if away := sent_away(visit, page, home, seen.home):
        return [failed(seen.target, leads_to=away, by="answer" if page is None else "page", chain=_chain(visit))]
    for one in seen.of(*SITE_PURPOSES, "as-search-visitor"):
        if hosts := sent_from_search(one.page):
            return [failed(seen.target, leads_to=min(hosts), by="script", page=one.url)]
    if reason := visit.fault or seen.why_not:
        return [inconclusive(seen.target, reason)]
    return [passed(seen.target, chain=_chain(visit))]


def _chain(visit: HttpVisit) -> list[Json]:
    return [exchange.url.partition("?")[0][:200] for exchange in visit.exchanges]


@check("integrity.defaced")
def _defaced(view: View) -> list[Verdict]:
    def find(page: SeenPage) -> Iterator[tuple[str, Facts]]:
        if mark := defacement_mark(page.page):
            yield "", {"mark": mark, "title": page.page.title[:200]}

    return by_place(view, find, (*SITE_PURPOSES, *EYES))


@check("integrity.changed")
def _changed(view: View) -> list[Verdict]:
    seen = crawled(view)
    baseline = view.options.baseline
    if baseline is None:
        return [not_applicable(seen.target, Reason(code="no-baseline"))]
    if seen.home is None or seen.home.exchange.status >= 400 or not seen.home.is_whole:
        return [inconclusive(seen.target, seen.why_not or Reason(code="no-page"))]
    accepted: Facts = {"accepted_at": baseline.accepted_at.date().isoformat(), "scan": baseline.scan}
    found = drift(seen.home.page, baseline)
    if not found:
        return [passed(seen.target, **accepted)]
    return [failed(seen.target, place=place, **facts, **accepted) for place, facts in sorted(found.items())]


@check("integrity.unregistered-script-domain")
def _unregistered_script_domain(view: View) -> list[Verdict]:
    seen = crawled(view)
    looks = view.seen(ScriptHostObservation)
    verdicts = []
    for look in looks:
        if look.resolution == "no-such-name":
            pages: list[Json] = [
                page.url
                for page in seen.of(*SITE_PURPOSES)
                if any(host_of(script.url) == look.host for script in page.page.scripts)
            ]
            verdicts.append(failed(seen.target, place=look.host, host=look.host, exists=look.closest, pages=pages[:5]))
        elif look.fault is not None:
            verdicts.append(_placed(inconclusive(seen.target, look.fault), look.host))
    if verdicts:
        return verdicts
    if seen.why_not:
        return [inconclusive(seen.target, seen.why_not)]
    return [passed(seen.target, hosts=[look.host for look in looks])]
