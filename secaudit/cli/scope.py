"""`secaudit scope`: who allowed active probing of which host, by which document, until when."""

from __future__ import annotations

import getpass
import secrets
from datetime import UTC, datetime, time, timedelta

import click

from secaudit.cli.common import CommandGroup, Session, option, say, shared_options
from secaudit.cli.dates import local_date, parse_day
from secaudit.i18n import mark


@click.group("scope", cls=CommandGroup, help=mark("Record who allowed probing of which host, and until when."))
def command() -> None:
    """Hold the subcommands."""


@command.command("add", help=mark("Record a permission."))
@shared_options
@option("--host", "hosts", multiple=True, required=True, metavar=mark("HOST"),
        help=mark("Name, *.name, address or network; may be repeated."))  # fmt: skip
@option("--port", "ports", multiple=True, metavar=mark("PORTS"),
        help=mark("Ports such as 443 or 8000-8100; without it all ports."))  # fmt: skip
@option("--by", "granted_by", required=True, metavar=mark("WHO"),
        help=mark("Who allowed it: name and position, or the body."))  # fmt: skip
@option("--document", default="", metavar=mark("TEXT"), help=mark("Number and date of the document."))
@option("--from", "begins", metavar=mark("DAY"), help=mark("First day, DD/MM/YYYY (default: today)."))
@option("--until", "ends", required=True, metavar=mark("DAY"), help=mark("Last day, DD/MM/YYYY."))
def add(
    session: Session, hosts: tuple[str, ...], ports: tuple[str, ...], granted_by: str, document: str,
    begins: str | None, ends: str,
) -> None:  # fmt: skip
    """Record one permission."""
    from secaudit.app.scope import new_authorisation
    from secaudit.store.workspace import Workspace

    now = datetime.now(UTC)
    record = new_authorisation(
        hosts=hosts, ports=ports, granted_by=granted_by, document=document,
        valid_from=_start(begins) if begins else now, valid_until=_end(ends), recorded_by=getpass.getuser(),
        now=now, new_id=lambda: secrets.token_hex(4),
    )  # fmt: skip
    with Workspace.create(session.workspace) as workspace:
        workspace.scope.add(record)
    if session.json_to:
        session.emit_json(record.model_dump(mode="json"))
    else:
        say(mark("Recorded permission {id}: {hosts}, until {day}."),
            id=record.id, hosts=", ".join(record.hosts), day=local_date(record.valid_until))  # fmt: skip


@command.command("list", help=mark("List the permissions."))
@shared_options
def list_(session: Session) -> None:
    """List all records, the ones in force first."""
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        records = workspace.scope.list()
    now = datetime.now(UTC)
    records.sort(key=lambda record: (not record.in_force(now), record.valid_until))
    if session.json_to:
        session.emit_json([{**r.model_dump(mode="json"), "in_force": r.in_force(now)} for r in records])
        return
    if not records:
        say(mark("No permission is recorded; only loopback may be probed."))
    for record in records:
        ports = ", ".join(f"{span.first}-{span.last}" if span.first != span.last else str(span.first)
                          for span in record.ports)  # fmt: skip
        state = (
            mark("in force until {day}") if record.in_force(now)
            else mark("revoked") if record.revoked_at
            else mark("not yet in force") if record.valid_from > now
            else mark("ended on {day}")
        )  # fmt: skip
        say(mark("{id}  {hosts}"), id=record.id, hosts=", ".join(record.hosts))
        click.echo("    ", nl=False)
        say(state, day=local_date(record.valid_until))
        click.echo("    ", nl=False)
        say(mark("allowed by {who}; document: {document}; ports: {ports}"), who=record.granted_by,
            document=record.document or "-", ports=ports or "1-65535")  # fmt: skip


@command.command("revoke", help=mark("Withdraw a permission; it stays in the list."))
@click.argument("authorisation_id", metavar="ID")
@shared_options
def revoke(session: Session, authorisation_id: str) -> None:
    """Withdraw one record as of now."""
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        record = workspace.scope.revoke(authorisation_id, datetime.now(UTC))
    if session.json_to:
        session.emit_json(record.model_dump(mode="json"))
    else:
        say(mark("Permission {id} is withdrawn."), id=record.id)


def _start(typed: str) -> datetime:
    return datetime.combine(parse_day(typed), time.min).astimezone(UTC)


def _end(typed: str) -> datetime:
    return (datetime.combine(parse_day(typed), time.min) + timedelta(days=1, microseconds=-1)).astimezone(UTC)
