"""`secaudit remediation export` and `import-owners`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import Command, Session, option, say, shared_options, tell
from secaudit.cli.remediation_list import chosen_entries, filter_options
from secaudit.cli.remediation_options import author_of, me_option, system_option
from secaudit.i18n import mark, translate
from secaudit.text import printable

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_files import OwnersRead
    from secaudit.remedy.owners import Assignment


@click.command("export", cls=Command, help=mark("Write the register as workbook, text file, calendar or JSON."))
@shared_options
@filter_options
@option("--format", "forms", default="xlsx", show_default=True, metavar="xlsx,csv,ics,json",
        help=mark("Forms of the files, separated by commas."))  # fmt: skip
@option("--output", type=click.Path(path_type=Path), metavar=mark("FILE"),
        help=mark("Where it goes, without the ending (default: the folder reports of the workspace)."))  # fmt: skip
def export_command(session: Session, forms: str, output: Path | None, **values: Any) -> None:
    """Write the items that the filters leave; closed ones with --all."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation import policy_of
    from secaudit.app.remediation_files import FORMATS, write_register
    from secaudit.model.errors import BadInput, message
    from secaudit.store.workspace import Workspace

    wanted = tuple(dict.fromkeys(part.strip().lower() for part in forms.split(",") if part.strip()))
    if not wanted or set(wanted) - set(FORMATS):
        raise BadInput(message("--format takes {known}, not {value!r}."), known=", ".join(FORMATS), value=forms)
    entries, _, _ = chosen_entries(session, values)
    now = datetime.now(UTC)
    base = output or session.workspace / "reports" / f"viec-khac-phuc-{now.astimezone():%Y-%m-%d}"
    with Workspace.open(session.workspace) as workspace:
        policy = policy_of(workspace, Knowledge())
    written = []
    for form in wanted:
        path = base if base.suffix.lower() == f".{form}" else base.with_name(f"{base.name}.{form}")
        written.append(write_register(entries, form, path, session.language, now, policy))
    if session.json_to:
        session.emit_json(
            {"schema": "secaudit.written/1", "kind": "remediation", "files": [str(path) for path in written]}
        )
        return
    for path in written:
        say(mark("Written: {path}"), path=path)


@click.command("import-owners", cls=Command, help=mark("Take over owners from a CSV file: by item, check or group."))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@shared_options
@system_option
@option("--dry-run", is_flag=True, help=mark("Show what would change; change nothing."))
@option("--overwrite", is_flag=True, help=mark("Also where somebody has assigned an item otherwise meanwhile."))
@me_option
def owners_command(
    session: Session, file: Path, system_id: str | None, dry_run: bool, overwrite: bool, name: str | None
) -> int:
    """Assign items as the file says: all its lines, or none where one cannot be used."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_files import import_owners
    from secaudit.app.rows import choose_system
    from secaudit.export import register_table as table
    from secaudit.store.workspace import Workspace

    heads = {
        "item": translate(table.ID), "check": translate(table.CHECK), "group": translate(table.GROUP),
        "owner": translate(table.OWNER), "unit": translate(table.UNIT), "assigned_at": translate(table.ASSIGNED_AT),
    }  # fmt: skip
    knowledge = Knowledge()
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id).id if system_id else None
        read = import_owners(
            workspace, file, heads, system, author_of(name), dry_run=dry_run, overwrite=overwrite
        )  # fmt: skip
    if session.json_to:
        session.emit_json(_as_json(read, knowledge, session.language, dry_run=dry_run))
    else:
        _print(read, knowledge, session.language, dry_run=dry_run)
    return 2 if read.faults else 0


def _print(read: OwnersRead, knowledge: Knowledge, language: str, *, dry_run: bool) -> None:
    from secaudit.remedy.owners import Outcome

    for fault in read.faults:
        tell(mark("Line {number}: {why}"), number=fault.number, why=knowledge.render(fault.reason, language))
    wanted = [one for one in read.found if one.outcome is Outcome.ASSIGN]
    for one in wanted:
        click.echo(f"{one.item.id:<6} {_who(one.item.owner, one.item.unit)} → {_new(one)}")
    for one in read.found:
        if one.outcome is Outcome.CONFLICT:
            tell(
                mark("{id}: not changed, it has been given to {owner}; line {number} says {wanted} (--overwrite)."),
                id=one.item.id, owner=_who(one.item.owner, one.item.unit), number=one.line.number, wanted=_new(one),
            )  # fmt: skip
    if read.faults:
        tell(mark("Nothing was changed: {count} lines cannot be used. Mend them and import again."),
             count=len(read.faults))  # fmt: skip
    elif dry_run:
        say(mark("{count} items would be assigned; nothing was changed."), count=len(wanted))
    else:
        say(mark("{count} items are assigned."), count=len(read.changed))


def _who(owner: str, unit: str) -> str:
    return printable(", ".join(part for part in (owner, unit) if part)) or translate(mark("nobody"))


def _new(one: Assignment) -> str:
    return _who(one.line.owner or one.item.owner, one.line.unit if one.line.unit is not None else one.item.unit)


def _as_json(read: OwnersRead, knowledge: Knowledge, language: str, *, dry_run: bool) -> dict[str, Any]:
    return {
        "schema": "secaudit.owners/1",
        "dry_run": dry_run,
        "changed": len(read.changed),
        "items": [
            {"id": one.item.id, "line": one.line.number, "outcome": one.outcome.value,
             "owner": [one.item.owner, one.line.owner or one.item.owner],
             "unit": [one.item.unit, one.line.unit if one.line.unit is not None else one.item.unit]}
            for one in read.found
        ],
        "faults": [
            {"line": fault.number, "why": knowledge.render(fault.reason, language), **fault.reason.model_dump()}
            for fault in read.faults
        ],
    }  # fmt: skip
