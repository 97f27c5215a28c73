"""`secaudit remediation policy`: how the register works in this workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.cli.remediation_options import NEVER, author_of, me_option, words
from secaudit.i18n import mark, translate
from secaudit.model.errors import BadInput, message
from secaudit.model.words import Severity

if TYPE_CHECKING:
    from secaudit.model.remediation import RemediationPolicy


@click.command("policy", cls=Command, help=mark("Show or change how the register works: last days, acceptance."))
@shared_options
@option("--due", "due", multiple=True, metavar=mark("SEVERITY=DAYS"),
        help=mark("Days until the last day, or “never”, for example critical=3; may be repeated."))  # fmt: skip
@option("--opens-from", type=click.Choice([s.value for s in Severity]),
        help=mark("Findings at least this grave come into the register by themselves."))  # fmt: skip
@option("--longest-acceptance", type=click.IntRange(0, 3660), metavar=mark("DAYS"),
        help=mark("For how many days a risk is accepted at most."))  # fmt: skip
@option("--reminder", "reminders", multiple=True, type=click.IntRange(0, 365), metavar=mark("DAYS"),
        help=mark("Days before the last day on which a calendar reminds; may be repeated."))  # fmt: skip
@option("--reset", is_flag=True, help=mark("Go back to what is shipped."))
@me_option
def policy_command(
    session: Session, due: tuple[str, ...], opens_from: str | None, longest_acceptance: int | None,
    reminders: tuple[int, ...], reset: bool, name: str | None,
) -> None:  # fmt: skip
    """Show the policy, after changing it where something is said. Items that have a last day keep it."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation import policy_of
    from secaudit.store.workspace import Workspace

    author = author_of(name)
    with Workspace.open(session.workspace) as workspace:
        before = workspace.remediation.policy()
        own = {} if reset else dict(before)
        days = own.get("due_days")
        if due:
            own["due_days"] = {**(days if isinstance(days, dict) else {}), **dict(_due(one) for one in due)}
        if opens_from:
            own["opens_from"] = opens_from
        if longest_acceptance is not None:
            own["longest_acceptance"] = longest_acceptance
        if reminders:
            own["reminders"] = [*sorted(set(reminders), reverse=True)]
        if own != before:
            workspace.remediation.save_policy(own, author.name, author.now)
        policy = policy_of(workspace, Knowledge())
    if session.json_to:
        session.emit_json({"schema": "secaudit.remediation-policy/1", **policy.model_dump(mode="json")})
    else:
        _print(policy)


def _due(typed: str) -> tuple[str, int | None]:
    severity, _, days = (part.strip().lower() for part in typed.partition("="))
    known = [one.value for one in Severity]
    if severity not in known or not (days == NEVER or (days.isdecimal() and int(days) <= 3660)):
        raise BadInput(
            message("{value!r} is not a severity and a number of days (0 to 3660), such as critical=3 or low=never."),
            value=typed,
        )
    return severity, None if days == NEVER else int(days)


def _print(policy: RemediationPolicy) -> None:
    told = words()
    say(mark("Days from finding a fault to the last day:"))
    for severity in Severity:
        days = policy.due_days.get(severity)
        written = translate(mark("no last day")) if days is None else str(days)
        click.echo(f"  {told.severity(severity)}: {written}")
    say(mark("Findings come into the register from: {severity}"), severity=told.severity(policy.opens_from))
    say(mark("A requirement not met is: {none}; met in part: {part}"), none=told.severity(policy.gap_not_met),
        part=told.severity(policy.gap_partial))  # fmt: skip
    say(mark("A risk is accepted for at most {days} days."), days=policy.longest_acceptance)
    say(mark("The calendar reminds {days} days before."), days=", ".join(map(str, policy.reminders)))
