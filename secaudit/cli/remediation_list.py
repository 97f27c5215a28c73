"""`secaudit remediation list` and `show`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.cli.remediation_options import author_of, due_text, me_option, print_entry, system_option, words
from secaudit.i18n import mark, translate
from secaudit.model.remediation import ItemState
from secaudit.model.words import Severity
from secaudit.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from secaudit.app.remediation import Tally
    from secaudit.export.register_words import RegisterWords
    from secaudit.model.remediation import ItemEvent, RegisterEntry

_TITLE = 76
"""Characters of a title in the list; `show` has all of it."""


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the filters; the command receives them as keywords for `read_filters`."""
    for add in (
        system_option,
        option("--all", "closed", is_flag=True, help=mark("Also what is verified or merged.")),
        option("--due-within", type=click.IntRange(0, 3660), metavar=mark("DAYS"),
               help=mark("Only what is due within so many days, or overdue.")),
        option("--state", "states", multiple=True, type=click.Choice([s.value for s in ItemState]),
               help=mark("Only these states; may be repeated.")),
        option("--group", "groups", multiple=True, metavar=mark("GROUP"),
               help=mark("Only these groups of requirements; may be repeated.")),
        option("--severity", "severities", multiple=True, type=click.Choice([s.value for s in Severity]),
               help=mark("Only these severities; may be repeated.")),
        option("--overdue", is_flag=True, help=mark("Only what is overdue.")),
        me_option,
        option("--mine", is_flag=True, help=mark("Only what you own (see --name).")),
        option("--owner", metavar=mark("WHO"), help=mark("Only what this person owns.")),
    ):  # fmt: skip
        function = add(function)
    return function


def chosen_entries(
    session: Session, values: dict[str, Any], most: int | None = None
) -> tuple[list[RegisterEntry], int, Tally]:
    """Return the entries that the filters leave, how many there are, and the count of the whole register.

    Args:
        session: with the workspace.
        values: the filters, as click gives them.
        most: so many entries at most; None for all.
    """
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation import Words, tally
    from secaudit.app.remediation_follow import catch_up
    from secaudit.app.rows import choose_system
    from secaudit.remedy.filters import Wanted, choose
    from secaudit.store.workspace import Workspace

    knowledge, author = Knowledge(), author_of(values["name"])
    owner = author.name if values["mine"] else values["owner"]
    wanted = Wanted(
        owner=owner, overdue=values["overdue"], severities=tuple(Severity(s) for s in values["severities"]),
        groups=tuple(values["groups"]), states=tuple(ItemState(s) for s in values["states"]),
        due_within=values["due_within"], closed=values["closed"],
    )  # fmt: skip
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, values["system_id"]).id if values["system_id"] else None
        catch_up(workspace, knowledge, author.now)
        briefs = workspace.remediation.briefs(system)
        chosen = [brief.number for brief in choose(briefs, wanted, author.today)]
        told = Words(workspace, knowledge)
        shown = workspace.remediation.numbered(chosen[:most])
        entries = [told.entry(item, author.today) for item in shown]
    return entries, len(chosen), tally(briefs, author.now)


@click.command("list", cls=Command, help=mark("List the items: overdue first, then by last day."))
@shared_options
@filter_options
@option("--most", type=click.IntRange(0, 1_000_000), default=200, show_default=True, metavar=mark("NUMBER"),
        help=mark("List so many at most; 0 for all. --json has all."))  # fmt: skip
@option("--fail-on", type=click.Choice(["overdue", "never"]), default="never", show_default=True,
        help=mark("End with 1 when something listed is overdue."))  # fmt: skip
