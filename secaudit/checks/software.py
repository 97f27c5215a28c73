"""Rules of the area `software`: what versions the site shows, and whether anybody still repairs them."""

from __future__ import annotations

from dataclasses import dataclass

from secaudit.checks.fingerprints import (
    Certainty,
    Sighting,
    distribution_seen,
    pages_seen,
    scripts_seen,
    servers_seen,
    systems_seen,
)
from secaudit.checks.pages import site_target, why_unseen
from secaudit.checks.registry import Verdict, check, failed, inconclusive, not_applicable, passed
from secaudit.checks.standing import Standing, standing
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.words import Outcome
from secaudit.reference.datasets import LONGEST_DAYS, Held, held
from secaudit.reference.shapes import EndOfLife, Packaged, Product, Script, System, Systems, VulnerableScripts, Weakness
from secaudit.reference.versions import Version

PROBES = ("http", "crawl", "exposure", "disclosure")


def _too_old(data: Held, view: View) -> Reason | None:
    if not data.too_old(view.at):
        return None
    params: dict[str, str | int | float] = {
        "date": data.data.date.isoformat(),
        "days": data.age(view.at),
        "limit": LONGEST_DAYS[data.kind],
    }
    return Reason(code="data-too-old", params=params)


def _facts(sighting: Sighting, data: Held | None = None, **more: Json) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "product": sighting.name,
        "version": sighting.version,
        "certainty": sighting.certainty.word,
    }
    if sighting.marks:
        facts["seen"] = list(sighting.marks[:5])
    if sighting.url:
        facts["url"] = sighting.url
    if data is not None:
        facts["data_date"] = data.data.date.isoformat()
    return {**facts, **{name: value for name, value in more.items() if value not in (None, "", [])}}


def _unsure(target: str, reason: Reason, place: str) -> Verdict:
    return Verdict(Outcome.INCONCLUSIVE, target, reason=reason, place=place)


# --- content management systems ---------------------------------------------------------------------


@check("software.cms-version")
def _cms_version(view: View) -> list[Verdict]:
    target = site_target(view)
    if not view.once(pages_seen):
        return [inconclusive(target, why_unseen(view))]
    data = held("cms")
    assert isinstance(data.data, Systems)
    shown = [sighting for sighting in systems_seen(view, data.data.systems) if sighting.version]
    return [failed(target, place=one.name, **_facts(one)) for one in shown] or [passed(target)]


@check("software.cms-outdated")
def _cms_outdated(view: View) -> list[Verdict]:
    target = site_target(view)
    if not view.once(pages_seen):
        return [inconclusive(target, why_unseen(view))]
    data = held("cms")
    assert isinstance(data.data, Systems)
    systems = {system.id: system for system in data.data.systems}
    seen = systems_seen(view, data.data.systems)
    sure = [sighting for sighting in seen if sighting.certainty > Certainty.POSSIBLE or sighting.version]
    if not sure:
        if seen:
            return [inconclusive(target, Reason(code="software-cms-unsure", params={"name": seen[0].name}))]
        return [not_applicable(target, Reason(code="software-no-cms"))]
    return [_system_verdict(target, systems[one.id], one, data, view) for one in sure]


def _system_verdict(target: str, system: System, sighting: Sighting, data: Held, view: View) -> Verdict:
    name = {"name": system.name}
    if not sighting.version:
        return _unsure(target, Reason(code="software-version-hidden", params=dict(name)), system.name)
    params: dict[str, str | int | float] = {**name, "version": sighting.version}
    stands = standing(Version(sighting.version), system.cycles, system.older, view.at.date())
    if stands.ended or stands.behind:
        facts = _facts(sighting, data, ended=_day(stands), newest_known=stands.behind)
        return failed(target, place=system.name, **facts)
    if not stands.known:
        return _unsure(target, Reason(code="software-version-unknown", params=params), system.name)
    if not stands.exact:
        return _unsure(target, Reason(code="software-version-coarse", params=params), system.name)
    if reason := _too_old(data, view):
        return _unsure(target, reason, system.name)
    return Verdict(Outcome.PASS, target, _facts(sighting, data), place=system.name)


def _day(stands: Standing) -> str:
    return stands.since.isoformat() if stands.since else ""


# --- scripts ------------------------------------------------------------------------------------------


