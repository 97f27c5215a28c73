"""Looking again at what items need, under the same permission and budget as any scan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.app.audit import Permission, scan_and_judge
from secaudit.app.events import Watcher
from secaudit.app.judge import JudgedScan
from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation_follow import catch_up, follow_system, look_of
from secaudit.checks.registry import probes_of
from secaudit.model.base import Reason
from secaudit.model.organisation import Site
from secaudit.model.remediation import ItemSource, ItemState, RemediationItem
from secaudit.probes.resolver import resolver_at
from secaudit.remedy.follow import members
from secaudit.remedy.life import CLOSED
from secaudit.remedy.looks import Look, Seen, look_at
from secaudit.remedy.rescan import Rescan, rescans
from secaudit.store.workspace import Workspace


@dataclass(frozen=True)
class Verified:
    """What became of one item.

    Attributes:
        before: as it was.
        item: as it is now.
        look: what the rescan said of its own fault; for a requirement, of its row.
        scan: the rescan, empty where none was made for it.
    """

    before: RemediationItem
    item: RemediationItem
    look: Look
    scan: str = ""

    @property
    def proven(self) -> bool:
        """Tell whether it is verified now."""
        return self.item.state is ItemState.VERIFIED


@dataclass(frozen=True)
class Verification:
    """What a verification did: the items that it was for, and the rescans that were made."""

    items: Sequence[Verified]
    scans: Sequence[JudgedScan]


def to_verify(workspace: Workspace, named: Sequence[str], system: str | None) -> list[RemediationItem]:
    """Return the items that are meant: those named, a duplicate's own stand-in for it, else all that are not closed.

    Raises:
        BadInput: there is no such item.
    """
    if not named:
        return [item for item in workspace.remediation.items(system) if item.state not in CLOSED]
    chosen: dict[str, RemediationItem] = {}
    for item_id in named:
        item = workspace.remediation.get(item_id)
        while item.duplicate_of:
            item = workspace.remediation.get(item.duplicate_of)
        chosen[item.id] = item
    return list(chosen.values())


def plan(workspace: Workspace, chosen: Sequence[RemediationItem]) -> tuple[Rescan, ...]:
    """Return the rescans that the items and those merged into them need. Sends nothing."""
    wanted = _with_members(workspace, chosen)
    options = workspace.remediation.options_of({item.seen_in for item in wanted if item.seen_in})
    return rescans([item for item in wanted if item.source is ItemSource.FINDING], options, probes_of)


def verify(
    workspace: Workspace, knowledge: Knowledge, chosen: Sequence[RemediationItem], clock: Callable[[], datetime],
    watcher: Callable[[], Watcher], permission: Permission | None = None,
) -> Verification:  # fmt: skip
    """Rescan what the items need and bring the register up to date: proofs close, faults that are back reopen.

    Requirements are judged anew by the answers that hold. Work entered by hand is left to a person.

    Raises:
        NotAuthorised: no permission covers a page.
        Incomplete: a name does not resolve.
        StoreError: the workspace cannot be written.
    """
    catch_up(workspace, knowledge, clock())
    wanted = {item.id: item for item in _with_members(workspace, chosen)}
    sites = {site.id: site for site in workspace.registry.sites()}
    looks: dict[str, tuple[str, Look]] = {}
    scans = []
    for rescan in plan(workspace, chosen):
        site: Site = sites[rescan.site]
        _, judged = scan_and_judge(
            workspace, site.target, rescan.options, knowledge, clock, watcher(), permission,
            resolver_at(rescan.options.resolver),
        )  # fmt: skip
        scans.append(judged)
        look = look_of(workspace, site, judged, wanted.values())
        looks |= {one: (judged.scan.id, look_at(wanted[one], look)) for one in rescan.items}
    for system in workspace.registry.systems():
        if any(item.source is ItemSource.REQUIREMENT and item.system == system.id for item in wanted.values()):
            follow_system(workspace, knowledge, system, clock())
    now = {item.id: item for item in workspace.remediation.items()}
    return Verification([_verified(item, now[item.id], looks) for item in chosen], scans)


def _with_members(workspace: Workspace, chosen: Sequence[RemediationItem]) -> list[RemediationItem]:
    """Return the items and everything that was merged into them: they are proven together."""
    heads = {item.id for item in chosen}
    found = members(workspace.remediation.items())
    return [item for head, group in found.items() if head in heads for item in group]


def _verified(before: RemediationItem, after: RemediationItem, looks: dict[str, tuple[str, Look]]) -> Verified:
    if before.id in looks:
        scan, look = looks[before.id]
        return Verified(before, after, look, scan)
    if after.state is ItemState.VERIFIED:
        return Verified(before, after, Look(Seen.CLEAR))
    reasons = {
        ItemSource.REQUIREMENT: Reason(code="item-row-not-met"),
        ItemSource.HAND: Reason(code="item-by-hand"),
        ItemSource.FINDING: Reason(code="item-never-scanned"),
    }
    return Verified(before, after, Look(Seen.UNKNOWN, reasons[after.source]))
