"""The remediation register: work that closes a finding or a requirement's gap, with everything that happened to it."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import NonNegativeInt

from secaudit.model.base import Composed, Frozen, Instant, Json, Text
from secaudit.model.words import Responsible, Severity


class ItemSource(StrEnum):
    """What an item came from: a finding of a scan, a requirement that is not met, or a person's own entry."""

    FINDING = "finding"
    REQUIREMENT = "requirement"
    HAND = "hand"


class ItemState(StrEnum):
    """Where the work stands.

    `done` is what a person says; only a proof makes it `verified`: a rescan in which the check passes, a requirement
    judged met, or, for items entered by hand, a named person's confirmation. `accepted` ends on a date by itself.
    """

    OPEN = "open"
    ASSIGNED = "assigned"
    DONE = "done"
    VERIFIED = "verified"
    REOPENED = "reopened"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"


class Priority(StrEnum):
    """In which order the owner of the page wants it done, most urgent first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Return 0 for the most urgent, 3 for the least."""
        return _PRIORITY_RANKS[self]


_PRIORITY_RANKS = {priority: rank for rank, priority in enumerate(Priority)}


class Acceptance(Frozen):
    """A risk that somebody accepts for a time. It is shown as accepted, never as met.

    Attributes:
        by: the person who answers for it.
        until: last day on which it holds.
    """

    by: Composed
    reason: Composed
    until: date
    at: Instant


class RemediationItem(Frozen):
    """One piece of work.

    Attributes:
        id: `KP` and a number, given by the store; it never changes. Empty until then.
        subject: identity of the finding, or `checklist:requirement`; empty for an item entered by hand. One item
            per system and subject, whatever happens.
        check: id of the check, for findings.
        target: where it was seen, for findings; free text for an item entered by hand.
        group: `checklist:group` of the requirement that it closes, for filters; empty where there is none.
        severity: of the finding, the gravest of those merged into it; of a requirement's gap by the policy; as said
            by hand.
        title: as a person wrote it; empty for findings and requirements, whose words stand in the data.
        owner: the person who does it.
        unit: đơn vị: where they work.
        due: last day; None where nobody set one.
        cost: estimate in Vietnamese đồng, None where nobody estimated.
        opened_at: when it came into the register.
        assigned_at: when owner or unit were last said, None while nobody has.
        done_at: when a person said that it is done, None while nobody does.
        cleared_at: when the proof came for its own subject, None while there is none; of an item merged into another
            too, because that one is verified only when all are.
        closed_at: when it became verified as a whole, None while it is not.
        reopened: how often the fault came back after it was verified.
        accepted: the acceptance that stands or stood last.
        duplicate_of: id of the item it was merged into, empty otherwise.
        attachments: ids of evidence records.
        site: id of the site where the fault was last seen, for findings; likewise `seen_at` and the scan `seen_in`.
        looked_in: newest scan that had anything to say of it, be it fault or proof.
    """

    id: str = ""
    system: str
    source: ItemSource
    subject: str = ""
    check: str = ""
    target: Composed = ""
    place: str = ""
    group: str = ""
    severity: Severity = Severity.MEDIUM
    title: Composed = ""
    state: ItemState = ItemState.OPEN
    priority: Priority = Priority.NORMAL
    owner: Composed = ""
    unit: Composed = ""
    due: date | None = None
    cost: NonNegativeInt | None = None
    opened_at: Instant
    opened_by: Composed = ""
    assigned_at: Instant | None = None
    done_at: Instant | None = None
    cleared_at: Instant | None = None
    closed_at: Instant | None = None
    reopened: int = 0
    accepted: Acceptance | None = None
    duplicate_of: str = ""
    attachments: tuple[str, ...] = ()
    site: str = ""
    seen_at: Instant | None = None
    seen_in: str = ""
    looked_in: str = ""

    @property
    def number(self) -> int:
        """Return the number in its id, 0 while it has none."""
        return int(self.id.removeprefix("KP") or 0)

    @property
    def accepted_until(self) -> date | None:
        """Return the last day of the acceptance that stands or stood last, None where there was none."""
        return self.accepted.until if self.accepted else None


class ItemBrief(NamedTuple):
    """What of an item decides whether and where it stands in a list; fields as those of `RemediationItem`."""

    number: int
    state: ItemState
    severity: Severity
    priority: Priority
    owner: str
    group: str
    due: date | None
    accepted_until: date | None


class ItemEvent(Frozen):
    """Something that happened to an item. Events are only ever added.

    Attributes:
        item: its id; empty for the event of an item that the store is about to number.
        kind: `opened`, `changed`, `commented`, `attached`, `verified`, `not-verified`, `reopened`, `accepted`,
            `acceptance-ended` or `merged`.
        changes: name of a field to its value before and after, as they stand in JSON.
        scan: the scan that proves it, empty otherwise.
    """

    item: str = ""
    at: Instant
    by: Composed
    kind: str
    changes: dict[str, tuple[Json, Json]] = {}
    comment: Composed = ""
    scan: str = ""


class ItemChange(Frozen):
    """An item as it is to be from now on, and what is to be told of it in its history."""

    item: RemediationItem
    events: tuple[ItemEvent, ...] = ()


class RegisterEntry(Frozen):
    """One item as people read it on a day.

    Attributes:
        item: its state is the one in force on that day: an acceptance that has ended is not there any more.
        title: what is wrong, or what is to be done.
        action: what to do; None where the data say nothing.
        overdue: not proven, not accepted, and its last day is past. What a person merely calls done stays overdue.
        responsible: who usually does it, by the requirement that it closes; None without one.
        requirements: what it closes, as `checklist:id`, the list that counts first.
    """

    item: RemediationItem
    title: Text
    action: Text | None = None
    overdue: bool = False
    responsible: Responsible | None = None
    requirements: tuple[str, ...] = ()


class RemediationPolicy(Frozen):
    """How the register works, shipped as data and changed for a workspace.

    Attributes:
        due_days: days from opening to the last day, by severity; None for no date.
        opens_from: findings at least this grave come into the register by themselves.
        gap_not_met: severity of a requirement's gap where it is answered as not met.
        gap_partial: the same where it is met in part.
        longest_acceptance: days for which a risk may be accepted at most.
        reminders: days before the last day on which a calendar reminds.
    """

    due_days: dict[Severity, NonNegativeInt | None]
    opens_from: Severity
    gap_not_met: Severity
    gap_partial: Severity
    longest_acceptance: NonNegativeInt
    reminders: tuple[NonNegativeInt, ...]

    def due(self, severity: Severity, opened: date) -> date | None:
        """Return the last day for work that came into the register on that day."""
        days = self.due_days.get(severity)
        return None if days is None else opened + timedelta(days=days)
