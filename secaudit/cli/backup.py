"""`secaudit backup`: one archive of the whole workspace, made while it is in use."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from secaudit.cli.common import Command, Session, say, shared_options
from secaudit.i18n import mark


@click.command("backup", cls=Command, help=mark("Write one archive of the whole workspace."))
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
def command(session: Session, file: Path) -> int:
    """Write the archive; ends with 1 when a file that should be in it was missing."""
    from secaudit.store.backup import back_up
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        manifest = back_up(workspace, file, datetime.now(UTC))
    if session.json_to:
        session.emit_json({**manifest.model_dump(mode="json"), "file": str(file.absolute())})
        return int(bool(manifest.missing))
    for missing in manifest.missing:
        say(mark("! Missing from the workspace, and so from the backup: {file}"), file=missing)
    say(mark("Backup written: {file} ({count} files). Keep it on another disk; it holds all evidence."),
        file=file.absolute(), count=len(manifest.files))  # fmt: skip
    say(mark("Newest journal hash, to be noted down: {hash}"), hash=manifest.journal_hash)
    return int(bool(manifest.missing))
