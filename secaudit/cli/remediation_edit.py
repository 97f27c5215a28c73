"""`secaudit remediation add`, `assign`, `update`, `merge` and `accept-risk`."""

from __future__ import annotations

from typing import Any

import click

from secaudit.cli.assess_options import optional_day
from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.cli.remediation_options import author_of, edit_options, me_option, read_edit, tell_changed
from secaudit.i18n import mark
from secaudit.model.errors import BadInput, message
from secaudit.model.remediation import ItemState


@click.command("add", cls=Command, help=mark("Enter work: by hand, for a requirement, or for a finding."))
@shared_options
@option("--system", "system_id", metavar="ID", help=mark("Which system (default: the only one)."))
@option("--requirement", metavar=mark("REQUIREMENT"), help=mark("The requirement whose gap it closes."))
@option("--finding", metavar=mark("FINDING"), help=mark("The finding that it puts right: its identity or check."))
@option("--where", "target", default="", metavar=mark("TEXT"), help=mark("Where it is to be done."))
@edit_options
@me_option
def add_command(
    session: Session, system_id: str | None, requirement: str | None, finding: str | None, target: str,
    name: str | None, **values: Any,
) -> None:  # fmt: skip
    """Enter one item; a subject that has one already gets no second."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_follow import catch_up
    from secaudit.app.remediation_work import add_by_hand, add_for_finding, add_for_requirement
    from secaudit.app.rows import choose_system, find_row
    from secaudit.store.workspace import Workspace

    if requirement and finding:
        raise BadInput(message("Give either --requirement or --finding."))
    knowledge, author, edit = Knowledge(), author_of(name), read_edit(values)
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        catch_up(workspace, knowledge, author.now)
        if requirement:
            checklist, row = find_row(knowledge, requirement)
            item = add_for_requirement(workspace, knowledge, system, checklist, row, edit, author)
        elif finding:
            item = add_for_finding(workspace, knowledge, system, finding, edit, author)
        else:
            item = add_by_hand(workspace, knowledge, system, edit, target, author)
        tell_changed(session, workspace, knowledge, item, mark("Entered as {id}."))


@click.command("assign", cls=Command, help=mark("Say who does items, and until when."))
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@shared_options
@option("--owner", metavar=mark("WHO"), help=mark("Who does it."))
@option("--unit", metavar=mark("TEXT"), help=mark("Unit of the one who does it."))
@option("--due", metavar=mark("DAY"), help=mark("Last day, DD/MM/YYYY."))
@me_option
def assign_command(
    session: Session, items: tuple[str, ...], owner: str | None, unit: str | None, due: str | None, name: str | None
) -> None:
    """Assign one or several items to one person."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_work import Edit, change
    from secaudit.store.workspace import Workspace

    if not (owner or "").strip() and not (unit or "").strip():
        raise BadInput(message("Say who does it, with --owner or --unit."))
    knowledge, author = Knowledge(), author_of(name)
    edit = Edit(owner=owner, unit=unit, due=optional_day(due))
    with Workspace.open(session.workspace) as workspace:
        for item_id in items:  # all are known before one is changed
            workspace.remediation.get(item_id)
        changed = [change(workspace, knowledge, item_id, edit, author) for item_id in items]
        if len(changed) == 1:
            tell_changed(session, workspace, knowledge, changed[0], mark("{id} is assigned."))
            return
    if session.json_to:
        session.emit_json([item.model_dump(mode="json") for item in changed])
    else:
        say(mark("Assigned: {ids}."), ids=", ".join(item.id for item in changed))


@click.command("update", cls=Command, help=mark("Change an item, comment on it, attach files, say that it is done."))
@click.argument("item", metavar="ITEM")
@shared_options
@option("--state", type=click.Choice(["open", "done", "verified"]),
        help=mark("done: proof is to come; verified: only for what no scan can prove, with --comment."))  # fmt: skip
@edit_options
@me_option
def update_command(session: Session, item: str, state: str | None, name: str | None, **values: Any) -> None:
    """Change one item as it is said."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_work import Edit, change
    from secaudit.store.workspace import Workspace

    knowledge, author = Knowledge(), author_of(name)
    edit = read_edit(values, ItemState(state) if state else None)
    if edit == Edit():
        raise BadInput(message("Say what is to be changed; see `secaudit remediation update --help`."))
    with Workspace.open(session.workspace) as workspace:
        changed = change(workspace, knowledge, item, edit, author)
        tell_changed(session, workspace, knowledge, changed, mark("{id} is changed."))


@click.command("merge", cls=Command, help=mark("Make an item the duplicate of another, which then stands for both."))
@click.argument("item", metavar="ITEM")
@click.argument("into", metavar="INTO")
@shared_options
@me_option
def merge_command(session: Session, item: str, into: str, name: str | None) -> None:
    """Merge one item into another."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_work import merge
    from secaudit.store.workspace import Workspace

    knowledge, author = Knowledge(), author_of(name)
    with Workspace.open(session.workspace) as workspace:
        _, stays = merge(workspace, item, into, author)
        tell_changed(session, workspace, knowledge, stays, mark("{id} stands for both now."))


@click.command("accept-risk", cls=Command, help=mark("Accept the risk of an item until a day; it ends by itself."))
@click.argument("item", metavar="ITEM")
@shared_options
@option("--by", required=True, metavar=mark("WHO"), help=mark("Who answers for it: name and position."))
@option("--reason", required=True, metavar=mark("TEXT"), help=mark("Why the risk is accepted."))
@option("--until", required=True, metavar=mark("DAY"), help=mark("Last day, DD/MM/YYYY."))
@me_option
def accept_command(session: Session, item: str, by: str, reason: str, until: str, name: str | None) -> None:
    """Accept one risk for a time. The requirement it speaks against stays contradicted."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_work import accept_risk
    from secaudit.cli.dates import parse_day
    from secaudit.store.workspace import Workspace

    knowledge, author = Knowledge(), author_of(name)
    with Workspace.open(session.workspace) as workspace:
        changed = accept_risk(
            workspace, knowledge, item, by=by, reason=reason, until=parse_day(until), author=author
        )  # fmt: skip
        tell_changed(session, workspace, knowledge, changed, mark("The risk of {id} is accepted; it is not put right."))
