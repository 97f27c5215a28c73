"""Rules of the area `content`: what pages load, where their forms go, and what they give away."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from secaudit.checks.crawled import (
    PLAIN_PURPOSES,
    SITE_PURPOSES,
    Facts,
    SeenPage,
    by_place,
    crawled,
    https_pages,
)
from secaudit.checks.disclosures import disclosures, listing_by
from secaudit.checks.pages import is_https, without_query
from secaudit.checks.registry import Verdict, check, not_applicable
from secaudit.checks.view import View
from secaudit.html.addresses import host_of, is_foreign
from secaudit.html.page import Resource
from secaudit.model.base import Json, Reason
from secaudit.model.observation import HttpVisit
from secaudit.model.target import host_port

PROBES = ("http", "crawl")
_SHOWN = 300


def _is_plain(url: str) -> bool:
    return urlsplit(url).scheme == "http"


def _place(url: str) -> str:
    """Return the host of an address, with the port where one is named."""
    parts = urlsplit(url)
    return host_port(host_of(url), parts.port) if parts.port else host_of(url)


def _mixed(view: View, kinds: tuple[str, ...]) -> list[Verdict]:
    seen = crawled(view)
    if seen.why_not is None and not https_pages(seen):
        return [not_applicable(seen.target, Reason(code="no-https"))]

    def find(page: SeenPage) -> Iterator[tuple[str, Facts]]:
        if is_https(page.exchange.url):
            for kind in kinds:
                for resource in getattr(page.page, kind):
                    if _is_plain(resource.url):
                        yield _place(resource.url), {"url": resource.url[:_SHOWN], "element": resource.tag}

    return by_place(view, find)


@check("content.mixed-active")
def _mixed_active(view: View) -> list[Verdict]:
    return _mixed(view, ("scripts", "styles", "frames"))


@check("content.mixed-passive")
def _mixed_passive(view: View) -> list[Verdict]:
    return _mixed(view, ("media",))


@check("content.no-sri")
def _no_sri(view: View) -> list[Verdict]:
    def find(page: SeenPage) -> Iterator[tuple[str, Facts]]:
        own = host_of(page.exchange.url)
        for resource in (*page.page.scripts, *page.page.styles):
            if is_foreign(host_of(resource.url), own) and not _has_digest(resource):
                yield _place(resource.url), {"url": without_query(resource.url)[:_SHOWN], "element": resource.tag}

    return by_place(view, find)


def _has_digest(resource: Resource) -> bool:
    """Tell whether a browser would verify it: one digest of a known kind is enough (SRI, section 3.3.4)."""
    return any(word.startswith(("sha256-", "sha384-", "sha512-")) for word in resource.integrity.split())


@check("content.insecure-form")
def _insecure_form(view: View) -> list[Verdict]:
    def find(page: SeenPage) -> Iterator[tuple[str, Facts]]:
        secure = is_https(page.exchange.url)
        for form in page.page.forms:
            # A search box of a page that has no https at all says nothing that http.plain-only does not.
            if _is_plain(form.action) and (secure or form.method == "post" or form.password):
                action = without_query(form.action)[:_SHOWN]
                yield action, {"action": action, "method": form.method, "password": form.password}

    return by_place(view, find, (*SITE_PURPOSES, *PLAIN_PURPOSES))


@check("content.password-over-http")
def _password_over_http(view: View) -> list[Verdict]:
    def find(page: SeenPage) -> Iterator[tuple[str, Facts]]:
        plain = not is_https(page.exchange.url)
        if plain and (page.page.loose_password or any(form.password for form in page.page.forms)):
            yield without_query(page.exchange.url), {"url": page.url, "over": "page"}
        elif sent := [form for form in page.page.forms if form.password and _is_plain(form.action)]:
            yield without_query(sent[0].action)[:_SHOWN], {"url": page.url, "over": "form"}

    return by_place(view, find, (*SITE_PURPOSES, *PLAIN_PURPOSES), why_not=_http_side_unseen(view))


def _http_side_unseen(view: View) -> Reason | None:
    """Return that pages with a password field were seen over https only, while the site also answers over http."""
    seen = crawled(view)
    fields = [page for page in https_pages(seen) if any(form.password for form in page.page.forms)]
    plain = [page for page in seen.of(*PLAIN_PURPOSES) if not is_https(page.exchange.url)]
    if fields and any(page.exchange.status < 400 for page in plain):
        return Reason(code="content-http-side-unseen", params={"url": fields[0].url})
    return None


@check("content.directory-listing")
def _directory_listing(view: View) -> list[Verdict]:
    seen = crawled(view)

    def find(page: SeenPage) -> Iterator[tuple[str, Facts]]:
        server = listing_by(page.exchange.body) if page.exchange.status == 200 else ""
        if server:
            entries: list[Json] = [link.text[:80] for link in page.page.links[:10]]
            yield urlsplit(page.url).path or "/", {"server": server, "entries": entries}

    opened = [v for v in view.seen(HttpVisit) if v.purpose == "crawl" and urlsplit(v.target).path.endswith("/")]
    home = seen.home
    files = [r.url for r in (*home.page.media, *home.page.scripts, *home.page.styles)] if home else []
    own = [url for url in files if home and host_of(url) == host_of(home.url) and urlsplit(url).path.count("/") > 1]
    unopened = Reason(code="content-no-folder") if own and not opened else None
    return by_place(view, find, why_not=unopened, folders=len(opened))


@check("content.error-disclosure")
def _error_disclosure(view: View) -> list[Verdict]:
    def find(page: SeenPage) -> Iterator[tuple[str, Facts]]:
        for found in disclosures(page.exchange.body, page.exchange.status):
            yield found.kind, {"kind": found.kind, "excerpt": found.excerpt, "status": page.exchange.status}

    visit = view.visit("no-such-page")
    why_not = visit.fault if visit is not None else view.why_not_run("crawl")
    return by_place(view, find, (*SITE_PURPOSES, "no-such-page"), why_not=why_not)
