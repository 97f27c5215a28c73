"""`secaudit assess evidence`: taking evidence in, listing it, giving it back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from secaudit.cli.assess_options import day, name_option, optional_day
from secaudit.cli.common import Command, CommandGroup, Session, option, say, shared_options
from secaudit.i18n import mark
from secaudit.text import printable


@click.group("evidence", cls=CommandGroup, help=mark("Keep evidence: files, links, scans."))
def evidence_group() -> None:
    """Hold the subcommands."""


@evidence_group.command("add", help=mark("Take in files, links or scans; --evidence of `assess set` takes their ids."))
@click.argument("sources", nargs=-1, required=True, metavar="FILE|URL|scan:ID")
@shared_options
@option("--date", "dated", metavar=mark("DAY"), help=mark("Date of the evidence itself, DD/MM/YYYY."))
@option("--valid-until", metavar=mark("DAY"), help=mark("Last day on which it holds, DD/MM/YYYY."))
@option("--note", default="", metavar=mark("TEXT"), help=mark("A remark."))
@name_option
def add(
    session: Session, sources: tuple[str, ...], dated: str | None, valid_until: str | None, note: str,
    name: str | None,
) -> None:  # fmt: skip
    """Keep each source once and print its id."""
    from secaudit.app.evidence import take_in
    from secaudit.store.journal import user_name
    from secaudit.store.workspace import Workspace

    on, until = optional_day(dated), optional_day(valid_until)
    with Workspace.open(session.workspace) as workspace:
        records = [
            take_in(workspace, source, dated=on, valid_until=until, by=name or user_name(), now=datetime.now(UTC),
                    note=note)
            for source in sources
        ]  # fmt: skip
    if session.json_to:
        session.emit_json([record.model_dump(mode="json") for record in records])
        return
    for record in records:
        say(mark("Kept as {id}: {name}"), id=record.id, name=printable(record.name))


@evidence_group.command("list", help=mark("List the evidence and how many requirements it backs."))
@shared_options
def list_(session: Session) -> None:
    """List all records with the rows that name them now."""
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        records = workspace.evidence.list()
        backed: dict[str, list[str]] = {record.id: [] for record in records}
        for system in workspace.registry.systems():
            for answer in workspace.answers.current(system.id):
                for one in answer.evidence:
                    backed.setdefault(one, []).append(f"{system.id}/{answer.checklist}:{answer.requirement}")
    if session.json_to:
        session.emit_json([{**record.model_dump(mode="json"), "backs": backed[record.id]} for record in records])
        return
    if not records:
        say(mark("No evidence is kept yet."))
    for record in records:
        click.echo(f"{record.id}  {printable(record.name)}" + (f"  ({record.size} B)" if record.size else ""))
        click.echo("    ", nl=False)
        say(mark("dated {day}, valid until {until}, backs {count} requirements"), day=day(record.dated),
            until=day(record.valid_until), count=len(backed[record.id]))  # fmt: skip


@evidence_group.command("export", cls=Command, help=mark("Copy a kept file out of the workspace."))
@click.argument("evidence_id", metavar="ID")
@click.argument("target", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@shared_options
def export(session: Session, evidence_id: str, target: Path | None) -> None:
    """Write the file under its original name, or as TARGET; nothing is overwritten."""
    from secaudit.app.evidence import give_back
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        written = give_back(workspace, evidence_id, target)
    if session.json_to:
        session.emit_json({"file": str(written)})
    else:
        say(mark("Written: {path}"), path=written)
