"""`secaudit data`: how old the vulnerability and end-of-life data are, and newer ones from a file."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from secaudit.cli.common import CommandGroup, Session, option, say, shared_options
from secaudit.i18n import mark, translate

_TITLES = {
    "eol": mark("Ends of life of servers and languages"),
    "cms": mark("Content systems and their supported versions"),
    "vulnerable-js": mark("JavaScript libraries with known vulnerabilities"),
}
_HOW = {
    "shipped": mark("came with the program"),
    "sha256": mark("installed, SHA-256 compared"),
    "unsigned": mark("installed on trust, unsigned"),
}


@click.group("data", cls=CommandGroup, help=mark("Show and update the vulnerability and end-of-life data."))
def command() -> None:
    """Hold the subcommands."""


@command.command("list", help=mark("Show the data in use: date, age, source, licence."))
@shared_options
def list_(session: Session) -> None:
    """List the data sets in use."""
    from secaudit.app.addresses import list_addresses
    from secaudit.app.data import list_data

    now = datetime.now(UTC)
    rows, addresses = list_data(now), list_addresses(now)
    if session.json_to:
        blocks = [{"kind": "addresses", **asdict(held)} for held in addresses]
        session.emit_json([*(asdict(row) for row in rows), *blocks])
        return
    for row in rows:
        say(mark("{kind}: {title}"), kind=row.kind, title=translate(_TITLES[row.kind]))
        click.echo("    ", nl=False)
        say(mark("of {date}, {age} days old (limit {limit}); {how}"), date=row.dated, age=row.age_days,
            limit=row.limit_days, how=translate(_HOW[row.how]))  # fmt: skip
        if row.too_old:
            click.echo("    ", nl=False)
            say(mark("too old: checks that find nothing say inconclusive instead of pass"))
        if row.unreadable:
            click.echo("    ", nl=False)
            say(mark("the installed file cannot be read any more; the program's own data are used"))
        for source in row.sources:
            click.echo(f"    - {source}")
    for held in addresses:
        say(mark("addresses: registered blocks of {registry}, of {date}, {age} days old (limit {limit})"),
            registry=held.registry, date=held.dated, age=held.age_days, limit=held.limit_days)  # fmt: skip
    if not addresses:
        say(mark("addresses: none installed, so nobody can say whether a page is hosted abroad. Fetch {file} from "
                 "{address} and run `secaudit data update`."),
            file="delegated-apnic-latest", address="https://ftp.apnic.net/stats/apnic/")  # fmt: skip


@command.command("update", help=mark("Install newer data from a file, without the internet."))
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
@option("--sha256", default="", metavar="HEX",
        help=mark("The file's SHA-256, learnt from whoever gave you the file."))  # fmt: skip
@option("--trust-unsigned", is_flag=True, help=mark("Take the file on trust, without a hash."))
def update(session: Session, file: Path, sha256: str, trust_unsigned: bool) -> None:
    """Install one data set."""
    from secaudit.app.addresses import install_statistics, is_statistics
    from secaudit.app.data import update_data

    if is_statistics(file):
        got = install_statistics(file, sha256=sha256.strip(), trust_unsigned=trust_unsigned, now=datetime.now(UTC))
        if session.json_to:
            session.emit_json(asdict(got))
        else:
            say(mark("Installed the address blocks of {registry} of {date}: {count} records."), registry=got.registry,
                date=got.dated, count=got.records)  # fmt: skip
        return
    done = update_data(file, sha256=sha256.strip(), trust_unsigned=trust_unsigned, now=datetime.now(UTC))
    if session.json_to:
        session.emit_json(asdict(done))
    else:
        say(mark("Installed {kind} of {date}; it replaces the data of {replaced}."), kind=done.kind, date=done.dated,
            replaced=done.replaced)  # fmt: skip
