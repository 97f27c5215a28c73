"""The systems of an owner: adding one, changing one, and which pages belong to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from secaudit.app.setup import site_of
from secaudit.model.errors import BadInput, message
from secaudit.model.organisation import Site, System
from secaudit.model.target import Target
from secaudit.store.workspace import Workspace

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Placed:
    """A page that belongs to the system now; `before` is the system that it was taken from, empty for a new page."""

    site: Site
    before: str


def add_system(
    workspace: Workspace, name: str, system_id: str | None, fields: Mapping[str, Any], targets: Sequence[Target]
) -> tuple[System, list[Placed]]:
    """Add a system with its pages.

    Args:
        system_id: a short id of small letters, digits and hyphens; None makes one of the name.
        fields: what else is known of it, by field name; None for what is not.
        targets: addresses of its pages.

    Raises:
        BadInput: no name, an id that is taken or malformed.
    """
    if not name.strip():
        raise BadInput(message("Give the system a name."))
    taken = {system.id for system in workspace.registry.systems()}
    if system_id is not None:
        if not _ID.fullmatch(system_id):
            raise BadInput(
                message("{id!r} cannot be an id; use at most 40 small letters, digits and hyphens."), id=system_id
            )
        if system_id in taken:
            raise BadInput(message("There is a system {id} already; choose another --id."), id=system_id)
    given = {field: value for field, value in fields.items() if value is not None}
    system = System.model_validate({"id": system_id or _free_id(name, taken), "name": name.strip(), **given})
    workspace.registry.save_system(system)
    return system, [place(workspace, system, target) for target in targets]


def change_system(
    workspace: Workspace, system: System, fields: Mapping[str, Any], targets: Sequence[Target]
) -> tuple[System, list[Placed]]:
    """Change what is given of a system (None stays as it is), and put pages into it."""
    given = {field: value for field, value in fields.items() if value is not None}
    system = System.model_validate({**system.model_dump(), **given})
    workspace.registry.save_system(system)
    return system, [place(workspace, system, target) for target in targets]


def place(workspace: Workspace, system: System, target: Target) -> Placed:
    """Put a page into a system, with all its scans; it is added where it is new and taken from another otherwise."""
    known = workspace.registry.site_for(target)
    before = known.system if known else ""
    site = (known or site_of(workspace, target)).model_copy(update={"system": system.id})
    workspace.registry.save_site(site)
    return Placed(site, "" if before == system.id else before)


def _free_id(name: str, taken: set[str]) -> str:
    """Return an id that can be read: the name in plain letters, with a number where it is taken."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    readable = re.sub(r"[^a-z0-9]+", "-", letters)[:40].strip("-") or "he-thong"
    if readable not in taken:
        return readable
    return next(free for n in range(2, len(taken) + 3) if (free := f"{readable[:36].rstrip('-')}-{n}") not in taken)
