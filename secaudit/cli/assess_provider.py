"""`secaudit assess provider`: what the hosting provider does for a page, signed by it, taken over by the office."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.assess_options import day, name_option, system_option
from secaudit.cli.assess_provider_issue import export_command, keygen_command
from secaudit.cli.common import Command, CommandGroup, Session, option, say, shared_options, tell
from secaudit.i18n import current_language, mark, translate
from secaudit.text import printable

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.provider import Held
    from secaudit.app.provider_file import SignedProfile
    from secaudit.model.base import Reason
    from secaudit.model.provider import HeldProfile, ProviderProfile
    from secaudit.store.workspace import Workspace


@click.group("provider", cls=CommandGroup, help=mark("Take over what the hosting provider does, from its signed file."))
def provider_group() -> None:
    """Hold the subcommands."""


@provider_group.command("import", cls=Command, help=mark("Take over a provider's signed file."))
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
@system_option
@option(
    "--trust", "trusted", metavar=mark("FINGERPRINT"),
    help=mark("The key's fingerprint, as the provider read it out; needed once per key where nobody is asked."),
)  # fmt: skip
@name_option
def import_command(session: Session, file: Path, system_id: str | None, trusted: str | None, name: str | None) -> None:
    """Store the file and say which rows it changes."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.provider_import import import_profile
    from secaudit.store.journal import user_name
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    with Workspace.open(session.workspace) as workspace:
        done = import_profile(workspace, file, system_id, trusted, _compared, datetime.now(UTC), name or user_name())
        covered = {system: _covered(workspace, knowledge, system) for system in done.systems}
        left = {system: _not_counted(workspace, knowledge, system) for system in done.systems}
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.provider-import/1",
                "profile": done.profile.id,
                "serial": done.profile.serial,
                "provider": done.profile.provider,
                "withdrawn": done.profile.withdrawn,
                "valid_until": done.profile.valid_until.isoformat(),
                "key": done.fingerprint,
                "newly_trusted": done.newly_trusted,
                "systems": {
                    system: {
                        "met_by_provider": met,
                        "partly_by_provider": part,
                        "not_counted": [
                            {"rows": count, **why.model_dump(), "text": knowledge.render(why, current_language())}
                            for why, count in left[system]
                        ],
                    }
                    for system, (met, part) in covered.items()
                },
            }
        )
        return
    _head(done.profile)
    for system, (met, part) in covered.items():
        if done.profile.withdrawn:
            say(mark("{system}: the provider has taken the profile back; its rows count as before."), system=system)
        else:
            say(mark("{system}: met by the provider now: {met}; done in part by it: {part}."), system=system,
                met=len(met), part=len(part))  # fmt: skip
        for why, count in left[system]:
            say(mark("  Not counted: {count} rows. {why}"), count=count,
                why=printable(knowledge.render(why, current_language()), 1000))  # fmt: skip


def _covered(workspace: Workspace, knowledge: Knowledge, system_id: str) -> tuple[list[str], list[str]]:
    """Return the rows that are met by a provider, and those that it does a part of, as `checklist:row`."""
    from secaudit.app.answers import assess_one
    from secaudit.app.rows import choose_system

    system, now = choose_system(workspace, system_id), datetime.now(UTC)
    rows = [
        (f"{checklist.id}:{row.requirement}", row.met_by_provider)
        for checklist in knowledge.checklists
        for row in assess_one(workspace, knowledge, system, checklist, now).rows
        if row.inherited is not None
    ]
    return [row for row, met in rows if met], [row for row, met in rows if not met]


def _not_counted(workspace: Workspace, knowledge: Knowledge, system_id: str) -> list[tuple[Reason, int]]:
    """Return why rows of which profiles speak do not count, each reason once, with the number of rows."""
    from secaudit.app.provider import held_by
    from secaudit.app.rows import choose_system

    held = held_by(workspace, choose_system(workspace, system_id), datetime.now(UTC))
    found: dict[str, tuple[Reason, int]] = {}
    for checklist in knowledge.checklists:
        for why in (why for several in held.offers(checklist).lapsed.values() for why in several):
            text = why.model_dump_json()
            found[text] = (why, found.get(text, (why, 0))[1] + 1)
    return list(found.values())


def _compared(found: SignedProfile) -> bool:
    """Show the fingerprint and ask whether it was compared."""
    if not sys.stdin.isatty():
        return False
    tell(mark("The file is signed by a key that is not trusted here yet."))
    _head(found.profile)
    tell(mark("Fingerprint of the key: {fingerprint}"), fingerprint=found.fingerprint)
    tell(mark("Call the provider on a number that you know from elsewhere (not from this file) and have the digits "
              "read out."))  # fmt: skip
    question = translate(mark("Are they the same"))
    return click.confirm(question, default=False, err=True)


def _head(profile: ProviderProfile) -> None:
    say(mark("Provider: {provider}; profile {profile}, edition {serial}, valid until {day}"),
        provider=printable(profile.provider), profile=profile.id, serial=profile.serial,
        day=day(profile.valid_until))  # fmt: skip


