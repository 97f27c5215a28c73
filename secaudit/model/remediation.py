"""The remediation register: work that closes a finding or a requirement's gap, with everything that happened to it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from secaudit.model.base import Composed, Frozen, Instant, Json
from secaudit.model.words import Severity


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
        id: `KP` and a number, given by the store; it never changes.
        subject: identity of the finding, or `checklist:requirement`; empty for an item entered by hand. One item
            per system and subject, whatever happens.
        check: id of the check, for findings.
        target: where it was seen, for findings; free text for an item entered by hand.
        group: `checklist:group` of the requirement that it closes, for filters; empty where there is none.
        severity: of the finding; of a requirement's gap by the list's own weight; as said by hand.
        title: as a person wrote it; empty for findings and requirements, whose words stand in the data.
        owner: the person who does it.
        unit: đơn vị: where they work.
        due: last day; None where nobody set one.
        cost: estimate in Vietnamese đồng, None where nobody estimated.
        opened_at: when it came into the register; seen_at: last scan in which the fault was there, for findings.
        closed_at: when the proof came, None while it is not verified.
        reopened: how often the fault came back after it was verified.
        accepted: the acceptance that stands or stood last.
        duplicate_of: id of the item it was merged into, empty otherwise.
        attachments: ids of evidence records.
    """

    id: str
    system: str
    source: ItemSource
    subject: str = ""
    check: str = ""
    target: str = ""
    place: str = ""
    group: str = ""
    severity: Severity = Severity.MEDIUM
    title: Composed = ""
    state: ItemState = ItemState.OPEN
    priority: Priority = Priority.NORMAL
    owner: Composed = ""
    unit: Composed = ""
    due: date | None = None
    cost: int | None = None
    opened_at: Instant
    opened_by: Composed = ""
    seen_at: Instant | None = None
    closed_at: Instant | None = None
    reopened: int = 0
    accepted: Acceptance | None = None
    duplicate_of: str = ""
    attachments: tuple[str, ...] = ()


class ItemEvent(Frozen):
    """Something that happened to an item. Events are only ever added.

    Attributes:
        kind: `opened`, `changed`, `commented`, `attached`, `verified`, `not-verified`, `reopened`, `accepted`,
            `acceptance-ended` or `merged`.
        changes: name of a field to its value before and after, as they stand in JSON.
        scan: the scan that proves it, empty otherwise.
    """

    item: str
    at: Instant
    by: Composed
    kind: str
    changes: dict[str, tuple[Json, Json]] = {}
    comment: Composed = ""
    scan: str = ""
