"""`secaudit report [KIND]`: a report of what is stored, without scanning again."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from secaudit.cli.common import Command, Session, option, shared_options
from secaudit.cli.report_sealing import seal_options
from secaudit.cli.report_writing import Wish
from secaudit.i18n import mark
from secaudit.model.errors import BadInput, message

KINDS = {
    "combined": "report_combined",
    "form08": "report_form08",
    "annual": "report_annual",
    "remediation": "report_remediation",
    "inspection": "report_inspection",
    "protection": "report_protection",
    "province": "report_province",
}
_BY_DECREE = {"form08", "annual", "remediation", "inspection", "protection"}
"""Documents by Decree 30/2020, for which the officer's file gives number, date and signer."""
OWN_OPTIONS = {
    "--scan": {"combined"},
    "--profile-file": _BY_DECREE,
    "--template-profile": _BY_DECREE,
    "--template": _BY_DECREE | {"combined"},
    "--check": _BY_DECREE,
    "--confirm-implementation": {"form08"},
    "--from": {"province"},
}
"""Options that only some kinds have."""


@click.command("report", cls=Command, help=mark(
    "Write a report of what is stored: combined, form08 (Decree 331/2026), annual (progress of the plan), remediation "
    "(plan), inspection (evidence list and ZIP), protection (draft of the protection plan) or province (many systems "
    "at once)."
))  # fmt: skip
@click.argument("kind", type=click.Choice(list(KINDS)), default="combined")
@shared_options
@seal_options
@option("--format", "formats", metavar="LIST",
        help=mark(
            "With commas: html, pdf, docx, xlsx, json, oscal, oscal-poam, sarif, csv, ics, ciso-assistant, json-schema "
            "(combined); docx, pdf, json (form08, annual); html, pdf, docx, xlsx, csv, json (remediation); zip, html, "
            "pdf, docx, xlsx, csv, json (inspection); docx, html, pdf, json (protection); html, "
            "pdf, xlsx, json (province)."
        ))  # fmt: skip
@option("--scan", metavar="ID", help=mark("Report this scan; the beginning of its id is enough."))
@option("--output", type=click.Path(path_type=Path), metavar=mark("FILE"), help=mark("Where the report goes."))
@option("--profile-file", type=click.Path(path_type=Path), metavar=mark("FILE"),
        help=mark("What the store cannot know: number, date, addressee, signer, decisions."))  # fmt: skip
@option("--template-profile", "blank_file", type=click.Path(path_type=Path), metavar=mark("FILE"),
        help=mark("Write such a file, with comments, to fill in."))  # fmt: skip
@option("--confirm-implementation", "confirmed", multiple=True, metavar="SYSTEM=VALUE",
        help=mark("Confirm column (10) of Form 08: none, some or full."))  # fmt: skip
@option("--check", is_flag=True, help=mark("Only say what is missing or contradicts; ends with 1 on an error."))
@option("--template", type=click.Path(path_type=Path, exists=True), metavar=mark("FILE"),
        help=mark("Your own Word template instead of the shipped one."))  # fmt: skip
@option("--from", "source", type=click.Path(path_type=Path), metavar=mark("DIR"),
        help=mark("Folder with the JSON reports that communes sent (province)."))  # fmt: skip
def command(
    session: Session, kind: str, formats: str | None, scan: str | None, output: Path | None, profile_file: Path | None,
    blank_file: Path | None, confirmed: tuple[str, ...], check: bool, template: Path | None,
    source: Path | None,
) -> int:  # fmt: skip
    """Hand over to the kind's own module."""
    given = {"--scan": scan, "--profile-file": profile_file, "--template-profile": blank_file, "--template": template,
             "--check": check, "--confirm-implementation": confirmed, "--from": source}  # fmt: skip
    for name, value in given.items():
        if value and kind not in OWN_OPTIONS[name]:
            raise BadInput(
                message("{option} belongs to the reports {kinds}, not to {kind}."),
                option=name, kinds=", ".join(sorted(OWN_OPTIONS[name])), kind=kind,
            )  # fmt: skip
    wish = Wish(formats, scan or "latest", output, profile_file, blank_file, confirmed, check, template, source)
    ended: int = import_module(f"secaudit.cli.{KINDS[kind]}").run(session, wish)
    return ended
