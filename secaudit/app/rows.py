"""Finding what the officer means: a system, a checklist, a group or a requirement, from what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from secaudit.app.knowledge import Knowledge
from secaudit.model.errors import BadInput, message
from secaudit.model.organisation import System
from secaudit.model.requirement import Checklist, Requirement
from secaudit.store.workspace import Workspace


def choose_system(workspace: Workspace, typed: str | None) -> System:
    """Return the system with that id; without one, the only system.

    Raises:
        BadInput: there is none, no such one, or several to choose from.
    """
    systems = workspace.standing.systems()
    if not systems:
        raise BadInput(message("The workspace has no system yet. Run `secaudit audit URL` or `secaudit init`."))
    ids = ", ".join(system.id for system in systems)
    if typed is None:
        if len(systems) > 1:
            raise BadInput(message("There are several systems; say which one with --system: {ids}."), ids=ids)
        return systems[0]
    for system in systems:
        if system.id == typed.strip():
            return system
    raise BadInput(message("There is no system {id!r}; the workspace has: {ids}."), id=typed, ids=ids)


def counting_checklist(knowledge: Knowledge) -> Checklist:
    """Return the checklist whose figure is measured against 100 %."""
    return next(checklist for checklist in knowledge.checklists if checklist.counts)


def find_row(knowledge: Knowledge, typed: str) -> tuple[Checklist, Requirement]:
    """Return the requirement that is meant: `5.7.2.1.b` of the checklist that counts, or `checklist:id`.

    Raises:
        BadInput: no requirement, or several rows share the clause.
    """
    checklist, part = _split(knowledge, typed)
    rows = [row for row in checklist.requirements if _fits(row, part)]
    exact = [row for row in rows if _plain(row.id) == _plain(part)]
    if len(exact or rows) == 1:
        return checklist, (exact or rows)[0]
    if rows:
        raise BadInput(
            message("Several requirements have the clause {clause}; name one of: {ids}."),
            clause=part, ids=", ".join(row.id for row in rows),
        )  # fmt: skip
    elsewhere = [f"{other.id}:{row.id}" for other in knowledge.checklists for row in other.requirements
                 if other is not checklist and _fits(row, part)]  # fmt: skip
    if elsewhere:
        raise BadInput(
            message("{checklist} has no requirement {part!r}; if another list is meant, write {ids}."),
            checklist=checklist.id, part=part, ids=", ".join(elsewhere),
        )  # fmt: skip
    raise _unknown(checklist, part)


def find_rows(knowledge: Knowledge, first: str | None, second: str | None) -> tuple[Checklist, Sequence[Requirement]]:
    """Return a checklist and the rows of it that are meant: all, those of a group, or one.

    Args:
        knowledge: the shipped data.
        first: a checklist's id, or what `second` may be, of the checklist that counts.
        second: a group's or requirement's id.

    Raises:
        BadInput: there is no such thing.
    """
    known = {checklist.id: checklist for checklist in knowledge.checklists}
    if first is None:
        checklist, part = counting_checklist(knowledge), ""
    elif first in known:
        checklist, part = known[first], second or ""
    elif second is not None:
        raise BadInput(
            message("There is no checklist {id!r}. Known are: {known}."), id=first, known=", ".join(known)
        )  # fmt: skip
    else:
        checklist, part = _split(knowledge, first)
    if not part:
        return checklist, checklist.requirements
    rows = [row for row in checklist.requirements if row.group == part.strip() or _fits(row, part)]
    if not rows:
        raise _unknown(checklist, part)
    return checklist, rows


def _split(knowledge: Knowledge, typed: str) -> tuple[Checklist, str]:
    name, colon, part = typed.rpartition(":")
    return (knowledge.checklist(name.strip()), part) if colon else (counting_checklist(knowledge), typed)


def _fits(row: Requirement, typed: str) -> bool:
    return _plain(typed) in {_plain(row.id), _plain(row.clause)}


def _plain(text: str) -> str:
    return ".".join(text.replace(".", " ").split()).casefold()


def _unknown(checklist: Checklist, part: str) -> BadInput:
    return BadInput(
        message("{checklist} has no group or requirement {part!r}; see `secaudit checklist show {checklist}`."),
        checklist=checklist.id, part=part,
    )  # fmt: skip
