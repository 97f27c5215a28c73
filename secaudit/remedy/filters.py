"""Choosing items to show, and the order in which they are worth reading."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import TypeVar

from secaudit.model.remediation import ItemState
from secaudit.model.words import Severity
from secaudit.remedy.life import CLOSED, Weighable, is_past, state_on

Item = TypeVar("Item", bound=Weighable)


@dataclass(frozen=True)
class Wanted:
    """Which items are wanted; what is empty or None sets no condition.

    Attributes:
        owner: whole name, whatever its capitals.
        groups: `checklist:group`, or `group` of any list.
        states: these; empty for all that are not closed, unless `closed`.
        due_within: days from today; overdue ones are within.
        closed: also verified items and duplicates, where no states are named.
    """

    owner: str | None = None
    overdue: bool = False
    severities: tuple[Severity, ...] = ()
    groups: tuple[str, ...] = ()
    states: tuple[ItemState, ...] = ()
    due_within: int | None = None
    closed: bool = False


def choose(items: Iterable[Item], wanted: Wanted, today: date) -> list[Item]:
    """Return the items that are wanted: overdue first, then by last day, gravest first, then in the order opened."""
    found = []
    for item in items:
        state = state_on(item, today)
        if _fits(item, state, wanted, today):
            on_time = not is_past(item.due, state, today)
            order = (on_time, item.due or date.max, item.severity.rank, item.priority.rank, item.number)
            found.append((order, item))
    return [item for _, item in sorted(found, key=itemgetter(0))]


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are the same, however their letters are composed, spaced and capitalised."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _fits(item: Weighable, state: ItemState, wanted: Wanted, today: date) -> bool:
    if wanted.states:
        if state not in wanted.states:
            return False
    elif state in CLOSED and not wanted.closed:
        return False
    if wanted.owner is not None and not same_name(item.owner, wanted.owner):
        return False
    if wanted.severities and item.severity not in wanted.severities:
        return False
    if wanted.groups and not any(_in_group(item.group, group) for group in wanted.groups):
        return False
    if wanted.overdue and not is_past(item.due, state, today):
        return False
    if wanted.due_within is None:
        return True
    near = item.due is not None and item.due <= today + timedelta(days=wanted.due_within)
    return near and state not in CLOSED


def _in_group(group: str, wanted: str) -> bool:
    return wanted in (group, group.rpartition(":")[2]) and bool(group)
