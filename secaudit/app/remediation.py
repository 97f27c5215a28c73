"""The remediation register as it is read: every item with its words, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from secaudit.app.knowledge import Knowledge
from secaudit.checklist.mapping import Mapping
from secaudit.checklist.remediation import load_policy
from secaudit.model.base import Text
from secaudit.model.remediation import (
    ItemEvent,
    ItemSource,
    ItemState,
    RegisterEntry,
    RemediationItem,
    RemediationPolicy,
)
from secaudit.model.words import Responsible
from secaudit.remedy.life import CLOSED, Weighable, effective, is_overdue, is_past, state_on
from secaudit.store.workspace import Workspace

SCHEMA = "secaudit.remediation/1"


@dataclass(frozen=True)
class Author:
    """Who does something, and when."""

    name: str
    now: datetime

    @property
    def today(self) -> date:
        """Return the local day."""
        return self.now.astimezone().date()


@dataclass(frozen=True)
class Tally:
    """How many items are open (nothing proves them, nobody accepts them), overdue, and accepted."""

    open: int
    overdue: int
    accepted: int


class Words:
    """The words of items, looked up in the data once for many items."""

    def __init__(self, workspace: Workspace, knowledge: Knowledge) -> None:
        self._workspace = workspace
        self._knowledge = knowledge
        binding = [checklist for checklist in knowledge.checklists if checklist.role in ("standard", "duties")]
        self._closes = Mapping(binding)
        self._rows = {f"{one.id}:{row.id}": (one, row) for one in knowledge.checklists for row in one.requirements}
        self._yes_no: dict[str, dict[str, bool]] = {}

    def requirements(self, item: RemediationItem) -> tuple[str, ...]:
        """Return the binding rows that it closes, as `checklist:id`, the list that counts first."""
        if item.source is ItemSource.REQUIREMENT:
            return (item.subject,)
        return self._closes.contradicted(item.check) if item.check else ()

    def group(self, subject: str) -> str:
        """Return `checklist:group` of a row, empty where no list has it."""
        found = self._rows.get(subject)
        return f"{found[0].id}:{found[1].group}" if found else ""

    def group_of_check(self, check: str) -> str:
        """Return `checklist:group` of the first row that a failing check speaks against, empty where there is none."""
        return next((self.group(subject) for subject in self._closes.contradicted(check)), "")

    def entry(self, item: RemediationItem, today: date) -> RegisterEntry:
        """Return the item as people read it on that day."""
        rows = self.requirements(item)
        title, action = self._texts(item)
        return RegisterEntry.model_construct(  # of checked parts, thousands of times
            item=effective(item, today),
            title=title,
            action=action,
            overdue=is_overdue(item, today),
            responsible=self._responsible(item.system, rows[0]) if rows else None,
            requirements=rows,
        )

    def _texts(self, item: RemediationItem) -> tuple[Text, Text | None]:
        """Return title and action; what a person wrote goes before the data, what the data do not know by its id."""
        action: Text | None = None
        known: Text | None = None
        if item.source is ItemSource.FINDING and (text := self._knowledge.texts.get(item.check)):
            known, action = text.title, text.remediation
            if item.place:
                known = Text(vi=f"{known.vi} ({item.place})", en=f"{known.en} ({item.place})")
        elif item.source is ItemSource.REQUIREMENT and (found := self._rows.get(item.subject)):
            known, action = found[1].text, found[1].meaning
        if item.title or known is None:
            own = item.title or item.check or item.subject
            known = Text(vi=own, en=own)
        return known, action

    def _responsible(self, system: str, subject: str) -> Responsible | None:
        if system not in self._yes_no:
            answers = self._workspace.profile.current(system)
            self._yes_no[system] = {question: answer.yes for question, answer in answers.items()}
        found = self._rows.get(subject)
        if found is None:
            return None
        return self._knowledge.profile.responsible(found[0].id, found[1], self._yes_no[system])


def policy_of(workspace: Workspace, knowledge: Knowledge) -> RemediationPolicy:
    """Return how the register works in this workspace: as shipped, and what the workspace says otherwise."""
    shipped = load_policy(knowledge.root).model_dump(mode="json")
    own = workspace.remediation.policy()
    due = own.pop("due_days", None)
    if isinstance(due, dict):
        shipped["due_days"].update(due)
    return RemediationPolicy.model_validate({**shipped, **own})


def register(
    workspace: Workspace, knowledge: Knowledge, now: datetime, system: str | None = None
) -> list[RegisterEntry]:
    """Return the items of one system, or of all, in the order in which they were opened. Changes nothing.

    Args:
        workspace: where they are kept.
        knowledge: the shipped data, for their words.
        now: its local day decides what is overdue and whether an acceptance still stands.
        system: id of a system.
    """
    words = Words(workspace, knowledge)
    today = now.astimezone().date()
    return [words.entry(item, today) for item in workspace.remediation.items(system)]


def tally(items: Iterable[Weighable], now: datetime) -> Tally:
    """Count items as they stand on the local day of `now`."""
    today, left, overdue, accepted = now.astimezone().date(), 0, 0, 0
    for item in items:  # once: a register can hold thousands
        state = state_on(item, today)
        if state is ItemState.ACCEPTED:
            accepted += 1
        elif state not in CLOSED:
            left += 1
            overdue += is_past(item.due, state, today)
    return Tally(open=left, overdue=overdue, accepted=accepted)


def entry_json(entry: RegisterEntry, events: Sequence[ItemEvent] | None = None) -> dict[str, object]:
    """Return an entry as data, with its history where it is given."""
    data: dict[str, object] = {
        **entry.item.model_dump(mode="json", exclude={"title"}),
        "title": entry.title.model_dump(),
        "action": entry.action.model_dump() if entry.action else None,
        "overdue": entry.overdue,
        "responsible": entry.responsible,
        "requirements": list(entry.requirements),
    }
    if events is not None:
        data["history"] = [event.model_dump(mode="json", exclude={"item"}) for event in events]
    return data
