"""`secaudit site`: the sites of a system and the ports meant to be open."""

from __future__ import annotations

import click

from secaudit.cli.common import CommandGroup, Session, option, say, shared_options
from secaudit.cli.site_baseline import command as baseline_command
from secaudit.i18n import mark
from secaudit.model.errors import BadInput, message
from secaudit.text import visible


@click.group("site", cls=CommandGroup, help=mark("Show the sites and the ports meant to be open."))
def command() -> None:
    """Hold the subcommands."""


command.add_command(baseline_command)


@command.command("list", help=mark("List the sites."))
@shared_options
def list_(session: Session) -> None:
    """List all sites with the ports meant to be open."""
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        sites = workspace.registry.sites()
        names = {system.id: system.name for system in workspace.registry.systems()}
    if session.json_to:
        session.emit_json(
            [
                {"id": s.id, "url": s.target.url, "system": names[s.system], "allowed_ports": list(s.allowed_ports)}
                for s in sites
            ]
        )
        return
    if not sites:
        say(mark("The workspace has no site yet. Run `secaudit audit URL`."))
    for site in sites:
        ports = ", ".join(str(port) for port in site.allowed_ports)
        click.echo(f"{site.target.url}  ({visible(names[site.system])})" + (f"  {ports}" if ports else ""))


@command.command("ports", help=mark("Show or set the ports that a site means to have open to everyone."))
@click.argument("url")
@click.argument("ports", nargs=-1, type=click.IntRange(1, 65535))
@shared_options
@option("--none", "clear", is_flag=True, help=mark("No port beside the page's own is meant to be open."))
def ports_(session: Session, url: str, ports: tuple[int, ...], clear: bool) -> None:
    """Show the list, or replace it with the given ports."""
    from secaudit.model.target import parse_target
    from secaudit.store.workspace import Workspace

    if ports and clear:
        raise BadInput(message("Give ports or --none, not both."))
    target = parse_target(url)
    with Workspace.open(session.workspace) as workspace:
        site = workspace.registry.site_for(target)
        if site is None:
            raise BadInput(message("{url} is not a site of this workspace; see `secaudit site list`."), url=target.url)
        if ports or clear:
            site = site.model_copy(update={"allowed_ports": tuple(sorted(set(ports)))})
            workspace.registry.save_site(site)
    if session.json_to:
        session.emit_json({"url": site.target.url, "allowed_ports": list(site.allowed_ports)})
    elif site.allowed_ports:
        say(mark("Ports of {url} meant to be open: {ports}"), url=site.target.url,
            ports=", ".join(str(port) for port in site.allowed_ports))  # fmt: skip
    else:
        say(mark("No port of {url} beside the page's own is meant to be open."), url=site.target.url)
