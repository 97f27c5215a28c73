"""Rules of the area `site`: duties of a state page that show from outside (Decrees 147, 174, 224 and 330)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from secaudit.checks.incident_contact import Mention, find_mention
from secaudit.checks.owner_identity import read_identity
from secaudit.checks.page_text import PageText, page_text
from secaudit.checks.pages import Page, judged_page, on_page, why_no_page, why_unseen, without_query
from secaudit.checks.registry import Verdict, check, failed, inconclusive, not_applicable, passed
from secaudit.checks.security_txt import SecurityTxt, security_txt
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.observation import HttpExchange, HttpVisit, PortScanObservation
from secaudit.model.target import address_or_none
from secaudit.reference.delegations import LONGEST_DAYS, Delegation, installed_heads, where

PROBES = ("http",)
PROVINCES = frozenset(
    {"angiang", "bacninh", "camau", "cantho", "caobang", "daklak", "danang", "dienbien", "dongnai"}
    | {"dongthap", "gialai", "haiphong", "hanoi", "hatinh", "hcm", "hochiminh", "hochiminhcity", "hue"}
    | {"hungyen", "khanhhoa", "laichau", "lamdong", "langson", "laocai", "nghean", "ninhbinh", "phutho"}
    | {"quangngai", "quangninh", "quangtri", "sonla", "tayninh", "thainguyen", "thanhhoa", "tphcm", "tuyenquang"}
    | {"vinhlong"}
)
"""The 34 provinces and cities since 1 July 2025 (Resolution 202/2025/QH15) as they stand in names; Hồ Chí Minh City
in the spellings in use."""
_UNSURE = {
    "managing_body": "site-body-unsure",
    "contact": "site-contact-unsure",
    "person_responsible": "site-responsible-unsure",
}
_LABEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@check("site.not-vn-domain")
def _not_vn_domain(view: View) -> list[Verdict]:
    host, target = view.target.host, view.target.origin
    if not view.target.is_public_name:
        return [inconclusive(target, _no_public_name(view))]
    if host.endswith(".vn"):
        return [passed(target, host=host)]
    home = _home(view)
    final = (urlsplit(home.url).hostname or "") if isinstance(home, HttpExchange) else ""
    if final.endswith(".vn"):
        return [passed(target, host=host, leads_to=final)]
    return [failed(target, host=host)]


def _no_public_name(view: View) -> Reason:
    code = "site-target-is-address" if view.target.is_address else "site-name-not-public"
    return Reason(code=code, params={"host": view.target.host})


@check("site.domain-form")
def _domain_form(view: View) -> list[Verdict]:
    """Judge the form `tenphuongxa.tentinhthanh.gov.vn` of Decree 224/2026 Art. 11.4.c.

    The form of each label is not judged beyond letters and digits: no list of communes is at hand. A page under a
    path of the provincial portal has no name of its own.
    """
    host, target = view.target.host, view.target.origin
    if not view.target.is_public_name:
        return [inconclusive(target, _no_public_name(view))]
    labels = host.removeprefix("www.").removesuffix(".gov.vn").split(".") if host.endswith(".gov.vn") else []
    if len(labels) == 1 and labels[0] in PROVINCES:
        return [not_applicable(target, Reason(code="site-provincial-portal", params={"host": host}))]
    if len(labels) != 2:
        return [failed(target, host=host, labels_below_gov_vn=len(labels))]
    if any(label.startswith("xn--") or not _LABEL.fullmatch(label) for label in labels):
        return [failed(target, host=view.target.display_host, labels_below_gov_vn=2, letters="not plain")]
    if labels[1] not in PROVINCES:
        return [inconclusive(target, Reason(code="site-province-unknown", params={"label": labels[1]}))]
    return [passed(target, host=host, commune=labels[0], province=labels[1])]


@check("site.hosted-abroad", probes=("http", "ports"))
def _hosted_abroad(view: View) -> list[Verdict]:
    """Judge by where the addresses are registered; one abroad is enough, and all must be at home to pass."""
    target = view.target.origin
    addresses = _addresses(view)
    if not addresses:
        return [inconclusive(target, Reason(code="site-address-unknown"))]
    places = {address: _place(address, view) for address in addresses}
    known = {address: place for address, place in places.items() if isinstance(place, Delegation)}
    abroad = {address: place for address, place in known.items() if place.country != "VN"}
    if abroad:
        registered: list[Json] = [f"{address}: {place.country}" for address, place in abroad.items()]
        dated = min(place.dated for place in abroad.values())
        return [failed(target, registered=registered, addresses=len(places), data_date=dated.isoformat())]
    unknown = [place for place in places.values() if isinstance(place, Reason)]
    if unknown:
        return [inconclusive(target, unknown[0])]
    return [passed(target, addresses=[*places], country="VN")]


def _addresses(view: View) -> list[str]:
    """Return the addresses that were seen behind the name, each once."""
    if view.target.is_address:
        return [view.target.host]
    visited = [visit.address for visit in view.seen(HttpVisit)]
    looked = [look.address for look in view.seen(PortScanObservation)]
    return [*dict.fromkeys(address for address in (*visited, *looked) if address_or_none(address))]


def _place(address: str, view: View) -> Delegation | Reason:
    """Return the block that an address was given out with, or why nobody can say whose it is."""
    params: dict[str, str | int | float] = {"address": address}
    heads = installed_heads()
    if not heads:
        return Reason(code="site-no-address-database", params=params)
    found = where(address)
    if found is None or found.country in ("", "ZZ"):
        return Reason(code="site-address-not-listed", params=params | {"registries": ", ".join(heads)})
    days = (view.at.date() - found.dated).days
    if found.country == "VN" and days > LONGEST_DAYS:
        # As with all data that age: what is too old still accuses, but acquits nobody.
        old = {"date": found.dated.isoformat(), "days": days, "limit": LONGEST_DAYS}
        return Reason(code="data-too-old", params=old)
    return found


@check("site.owner-identity-missing")
def _owner_identity(view: View) -> list[Verdict]:
    return on_page(view, _judge_identity)


def _judge_identity(home: Page) -> Verdict:
    page = page_text(home.exchange)
    identity = read_identity(page.text)
    parts = {
        "managing_body": identity.managing_body,
        "contact": identity.contact,
        "person_responsible": identity.responsible,
    }
    facts: dict[str, Json] = {name: {"state": p.state, "excerpt": p.excerpt} for name, p in parts.items()}
    states = identity.states()
    if states == {"found"}:
        return passed(home.target, **facts)
    if page.gap:
        return inconclusive(home.target, _why_gap(page, home.exchange))
    if "absent" in states:
        return failed(home.target, place="", **facts)
    unsure = next(name for name, part in parts.items() if part.state == "unsure")
    return inconclusive(home.target, Reason(code=_UNSURE[unsure], params={"words": parts[unsure].excerpt[:80]}))


@check("site.incident-contact-missing", probes=("http", "disclosure"))
def _incident_contact(view: View) -> list[Verdict]:
    target = without_query(view.target.url)
    pages: dict[str, Mention | None] = {}
    unseen: list[Reason] = []
    for answer in [_home(view), *_contact_pages(view)]:
        if isinstance(answer, Reason):
            unseen.append(answer)
            continue
        page = page_text(answer)
        mention = find_mention(page.text)
        if mention and mention.offered:
            return [passed(target, page=without_query(answer.url), words=mention.excerpt)]
        pages[without_query(answer.url)] = mention
        if page.gap:
            unseen.append(_why_gap(page, answer))
    return [_without_offer(view, target, pages, unseen)]


def _without_offer(view: View, target: str, pages: dict[str, Mention | None], unseen: list[Reason]) -> Verdict:
    """Judge pages of which none offers an address: only when all was read and nothing hints at one does it fail."""
    mentioned = next(((url, one) for url, one in pages.items() if one), None)
    if mentioned:
        return inconclusive(target, Reason(code="site-incident-mentioned", params={"url": mentioned[0]}))
    file = security_txt(view)
    if isinstance(file, SecurityTxt) and file.values("Contact"):
        return inconclusive(target, Reason(code="site-incident-security-txt", params={"url": file.target}))
    if unseen:
        return inconclusive(target, unseen[0])
    if isinstance(file, Reason):
        return inconclusive(target, file)
    return failed(target, pages=[*pages], security_txt=[*file.answers] if not isinstance(file, SecurityTxt) else [])


def _contact_pages(view: View) -> list[HttpExchange | Reason]:
    """Return the pages that were fetched because they may tell how to report, or why they were not."""
    visits = [visit for visit in view.seen(HttpVisit) if visit.purpose == "contact-page"]
    if not visits:
        return [view.why_not_run("disclosure")]
    return [visit.page or why_no_page(view, visit) for visit in visits]


def _home(view: View) -> HttpExchange | Reason:
    """Return the page that visitors get, or why there is none."""
    page = judged_page(view)
    return page.exchange if page else why_unseen(view)


def _why_gap(page: PageText, answer: HttpExchange) -> Reason:
    return Reason(code=page.gap, params={"url": without_query(answer.url)[:300], "status": answer.status})
