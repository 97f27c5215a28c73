"""`secaudit checklist export`: a checklist for a spreadsheet program, for other tools, for other people."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import mark
from secaudit.model.base import Language

FORMATS = ("xlsx", "json", "oscal", "ciso-assistant")


@click.command(
    "export", cls=Command, help=mark("Write a checklist as a workbook, JSON, OSCAL or CISO Assistant library.")
)
@click.argument("name", metavar="CHECKLIST")
@shared_options
@option("--format", "form", type=click.Choice(FORMATS), default="xlsx", show_default=True,
        help=mark("Form of the file; oscal writes a catalog and, beside it, a profile."))  # fmt: skip
@option("--output", type=click.Path(path_type=Path), metavar=mark("FILE"),
        help=mark("Where it goes (default: the checklist's name in this folder)."))  # fmt: skip
@option("--force", is_flag=True, help=mark("Replace files that are there already."))
def command(session: Session, name: str, form: str, output: Path | None, force: bool) -> None:
    """Write one checklist, by id or from a file of one's own, in the language of the call."""
    from secaudit.app.checklists import export_checklist, export_content, named_checklist
    from secaudit.app.knowledge import Knowledge

    knowledge = Knowledge()
    content = export_content(knowledge, named_checklist(knowledge, name), cast(Language, session.language))
    written = export_checklist(content, form, output, overwrite=force)
    if session.json_to:
        session.emit_json({"schema": "secaudit.written/1", "kind": form, "files": [str(path) for path in written]})
        return
    for path in written:
        say(mark("Written: {path}"), path=path)
