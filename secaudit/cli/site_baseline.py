"""`secaudit site baseline`: the accepted look of a page."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

import click

from secaudit.cli.common import CommandGroup, Session, option, say, shared_options
from secaudit.i18n import mark


@click.group("baseline", cls=CommandGroup, help=mark("Accept or show how a page should look."))
def command() -> None:
    """Hold the subcommands."""


@command.command("accept", help=mark("Accept how a page looked in a scan; later scans report what differs."))
@click.argument("url")
@shared_options
@option("--scan", "reference", default="last", show_default=True, metavar=mark("SCAN"),
        help=mark("Which scan of the page; its id or last."))  # fmt: skip
@option("--by", "accepted_by", metavar=mark("TEXT"), help=mark("Who accepts it (default: the user of this computer)."))
def accept_(session: Session, url: str, reference: str, accepted_by: str | None) -> None:
    """Store the look of the page as the accepted one."""
    from secaudit.app.baseline import accept
    from secaudit.model.target import parse_target
    from secaudit.store.workspace import Workspace

    target = parse_target(url)
    with Workspace.open(session.workspace) as workspace:
        baseline = accept(workspace, target, reference, accepted_by or getpass.getuser(), datetime.now(UTC))
    if session.json_to:
        session.emit_json({"url": target.url, "baseline": baseline.model_dump(mode="json")})
        return
    say(mark("Accepted the look of {url} in scan {scan}: {title}"), url=target.url, scan=baseline.scan,
        title=baseline.title or "-")  # fmt: skip


@command.command("show", help=mark("Show the accepted look of a page."))
@click.argument("url")
@shared_options
def show_(session: Session, url: str) -> None:
    """Show what later scans compare with."""
    from secaudit.app.baseline import known_site
    from secaudit.model.target import parse_target
    from secaudit.store.workspace import Workspace

    target = parse_target(url)
    with Workspace.open(session.workspace) as workspace:
        baseline = known_site(workspace, target).baseline
    if session.json_to:
        session.emit_json({"url": target.url, "baseline": baseline.model_dump(mode="json") if baseline else None})
    elif baseline is None:
        say(mark("Nobody has accepted a look of {url} yet. Run `secaudit site baseline accept {url}`."), url=target.url)
    else:
        say(mark("Title: {title}"), title=baseline.title or "-")
        say(mark("Scripts from other sites: {hosts}"), hosts=", ".join(baseline.script_hosts) or "-")
        say(mark("Accepted on {date} by {who}, from scan {scan}"), date=f"{baseline.accepted_at:%d/%m/%Y}",
            who=baseline.accepted_by, scan=baseline.scan)  # fmt: skip
