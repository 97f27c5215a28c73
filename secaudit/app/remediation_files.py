"""The register as files: written for people and calendars, and owners read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from secaudit.app.files import write_whole
from secaudit.app.remediation import SCHEMA, Author, entry_json
from secaudit.model.errors import BadInput, message
from secaudit.model.remediation import ItemChange, RegisterEntry, RemediationItem, RemediationPolicy
from secaudit.remedy.owners import Assignment, LineFault, assignments, changes, read_owners
from secaudit.store.remediation import Order
from secaudit.store.workspace import Workspace

FORMATS = ("xlsx", "csv", "ics", "json")


@dataclass(frozen=True)
class OwnersRead:
    """What a file of owners does, or would do.

    Attributes:
        faults: lines that cannot be used; while there is one, nothing is changed.
        changed: items as they are now, none where nothing was changed.
    """

    found: Sequence[Assignment]
    faults: Sequence[LineFault]
    changed: Sequence[RemediationItem] = ()


def write_register(
    entries: Sequence[RegisterEntry], form: str, path: Path, language: str, now: datetime, policy: RemediationPolicy
) -> Path:
    """Write entries to a file, whole or not at all, and return its absolute path.

    Raises:
        BadInput: it cannot be written.
    """
    failure = message("The register could not be written to {path} ({detail}). Close the file or choose another.")
    return write_whole(path, _written(entries, form, language, now, policy), failure)


def _written(
    entries: Sequence[RegisterEntry], form: str, language: str, now: datetime, policy: RemediationPolicy
) -> bytes:
    # Each library is loaded only for its own form.
    if form == "csv":
        from secaudit.export.register_csv import write_csv

        return write_csv(entries, language)
    if form == "ics":
        from secaudit.export.register_ics import write_ics

        return write_ics(entries, language, now, policy.reminders)
    if form == "xlsx":
        from secaudit.export.register_xlsx import write_register as write_xlsx

        return write_xlsx(entries, language, now)
    data = {"schema": SCHEMA, "items": [entry_json(entry) for entry in entries]}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def import_owners(
    workspace: Workspace, file: Path, heads: Mapping[str, str], system: str | None, author: Author, *,
    dry_run: bool, overwrite: bool,
) -> OwnersRead:  # fmt: skip
    """Take owners over from a file, all its lines or none.

    Args:
        workspace: where the register is.
        file: the text file.
        heads: heads of its columns in the current language (see `read_owners`).
        system: only items of this one.
        author: who imports.
        dry_run: change nothing.
        overwrite: also where somebody has assigned an item otherwise meanwhile.

    Raises:
        BadInput: the file cannot be read as a list of owners.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(message("The file {name} cannot be read ({detail})."), name=str(file),
                       detail=error.strerror or error) from None  # fmt: skip
    lines = read_owners(data, heads)
    found, faults = assignments(lines, workspace.remediation.items(system), overwrite=overwrite)
    if dry_run or faults:
        return OwnersRead(found, faults)

    def decide(items: Sequence[RemediationItem], _: Order) -> list[ItemChange]:
        nonlocal found
        found, _faults = assignments(lines, items, overwrite=overwrite)
        return changes(found, author.now, author.name)

    stored = workspace.remediation.change(decide, system)
    return OwnersRead(found, (), stored)
