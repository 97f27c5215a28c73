"""Bringing the register up to date: what a scan saw, or what rows count as, becomes changes of items.

Never a second item for a system and subject; nothing is closed without proof (see `looks`), nothing that came back
stays closed. An older look never undoes what a newer one said, in whatever order they arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from secaudit.model.assessment import RequirementStatus
from secaudit.model.judgement import Finding
from secaudit.model.remediation import (
    ItemChange,
    ItemEvent,
    ItemSource,
    ItemState,
    RemediationItem,
    RemediationPolicy,
)
from secaudit.model.words import RowState, Severity
from secaudit.remedy import life
from secaudit.remedy.looks import ScanLook, Seen, look_at

GAPS = frozenset({RowState.NOT_MET, RowState.PARTIAL})
"""States of a row that somebody answered and that leave work to do. Unassessed is none of them: nobody has said yet
that there is a gap, and 195 items on the first day would bury the real ones (`status` counts them). Nor is
contradicted, whose findings have items of their own, nor stale, which `assess due` lists: what is missing there is a
newer proof, not a measure."""
SETTLED = frozenset({RowState.MET, RowState.NOT_APPLICABLE})
"""States that prove that a requirement's gap is closed, the second by a reason and a name."""


@dataclass(frozen=True)
class Occasion:
    """When, by which rules and for whom the register is brought up to date.

    Attributes:
        today: the local day of `now`.
        by: who answered, for requirements; the program for scans.
        scan: the scan that is followed, empty for answers.
    """

    now: datetime
    today: date
    policy: RemediationPolicy
    by: str = life.PROGRAM
    scan: str = ""


@dataclass
class _Ledger:
    """Items as they stand so far, and what has happened to them."""

    items: dict[str, RemediationItem]
    events: dict[str, list[ItemEvent]] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    cleared: set[str] = field(default_factory=set)

    def put(self, item: RemediationItem) -> None:
        if self.items[item.id] != item:
            self.items[item.id] = item
            self.touched[item.id] = None

    def take(self, change: ItemChange) -> None:
        self.put(change.item)
        self.touched[change.item.id] = None
        self.events.setdefault(change.item.id, []).extend(change.events)

    def changes(self) -> list[ItemChange]:
        return [ItemChange(item=self.items[one], events=tuple(self.events.get(one, ()))) for one in self.touched]


def follow_scan(
    items: Sequence[RemediationItem], system: str, look: ScanLook, groups: Mapping[str, str],
    order: Mapping[str, int], occasion: Occasion,
) -> list[ItemChange]:  # fmt: skip
    """Return what a scan changes in the register of its system.

    Args:
        items: all items of the system.
        system: its id.
        look: the judged scan.
        groups: `checklist:group` of the first requirement that a check speaks against, by check.
        order: the stored scans, numbered in the order in which they began.
        occasion: when, and by which rules.
    """
    ledger = _Ledger({item.id: item for item in items})
    here = order.get(look.scan, 0)
    known = {item.subject: item for item in items if item.source is ItemSource.FINDING}
    for item in known.values():
        if order.get(item.looked_in, 0) > here:
            continue  # a newer scan has spoken already
        said = look_at(item, look).seen
        if said is Seen.FAULT:
            ledger.faulty.add(item.id)
            ledger.put(_seen(item, look, items))
        elif said is Seen.CLEAR and item.cleared_at is None:
            ledger.cleared.add(item.id)
            ledger.put(item.model_copy(update={"cleared_at": occasion.now, "looked_in": look.scan}))
    _settle(ledger, occasion, look.at)
    grave_enough = occasion.policy.opens_from.rank
    opened = [
        life.opened(_from_finding(finding, system, look, groups.get(finding.check, ""), occasion), scan=look.scan)
        for identity, finding in look.faults.items()
        if identity not in known and finding.severity.rank <= grave_enough
    ]
    return [*ledger.changes(), *opened]


def follow_rows(
    items: Sequence[RemediationItem], system: str, rows: Iterable[tuple[str, RequirementStatus]], occasion: Occasion
) -> list[ItemChange]:
    """Return what judged rows change in the register of their system.

    Args:
        items: all items of the system.
        system: its id.
        rows: id of the checklist, and what the row counts as.
        occasion: when, by which rules, and who answered.
    """
    ledger = _Ledger({item.id: item for item in items})
    known = {item.subject: item for item in items if item.source is ItemSource.REQUIREMENT}
    opened = []
    latest = datetime.min.replace(tzinfo=occasion.now.tzinfo)
    for checklist, row in rows:
        subject = f"{checklist}:{row.requirement}"
        item = known.get(subject)
        gap = row.answer is not None and row.state in GAPS
        if item is None:
            if gap and row.counted:
                opened.append(life.opened(_from_row(subject, f"{checklist}:{row.group}", system, row, occasion)))
        elif gap and row.answer is not None:
            latest = max(latest, row.answer.answered_at)
            ledger.faulty.add(item.id)
            merged = any(one.duplicate_of == item.id for one in items)
            ledger.put(_with_severity(item, gap_severity(row, occasion.policy), merged=merged, cleared_at=None))
        elif row.state in SETTLED and item.cleared_at is None:
            ledger.cleared.add(item.id)
            ledger.put(item.model_copy(update={"cleared_at": occasion.now}))
    _settle(ledger, occasion, latest)
    return [*ledger.changes(), *opened]


