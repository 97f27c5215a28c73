"""`secaudit assess export` and `import`: the workbook that officials fill in, out and back in again."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from secaudit.cli.assess_options import name_option, system_option
from secaudit.cli.common import Command, Session, on_terminal, option, say, shared_options
from secaudit.i18n import mark
from secaudit.model.base import Language
from secaudit.model.errors import BadInput

if TYPE_CHECKING:
    from secaudit.app.workbook_import import Imported

LAYOUTS = ("list", "groups")


@click.command("export", cls=Command, help=mark("Write a workbook (.xlsx) to fill answers in."))
@shared_options
@system_option
@option("--checklist", "checklist_id", metavar="ID", help=mark("Which checklist (default: the one that counts)."))
@option("--group", "group_id", metavar=mark("GROUP"), help=mark("Only this group."))
@option("--open-only", is_flag=True, help=mark("Only rows that do not count as met."))
@option("--layout", type=click.Choice(LAYOUTS), default="list", show_default=True,
        help=mark("One list, or one sheet for each group."))  # fmt: skip
@option("--output", type=click.Path(path_type=Path), metavar=mark("FILE"),
        help=mark("Where it goes (default: named by system, checklist and day, in this folder)."))  # fmt: skip
@option("--force", is_flag=True, help=mark("Replace files that are there already."))
def export_command(
    session: Session, system_id: str | None, checklist_id: str | None, group_id: str | None, open_only: bool,
    layout: str, output: Path | None, force: bool,
) -> None:  # fmt: skip
    """Write the rows with the answers that stand now."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.rows import choose_system, counting_checklist
    from secaudit.app.workbook_export import export_workbook, filling_of
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        checklist = knowledge.checklist(checklist_id) if checklist_id else counting_checklist(knowledge)
        filling = filling_of(
            workspace, knowledge, system, checklist, cast(Language, session.language), datetime.now(UTC),
            group=group_id, open_only=open_only, by_group=layout == "groups",
        )  # fmt: skip
    path = export_workbook(filling, output, overwrite=force)
    if session.json_to:
        session.emit_json(
            {"schema": "secaudit.written/1", "kind": "workbook", "files": [str(path)], "rows": len(filling.rows)}
        )
        return
    say(mark("Written: {path}"), path=path)
    say(mark("{count} rows. Fill in the cells with brown headings, save, then run `secaudit assess import FILE`."),
        count=len(filling.rows))  # fmt: skip


@click.command("import", cls=Command, help=mark("Read a filled-in workbook back; shows what would change and asks."))
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
@system_option
@name_option
@option("--dry-run", is_flag=True, help=mark("Only show what would change."))
@option("--yes", is_flag=True, help=mark("Write without asking; needed where nobody sits at a terminal."))
@option("--skip-bad", is_flag=True, help=mark("Write the good rows although cells are named as bad."))
@option("--prefer", type=click.Choice(["sheet"]),
        help=mark("Let the sheet win where both it and the workspace have changed."))  # fmt: skip
@option("--evidence-folder", type=click.Path(path_type=Path), metavar=mark("DIR"),
        help=mark("Where the files lie whose names stand in the column of evidence."))  # fmt: skip
def import_command(
    session: Session, file: Path, system_id: str | None, name: str | None, dry_run: bool, yes: bool, skip_bad: bool,
    prefer: str | None, evidence_folder: Path | None,
) -> int:  # fmt: skip
    """Show what would change, then store it in one transaction.

    Ends with 0 when everything in the sheet stands in the workspace now (or would), with 1 when conflicts or bad rows
    were left out, with 2 when nothing was written because cells are bad or nobody could be asked.
    """
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_follow import catch_up
    from secaudit.app.workbook_import import store_plan
    from secaudit.app.workbook_plan import Choices, plan_import
    from secaudit.cli.assess_workbook_words import as_json, show_plan, show_written
    from secaudit.store.journal import user_name
    from secaudit.store.workspace import Workspace

    choices = Choices(user_name(), name, evidence_folder, prefer_sheet=prefer == "sheet")
    knowledge, now = Knowledge(), datetime.now(UTC)
    stopped: BadInput | None = None
    with Workspace.open(session.workspace) as workspace:
        plan = plan_import(workspace, knowledge, file, system_id, choices, now)
        if not session.json_to:
            show_plan(plan)
        done: Imported | None = None
        if plan.faults and not skip_bad:
            stopped = BadInput(
                mark("Nothing was written: {count} cells must be put right first. Correct them and run it again, or "
                     "take the other rows with --skip-bad."), count=len(plan.faults),
            )  # fmt: skip
        elif plan.changes and not dry_run:
            if yes or (not session.json_to and _wanted()):
                done = store_plan(workspace, plan, choices, now)
                catch_up(workspace, knowledge, now)
            elif session.json_to or not _somebody_there():
                stopped = BadInput(mark("Nothing was written: nobody is there to be asked. Add --yes to write."))
    if session.json_to:
        session.emit_json(as_json(plan, done))
    elif done is not None:
        show_written(done)
    elif stopped is None:
        say(mark("Nothing was written."))
    if stopped is not None:
        raise stopped
    return int(bool(plan.conflicts or plan.faults or (done and done.overtaken)))


def _somebody_there() -> bool:
    return on_terminal() and sys.stdin.isatty()


def _wanted() -> bool:
    """Ask whether the rows shown are to be written; an empty line is a no."""
    from secaudit.app.questions import parse_yes_no
    from secaudit.cli.asking import Stopped, ask_until

    if not _somebody_there():
        return False
    try:
        return ask_until(
            mark("Write these answers? (y/n; empty: no)"), lambda typed: parse_yes_no(typed) if typed else False
        )
    except Stopped:
        return False
