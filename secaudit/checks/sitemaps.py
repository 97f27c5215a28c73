"""The addresses that a site offers to search engines."""

from __future__ import annotations

from secaudit.checks.view import View
from secaudit.html.sitemap import parse_sitemap
from secaudit.model.observation import HttpVisit


def addresses_in_sitemaps(view: View) -> list[str]:
    """Return the addresses in the sitemaps that were fetched, further sitemaps included."""
    found: list[str] = []
    for visit in view.seen(HttpVisit):
        if visit.purpose == "sitemap" and visit.page is not None and visit.page.status == 200:
            sitemap = parse_sitemap(visit.page.body)
            found += [*sitemap.pages, *sitemap.sitemaps]
    return found
