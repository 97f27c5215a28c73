"""`secaudit reports`: what reports are made with. `templates export` gives out the Word templates to edit."""

from __future__ import annotations

from pathlib import Path

import click

from secaudit.cli.common import CommandGroup, Session, option, say, shared_options
from secaudit.i18n import mark

KINDS = ("combined", "form08", "annual", "remediation", "protection", "inspection")


@click.group("reports", cls=CommandGroup, help=mark("The Word templates that reports are made with."))
def command() -> None:
    """Hold the subcommands."""


@command.group("templates", cls=CommandGroup, help=mark("Your own Word templates."))
def templates() -> None:
    """Hold the subcommands."""


@templates.command("export", help=mark(
    "Write the shipped Word templates and the lists of their fields into a folder, to edit them. Use your own with "
    "`secaudit report KIND --format docx --template FILE`."
))  # fmt: skip
@click.argument("folder", type=click.Path(path_type=Path), metavar=mark("DIR"))
@shared_options
@option("--kind", type=click.Choice(KINDS), help=mark("Only the template of this report."))
def export(session: Session, folder: Path, kind: str | None) -> int:
    """Write the templates; a file that is there is never written over."""
    from secaudit.app.templates import export_templates

    paths = export_templates([kind] if kind else KINDS, folder)
    if session.json_to:
        session.emit_json({"schema": "secaudit.written/1", "kind": "templates", "files": [str(path) for path in paths]})
        return 0
    for path in paths:
        say(mark("Written: {path}"), path=path)
    return 0
