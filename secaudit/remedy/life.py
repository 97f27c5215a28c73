"""What can become of an item: pure functions from an item and what is said of it to the item as it is then.

The rules, which nothing bypasses:

* A person assigns, says that it is done, accepts the risk until a day. Only a proof verifies.
* Somebody's "done" that a later look contradicts is taken back; the work is open again and counts on.
* A fault that comes back after it was verified reopens the item, with its history and a new last day.
* An acceptance ends by itself after its last day. While it stands it is shown as accepted, never as put right.
* An item that was merged into another stays in the register; its fault counts for that other one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from secaudit.model.base import Json
from secaudit.model.remediation import (
    Acceptance,
    ItemChange,
    ItemEvent,
    ItemState,
    Priority,
    RemediationItem,
    RemediationPolicy,
)
from secaudit.model.words import Severity

PROGRAM = "secaudit"
"""Who did what nobody did by hand."""
CLOSED = frozenset({ItemState.VERIFIED, ItemState.DUPLICATE})
"""Nothing is left to do about these."""
_JSON_FIELDS = ("state", "severity", "title", "priority", "owner", "unit", "due", "cost", "duplicate_of")


def changes_between(before: RemediationItem, after: RemediationItem) -> dict[str, tuple[Json, Json]]:
    """Return what differs of the fields that people read, as it stands in JSON."""
    old, new = (item.model_dump(mode="json", include=set(_JSON_FIELDS)) for item in (before, after))
    return {name: (old[name], new[name]) for name in _JSON_FIELDS if old[name] != new[name]}


def step(
    before: RemediationItem, kind: str, at: datetime, by: str, *, comment: str = "", scan: str = "", **fresh: Any
) -> ItemChange:
    """Return the item with `fresh` fields and the event that tells of it."""
    after = before.model_copy(update=fresh)
    event = ItemEvent(
        item=before.id, at=at, by=by, kind=kind, changes=changes_between(before, after), comment=comment, scan=scan
    )
    return ItemChange(item=after, events=(event,))


def joined(first: ItemChange, second: ItemChange) -> ItemChange:
    """Return two changes of one item, one after the other, as one."""
    return ItemChange(item=second.item, events=(*first.events, *second.events))


def opened(item: RemediationItem, comment: str = "", scan: str = "") -> ItemChange:
    """Return the new item with the event that begins its history."""
    event = ItemEvent(at=item.opened_at, by=item.opened_by, kind="opened", comment=comment, scan=scan)
    return ItemChange(item=item, events=(event,))


class Weighable(Protocol):
    """What of an item decides whether and where it stands in a list."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def state(self) -> ItemState:
        """As it was stored."""

    @property
    def severity(self) -> Severity:
        """How grave what it closes is."""

    @property
    def priority(self) -> Priority:
        """How urgent its owner holds it."""

    @property
    def owner(self) -> str:
        """Who does it."""

    @property
    def group(self) -> str:
        """`checklist:group` of what it closes."""

    @property
    def due(self) -> date | None:
        """Its last day."""

    @property
    def accepted_until(self) -> date | None:
        """Last day of the acceptance that stands or stood last."""


def resting_state(item: Weighable) -> ItemState:
    """Return the state of unfinished work: assigned where it has an owner."""
    return ItemState.ASSIGNED if item.owner else ItemState.OPEN


def acceptance_ended(item: Weighable, today: date) -> bool:
    """Tell whether the risk is accepted no more."""
    until = item.accepted_until
    return item.state is ItemState.ACCEPTED and (until is None or until < today)


def state_on(item: Weighable, today: date) -> ItemState:
    """Return the state that counts on that day: an acceptance that has ended leaves open work."""
    state = item.state
    return resting_state(item) if state is ItemState.ACCEPTED and acceptance_ended(item, today) else state


def is_past(due: date | None, state: ItemState, today: date) -> bool:
    """Tell whether work in that state, with that last day, is overdue."""
    return due is not None and due < today and state is not ItemState.ACCEPTED and state not in CLOSED


def effective(item: RemediationItem, today: date) -> RemediationItem:
    """Return the item as it counts on that day: an acceptance that has ended leaves open work."""
    return item.model_copy(update={"state": resting_state(item)}) if acceptance_ended(item, today) else item


