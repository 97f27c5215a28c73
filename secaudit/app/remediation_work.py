"""What people do with items: enter, assign, change, merge, accept the risk, confirm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from secaudit.app.evidence import take_in_all
from secaudit.app.judge import latest_judged
from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation import Author, Words, policy_of
from secaudit.app.remediation_follow import look_of
from secaudit.model.errors import BadInput, message
from secaudit.model.judgement import Finding
from secaudit.model.organisation import Site, System
from secaudit.model.remediation import (
    Acceptance,
    ItemChange,
    ItemEvent,
    ItemSource,
    ItemState,
    Priority,
    RemediationItem,
)
from secaudit.model.requirement import Checklist, Requirement
from secaudit.model.words import Severity
from secaudit.remedy import life
from secaudit.remedy.follow import is_clear, members
from secaudit.remedy.looks import Seen, look_at
from secaudit.store.remediation import Order
from secaudit.store.workspace import Workspace

SETTABLE = (ItemState.OPEN, ItemState.DONE, ItemState.VERIFIED)
"""States that a person may set; `verified` only where no scan can prove it."""

LONGEST_DUE = 3660
"""Days ahead for which a last day makes sense; more is a year mistyped."""


@dataclass(frozen=True)
class Edit:
    """What somebody says of an item; None where they said nothing of it.

    Attributes:
        no_due: takes the last day away.
        files: files, links or records of evidence to be attached, as typed.
    """

    title: str | None = None
    owner: str | None = None
    unit: str | None = None
    due: date | None = None
    no_due: bool = False
    priority: Priority | None = None
    cost: int | None = None
    severity: Severity | None = None
    state: ItemState | None = None
    comment: str = ""
    files: tuple[str, ...] = ()


def add_by_hand(
    workspace: Workspace, knowledge: Knowledge, system: System, edit: Edit, target: str, author: Author
) -> RemediationItem:
    """Enter work that no scan found.

    Raises:
        BadInput: it has no title, or the day is past.
    """
    if not (edit.title or "").strip():
        raise BadInput(message("Say in a few words what is to be done, with --title."))
    severity = edit.severity or Severity.MEDIUM
    item = RemediationItem(
        system=system.id, source=ItemSource.HAND, target=target.strip(), severity=severity,
        opened_at=author.now, opened_by=author.name,
    )  # fmt: skip
    return _add(workspace, knowledge, item, edit, author)


def add_for_requirement(
    workspace: Workspace, knowledge: Knowledge, system: System, checklist: Checklist, row: Requirement, edit: Edit,
    author: Author,
) -> RemediationItem:  # fmt: skip
    """Enter work for a requirement, answered or not.

    Raises:
        BadInput: the system has an item for it already.
    """
    policy = policy_of(workspace, knowledge)
    item = RemediationItem(
        system=system.id, source=ItemSource.REQUIREMENT, subject=f"{checklist.id}:{row.id}",
        group=f"{checklist.id}:{row.group}", severity=edit.severity or policy.gap_not_met, opened_at=author.now,
        opened_by=author.name,
    )  # fmt: skip
    return _add(workspace, knowledge, item, edit, author)


def add_for_finding(
    workspace: Workspace, knowledge: Knowledge, system: System, typed: str, edit: Edit, author: Author
) -> RemediationItem:
    """Enter work for a finding of the latest scans that did not come into the register by itself.

    Args:
        typed: its identity, or the id of a check that fails once.

    Raises:
        BadInput: there is no such finding, or several; or it has an item already.
    """
    found = _findings(workspace, knowledge, system, typed.strip())
    if not found:
        raise BadInput(message("No finding {typed!r} in the latest scans of {system}."), typed=typed, system=system.id)
    if len(found) > 1:
        ids = ", ".join(finding.identity for _, _, _, finding in found)
        raise BadInput(message("{typed} fails in several places; name one of the findings: {ids}."),
                       typed=typed, ids=ids)  # fmt: skip
    site, scan, at, finding = found[0]
    item = RemediationItem(
        system=system.id, source=ItemSource.FINDING, subject=finding.identity, check=finding.check,
        target=finding.target, place=finding.place, group=Words(workspace, knowledge).group_of_check(finding.check),
        severity=finding.severity, opened_at=author.now, opened_by=author.name, site=site.id, seen_at=at, seen_in=scan,
        looked_in=scan,
    )  # fmt: skip
    return _add(workspace, knowledge, item, replace(edit, severity=None), author)


def change(workspace: Workspace, knowledge: Knowledge, item_id: str, edit: Edit, author: Author) -> RemediationItem:
    """Change an item as `edit` says and return it.

    Raises:
        BadInput: no such item, a duplicate, a day that is past, a state that only proof gives, a file that cannot be
            kept; nothing is changed then.
    """
    item = workspace.remediation.get(item_id)
    _check(edit, author)
    if edit.state is ItemState.VERIFIED:
        _check_confirmable(workspace, knowledge, item, edit)
    files = take_in_all(workspace, edit.files, dated=None, valid_until=None, by=author.name, now=author.now)
    attached = tuple(record.id for record in files)
    return _one(workspace, item.id, lambda now: _edited(now, edit, attached, author))


def accept_risk(
    workspace: Workspace, knowledge: Knowledge, item_id: str, *, by: str, reason: str, until: date, author: Author
) -> RemediationItem:
    """Accept the risk of an item until a day.

    Raises:
        BadInput: nobody or no reason is named, the day is past or too far off, the item is closed already.
    """
    if not by.strip() or not reason.strip():
        raise BadInput(message("Accepting a risk takes the person who answers for it and the reason: --by, --reason."))
    longest = policy_of(workspace, knowledge).longest_acceptance
    if until < author.today:
        raise BadInput(message("{day} is past. Say until which day the risk is accepted."), day=_written(until))
    if (until - author.today).days > longest:
        raise BadInput(
            message("A risk is accepted for {days} days at most (secaudit remediation policy); {day} is too far off."),
            days=longest, day=_written(until),
        )  # fmt: skip
    acceptance = Acceptance(by=by.strip(), reason=reason.strip(), until=until, at=author.now)

    def decide(item: RemediationItem) -> ItemChange:
        if item.state is ItemState.VERIFIED:
            raise BadInput(message("{id} is verified: there is no risk left to accept."), id=item.id)
        return life.accept(item, acceptance)

    return _one(workspace, item_id, decide)


def merge(workspace: Workspace, item_id: str, into_id: str, author: Author) -> tuple[RemediationItem, RemediationItem]:
    """Make one item the duplicate of another and return both.

    Raises:
        BadInput: no such item, the same one, of two systems, one of them closed already.
    """
    goes_id, stays_id = workspace.remediation.get(item_id).id, workspace.remediation.get(into_id).id

    def decide(items: Sequence[RemediationItem], _: Order) -> list[ItemChange]:
        known = {item.id: item for item in items}
        goes, stays = known[goes_id], known[stays_id]
        if goes.id == stays.id:
            raise BadInput(message("{id} cannot be merged into itself."), id=goes.id)
        if goes.system != stays.system:
            raise BadInput(message("{id} and {other} belong to two systems; each keeps its own."),
                           id=goes.id, other=stays.id)  # fmt: skip
        for one in (goes, stays):
            if one.state in life.CLOSED:
                raise BadInput(message("{id} is closed and takes no part in a merger."), id=one.id)
        return list(life.merge(goes, stays, author.now, author.name))

    first, second = workspace.remediation.change(decide)
    return first, second


def _add(
    workspace: Workspace, knowledge: Knowledge, item: RemediationItem, edit: Edit, author: Author
) -> RemediationItem:
    _check(edit, author)
    files = take_in_all(workspace, edit.files, dated=None, valid_until=None, by=author.name, now=author.now)
    due = None if edit.no_due else edit.due or policy_of(workspace, knowledge).due(item.severity, author.today)
    said = {
        "title": (edit.title or "").strip(),
        "owner": (edit.owner or "").strip(),
        "unit": (edit.unit or "").strip(),
        "due": due,
        "priority": edit.priority or Priority.NORMAL,
        "cost": edit.cost,
        "attachments": tuple(record.id for record in files),
    }
    item = item.model_copy(update=said)
    item = item.model_copy(update={"state": life.resting_state(item)})
    if item.owner or item.unit:
        item = item.model_copy(update={"assigned_at": author.now})

    def decide(items: Sequence[RemediationItem], _: Order) -> list[ItemChange]:
        same = next((one for one in items if item.subject and one.subject == item.subject), None)
        if same is not None:
            raise BadInput(message("{subject} is in the register already, as {id}."), subject=item.subject, id=same.id)
        return [life.opened(item, edit.comment.strip())]

    return workspace.remediation.change(decide, item.system)[0]


def _one(workspace: Workspace, item_id: str, decide: Callable[[RemediationItem], ItemChange]) -> RemediationItem:
    """Change one item as it stands when nobody else writes; a duplicate is left alone."""
    item_id = workspace.remediation.get(item_id).id

    def on_it(items: Sequence[RemediationItem], _: Order) -> list[ItemChange]:
        item = next(one for one in items if one.id == item_id)
        if item.state is ItemState.DUPLICATE:
            raise BadInput(message("{id} was merged into {other}; change that one."),
                           id=item.id, other=item.duplicate_of)  # fmt: skip
        return [decide(item)]

    return workspace.remediation.change(on_it)[0]


def _edited(item: RemediationItem, edit: Edit, attached: Sequence[str], author: Author) -> ItemChange:
    at, by, comment = author.now, author.name, edit.comment.strip()
    whole = ItemChange(item=item)
    if edit.owner is not None or edit.unit is not None:
        owner, unit = (None if text is None else text.strip() for text in (edit.owner, edit.unit))
        whole = life.joined(whole, life.assign(whole.item, at, by, owner=owner, unit=unit))
    fresh: dict[str, Any] = {
        name: value for name in ("due", "priority", "cost", "severity") if (value := getattr(edit, name)) is not None
    }
    if edit.title is not None:
        fresh["title"] = edit.title.strip()
    if edit.no_due:
        fresh["due"] = None
    if life.changes_between(whole.item, whole.item.model_copy(update=fresh)):
        whole = life.joined(whole, life.step(whole.item, "changed", at, by, comment=comment, **fresh))
        comment = ""
    if attached:
        kept = tuple(dict.fromkeys((*whole.item.attachments, *attached)))
        names = ", ".join(attached)
        whole = life.joined(whole, life.step(whole.item, "attached", at, by, comment=names, attachments=kept))
    if edit.state is not None:
        whole = life.joined(whole, _in_state(whole.item, edit.state, at, by, comment))
        comment = ""
    if comment:
        said = ItemEvent(item=item.id, at=at, by=by, kind="commented", comment=comment)
        whole = ItemChange(item=whole.item, events=(*whole.events, said))
    return whole


def _in_state(item: RemediationItem, state: ItemState, at: datetime, by: str, comment: str) -> ItemChange:
    if state is ItemState.VERIFIED:
        return life.verify(item, at, by, comment=comment)
    if state is ItemState.DONE:
        if item.state is ItemState.VERIFIED:
            raise BadInput(message("{id} is verified already."), id=item.id)
        return life.done(item, at, by, comment)
    return life.take_up_again(item, at, by, comment)


def _check(edit: Edit, author: Author) -> None:
    if edit.due is not None and edit.due < author.today:
        raise BadInput(message("The last day {day} is past. Choose a day to come."), day=_written(edit.due))
    if edit.due is not None and (edit.due - author.today).days > LONGEST_DUE:
        raise BadInput(
            message("The last day {day} is more than ten years ahead. Check the year."), day=_written(edit.due)
        )
    if edit.title is not None and not edit.title.strip():
        raise BadInput(message("Say in a few words what is to be done, with --title."))
    if edit.state is not None and edit.state not in SETTABLE:
        raise BadInput(
            message("The state {state} is not set by hand; these are: {states}."),
            state=edit.state.value, states=", ".join(SETTABLE),
        )  # fmt: skip


def _check_confirmable(workspace: Workspace, knowledge: Knowledge, item: RemediationItem, edit: Edit) -> None:
    """Make sure that only a person can tell, and that they say what they saw.

    Raises:
        BadInput: a scan or an answer tells, or there is no comment.
    """
    if item.source is ItemSource.REQUIREMENT:
        raise BadInput(
            message("{id} is verified once its requirement is judged as met; answer it with `secaudit assess set`."),
            id=item.id,
        )
    if item.source is ItemSource.FINDING and _seen_now(workspace, knowledge, item) is not Seen.GONE:
        raise BadInput(message("Only a rescan proves {id}; run `secaudit remediation verify {id}`."), id=item.id)
    known = workspace.remediation.items(item.system)
    unproven = [one.id for one in members(known).get(item.id, []) if one.id != item.id and not is_clear(one)]
    if unproven:
        raise BadInput(
            message("{id} also stands for {others}, which only a rescan proves."),
            id=item.id,
            others=", ".join(unproven),
        )
    if not edit.comment.strip():
        raise BadInput(message("Say what was seen that proves it, with --comment."))


def _seen_now(workspace: Workspace, knowledge: Knowledge, item: RemediationItem) -> Seen:
    """Return what the latest looks at its site say of an item."""
    site = next((site for site in workspace.registry.sites() if site.id == item.site), None)
    judged = latest_judged(workspace, site, knowledge) if site else None
    if site is None or judged is None:
        return Seen.UNKNOWN
    return look_at(item, look_of(workspace, site, judged, [item])).seen


def _findings(
    workspace: Workspace, knowledge: Knowledge, system: System, typed: str
) -> list[tuple[Site, str, datetime, Finding]]:
    found = []
    for site in workspace.registry.sites():
        judged = latest_judged(workspace, site, knowledge) if site.system == system.id else None
        for finding in judged.findings if judged else ():
            if judged and typed in (finding.identity, finding.check):
                found.append((site, judged.scan.id, judged.scan.started_at, finding))
    return found


def _written(day: date) -> str:
    return day.strftime("%d/%m/%Y")
