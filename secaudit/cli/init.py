"""`secaudit init`: organisation, system, level, contacts."""

from __future__ import annotations

from typing import Any

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import mark
from secaudit.model.organisation import SystemKind

BASES = ("approved", "proposed", "voluntary")
KINDS = tuple(kind.value for kind in SystemKind)


@click.command("init", cls=Command, help=mark("Make a workspace: organisation, system, level, contacts."))
@shared_options
@option("--organisation", metavar=mark("NAME"), help=mark("The body that owns the page."))
@option("--superior", metavar=mark("NAME"), help=mark("The body above it, as letters are headed."))
@option("--place", metavar=mark("NAME"), help=mark("Place name for dates of documents."))
@option("--contact-name", metavar=mark("NAME"), help=mark("Who is in charge."))
@option("--contact-email", metavar=mark("TEXT"), help=mark("Their e-mail address."))
@option("--contact-phone", metavar=mark("TEXT"), help=mark("Their telephone number."))
@option("--system", "system_name", metavar=mark("NAME"), help=mark("Name of the information system."))
@option("--level", type=click.IntRange(1, 5), help=mark("Its security level (default 3)."))
@option("--basis", type=click.Choice(BASES),
        help=mark("Why this level: approved, proposed, or a voluntary target (default)."))  # fmt: skip
@option("--operator", metavar=mark("NAME"), help=mark("The unit that operates the system."))
@option("--kind", type=click.Choice(KINDS),
        help=mark("What it is to the plan: information page (default), e-press body, other system."))  # fmt: skip
@option("--url", metavar="URL", help=mark("Address of the page."))
def command(session: Session, **values: Any) -> None:
    """Make the workspace or complete it; what is not given stays as it is."""
    from secaudit.app.setup import open_or_create, site_of
    from secaudit.model.organisation import System
    from secaudit.model.target import parse_target

    # Read before anything is made, so that a mistyped address leaves no half-made workspace behind.
    target = parse_target(values["url"]) if values["url"] else None
    given = {
        "name": values["organisation"], "superior": values["superior"], "place": values["place"],
        "contact_name": values["contact_name"], "contact_email": values["contact_email"],
        "contact_phone": values["contact_phone"],
    }  # fmt: skip
    changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    with open_or_create(session.workspace) as workspace:
        organisation = workspace.registry.organisation()
        if changes:
            organisation = organisation.model_validate({**organisation.model_dump(), **changes, "is_sample": False})
            workspace.registry.save_organisation(organisation)
        systems = workspace.registry.systems()
        system = systems[0] if systems else System(id="he-thong-1", name=values["system_name"] or organisation.name)
        given = {
            "name": values["system_name"], "level": values["level"], "level_basis": values["basis"],
            "operator": values["operator"], "kind": values["kind"],
        }  # fmt: skip
        changes = {field: value for field, value in given.items() if value is not None}
        system = system.model_validate({**system.model_dump(), **changes})
        workspace.registry.save_system(system)
        site = site_of(workspace, target) if target else None
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.init/1",
                "workspace": str(session.workspace.absolute()),
                "organisation": organisation.model_dump(mode="json"),
                "system": system.model_dump(mode="json"),
                "site": site.target.url if site else None,
            }
        )
        return
    say(mark("The workspace is ready: {path}"), path=session.workspace.absolute())
    if not organisation.name:
        say(mark("No organisation is named yet; reports are marked as drafts. Give it with --organisation."))
    say(mark("Next: secaudit audit URL"))
