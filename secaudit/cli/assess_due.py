"""`secaudit assess due`: what must be renewed soon, and what is overdue."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from secaudit.cli.assess_options import day, system_option
from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import mark


@click.command("due", cls=Command, help=mark("List evidence that is overdue or falls due soon."))
@shared_options
@system_option
@option("--days", type=click.IntRange(0, 3660), default=90, show_default=True, help=mark("How many days ahead."))
@option("--fail-on", type=click.Choice(["overdue", "due", "never"]), default="never", show_default=True,
        help=mark("End with 1 when something is overdue, or (due) is listed at all."))  # fmt: skip
def due_command(session: Session, system_id: str | None, days: int, fail_on: str) -> int:
    """List overdue rows first, then what falls due, over all checklists with figures."""
    from secaudit.app.answers import assess_one
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.rows import choose_system
    from secaudit.assess.due import falling_due
    from secaudit.store.workspace import Workspace

    knowledge, now = Knowledge(), datetime.now(UTC)
    lists = [checklist for checklist in knowledge.checklists if checklist.role in ("standard", "duties")]
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        found = [
            (checklist, one)
            for checklist in lists
            for one in falling_due(
                assess_one(workspace, knowledge, system, checklist, now).rows, now.astimezone().date(), days
            )
        ]
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.due/1",
                "system": system.id,
                "days": days,
                "rows": [
                    {"checklist": checklist.id, "requirement": one.requirement, "group": one.group,
                     "due": one.due.isoformat() if one.due else None, "days_left": one.days_left,
                     "overdue": one.overdue}
                    for checklist, one in found
                ],
            }
        )  # fmt: skip
    else:
        if not found:
            say(mark("Nothing is overdue, and nothing falls due within {days} days."), days=days)
        for checklist, one in found:
            text = next(row.text for row in checklist.requirements if row.id == one.requirement)
            if one.due is None:
                say(mark("{id}: overdue, its evidence has no usable date"), id=f"{checklist.id}:{one.requirement}")
            elif one.overdue:
                say(mark("{id}: overdue since {day}"), id=f"{checklist.id}:{one.requirement}", day=day(one.due))
            else:
                say(mark("{id}: due by {day}, in {days} days"), id=f"{checklist.id}:{one.requirement}",
                    day=day(one.due), days=one.days_left)  # fmt: skip
            click.echo(f"    {text.in_language(session.language)}")
    listed = {"overdue": any(one.overdue for _, one in found), "due": bool(found), "never": False}
    return int(listed[fail_on])
