"""`secaudit status`: where each system stands against the 100 % target."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import click

from secaudit.cli.common import Command, Session, collector_paused, option, say, shared_options
from secaudit.i18n import mark
from secaudit.model.errors import BadInput, message
from secaudit.model.words import Severity

if TYPE_CHECKING:
    from secaudit.app.status import SystemStatus

GAP = "gap"
NEVER = "never"


@click.command("status", cls=Command, help=mark("Show compliance against the 100 % target."))
@shared_options
@option("--system", "system_id", metavar="ID", help=mark("The system, where there are several."))
@option("--since", metavar=mark("DAY"), help=mark("Show what changed since that day (default: since the scan before)."))
@option("--fail-on", type=click.Choice([*(s.value for s in Severity), GAP, NEVER]), default=NEVER, show_default=True,
        help=mark("End with 1 at a finding this grave, or (gap) when the strict figure is below 100 %."))  # fmt: skip
def command(session: Session, system_id: str | None, since: str | None, fail_on: str) -> int:
    """Print one screen: of one system everything, of several one line each, a total and the plan's figure."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.portfolio import portfolio_of, rule_in_force
    from secaudit.app.rows import choose_system
    from secaudit.app.status import WITH_FIGURES, system_statuses
    from secaudit.app.status_register import RegisterCount, register_counts
    from secaudit.app.status_view import view_of
    from secaudit.cli.faults import shown_faults
    from secaudit.cli.screen import screen
    from secaudit.cli.status_screen import draw_portfolio, draw_system
    from secaudit.store.workspace import Workspace

    now = datetime.now(UTC)
    moment = _end_of(since, now)
    knowledge = Knowledge()
    with shown_faults(knowledge, session):
        in_force = rule_in_force(session.workspace, knowledge)
    with collector_paused(), Workspace.open(session.workspace) as workspace:
        chosen = choose_system(workspace, system_id) if system_id else None
        roles = None if session.json_to else WITH_FIGURES
        statuses = system_statuses(workspace, knowledge, now, roles)
        shown = [status for status in statuses if chosen is None or status.system.id == chosen.id]
        counts = register_counts(workspace, now)
        views = [
            view_of(
                workspace, status, knowledge, now, since=moment, register=counts.get(status.system.id, RegisterCount()),
                compare=len(shown) == 1 or moment is not None or bool(session.json_to),
            )
            for status in shown
        ]  # fmt: skip
    figure = portfolio_of(statuses, in_force.rule, now.astimezone().date())
    if session.json_to:
        from secaudit.cli.status_json import status_json

        session.emit_json(status_json(views, figure, in_force.own, now, knowledge, session.language))
    elif not statuses:
        say(mark("The workspace has no system yet. Run `secaudit audit URL` or `secaudit init`."))
    else:
        drawn = screen()
        if len(views) == 1:
            draw_system(drawn, views[0], knowledge)
        else:
            from secaudit.cli.status_overview import draw_overview

            draw_overview(drawn, views, figure, knowledge, now)
        only = views[0].status.system.id if len(views) == 1 else None
        draw_portfolio(drawn, figure, in_force.own, knowledge, only)
        drawn.show()
    return 1 if any(_reaches(status, fail_on) for status in shown) else 0


def _end_of(typed: str | None, now: datetime) -> datetime | None:
    """Return the last moment of the day that was typed, in the computer's time zone."""
    from secaudit.cli.dates import parse_day

    if typed is None:
        return None
    day = parse_day(typed)
    if day >= now.astimezone().date():
        raise BadInput(message("{day} is not past; give an earlier day to compare with."), day=typed)
    return datetime.combine(day, time.max).astimezone()


def _reaches(status: SystemStatus, fail_on: str) -> bool:
    from secaudit.cli.summary import reaches

    if fail_on == NEVER:
        return False
    if fail_on == GAP:
        return status.target is None or status.target.total.strict != 1.0
    return reaches(status.findings, Severity(fail_on))