def end_acceptance(item: RemediationItem, at: datetime) -> ItemChange:
    """Return the item whose acceptance has ended, with that in its history."""
    return step(item, "acceptance-ended", at, PROGRAM, state=resting_state(item))


def is_overdue(item: Weighable, today: date) -> bool:
    """Tell whether the last day is past and the work neither proven nor accepted; "done" alone does not help."""
    return is_past(item.due, state_on(item, today), today)


def is_open(item: Weighable, today: date) -> bool:
    """Tell whether something is left to do or to prove."""
    state = state_on(item, today)
    return state not in CLOSED and state is not ItemState.ACCEPTED


def verify(item: RemediationItem, at: datetime, by: str, *, comment: str = "", scan: str = "") -> ItemChange:
    """Return the item as verified by proof; the acceptance of its risk, if any, has done its work."""
    return step(
        item, "verified", at, by, comment=comment, scan=scan,
        state=ItemState.VERIFIED, closed_at=at, cleared_at=item.cleared_at or at, done_at=None,
    )  # fmt: skip


def reopen(
    item: RemediationItem, at: datetime, today: date, policy: RemediationPolicy, *, comment: str = "", scan: str = ""
) -> ItemChange:
    """Return a verified item whose fault is back, with a last day counted from today."""
    return step(
        item, "reopened", at, PROGRAM, comment=comment, scan=scan,
        state=ItemState.REOPENED, closed_at=None, cleared_at=None, done_at=None, reopened=item.reopened + 1,
        due=policy.due(item.severity, today),
    )  # fmt: skip


def not_verified(item: RemediationItem, at: datetime, *, comment: str = "", scan: str = "") -> ItemChange:
    """Return an item that somebody called done and whose fault a later look still sees."""
    back = ItemState.REOPENED if item.reopened else resting_state(item)
    return step(item, "not-verified", at, PROGRAM, comment=comment, scan=scan, state=back, done_at=None)


def accept(item: RemediationItem, acceptance: Acceptance) -> ItemChange:
    """Return the item with its risk accepted."""
    return step(
        item, "accepted", acceptance.at, acceptance.by, comment=acceptance.reason,
        state=ItemState.ACCEPTED, accepted=acceptance, done_at=None,
    )  # fmt: skip


def done(item: RemediationItem, at: datetime, by: str, comment: str = "") -> ItemChange:
    """Return the item that a person says is done; the proof is still to come."""
    return step(item, "changed", at, by, comment=comment, state=ItemState.DONE, done_at=at)


def take_up_again(item: RemediationItem, at: datetime, by: str, comment: str = "") -> ItemChange:
    """Return the item as unfinished work, whatever was said of it."""
    back = ItemState.REOPENED if item.reopened else resting_state(item)
    return step(item, "changed", at, by, comment=comment, state=back, done_at=None, cleared_at=None, closed_at=None)


def assign(item: RemediationItem, at: datetime, by: str, *, owner: str | None, unit: str | None) -> ItemChange:
    """Return the item with its owner or unit; None leaves one as it is, an empty text takes it away."""
    said = {name: value for name, value in (("owner", owner), ("unit", unit)) if value is not None}
    after = item.model_copy(update=said)
    state = item.state
    if state in (ItemState.OPEN, ItemState.ASSIGNED, ItemState.REOPENED):
        state = ItemState.REOPENED if state is ItemState.REOPENED and not said.get("owner") else resting_state(after)
    return step(item, "changed", at, by, state=state, assigned_at=at, **said)


def merge(item: RemediationItem, into: RemediationItem, at: datetime, by: str) -> tuple[ItemChange, ItemChange]:
    """Return both items once the first is the second's duplicate.

    The one that stays takes over what is stricter: the graver severity, the more urgent priority, the earlier day.
    """
    days = [one.due for one in (item, into) if one.due is not None]
    stays = step(
        into, "merged", at, by, comment=item.id,
        severity=min(item.severity, into.severity, key=lambda severity: severity.rank),
        priority=min(item.priority, into.priority, key=lambda priority: priority.rank),
        due=min(days) if days else None,
    )  # fmt: skip
    goes = step(item, "merged", at, by, comment=into.id, state=ItemState.DUPLICATE, duplicate_of=into.id)
    return goes, stays