def gap_severity(row: RequirementStatus, policy: RemediationPolicy) -> Severity:
    """Return how grave a requirement's gap is."""
    return policy.gap_partial if row.state is RowState.PARTIAL else policy.gap_not_met


def end_acceptances(items: Iterable[RemediationItem], occasion: Occasion) -> list[ItemChange]:
    """Return the items whose acceptance has ended, with that in their history."""
    return [life.end_acceptance(item, occasion.now) for item in items if life.acceptance_ended(item, occasion.today)]


def members(items: Iterable[RemediationItem]) -> dict[str, list[RemediationItem]]:
    """Return, by id of each item that stands for itself, the item and those that were merged into it."""
    known = {item.id: item for item in items}
    found: dict[str, list[RemediationItem]] = {}
    for item in known.values():
        head, passed = item, {item.id}
        while head.duplicate_of in known and head.duplicate_of not in passed:
            head = known[head.duplicate_of]
            passed.add(head.id)
        found.setdefault(head.id, []).append(item)
    return found


def _settle(ledger: _Ledger, occasion: Occasion, looked_at: datetime) -> None:
    """Let the items that stand for themselves follow their own subject and those of their duplicates."""
    for head_id, group in members(ledger.items.values()).items():
        faulty = any(one.id in ledger.faulty for one in group)
        cleared = any(one.id in ledger.cleared for one in group)
        if not (faulty or cleared):
            continue
        head = ledger.items[head_id]
        if life.acceptance_ended(head, occasion.today):
            ledger.take(life.end_acceptance(head, occasion.now))
            head = ledger.items[head_id]
        if faulty and head.state is ItemState.VERIFIED:
            ledger.take(life.reopen(head, occasion.now, occasion.today, occasion.policy, scan=occasion.scan))
        elif faulty and head.state is ItemState.DONE and (head.done_at is None or head.done_at < looked_at):
            ledger.take(life.not_verified(head, occasion.now, scan=occasion.scan))
        elif not faulty and head.state is not ItemState.VERIFIED and all(is_clear(one) for one in group):
            ledger.take(life.verify(head, occasion.now, occasion.by, scan=occasion.scan))


def is_clear(item: RemediationItem) -> bool:
    """Tell whether nothing is left to prove for an item itself; work by hand that was merged has nothing of its own."""
    merged_by_hand = item.source is ItemSource.HAND and item.state is ItemState.DUPLICATE
    return item.cleared_at is not None or merged_by_hand


def _seen(item: RemediationItem, look: ScanLook, items: Sequence[RemediationItem]) -> RemediationItem:
    seen = {
        "site": look.site, "seen_at": look.at, "seen_in": look.scan, "looked_in": look.scan, "cleared_at": None,
    }  # fmt: skip
    merged = any(one.duplicate_of == item.id for one in items)
    return _with_severity(item, look.faults[item.subject].severity, merged=merged, **seen)


def _with_severity(item: RemediationItem, now: Severity, *, merged: bool, **fresh: object) -> RemediationItem:
    """Return the item as grave as its fault is today; one that others were merged into never becomes lighter."""
    severity = min(item.severity, now, key=lambda one: one.rank) if merged else now
    return item.model_copy(update={"severity": severity, **fresh})


def _from_finding(finding: Finding, system: str, look: ScanLook, group: str, occasion: Occasion) -> RemediationItem:
    return RemediationItem(
        system=system, source=ItemSource.FINDING, subject=finding.identity, check=finding.check,
        target=finding.target, place=finding.place, group=group, severity=finding.severity,
        due=occasion.policy.due(finding.severity, occasion.today), opened_at=occasion.now, opened_by=occasion.by,
        site=look.site, seen_at=look.at, seen_in=look.scan, looked_in=look.scan,
    )  # fmt: skip


def _from_row(subject: str, group: str, system: str, row: RequirementStatus, occasion: Occasion) -> RemediationItem:
    severity = gap_severity(row, occasion.policy)
    return RemediationItem(
        system=system, source=ItemSource.REQUIREMENT, subject=subject, group=group, severity=severity,
        due=occasion.policy.due(severity, occasion.today), opened_at=occasion.now, opened_by=occasion.by,
    )  # fmt: skip
