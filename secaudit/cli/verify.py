"""`secaudit verify`: whether everything is what it was when it was stored, or whether a sealed report is."""

from __future__ import annotations

from pathlib import Path

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import current_language, mark
from secaudit.model.errors import BadInput


@click.command("verify", cls=Command, help=mark(
    "Check the database, the journal's chain and every evidence file; or, with a file, a sealed report."
))  # fmt: skip
@click.argument("report", required=False, type=click.Path(path_type=Path))
@shared_options
@option("--noted-hash", "noted", metavar="HASH",
        help=mark("A journal hash that was noted down earlier; it must still stand in the chain."))  # fmt: skip
@option("--seal-file", type=click.Path(path_type=Path), metavar=mark("FILE"),
        help=mark("The report's seal, where it does not stand beside it."))  # fmt: skip
def command(session: Session, report: Path | None, noted: str | None, seal_file: Path | None) -> int:
    """Name every fault; ends with 1 when there is one."""
    if report is not None or seal_file is not None:
        from secaudit.cli.verify_report import run

        if noted is not None:
            raise BadInput(mark("--noted-hash belongs to `secaudit verify` without a file."))
        return run(session, report or Path(str(seal_file)), seal_file)
    from secaudit.app.knowledge import Knowledge
    from secaudit.model.base import Reason
    from secaudit.store import integrity
    from secaudit.store.workspace import Workspace

    phrases = Knowledge().phrases
    with Workspace.open(session.workspace) as workspace:
        faults = list(integrity.faults(workspace))
        left = list(integrity.leftovers(workspace))
        count, head = workspace.journal.head()
        if noted is not None and not workspace.journal.holds(noted):
            faults.append(Reason(code="journal-noted-hash-missing", params={"hash": noted}))
    language = current_language()
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.verify/1",
                "sound": not faults,
                "faults": [{**one.model_dump(mode="json"), "text": phrases.render(one, language)} for one in faults],
                "leftovers": [{**one.model_dump(mode="json"), "text": phrases.render(one, language)} for one in left],
                "journal": {"entries": count, "hash": head},
            }
        )
        return int(bool(faults))
    for one in faults:
        click.echo(f"! {phrases.render(one, language)}")
    for one in left:
        click.echo(f"  {phrases.render(one, language)}")
    if faults:
        say(mark("{count} faults. Keep a copy of the folder, then restore the last good backup."), count=len(faults))
    else:
        say(mark("No fault: the database, the journal ({count} entries) and all evidence files are whole."),
            count=count)  # fmt: skip
    say(mark("Newest journal hash, to be noted down: {hash}"), hash=head)
    return int(bool(faults))