def list_command(session: Session, most: int, fail_on: str, **values: Any) -> int:
    """List the items that the filters leave."""
    from secaudit.app.remediation import SCHEMA, entry_json

    # Overdue items come first, so that a list that is cut shows one where there is any.
    entries, fitting, counted = chosen_entries(session, values, None if session.json_to else most or None)
    if session.json_to:
        session.emit_json(
            {
                "schema": SCHEMA,
                "open": counted.open,
                "overdue": counted.overdue,
                "items": [entry_json(entry) for entry in entries],
            }
        )
    else:
        told, line = words(), translate(mark("       {state}; owner: {owner}; due: {due}"))
        if entries:  # at once: a register can hold thousands
            click.echo("\n".join(_lines(entry, told, line) for entry in entries))
        if not entries:
            say(mark("No item of the register fits."))
        if fitting > len(entries):
            say(mark("… and {count} more; list all with --most 0, or fewer with a filter such as --overdue."),
                count=fitting - len(entries))  # fmt: skip
        say(mark("Listed: {count}. In the register: {open} open, {overdue} of them overdue."),
            count=len(entries), open=counted.open, overdue=counted.overdue)  # fmt: skip
    return int(fail_on == "overdue" and any(entry.overdue for entry in entries))


def _lines(entry: RegisterEntry, told: RegisterWords, second: str) -> str:
    """Return both lines of an item."""
    item = entry.item
    title = printable(entry.title.in_language(told.language), _TITLE)
    where = f" – {printable(item.target)}" if item.target else ""
    owner = ", ".join(part for part in (item.owner, item.unit) if part) or told(mark("nobody"))
    first = f"{item.id:<6} [{told.severity(item.severity)}] {title}{where}"
    due = due_text(item.due, overdue=entry.overdue)
    return f"{first}\n{second.format(state=told.state(item.state), owner=printable(owner), due=due)}"


@click.command("show", cls=Command, help=mark("Show items with everything that happened to them."))
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@shared_options
def show_command(session: Session, items: tuple[str, ...]) -> None:
    """Show whole items with their history."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation import SCHEMA, Words, entry_json
    from secaudit.app.remediation_follow import catch_up
    from secaudit.store.workspace import Workspace

    knowledge, now = Knowledge(), datetime.now(UTC)
    with Workspace.open(session.workspace) as workspace:
        catch_up(workspace, knowledge, now)
        told = Words(workspace, knowledge)
        found = [workspace.remediation.get(item) for item in items]
        shown = [(told.entry(item, now.astimezone().date()), workspace.remediation.events(item.id)) for item in found]
    if session.json_to:
        session.emit_json({"schema": SCHEMA, "items": [entry_json(entry, events) for entry, events in shown]})
        return
    for entry, events in shown:
        print_entry(entry, session.language)
        _print_history(events)


def _print_history(events: Sequence[ItemEvent]) -> None:
    from secaudit.cli.dates import local_time
    from secaudit.remedy.life import PROGRAM

    told = words()
    say(mark("    History:"))
    for event in events:
        by = "" if event.by == PROGRAM else f" ({printable(event.by)})"
        scan = f" [{event.scan}]" if event.scan else ""
        comment = f": {printable(event.comment, 2000)}" if event.comment else ""
        click.echo(f"      {local_time(event.at)}  {told.kind(event.kind)}{by}{scan}{comment}")
        for name, (before, after) in event.changes.items():
            click.echo(f"        {_field(name)}: {_shown(name, before)} → {_shown(name, after)}")


def _field(name: str) -> str:
    labels = {
        "state": mark("State"), "severity": mark("Severity"), "title": mark("What is wrong"),
        "priority": mark("Priority"), "owner": mark("Person in charge"), "unit": mark("Unit"), "due": mark("Due"),
        "cost": mark("Cost (VND)"), "duplicate_of": mark("Merged into"),
    }  # fmt: skip
    return translate(labels[name]) if name in labels else name


def _shown(name: str, value: object) -> str:
    from secaudit.cli.assess_options import day
    from secaudit.cli.dates import parse_day
    from secaudit.model.remediation import Priority

    told = words()
    if value in (None, ""):
        return "–"
    if name == "state":
        return str(told.state(ItemState(str(value))))
    if name == "severity":
        return str(told.severity(Severity(str(value))))
    if name == "priority":
        return str(told.priority(Priority(str(value))))
    return day(parse_day(str(value))) if name == "due" else printable(str(value))
