"""`secaudit assess provider keygen` and `export`: the provider's side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from secaudit.cli.assess_options import day, name_option, optional_day, system_option
from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.cli.passphrase import new_passphrase, passphrase_option, unlocked
from secaudit.i18n import current_language, mark
from secaudit.model.errors import BadInput

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.provider_export import Issued


@click.command("keygen", cls=Command, help=mark("Make the key with which the provider signs (for providers)."))
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
@passphrase_option
@option("--no-passphrase", "without", is_flag=True, help=mark("Leave the key unlocked; keep the file somewhere safe."))
def keygen_command(session: Session, file: Path, passphrase_file: Path | None, without: bool) -> None:
    """Write private and public key and say the fingerprint."""
    from secaudit.app.key_files import fingerprint, make_key, public_path, raw_public

    key = make_key(file, new_passphrase(passphrase_file, without))
    print_ = fingerprint(raw_public(key.public_key()))
    beside = public_path(file)
    if session.json_to:
        session.emit_json(
            {"schema": "secaudit.provider-keygen/1", "private": str(file), "public": str(beside), "key": print_}
        )
        return
    say(
        mark("Private key: {path}. Keep it where only those can read it who may sign; nobody else needs it."), path=file
    )
    say(mark("Public key: {path}. Every office may have it."), path=beside)
    say(mark("Fingerprint, to be read out over the telephone: {fingerprint}"), fingerprint=print_)


@click.command(
    "export", cls=Command, help=mark("Sign which rows the provider fulfils, for every office (for providers).")
)
@shared_options
@system_option
@option("--key", "key_file", type=click.Path(path_type=Path), required=True, metavar=mark("FILE"),
        help=mark("The provider's private key (see keygen)."))  # fmt: skip
@passphrase_option
@option("--provider", required=True, metavar=mark("TEXT"), help=mark("Name of the provider, as offices know it."))
@option("--contact", default="", metavar=mark("TEXT"), help=mark("Where offices can ask."))
@option("--until", metavar=mark("DAY"), help=mark("Last day on which the profile counts, DD/MM/YYYY."))
@option("--host", "hosts", multiple=True, metavar=mark("NAME"),
        help=mark("Only for pages below this name, for example tinh.gov.vn; may be repeated."))  # fmt: skip
@option(
    "--group",
    "groups",
    multiple=True,
    metavar=mark("GROUP"),
    help=mark("Answered rows of this group; may be repeated."),
)
@option("--requirement", "requirements", multiple=True, metavar="ID",
        help=mark("This row, rules included; may be repeated."))  # fmt: skip
@option("--whole", "wholes", multiple=True, metavar="ID",
        help=mark("This row, which is usually shared, is done wholly by the provider; may be repeated."))  # fmt: skip
@option("--part", "parts", multiple=True, metavar="ID[=TEXT]",
        help=mark("This row, of which the provider does a part; TEXT says what is left to the office."))  # fmt: skip
@option("--how", default="", metavar=mark("TEXT"), help=mark("How it is done, for rows whose answer has no note."))
@option("--profile-id", metavar="ID", help=mark("Another profile than the one issued last with this key."))
@option("--serial", type=click.IntRange(1), help=mark("Number of the edition (default: the next)."))
@option("--withdraw", is_flag=True, help=mark("Sign that the profile is taken back."))
@option("--reason", default="", metavar=mark("TEXT"), help=mark("Why it is taken back."))
@option("--output", type=click.Path(path_type=Path), metavar=mark("FILE"), help=mark("Where the signed file goes."))
@name_option
def export_command(
    session: Session, system_id: str | None, key_file: Path, passphrase_file: Path | None, provider: str, contact: str,
    until: str | None, hosts: tuple[str, ...], groups: tuple[str, ...], requirements: tuple[str, ...],
    wholes: tuple[str, ...], parts: tuple[str, ...], how: str, profile_id: str | None, serial: int | None,
    withdraw: bool, reason: str, output: Path | None, name: str | None,
) -> None:  # fmt: skip
    """Write one file and say what is in it and what is not."""
    from secaudit.app.files import write_whole
    from secaudit.app.key_files import load_signing_key
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.provider_export import Heading, Selection, issue, issue_withdrawal
    from secaudit.app.rows import choose_system
    from secaudit.store.journal import user_name
    from secaudit.store.workspace import Workspace

    now, who = datetime.now(UTC), name or user_name()
    ends = optional_day(until)
    if ends is None and not withdraw:
        raise BadInput(mark("Say until when the profile counts, with --until DD/MM/YYYY."))
    selection = Selection(groups, requirements, _rests(parts), wholes, how)
    heading = Heading(provider, contact, ends or now.astimezone().date(), hosts, profile_id, serial)
    knowledge = Knowledge()
    key = unlocked(lambda passphrase: load_signing_key(key_file, passphrase), passphrase_file)
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        if withdraw:
            issued = issue_withdrawal(workspace, system, heading, reason, key, now, who)
        else:
            issued = issue(workspace, knowledge, system, heading, selection, key, now, who)
    profile = issued.profile
    path = output or session.workspace / "reports" / f"nha-cung-cap-{profile.id}-{profile.serial}.json"
    written = write_whole(path, issued.document.encode("utf-8"), mark("{path} could not be written ({detail})."))
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.provider-export/1",
                "file": str(written),
                "profile": profile.id,
                "serial": profile.serial,
                "withdrawn": profile.withdrawn,
                "key": issued.fingerprint,
                "rows": {part.checklist: [row.requirement for row in part.rows] for part in profile.lists},
                "skipped": [
                    {"requirement": f"{one.checklist}:{one.requirement}", **one.why.model_dump()}
                    for one in issued.skipped
                ],
            }
        )
        return
    _print_issued(issued, written, knowledge)


def _rests(parts: Iterable[str]) -> dict[str, str]:
    """Return what is left to the office, by row as typed."""
    return {row.strip(): rest.strip() for row, _, rest in (typed.partition("=") for typed in parts)}


def _print_issued(issued: Issued, written: Path, knowledge: Knowledge) -> None:
    profile = issued.profile
    if profile.withdrawn:
        say(mark("Signed: the profile {profile} is taken back (edition {serial})."), profile=profile.id,
            serial=profile.serial)  # fmt: skip
    else:
        say(mark("Signed: profile {profile}, edition {serial}, valid until {day}."), profile=profile.id,
            serial=profile.serial, day=day(profile.valid_until))  # fmt: skip
    for part in profile.lists:
        whole = sum(row.extent == "whole" for row in part.rows)
        say(mark("  {checklist}: {whole} rows in whole, {part} in part."), checklist=part.checklist, whole=whole,
            part=len(part.rows) - whole)  # fmt: skip
    for one in issued.skipped:
        why = knowledge.render(one.why, current_language())
        say(mark("  Left out: {id}: {why}"), id=f"{one.checklist}:{one.requirement}", why=why)
    say(mark("File for the offices: {path}"), path=written)
    say(mark("Fingerprint, to be read out over the telephone: {fingerprint}"), fingerprint=issued.fingerprint)