@check("software.js-vulnerable")
def _js_vulnerable(view: View) -> list[Verdict]:
    target = site_target(view)
    if not view.once(pages_seen):
        return [inconclusive(target, why_unseen(view))]
    data = held("vulnerable-js")
    assert isinstance(data.data, VulnerableScripts)
    libraries = {library.id: library for library in data.data.libraries}
    seen = scripts_seen(view, data.data.libraries)
    weak = [(one, hit) for one in seen if (hit := _weaknesses(libraries[one.id], one))]
    if weak:
        several = [one.id for one, _ in weak]
        return [
            failed(
                target,
                # The name alone lasts from scan to scan; the version only tells two copies apart.
                place=one.name if several.count(one.id) == 1 else f"{one.name} {one.version}",
                **_weak_facts(libraries[one.id], one, hit, data),
            )
            for one, hit in weak
        ]
    if reason := _too_old(data, view):
        return [inconclusive(target, reason)]
    for one in seen:
        if not one.version:
            reason = Reason(code="software-script-unknown", params={"name": one.name, "url": one.url})
            return [inconclusive(target, reason)]
    names: list[Json] = [f"{one.name} {one.version}" for one in seen]
    return [passed(target, libraries=names, data_date=data.data.date.isoformat())]


def _weaknesses(library: Script, sighting: Sighting) -> list[Weakness]:
    version = Version(sighting.version)
    return [weakness for weakness in library.weaknesses if version.known and _has(version, weakness)]


def _weak_facts(library: Script, sighting: Sighting, hit: list[Weakness], data: Held) -> dict[str, Json]:
    ids: list[Json] = [*dict.fromkeys(name for weakness in hit for name in weakness.ids)]
    ended = library.unsupported_below is not None and Version(sighting.version) < Version(library.unsupported_below)
    return _facts(
        sighting, data, vulnerabilities=ids, repaired_in=_repaired_in(library, hit), no_longer_maintained=ended or None
    )


def _repaired_in(library: Script, hit: list[Weakness]) -> str:
    """Return a version that repairs all hits and has nothing known against it; empty where there is none."""
    repaired = ""
    # A repair of one weakness may lie in a line that has others; every round goes to a higher version.
    while hit:
        if not all(weakness.below for weakness in hit):
            return ""
        repaired = max(Version(weakness.below) for weakness in hit if weakness.below).text
        hit = [weakness for weakness in library.weaknesses if _has(Version(repaired), weakness)]
    return repaired


def _has(version: Version, weakness: Weakness) -> bool:
    above = weakness.at_or_above is None or not version < Version(weakness.at_or_above)
    return above and (weakness.below is None or version < Version(weakness.below))


# --- servers and languages ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Server:
    product: Product
    sighting: Sighting
    distribution: str


@check("software.server-eol")
def _server_eol(view: View) -> list[Verdict]:
    target = site_target(view)
    data = held("eol")
    assert isinstance(data.data, EndOfLife)
    seen = servers_seen(view, data.data.products)
    if not seen:
        if not view.once(pages_seen):
            return [inconclusive(target, why_unseen(view))]
        return [inconclusive(target, Reason(code="software-server-hidden"))]
    products = {product.id: product for product in data.data.products}
    distribution = distribution_seen(view)
    return [_server_verdict(target, _Server(products[one.id], one, distribution), data, view) for one in seen]


def _server_verdict(target: str, server: _Server, data: Held, view: View) -> Verdict:
    product, sighting = server.product, server.sighting
    params: dict[str, str | int | float] = {"name": product.name, "version": sighting.version}
    stands = standing(Version(sighting.version), product.cycles, product.older, view.at.date())
    if stands.ended:
        packaged = _packaged(server, view)
        if packaged:
            return _unsure(
                target, Reason(code="software-backports", params={**params, "distribution": packaged}), product.name
            )
        return failed(target, place=product.name, **_facts(sighting, data, ended=_day(stands)))
    if not stands.known:
        return _unsure(target, Reason(code="software-version-unknown", params=params), product.name)
    if not stands.exact:
        return _unsure(target, Reason(code="software-version-coarse", params=params), product.name)
    if reason := _too_old(data, view):
        return _unsure(target, reason, product.name)
    return Verdict(Outcome.PASS, target, _facts(sighting, data), place=product.name)


def _packaged(server: _Server, view: View) -> str:
    """Return the distribution that may repair this very version without a new number, empty where none is known."""
    if server.distribution and server.product.id not in ("iis", "asp-net"):
        return server.distribution
    version = Version(server.sighting.version)
    in_time: list[Packaged] = [
        one for one in server.product.packaged if Version(one.version) == version and one.until >= view.at.date()
    ]
    return in_time[0].distribution if in_time else ""
