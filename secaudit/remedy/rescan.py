"""The rescan that items need, and how what it saw stands beside the scan that speaks for the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from secaudit.model.judgement import CheckOutcome
from secaudit.model.remediation import RemediationItem
from secaudit.model.scan import Scan, ScanOptions
from secaudit.model.words import PROBES, Outcome, ProbeStatus, Profile
from secaudit.remedy.looks import as_wide

Needs = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class Rescan:
    """One look at one site.

    Attributes:
        site: its id.
        options: the probes that the items' checks need and no others, as wide as the scans that saw the faults.
        items: ids of the items that it is made for.
    """

    site: str
    options: ScanOptions
    items: tuple[str, ...]


def rescans(
    items: Iterable[RemediationItem], options_of: Mapping[str, ScanOptions], needs: Needs
) -> tuple[Rescan, ...]:
    """Return the looks that prove or refute the items, each site and way of looking once.

    Items that no scan can prove (without a check of this program, never seen by a stored scan) are left out.

    Args:
        items: of findings.
        options_of: how the scans looked that saw the faults, by scan id.
        needs: the probes that a check needs; raises KeyError where there is no such check.
    """
    ways: dict[tuple[object, ...], list[tuple[RemediationItem, ScanOptions, tuple[str, ...]]]] = {}
    for item in items:
        before = options_of.get(item.seen_in)
        try:
            probes = needs(item.check)
        except KeyError:
            continue
        if before is not None:
            way = (item.site, before.http_port, before.https_port, before.ca_file, before.resolver)
            ways.setdefault(way, []).append((item, before, probes))
    return tuple(_rescan(str(way[0]), members) for way, members in ways.items())


def _rescan(site: str, members: Sequence[tuple[RemediationItem, ScanOptions, tuple[str, ...]]]) -> Rescan:
    profiles = list(Profile)
    wanted = {probe for _, _, probes in members for probe in probes}
    newest = members[-1][1]
    options = newest.model_copy(
        update={
            "probes": tuple(probe for probe in PROBES if probe in wanted),
            "profile": max((options.profile for _, options, _ in members), key=profiles.index),
            "time_limit": max(options.time_limit for _, options, _ in members),
            "verifies": True,
        }
    )
    return Rescan(site, options, tuple(item.id for item, _, _ in members))


def put_in(
    outcomes: Sequence[CheckOutcome], later: Sequence[CheckOutcome], scan: Scan, whole: ScanOptions, needs: Needs
) -> Sequence[CheckOutcome]:
    """Return a scan's outcomes with those of a later rescan put in.

    A check is answered anew where all its probes ran to their end, the look was as wide, and nothing stayed
    inconclusive. A fault that the rescan saw is put in however it looked: it is there.

    Args:
        outcomes: of the scan that speaks for the site.
        later: of the rescan.
        scan: the rescan.
        whole: how the scan that speaks for the site looked.
        needs: the probes that a check needs.
    """
    complete = {run.name for run in scan.runs if run.status is ProbeStatus.OK}
    by_check: dict[str, list[CheckOutcome]] = {}
    for outcome in later:
        by_check.setdefault(outcome.check, []).append(outcome)
    wide = as_wide(scan.options, whole)
    anew = {
        check
        for check, said in by_check.items()
        if wide and complete.issuperset(needs(check)) and all(one.result is not Outcome.INCONCLUSIVE for one in said)
    }
    seen = [
        outcome
        for check, said in by_check.items()
        for outcome in said
        if check in anew or (outcome.result is Outcome.FAIL and complete.issuperset(needs(check)))
    ]
    return [*(outcome for outcome in outcomes if outcome.check not in anew), *seen]
