"""`secaudit restore`: a workspace from a backup, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import click

from secaudit.cli.common import Command, Session, say, shared_options
from secaudit.cli.dates import local_time
from secaudit.i18n import current_language, mark


@click.command("restore", cls=Command, help=mark("Make a workspace from a backup; never overwrites one."))
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
def command(session: Session, file: Path) -> int:
    """Restore into an empty folder; ends with 1 when the workspace had faults before it was backed up."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.store.restore import restore

    manifest, faults = restore(file, session.workspace)
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.restore/1",
                "workspace": str(session.workspace.absolute()),
                "created_at": manifest.created_at.isoformat(),
                "files": len(manifest.files),
                "faults": [fault.model_dump(mode="json") for fault in faults],
            }
        )
        return int(bool(faults))
    phrases = Knowledge().phrases
    for fault in faults:
        click.echo(f"! {phrases.render(fault, current_language())}")
    say(mark("Restored {path} from the backup of {time}."), path=session.workspace.absolute(),
        time=local_time(manifest.created_at))  # fmt: skip
    return int(bool(faults))
