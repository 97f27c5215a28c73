"""`secaudit assess`: answers and evidence; without a subcommand, the open rows one after the other."""

from __future__ import annotations

import os
from pathlib import Path

import click

from secaudit.cli.assess_answers import history_command, set_command, show_command
from secaudit.cli.assess_due import due_command
from secaudit.cli.assess_evidence import evidence_group
from secaudit.cli.assess_level import level_command
from secaudit.cli.assess_options import system_option
from secaudit.cli.assess_provider import provider_group
from secaudit.cli.assess_questions import questions_command
from secaudit.cli.assess_workbook import export_command, import_command
from secaudit.cli.common import CommandGroup, Session, option
from secaudit.i18n import current_language, mark


@click.group(
    "assess", cls=CommandGroup, invoke_without_command=True,
    help=mark("Answer requirements and keep evidence; alone, it asks for the open rows one by one."),
)  # fmt: skip
@option("--workspace", type=click.Path(path_type=Path), metavar=mark("DIR"),
        help=mark("Folder of the data (default: SECAUDIT_WORKSPACE, else ./secaudit-data)."))  # fmt: skip
@option("--debug", is_flag=True, expose_value=False, help=mark("Show the technical trace of an error."))
@system_option
@option("--name", metavar=mark("WHO"), help=mark("Who answers."))
@option("--group", "group_id", metavar=mark("GROUP"), help=mark("Begin with this group."))
@click.pass_context
def command(
    ctx: click.Context, workspace: Path | None, system_id: str | None, name: str | None, group_id: str | None
) -> None:
    """Go through the open rows, unless a subcommand is named; that one takes over what was said before it."""
    if ctx.invoked_subcommand is not None:
        said = {"workspace": workspace, "system_id": system_id, "name": name}
        given = {key: value for key, value in said.items() if value is not None}
        groups = {name: sub.commands for name, sub in command.commands.items() if isinstance(sub, click.Group)}
        nested = {name: {sub: dict(given) for sub in subs} for name, subs in groups.items()}
        ctx.default_map = {sub: dict(given) for sub in command.commands} | nested
        return
    from secaudit.cli.assess_walk import walk

    chosen = workspace or Path(os.environ.get("SECAUDIT_WORKSPACE") or "secaudit-data")
    walk(Session(chosen, current_language(), None), system_id, name, group_id)


for _sub in (show_command, set_command, history_command, questions_command, level_command, due_command, export_command,
             import_command):  # fmt: skip
    command.add_command(_sub)
command.add_command(evidence_group)
command.add_command(provider_group)
