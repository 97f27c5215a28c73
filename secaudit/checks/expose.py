"""Rules of the area `expose`: files and pages that should not be reachable from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from secaudit.checks.lookalike import Seen, baselines, judge_look
from secaudit.checks.pages import Page, on_page
from secaudit.checks.registry import Rule, Verdict, check, failed, inconclusive, passed
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.exposure_look import ExposureObservation, FileLook
from secaudit.reference.paths import default_pages, filled_paths, path_entries
from secaudit.reference.shapes import PathEntry

PROBES = ("exposure",)
KINDS = (
    "expose.git",
    "expose.svn",
    "expose.env",
    "expose.backup",
    "expose.sql-dump",
    "expose.config",
    "expose.phpinfo",
    "expose.server-status",
    "expose.log",
    "expose.ds-store",
    "expose.admin-login",
    "expose.installer",
)
"""Checks over the list of paths, in the order of the outside contract."""


def _look_for(check_id: str) -> Rule:
    def rule(view: View) -> list[Verdict]:
        whole = next(iter(view.seen(ExposureObservation)), None)
        if whole is None:
            return [inconclusive(view.target.origin, view.why_nothing(ExposureObservation))]
        if whole.fault is not None:
            return [inconclusive(whole.target, whole.fault)]
        entries = [entry for entry in path_entries() if entry.check == check_id and entry.id in whole.entries]
        if not entries:
            reason = Reason(code="exposure-not-in-profile", params={"profile": view.options.profile})
            return [inconclusive(whole.target, reason)]
        looks = view.seen(FileLook)
        usual = baselines(looks)
        seen = [
            (entry, judge_look(look, entry, whole, usual))
            for entry in entries
            for look in looks
            if look.entry == entry.id
        ]
        if found := [_finding(whole, entry, one) for entry, one in seen if one.found]:
            return found
        unknown = [one.unknown for _, one in seen if one.unknown is not None]
        unasked = whole.stopped if len(seen) < _asked_for(entries, whole) else None
        if unknown or unasked:
            return [inconclusive(whole.target, unasked or unknown[0])]
        return [passed(whole.target, addresses_asked=len(seen))]

    return rule


def _asked_for(entries: Iterable[PathEntry], whole: ExposureObservation) -> int:
    host = urlsplit(whole.target).hostname or ""
    return sum(len(filled_paths(entry, host)) for entry in entries)


def _finding(whole: ExposureObservation, entry: PathEntry, seen: Seen) -> Verdict:
    look = seen.look
    evidence: dict[str, Json] = {"url": look.target, "status": look.status}
    if entry.panel:
        evidence["product"] = entry.panel
    if look.final_url:
        evidence["leads_to"] = look.final_url
    if content_type := look.values("content-type"):
        evidence["content_type"] = content_type[0]
    if size := _size(look):
        evidence["size_bytes"] = size
    if look.excerpt:
        evidence["excerpt"] = look.excerpt
    return failed(whole.target, place=urlsplit(look.target).path, **evidence)


def _size(look: FileLook) -> int | None:
    """Return the size of the whole file as the server says it (RFC 9110, sections 8.6 and 14.4)."""
    for value in look.values("content-range"):
        if found := re.fullmatch(r"bytes \d+-\d+/(\d{1,18})", value.strip()):
            return int(found[1])
    lengths = [value for value in look.values("content-length") if re.fullmatch(r"\d{1,18}", value)]
    return int(lengths[0]) if lengths and look.status == 200 else None


for _check in KINDS:
    check(_check)(_look_for(_check))


@check("expose.default-page", probes=("http",))
def _default_page(view: View) -> list[Verdict]:
    def rule(page: Page) -> Verdict:
        if page.exchange.fault is not None and not page.exchange.body:
            return inconclusive(page.target, page.exchange.fault)
        for default in default_pages():
            if all(re.search(pattern, page.exchange.body) for pattern in default.match):
                return page.verdict(fault=True, product=default.name)
        return page.verdict(fault=False)

    return on_page(view, rule)
