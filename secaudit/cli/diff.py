"""`secaudit diff A B`: what is new, fixed, back again between two scans."""

from __future__ import annotations

import click

from secaudit.cli.common import Command, Session, say, shared_options
from secaudit.cli.words import change_word, severity_word
from secaudit.i18n import mark
from secaudit.text import printable


@click.command("diff", cls=Command, help=mark("Compare two scans: what is new, fixed, back again."))
@click.argument("before", metavar="A")
@click.argument("after", metavar="B", default="latest")
@shared_options
def command(session: Session, before: str, after: str) -> None:
    """Judge both scans by today's rules and compare them; B defaults to the newest scan of the same site."""
    from secaudit.app.history import compare_scans
    from secaudit.app.knowledge import Knowledge
    from secaudit.assess.changes import Change
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    with Workspace.open(session.workspace) as workspace:
        older, newer, changes = compare_scans(workspace, before, after, knowledge)
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.diff/1",
                "before": older.scan.id,
                "after": newer.scan.id,
                "changes": [
                    {
                        "change": c.change.value,
                        "id": c.finding.check,
                        "identity": c.finding.identity,
                        "severity": c.finding.severity.value,
                        "target": c.finding.target,
                        "place": c.finding.place,
                        "reason": knowledge.render(c.reason, session.language) if c.reason else None,
                    }
                    for c in changes
                ],
            }
        )
        return
    say(mark("{before} → {after}"), before=older.scan.id, after=newer.scan.id)
    for kind in Change:
        rows = [c for c in changes if c.change is kind]
        if not rows:
            continue
        click.echo(f"{change_word(kind)} ({len(rows)})")
        for row in rows:
            title = knowledge.title(row.finding.check, session.language)
            place = f" ({printable(row.finding.place)})" if row.finding.place else ""
            why = f": {knowledge.render(row.reason, session.language)}" if row.reason else ""
            click.echo(
                f"  [{severity_word(row.finding.severity)}] {title}{place} – {printable(row.finding.target)}{why}"
            )
    if not changes:
        say(mark("Neither scan has a finding."))
