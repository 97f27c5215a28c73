"""`secaudit checklist`: the encoded requirements, to read and to check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from secaudit.cli import checklist_diff, checklist_export
from secaudit.cli.common import CommandGroup, Session, option, say, shared_options
from secaudit.i18n import mark, translate
from secaudit.model.errors import BadInput, message

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.model.requirement import Checklist, Requirement


@click.group("checklist", cls=CommandGroup, help=mark("Read and check the encoded requirements."))
def command() -> None:
    """Hold the subcommands."""


command.add_command(checklist_export.command)
command.add_command(checklist_diff.command)


@command.command("list", help=mark("List the checklists."))
@shared_options
def list_(session: Session) -> None:
    """List the shipped checklists with their number of rows."""
    from secaudit.app.knowledge import Knowledge

    checklists = Knowledge().checklists
    if session.json_to:
        session.emit_json(
            [
                {"id": c.id, "title": c.title.model_dump(), "level": c.level, "role": c.role, "counts": c.counts,
                 "groups": len(c.groups), "requirements": len(c.requirements), "reviewed": c.reviewed.isoformat()}
                for c in checklists
            ]
        )  # fmt: skip
        return
    for checklist in checklists:
        click.echo(f"{checklist.id}\n    {checklist.title.in_language(session.language)}")
        click.echo("    ", nl=False)
        say(mark("{rows} requirements in {groups} groups; last review {day}"), rows=len(checklist.requirements),
            groups=len(checklist.groups), day=checklist.reviewed.strftime("%d/%m/%Y"))  # fmt: skip
    click.echo(checklists[0].notice.in_language(session.language))


@command.command("show", help=mark("Show a checklist, one of its groups, or one requirement."))
@click.argument("checklist_id", metavar="CHECKLIST")
@click.argument("part", required=False, metavar="[GROUP|REQUIREMENT]")
@shared_options
def show(session: Session, checklist_id: str, part: str | None) -> None:
    """Show requirement texts, with everything that is known of a single one."""
    from secaudit.app.knowledge import Knowledge

    knowledge = Knowledge()
    checklist = knowledge.checklist(checklist_id)
    rows = [r for r in checklist.requirements if part in (None, r.id, r.group) or r.clause == part]
    if not rows:
        raise BadInput(
            message("{checklist} has no group or requirement {part!r}; see `secaudit checklist show {checklist}`."),
            checklist=checklist_id, part=part,
        )  # fmt: skip
    if session.json_to:
        chosen = {row.id for row in rows}
        data = checklist.model_dump(mode="json", exclude_defaults=False)
        data["requirements"] = [row for row in data["requirements"] if row["id"] in chosen]
        session.emit_json(data)
        return
    click.echo(checklist.title.in_language(session.language))
    click.echo(checklist.notice.in_language(session.language))
    if len(rows) == 1 and part == rows[0].id:
        _show_whole(rows[0], knowledge, session.language)
    else:
        _show_groups(checklist, rows, session.language)


def _show_groups(checklist: Checklist, rows: list[Requirement], language: str) -> None:
    for group in checklist.groups:
        members = [row for row in rows if row.group == group.id]
        if members:
            click.echo(f"\n{group.id}  {group.title.in_language(language)}")
        for row in members:
            click.echo(f"  {row.id:<14} {row.text.in_language(language)}")


def _show_whole(row: Requirement, knowledge: Knowledge, language: str) -> None:
    from secaudit.checklist.wording import period_words, threshold_words

    phrases = knowledge.phrases
    lines = [
        (mark("Requirement"), f"{row.id} ({row.clause})"),
        (mark("Text"), row.text.in_language(language)),
        (mark("What it means here"), row.meaning.in_language(language) if row.meaning else ""),
        (mark("Evidence to keep"), row.evidence.in_language(language)),
        (mark("Example"), row.example.in_language(language) if row.example else ""),
        (mark("Period"), period_words(row.period, phrases, language)),
        (mark("Figures"), "; ".join(threshold_words(t, phrases, language) for t in row.thresholds)),
        (mark("See also"), "; ".join(f"{name}: {', '.join(ids)}" for name, ids in row.crosswalk.items() if ids)),
        (mark("Spoken against by"), ", ".join(link.check for link in row.contradicted_by)),
        (mark("Supported by"), ", ".join(link.check for link in row.supported_by)),
        (mark("Open points"), " ".join(p.in_language(language) for p in row.provenance.open_points)),
        (mark("Sources"), ", ".join(row.provenance.sources)),
        (mark("Last review"), row.provenance.reviewed.strftime("%d/%m/%Y")),
    ]
    for label, value in lines:
        if value:
            click.echo(f"  {translate(label)}: {value}")


@command.command("validate", help=mark("Check checklist files; without a file, the shipped ones."))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@shared_options
@option("--quiet", is_flag=True, help=mark("Say nothing when there is no fault."))
def validate(session: Session, files: tuple[Path, ...], quiet: bool) -> int:
    """Name every fault with file, line, field and remedy; ends with 2 when there is one."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.checklist.resources import checklist_files, shipped

    knowledge = Knowledge()
    chosen = files or tuple(Path(str(file)) for file in checklist_files(shipped()))
    faults = [(path, fault) for path in chosen for fault in knowledge.validate(path)]
    if session.json_to:
        session.emit_json(
            [
                {"file": str(path), "line": fault.line, "field": fault.field,
                 "fault": fault.sentence(knowledge.phrases, session.language)}
                for path, fault in faults
            ]
        )  # fmt: skip
    else:
        for _, fault in faults:
            click.echo(fault.sentence(knowledge.phrases, session.language))
        if not faults and not quiet:
            say(mark("No fault in {count} files."), count=len(chosen))
    return 2 if faults else 0
