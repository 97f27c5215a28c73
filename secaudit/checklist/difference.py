"""What changes for an office between two checklists: a standard and its successor, or two versions of one list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from secaudit.checklist.crosswalk import CarryOver, carry_over, reverse
from secaudit.model.base import Text
from secaudit.model.errors import BadInput, message
from secaudit.model.requirement import Checklist, Requirement

UNCOMPARED = frozenset({"id", "provenance"})
"""Fields of a row whose change asks nothing of an office: its name, and when and how we last looked at the source."""


@dataclass(frozen=True)
class GroupShare:
    """A group of one list and how much of it the other one knows.

    Attributes:
        rows: how many requirements or headings the group has.
        carried: how many of them have a counterpart in the other list.
    """

    id: str
    title: Text
    rows: int
    carried: int


@dataclass(frozen=True)
class Transition:
    """From a standard to the one that replaces it.

    Attributes:
        over: which headings carry over to which rows, which rows are new, which headings end.
        present_groups: groups of the present list; what is not carried is new work.
        former_groups: groups of the former list; what is not carried is not taken up again.
        elsewhere: headings that end here but live on in another list, with its `checklist:row`.
    """

    former: Checklist
    present: Checklist
    over: CarryOver
    present_groups: tuple[GroupShare, ...]
    former_groups: tuple[GroupShare, ...]
    elsewhere: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class FieldChange:
    """A field of a row with another value than before, as JSON data."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RowChange:
    """A row that both versions have, and what differs."""

    id: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Revision:
    """Between two versions of one list; rows are told apart by their id."""

    before: Checklist
    after: Checklist
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[RowChange, ...]


def difference(old: Checklist, new: Checklist, others: Iterable[Checklist] = ()) -> Transition | Revision:
    """Compare two checklists.

    Args:
        old: the former list or version.
        new: the present one.
        others: further lists, in which headings of a former standard may live on.

    Returns:
        A revision where both have the same id, a transition where `new` says that it replaces `old`.

    Raises:
        BadInput: neither; nothing sensible can be said.
    """
    if old.id == new.id:
        return _revision(old, new)
    if old.id in new.replaces:
        return _transition(old, new, others)
    if new.id in old.replaces:
        raise BadInput(
            message("{new} is the former list. Write it first: `secaudit checklist diff {new} {old}`."),
            old=old.id,
            new=new.id,
        )
    raise BadInput(
        message(
            "{new} does not replace {old}. Only a list and its successor, or two versions of one list, can be compared."
        ),
        old=old.id,
        new=new.id,
    )


def _transition(former: Checklist, present: Checklist, others: Iterable[Checklist]) -> Transition:
    over = carry_over(former, present)
    prepared = {row for rows in over.carried.values() for row in rows}
    further = reverse((one for one in others if one.id not in {former.id, present.id}), former)
    elsewhere = {heading: further[heading] for heading in over.ended if further.get(heading)}
    shares = _shares(present, prepared), _shares(former, over.carried)
    return Transition(former, present, over, *shares, elsewhere)


def _shares(checklist: Checklist, carried: Collection[str]) -> tuple[GroupShare, ...]:
    shares = []
    for group in checklist.groups:
        rows = [row.id for row in checklist.requirements if row.group == group.id]
        shares.append(GroupShare(group.id, group.title, len(rows), sum(row in carried for row in rows)))
    return tuple(shares)


def _revision(before: Checklist, after: Checklist) -> Revision:
    old = {row.id: row for row in before.requirements}
    new = {row.id: row for row in after.requirements}
    compared = ((row_id, _changes(old[row_id], row)) for row_id, row in new.items() if row_id in old)
    return Revision(
        before,
        after,
        added=tuple(row_id for row_id in new if row_id not in old),
        removed=tuple(row_id for row_id in old if row_id not in new),
        changed=tuple(RowChange(row_id, changes) for row_id, changes in compared if changes),
    )


def _changes(old: Requirement, new: Requirement) -> tuple[FieldChange, ...]:
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    differing = [name for name in after if name not in UNCOMPARED and before[name] != after[name]]
    return tuple(FieldChange(name, before[name], after[name]) for name in differing)
