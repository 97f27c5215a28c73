"""What a scan proves of an item: the fault is there, it is gone, or nobody can say.

A fault that is no longer listed is gone only if somebody looked for it and the check passed. So a proof asks for all of
this: every probe that the check needs ran to its end; the scan looked at least as wide as the one that saw the fault
(profile, ports, trusted authorities, resolver); and at the same place the check says "pass", with no failure and
nothing inconclusive beside it. A check that does not apply any more (the cookie is not set, TLS is off) proves nothing:
a person has to look and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from secaudit.model.base import Reason
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.remediation import RemediationItem
from secaudit.model.words import Outcome, ProbeStatus, Profile

if TYPE_CHECKING:
    from secaudit.model.scan import Scan, ScanOptions


class Seen(StrEnum):
    """What a scan says of an item."""

    FAULT = "fault"
    CLEAR = "clear"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Look:
    """What a scan says of one item; `reason` is why it is gone or why nobody can say."""

    seen: Seen
    reason: Reason | None = None


@dataclass(frozen=True)
class ScanLook:
    """One judged scan, as the register needs it.

    Attributes:
        scan: its id.
        site: id of the site.
        at: when it began.
        faults: findings by identity.
        outcomes: what each check said.
        not_run: probes that did not run to their end, with the reason where there is one.
        needs: the probes that a check needs; raises KeyError for a check that this program does not have.
        options_of: how the scans looked in which faults were last seen, by scan id.
    """

    scan: str
    site: str
    at: datetime
    options: ScanOptions
    faults: Mapping[str, Finding]
    outcomes: Mapping[str, Sequence[CheckOutcome]]
    not_run: Mapping[str, Reason]
    needs: Callable[[str], tuple[str, ...]]
    options_of: Mapping[str, ScanOptions] = field(default_factory=dict)

    @property
    def complete(self) -> frozenset[str]:
        """Return the probes that ran to their end."""
        return frozenset(self.options.probes) - frozenset(self.not_run)


def scan_look(
    scan: Scan, site: str, outcomes: Sequence[CheckOutcome], findings: Sequence[Finding],
    needs: Callable[[str], tuple[str, ...]], options_of: Mapping[str, ScanOptions],
) -> ScanLook:  # fmt: skip
    """Return a judged scan as the register needs it."""
    by_check: dict[str, list[CheckOutcome]] = {}
    for outcome in outcomes:
        by_check.setdefault(outcome.check, []).append(outcome)
    ended = {run.name: run for run in scan.runs}
    not_run = {}
    for name in scan.options.probes:
        run = ended.get(name)
        if run is None or run.status is not ProbeStatus.OK:
            fault = run.fault if run else None
            not_run[name] = fault or Reason(code="probe-not-run", params={"probe": name})
    return ScanLook(
        scan=scan.id, site=site, at=scan.started_at, options=scan.options,
        faults={finding.identity: finding for finding in findings}, outcomes=by_check, not_run=not_run, needs=needs,
        options_of=options_of,
    )  # fmt: skip


def look_at(item: RemediationItem, look: ScanLook) -> Look:
    """Return what the scan says of an item that came from a finding."""
    if item.subject in look.faults:
        return Look(Seen.FAULT)
    if (missing := _not_looked(item, look)) is not None:
        return Look(Seen.UNKNOWN, missing)
    said = look.outcomes.get(item.check, ())
    here = [outcome for outcome in said if outcome.target == item.target]
    if not here and not _same_page(item, look):
        return _unknown("item-other-page")
    here = here or list(said)
    here = [outcome for outcome in here if item.place and outcome.place == item.place] or here
    blind = next((outcome for outcome in here if outcome.result is Outcome.INCONCLUSIVE), None)
    if blind is not None or not here:
        return Look(Seen.UNKNOWN, blind.reason if blind else Reason(code="check-not-run", params={"check": item.check}))
    failing = next((outcome for outcome in here if outcome.result is Outcome.FAIL), None)
    if failing is not None:
        return _unknown("item-fails-elsewhere", place=failing.place or failing.target)
    if any(outcome.result is Outcome.PASS for outcome in here):
        return Look(Seen.CLEAR)
    return Look(Seen.GONE, here[0].reason)


def _unknown(code: str, **params: str) -> Look:
    return Look(Seen.UNKNOWN, Reason(code=code, params=dict(params)))


def _not_looked(item: RemediationItem, look: ScanLook) -> Reason | None:
    """Return why the scan did not look for the fault as well as the one that saw it, None when it did."""
    try:
        needs = look.needs(item.check)
    except KeyError:
        return Reason(code="item-check-unknown", params={"check": item.check})
    for probe in needs:
        if probe not in look.complete:
            return look.not_run.get(probe, Reason(code="probe-not-run", params={"probe": probe}))
    before = look.options_of.get(item.seen_in)
    if before is None or not as_wide(look.options, before):
        return Reason(code="item-narrower-look", params={"profile": before.profile.value if before else "?"})
    return None


def as_wide(now: ScanOptions, before: ScanOptions) -> bool:
    """Tell whether a look could have seen what the earlier one saw.

    More trusted authorities, or the answers of another resolver, may hide a fault; fewer cannot.
    """
    profiles = list(Profile)
    return (
        profiles.index(now.profile) >= profiles.index(before.profile)
        and now.ca_file in ("", before.ca_file)
        and now.resolver in ("", before.resolver)
    )


def _same_page(item: RemediationItem, look: ScanLook) -> bool:
    """Tell whether the scan was of the page where the fault was seen, on the same ports."""
    before = look.options_of.get(item.seen_in)
    if item.site != look.site or before is None:
        return False
    return (look.options.http_port, look.options.https_port) == (before.http_port, before.https_port)
