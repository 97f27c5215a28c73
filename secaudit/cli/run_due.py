"""`secaudit run-due`: what the scheduler calls. It does what is due, and nothing when nothing is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import Command, Session, option, say, shared_options, tell
from secaudit.i18n import mark, use_language
from secaudit.model.errors import BadInput, message

if TYPE_CHECKING:
    from secaudit.app.periodic import Turn
    from secaudit.model.organisation import Site


@click.command("run-due", cls=Command, help=mark("Do the periodic work that is due."))
@shared_options
@option("--dry-run", is_flag=True, help=mark("Only say what is due; scan nothing, send nothing."))
def command(session: Session, dry_run: bool) -> int:
    """Scan the pages that are due, write their reports, send the digest. May be called at any time, and twice."""
    from secaudit.app.periodic import due_sites
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        schedule = workspace.schedule.current()
        if schedule is None:
            raise BadInput(message("Set up the periodic scan first: secaudit schedule install"))
        due = due_sites(workspace, schedule, datetime.now(UTC))
    if dry_run:
        return _show_due(session, due)
    return _run(session, bool(due))


def _show_due(session: Session, due: list[Site]) -> int:
    if session.json_to:
        session.emit_json({"schema": "secaudit.due-sites/1", "due": [site.target.url for site in due]})
        return 0
    for site in due:
        say(mark("Due now: {url}"), url=site.target.url)
    if not due:
        say(mark("Nothing is due."))
    return 0


def _run(session: Session, anything_due: bool) -> int:
    from secaudit.app.digest import build_digest, send_due_digest
    from secaudit.app.events import Silent
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.periodic import run_due, worst_exit
    from secaudit.cli.failure import say_error, sentence_of
    from secaudit.cli.words import share
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    sent, failure = False, None
    with Workspace.open(session.workspace) as workspace:
        schedule = workspace.schedule.current()
        if schedule is None:
            return 0
        use_language(schedule.language)
        turns = (
            run_due(workspace, schedule, knowledge, lambda: datetime.now(UTC), Silent, sentence_of)
            if anything_due
            else []
        )
        try:
            sent = send_due_digest(
                workspace, schedule, lambda: datetime.now(UTC),
                lambda: build_digest(
                    workspace, knowledge, schedule.language, datetime.now(UTC), share, sentence_of, turns
                ),
            )  # fmt: skip
        except BadInput as error:
            failure = error
    if session.json_to:
        session.emit_json({"schema": "secaudit.run-due/1", "turns": [_as_json(turn) for turn in turns], "digest": sent})
    else:
        _tell(turns, sent)
    if failure is not None:
        say_error(sentence_of(failure))
    return max(worst_exit(turns), 3 if failure else 0)


def _tell(turns: list[Turn], sent: bool) -> None:
    from secaudit.cli.failure import sentence_of

    for turn in turns:
        if turn.error is not None:
            tell(mark("{url}: {reason}"), url=turn.site.target.url, reason=sentence_of(turn.error))
        elif turn.judged is not None:
            say(mark("{url}: scan {scan}, {count} findings"), url=turn.site.target.url, scan=turn.judged.scan.id,
                count=len(turn.judged.findings))  # fmt: skip
        if turn.report:
            say(mark("Report: {path}"), path=turn.report)
    if sent:
        say(mark("The digest was sent."))
    if not turns and not sent:
        say(mark("Nothing is due."))


def _as_json(turn: Turn) -> dict[str, Any]:
    from secaudit.cli.failure import sentence_of

    return {
        "site": turn.site.id,
        "url": turn.site.target.url,
        "scan": turn.judged.scan.id if turn.judged else "",
        "status": turn.judged.scan.status.value if turn.judged else "",
        "findings": len(turn.judged.findings) if turn.judged else None,
        "error": sentence_of(turn.error) if turn.error else "",
        "report": turn.report,
    }
