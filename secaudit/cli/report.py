"""`secaudit report [KIND]`: a report of what is stored, without scanning again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import mark
from secaudit.model.errors import BadInput, message

FORMATS = ("html", "json")


@click.command("report", cls=Command, help=mark("Write a report of what is stored."))
@click.argument("kind", type=click.Choice(["combined"]), default="combined")
@shared_options
@option("--format", "formats", default="html", show_default=True, metavar="LIST",
        help=mark("html, json, or both with a comma."))  # fmt: skip
@option("--scan", "reference", default="latest", show_default=True, metavar="ID",
        help=mark("Report this scan; the beginning of its id is enough."))  # fmt: skip
@option("--output", type=click.Path(path_type=Path), metavar=mark("FILE"), help=mark("Where the report goes."))
def command(session: Session, kind: str, formats: str, reference: str, output: Path | None) -> None:
    """Judge a stored scan by today's rules and write the combined report."""
    import json

    from secaudit.app.judge import assess_system, judge_scan
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.report import default_report_path, report_model, write_text
    from secaudit.report.html import render_html
    from secaudit.report.model import report_json
    from secaudit.store.workspace import Workspace

    wanted = _formats(formats)
    if output is not None and len(wanted) > 1:
        raise BadInput(message("--output names one file; ask for one format, or leave --output out."))
    knowledge = Knowledge()
    now = datetime.now(UTC)
    with Workspace.open(session.workspace) as workspace:
        scan_id = workspace.scans.resolve(reference)
        site_id = next(s.site_id for s in workspace.scans.summaries() if s.id == scan_id)
        site = next(s for s in workspace.registry.sites() if s.id == site_id)
        system = next(s for s in workspace.registry.systems() if s.id == site.system)
        judged = judge_scan(workspace.scans.load(scan_id), knowledge)
        assessments = assess_system(workspace, system, [judged], knowledge, now)
        model = report_model(workspace, system, site, judged, assessments, knowledge, now)
    written = []
    for name in wanted:
        text = (
            render_html(model, session.language)
            if name == "html"
            else json.dumps(report_json(model), ensure_ascii=False, indent=2) + "\n"
        )
        path = output or default_report_path(session.workspace, judged, name)
        written.append(write_text(path, text))
    if session.json_to:
        session.emit_json({"schema": "secaudit.written/1", "kind": kind, "files": [str(path) for path in written]})
    else:
        for path in written:
            say(mark("Report: {path}"), path=path)


def _formats(typed: str) -> list[str]:
    names = list(dict.fromkeys(name.strip().lower() for name in typed.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise BadInput(
            message("The format {format} is not available; choose from {known}."),
            format=", ".join(unknown) or typed, known=", ".join(FORMATS),
        )  # fmt: skip
    return names