@provider_group.command("trust", cls=Command, help=mark("Trust a provider's public key, or (--revoke) no longer."))
@click.argument("key", metavar="PUBLICKEY")
@shared_options
@option("--provider", default="", metavar=mark("TEXT"), help=mark("Whose key it is."))
@option("--revoke", is_flag=True, help=mark("Trust it no longer; then PUBLICKEY is its fingerprint."))
@name_option
def trust_command(session: Session, key: str, provider: str, revoke: bool, name: str | None) -> None:
    """Store or take back the trust in one key."""
    from secaudit.app.provider_import import distrust_key, trust_key
    from secaudit.store.journal import user_name
    from secaudit.store.workspace import Workspace

    now, who = datetime.now(UTC), name or user_name()
    with Workspace.open(session.workspace) as workspace:
        if revoke:
            print_ = distrust_key(workspace, key, now, who)
        else:
            print_ = trust_key(workspace, key, provider, now, who).fingerprint
    if session.json_to:
        session.emit_json({"schema": "secaudit.provider-key/1", "key": print_, "trusted": not revoke})
    elif revoke:
        say(mark("No longer trusted: {fingerprint}. What it signed does not count any more."), fingerprint=print_)
    else:
        say(mark("Trusted: {fingerprint}. Compare these digits with the provider over the telephone."),
            fingerprint=print_)  # fmt: skip


@provider_group.command("list", cls=Command, help=mark("List the profiles, whether they count, and the trusted keys."))
@shared_options
@system_option
def list_command(session: Session, system_id: str | None) -> None:
    """List what was imported for each system, and what was issued here."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.provider import held_by
    from secaudit.app.rows import choose_system
    from secaudit.store.workspace import Workspace

    knowledge, now = Knowledge(), datetime.now(UTC)
    with Workspace.open(session.workspace) as workspace:
        systems = [choose_system(workspace, system_id)] if system_id else workspace.registry.systems()
        held = {system.id: held_by(workspace, system, now) for system in systems}
        keys = workspace.providers.trusted_keys()
        issued = workspace.providers.records("issued")
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.provider-list/1",
                "profiles": [
                    _as_data(system, one, all_, knowledge) for system, all_ in held.items() for one in all_.profiles
                ],
                "keys": [key.model_dump(mode="json") for key in keys],
                "issued": [one.model_dump(mode="json", exclude={"document", "role"}) for one in issued],
            }
        )
        return
    if not any(all_.profiles for all_ in held.values()):
        say(mark("No provider's profile was imported yet."))
    for system, all_ in held.items():
        for one in all_.profiles:
            _print_profile(system, one, all_, knowledge)
    for key in keys:
        sentence = mark("Key no longer trusted: {fingerprint}  {provider}")
        if key.revoked_at is None:
            sentence = mark("Trusted key: {fingerprint}  {provider}")
        say(sentence, fingerprint=key.fingerprint, provider=printable(key.provider))
    for record in issued:
        say(mark("Issued here: {profile}, edition {serial}, {provider}"), profile=record.profile,
            serial=record.serial, provider=printable(record.provider))  # fmt: skip


def _as_data(system: str, one: HeldProfile, held: Held, knowledge: Knowledge) -> dict[str, Any]:
    against = held.objection(one)
    return {
        "system": system,
        "profile": one.record.profile,
        "serial": one.record.serial,
        "provider": one.record.provider,
        "key": one.record.key,
        "counts": against is None,
        "why_not": {**against.model_dump(), "text": knowledge.render(against, current_language())} if against else None,
        "valid_until": one.profile.valid_until.isoformat() if one.profile else None,
        "hosts": list(one.profile.hosts) if one.profile else [],
        "rows": {part.checklist: len(part.rows) for part in one.profile.lists} if one.profile else {},
        "imported_at": one.record.recorded_at.isoformat(),
        "imported_by": one.record.recorded_by,
    }


def _print_profile(system: str, one: HeldProfile, held: Held, knowledge: Knowledge) -> None:
    click.echo(f"{one.record.profile}  [{system}]")
    if one.profile is not None:
        click.echo("  ", nl=False)
        _head(one.profile)
        rows = ", ".join(f"{part.checklist}: {len(part.rows)}" for part in one.profile.lists)
        say(mark("  Requirements: {rows}; pages below: {hosts}"), rows=rows or "–",
            hosts=", ".join(one.profile.hosts) or "*")  # fmt: skip
    against = held.objection(one)
    if against is None:
        say(mark("  Counts now."))
    else:
        click.echo(f"  ! {printable(knowledge.render(against, current_language()), 1000)}")


@provider_group.command("withdraw", cls=Command, help=mark("Use a provider's profile no longer."))
@click.argument("profile")
@shared_options
@system_option
@option("--reason", default="", metavar=mark("TEXT"), help=mark("Why; it is kept in the journal."))
@name_option
def withdraw_command(session: Session, profile: str, system_id: str | None, reason: str, name: str | None) -> None:
    """Let its rows fall back, here only; importing the same file again takes them up again."""
    from secaudit.app.provider_import import withdraw_profile
    from secaudit.store.journal import user_name
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        systems = withdraw_profile(workspace, profile, system_id, reason, datetime.now(UTC), name or user_name())
    if session.json_to:
        session.emit_json({"schema": "secaudit.provider-withdrawal/1", "profile": profile, "systems": list(systems)})
    else:
        say(mark("The profile {profile} does not count any more for: {systems}."), profile=profile,
            systems=", ".join(systems))  # fmt: skip


for _sub in (keygen_command, export_command):
    provider_group.add_command(_sub)
