"""`secaudit system`: the systems of an owner, and the rule that decides which have the level-3 solution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import CommandGroup, F, Session, option, say, shared_options
from secaudit.cli.init import BASES, KINDS
from secaudit.i18n import mark

if TYPE_CHECKING:
    from secaudit.app.systems import Placed
    from secaudit.model.organisation import System

_FIELDS = {"level": "level", "basis": "level_basis", "operator": "operator", "kind": "kind"}


@click.group("system", cls=CommandGroup, help=mark("Show, add and change systems; show the rule of the plan's figure."))
def command() -> None:
    """Hold the subcommands."""


def _field_options(function: F) -> F:
    """Add the options that say what a system is."""
    adds: Sequence[Callable[[F], F]] = (
        option("--url", "urls", metavar="URL", multiple=True,
               help=mark("Address of a page of it; may be repeated. A page of another system moves here.")),
        option("--kind", type=click.Choice(KINDS),
               help=mark("What it is to the plan: information page (default), e-press body, other system.")),
        option("--operator", metavar=mark("NAME"), help=mark("The unit that operates the system.")),
        option("--basis", type=click.Choice(BASES),
               help=mark("Why this level: approved, proposed, or a voluntary target (default).")),
        option("--level", type=click.IntRange(1, 5), help=mark("Its security level (default 3).")),
    )  # fmt: skip
    for add in adds:
        function = add(function)
    return function


@command.command("list", help=mark("List the systems with their pages."))
@shared_options
def list_(session: Session) -> None:
    """List all systems."""
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        systems = workspace.registry.systems()
        sites = workspace.registry.sites()
    pages = {system.id: [site.target.url for site in sites if site.system == system.id] for system in systems}
    if session.json_to:
        session.emit_json([{**system.model_dump(mode="json"), "sites": pages[system.id]} for system in systems])
        return
    if not systems:
        say(mark("The workspace has no system yet. Run `secaudit audit URL` or `secaudit init`."))
    for system in systems:
        _print(system, pages[system.id])


@command.command("add", help=mark("Add a system, for example a second page or a press body."))
@click.argument("name")
@shared_options
@option("--id", "system_id", metavar="ID", help=mark("A short id for commands (default: made of the name)."))
@_field_options
def add_(session: Session, name: str, system_id: str | None, urls: tuple[str, ...], **values: Any) -> None:
    """Add a system with its pages."""
    from secaudit.app.setup import open_or_create
    from secaudit.app.systems import add_system
    from secaudit.model.target import parse_target

    targets = [parse_target(url) for url in urls]
    with open_or_create(session.workspace) as workspace:
        system, placed = add_system(workspace, name, system_id, _fields(values), targets)
    _tell(session, system, placed)


@command.command("set", help=mark("Change a system, or put a page into it."))
@click.argument("system_id", metavar="ID")
@shared_options
@option("--name", metavar=mark("NAME"), help=mark("Name of the information system."))
@_field_options
def set_(session: Session, system_id: str, name: str | None, urls: tuple[str, ...], **values: Any) -> None:
    """Change what is given."""
    from secaudit.app.rows import choose_system
    from secaudit.app.systems import change_system
    from secaudit.model.target import parse_target
    from secaudit.store.workspace import Workspace

    targets = [parse_target(url) for url in urls]
    with Workspace.open(session.workspace) as workspace:
        chosen = choose_system(workspace, system_id)
        system, placed = change_system(workspace, chosen, {"name": name, **_fields(values)}, targets)
    _tell(session, system, placed)


@command.command("rule", help=mark("Show the rule by which a system counts as having the level-3 solution."))
@shared_options
@option("--write", is_flag=True, help=mark("Write it into the workspace, to be changed there."))
def rule_(session: Session, write: bool) -> None:
    """Show the rule in force, held against its form."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.portfolio import rule_in_force, write_own_rule
    from secaudit.cli.faults import shown_faults
    from secaudit.model.solution import kinds_in_words, rule_in_words
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    with Workspace.open(session.workspace):
        pass  # a rule belongs to a workspace; without one there is nothing to show or write
    if write:
        write_own_rule(session.workspace, knowledge)
    with shown_faults(knowledge, session):
        in_force = rule_in_force(session.workspace, knowledge)
    words = [knowledge.render(reason, session.language) for reason in rule_in_words(in_force.rule)]
    if session.json_to:
        own = str(in_force.own) if in_force.own else None
        session.emit_json({**in_force.rule.model_dump(mode="json"), "file": own, "words": words})
        return
    kinds = [knowledge.render(reason, session.language) for reason in kinds_in_words(in_force.rule)]
    say(mark("Counted are: {kinds}."), kinds=" / ".join(kinds))
    say(mark("One has the level-3 solution when all of this holds:"))
    for sentence in words:
        click.echo(f"  - {sentence}")
    for target in in_force.rule.targets:
        say(mark("Target for {year}: {share} %"), year=target.year, share=target.share)
    if in_force.own:
        say(mark("The rule stands in {path}; change it there."), path=in_force.own.absolute())
    else:
        say(mark("This is the program's default. To change it: secaudit system rule --write"))


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    return {field: values[name] for name, field in _FIELDS.items()}


def _tell(session: Session, system: System, placed: Sequence[Placed]) -> None:
    if session.json_to:
        sites = [{"url": one.site.target.url, "moved_from": one.before or None} for one in placed]
        session.emit_json({**system.model_dump(mode="json"), "sites": sites})
        return
    _print(system, [one.site.target.url for one in placed])
    for one in placed:
        if one.before:
            say(mark("{url} and its scans belonged to {system} until now."), url=one.site.target.url, system=one.before)


def _print(system: System, urls: Sequence[str]) -> None:
    from secaudit.cli.words import kind_word
    from secaudit.text import printable

    say(mark("{id}: {name} (level {level}, {kind})"), id=system.id, name=printable(system.name), level=system.level,
        kind=kind_word(system.kind))  # fmt: skip
    for url in urls:
        click.echo(f"  {url}")
