"""What the subcommands of `remediation` share: options, who acts, and how items are printed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.assess_options import day, optional_day
from secaudit.cli.common import Session, option, say
from secaudit.i18n import current_language, mark, translate
from secaudit.model.remediation import ItemState, Priority
from secaudit.model.words import Severity
from secaudit.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation import Author
    from secaudit.model.remediation import RegisterEntry, RemediationItem
    from secaudit.store.workspace import Workspace

NEVER = "never"
me_option = option("--name", metavar=mark("WHO"), help=mark("Who you are (default: the account's name)."))
system_option = option("--system", "system_id", metavar="ID", help=mark("Only this system."))


def edit_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what may be said of an item; the command receives it as keywords for `read_edit`."""
    for add in (
        option("--attach", "files", multiple=True, metavar="FILE|URL|scan:ID|E1",
               help=mark("A file, a link, a scan or recorded evidence; may be repeated.")),
        option("--comment", default="", metavar=mark("TEXT"), help=mark("A remark for its history.")),
        option("--severity", type=click.Choice([s.value for s in Severity]),
               help=mark("How grave it is; of findings the check says so.")),
        option("--cost", type=click.IntRange(0, 10**15), metavar="VND", help=mark("Estimated cost in đồng.")),
        option("--priority", type=click.Choice([p.value for p in Priority]), help=mark("How urgent it is to you.")),
        option("--due", metavar=mark("DAY"), help=mark("Last day, DD/MM/YYYY, or “none”.")),
        option("--unit", metavar=mark("TEXT"), help=mark("Unit of the one who does it.")),
        option("--owner", metavar=mark("WHO"), help=mark("Who does it.")),
        option("--title", metavar=mark("TEXT"), help=mark("What is to be done, in a few words.")),
    ):  # fmt: skip
        function = add(function)
    return function


def read_edit(values: dict[str, Any], state: ItemState | None = None) -> Any:
    """Return what was said of an item, as the use cases take it.

    Raises:
        BadInput: the last day is not a day.
    """
    from secaudit.app.remediation_work import Edit

    no_due = (values["due"] or "").strip().casefold() in ("none", "không", "khong")
    return Edit(
        title=values["title"], owner=values["owner"], unit=values["unit"], no_due=no_due,
        due=None if no_due else optional_day(values["due"]),
        priority=Priority(values["priority"]) if values["priority"] else None, cost=values["cost"],
        severity=Severity(values["severity"]) if values["severity"] else None, state=state,
        comment=values["comment"], files=tuple(values["files"]),
    )  # fmt: skip


def author_of(name: str | None) -> Author:
    """Return who acts now: the name that was given, else the account's."""
    from secaudit.app.remediation import Author
    from secaudit.store.journal import user_name

    return Author((name or "").strip() or user_name(), datetime.now(UTC))


def words() -> Any:
    """Return the register's words in the current language."""
    from secaudit.export.register_words import RegisterWords

    return RegisterWords(current_language())


def entry_of(workspace: Workspace, knowledge: Knowledge, item: RemediationItem, now: datetime) -> RegisterEntry:
    """Return one item as people read it."""
    from secaudit.app.remediation import Words

    return Words(workspace, knowledge).entry(item, now.astimezone().date())


def due_text(due: date | None, *, overdue: bool) -> str:
    """Return the last day, with a word where it is past."""
    late = translate(mark("OVERDUE"))
    return f"{day(due)} {late}" if overdue else day(due)


def print_entry(entry: RegisterEntry, language: str) -> None:
    """Print an item with all that is known of it but its history."""
    item, told = entry.item, words()
    click.echo(f"{item.id}  [{told.severity(item.severity)}] {printable(entry.title.in_language(language))}")
    accepted = item.accepted if item.state is ItemState.ACCEPTED else None
    lines = [
        (mark("State"), told.state(item.state)),
        (mark("Merged into"), item.duplicate_of),
        (mark("System"), item.system),
        (mark("Where"), printable(item.target)),
        (mark("Check"), item.check),
        (mark("Requirements"), ", ".join(entry.requirements)),
        (mark("Who usually does it"), told.responsible(entry.responsible)),
        (mark("Person in charge"), item.owner),
        (mark("Unit"), item.unit),
        (mark("Due"), due_text(item.due, overdue=entry.overdue)),
        (mark("Priority"), told.priority(item.priority)),
        (mark("Cost (VND)"), amount(item.cost, language)),
        (mark("Risk accepted until"), day(accepted.until) if accepted else ""),
        (mark("Accepted by, because"), f"{accepted.by}: {accepted.reason}" if accepted else ""),
        (mark("Times back"), str(item.reopened or "")),
        (mark("Evidence"), ", ".join(item.attachments)),
        (mark("What to do"), entry.action.in_language(language) if entry.action else ""),
    ]
    for label, value in lines:
        if value:
            click.echo(f"    {translate(label)}: {printable(value, 2000)}")


def amount(cost: int | None, language: str) -> str:
    """Return an amount in đồng with its thousands marked off, empty for none."""
    if cost is None:
        return ""
    return f"{cost:,}".replace(",", ".") if language == "vi" else f"{cost:,}"


def tell_changed(
    session: Session, workspace: Workspace, knowledge: Knowledge, item: RemediationItem, sentence: str
) -> None:
    """Say what became of one item, as a sentence with its data or as JSON."""
    entry = entry_of(workspace, knowledge, item, datetime.now(UTC))
    if session.json_to:
        from secaudit.app.remediation import SCHEMA, entry_json

        session.emit_json({"schema": SCHEMA, "items": [entry_json(entry)]})
        return
    say(sentence, id=item.id)
    print_entry(entry, session.language)
