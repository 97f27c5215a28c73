"""What changed in a system since a former moment: both states judged by the rules of today.

Nothing that was known is ever overwritten: answers are only added, scans stay. So the former state can be judged
again: by the scans that were over at that moment, the answers that stood then, and the day it was, from which
evidence is aged. Only the rules are today's, so that a change is one of the system and not one of the program.

Without a date the former moment is the end of the previous scan: for each page the scan before the one that speaks
for it now, the newest of these. Where no page was scanned twice it is the end of the newest scan, so that what was
answered since is seen. A system that was never scanned has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.app.judge import Look
from secaudit.app.knowledge import Knowledge
from secaudit.app.status import SystemStatus, status_of
from secaudit.assess.changes import FindingChange, compare
from secaudit.model.assessment import Assessment
from secaudit.model.organisation import Site
from secaudit.model.words import RowState
from secaudit.store.workspace import Workspace


@dataclass(frozen=True)
class RowChange:
    """A requirement of the list that counts, before and now."""

    requirement: str
    before: RowState
    now: RowState

    @property
    def better(self) -> bool:
        """Tell whether it is met now and was not."""
        return self.now is RowState.MET

    @property
    def worse(self) -> bool:
        """Tell whether it was met and is not any more."""
        return self.before is RowState.MET


@dataclass(frozen=True)
class Since:
    """What changed since a moment.

    Attributes:
        before: the list that counts, as it stood then.
        rows: rows of it that count as something else now, in the order of the source.
        findings: what became of every finding of the pages that had a scan then and have another one now.
        first_scans: pages that had no scan then, and have one now: nothing to compare with.
    """

    moment: datetime
    before: Assessment | None
    rows: tuple[RowChange, ...]
    findings: tuple[FindingChange, ...]
    first_scans: tuple[Site, ...]


def previous_moment(workspace: Workspace, status: SystemStatus) -> datetime | None:
    """Return the moment with which a system is compared where nobody says otherwise; None where there is none."""
    older, newest = [], []
    for site, look in status.sites:
        if look is not None:
            heads = workspace.looks.heads(site.id, count=2)
            older += [head.finished_at for head in heads[1:] if head.finished_at]
            newest += [head.finished_at for head in heads[:1] if head.finished_at]
    return max(older or newest, default=None)


def changes_since(
    workspace: Workspace, status: SystemStatus, moment: datetime, knowledge: Knowledge, now: datetime
) -> Since:
    """Return what changed in a system from `moment` until `now`."""
    sites = [site for site, _ in status.sites]
    former = status_of(workspace, status.system, sites, knowledge, now, before=moment, roles=("standard",))
    then = {site.id: look for site, look in former.sites}
    findings: list[FindingChange] = []
    first: list[Site] = []
    for site, look in status.sites:
        earlier = then[site.id]
        if look is not None and earlier is None:
            first.append(site)
        elif look is not None and earlier is not None and look.scan.id != earlier.scan.id:
            findings += _compared(workspace, site, earlier, look)
    return Since(moment, former.target, _row_changes(former.target, status.target), tuple(findings), tuple(first))


def _compared(workspace: Workspace, site: Site, before: Look, after: Look) -> list[FindingChange]:
    old = {finding.identity for finding in before.findings}
    new = {finding.identity for finding in after.findings} - old
    back = workspace.looks.seen_before(site.id, before.scan.started_at, new) if new else set()
    return compare(before.findings, after.findings, after.outcomes, back)


def _row_changes(before: Assessment | None, now: Assessment | None) -> tuple[RowChange, ...]:
    if before is None or now is None:
        return ()
    then = {row.requirement: row.state for row in before.rows}
    return tuple(
        RowChange(row.requirement, then[row.requirement], row.state)
        for row in now.rows
        if row.requirement in then and then[row.requirement] is not row.state
    )


def findings_by_change(changes: Sequence[FindingChange]) -> dict[str, int]:
    """Return how many findings there are of each kind of change that is there."""
    counts: dict[str, int] = {}
    for one in changes:
        counts[one.change.value] = counts.get(one.change.value, 0) + 1
    return counts
