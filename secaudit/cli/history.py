"""`secaudit history`: past scans, newest first."""

from __future__ import annotations

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.cli.dates import local_time
from secaudit.cli.words import scan_status_word, severity_word
from secaudit.i18n import mark, translate
from secaudit.text import printable

RESCAN = mark("rescan for remediation items only")


@click.command("history", cls=Command, help=mark("List past scans."))
@shared_options
@option("--limit", type=click.IntRange(1), help=mark("Only the newest so many."))
def command(session: Session, limit: int | None) -> None:
    """List past scans, newest first."""
    from datetime import UTC, datetime

    from secaudit.model.words import Severity
    from secaudit.store.process import is_alive
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        workspace.scans.mark_interrupted(is_alive, datetime.now(UTC))
        summaries = workspace.scans.summaries(limit=limit, verifications=True)
    if session.json_to:
        session.emit_json([summary.model_dump(mode="json") for summary in summaries])
        return
    if not summaries:
        say(mark("No scan is stored yet. Run `secaudit audit URL`."))
    for summary in summaries:
        counts = ", ".join(
            f"{summary.findings[severity]} {severity_word(severity).lower()}"
            for severity in Severity
            if summary.findings.get(severity)
        )
        if not summary.judged:
            counts = translate("not judged")
        elif not counts:
            counts = translate("no findings")
        if summary.verifies:
            counts += f"  ({translate(RESCAN)})"
        if summary.source is not None:
            counts = translate("imported from {file} ({tool})").format(
                file=printable(summary.source.file_name), tool=printable(summary.source.tool)
            )
        click.echo(
            f"{summary.id}  {local_time(summary.started_at)}  {scan_status_word(summary.status)}  {summary.url}\n"
            f"    {counts}"
        )
