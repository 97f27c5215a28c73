"""`secaudit import FILE`: results of other tools, stored as observations and evidence."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import mark
from secaudit.model.imported import ImportFormat

if TYPE_CHECKING:
    from secaudit.app.importing import ImportResult
    from secaudit.app.knowledge import Knowledge

_SHOWN = 20


@click.command("import", cls=Command, help=mark("Take over results of nmap, testssl.sh, sslyze, Nuclei, ZAP, …"))
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
@option(
    "--kind",
    type=click.Choice([form.value for form in ImportFormat]),
    help=mark("Format of the file; recognised by its content when left out."),
)
@option("--site", "url", default="", metavar="URL", help=mark("The page that the results are about."))
@option("--host", default="", metavar=mark("TEXT"), help=mark("Take only what the file says of this host."))
def command(session: Session, file: Path, kind: str | None, url: str, host: str) -> None:
    """Import one file; nothing is sent."""
    from datetime import UTC, datetime

    from secaudit.app.importing import ImportRequest, read_file, store_import
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.scan_json import scan_json
    from secaudit.app.setup import open_or_create

    knowledge = Knowledge()
    # Read before a workspace is made, so that a file that cannot be used leaves nothing behind.
    content = read_file(ImportRequest(file, ImportFormat(kind) if kind else None, url, host), datetime.now(UTC))
    with open_or_create(session.workspace) as workspace:
        result = store_import(workspace, content, knowledge)
    if session.json_to:
        judged = result.judged
        session.emit_json(
            scan_json(
                judged.scan, judged.outcomes, judged.findings, knowledge.texts, knowledge.requirements_of,
                lambda reason: knowledge.render(reason, session.language),
            )
        )  # fmt: skip
        return
    _print(result, knowledge)


def _print(result: ImportResult, knowledge: Knowledge) -> None:
    from secaudit.cli.summary import print_findings
    from secaudit.model.observation import ImportedFinding
    from secaudit.text import printable

    scan = result.judged.scan
    assert scan.source is not None
    found = [seen for seen in scan.observations if isinstance(seen, ImportedFinding)]
    facts = len(scan.observations) - len(found)
    say(
        mark("Stored as {scan} for {url}: {findings} results and {facts} observations of {tool}."),
        scan=scan.id, url=scan.target.url, findings=len(found), facts=facts,
        tool=printable(f"{scan.source.tool} {scan.source.tool_version}".strip()),
    )  # fmt: skip
    if result.left_out:
        say(mark("{count} observations about other hosts were left out."), count=result.left_out)
    counts = Counter(seen.severity or "-" for seen in found)
    if counts:
        shown = ", ".join(f"{printable(word, 40)}: {count}" for word, count in counts.most_common())
        say(mark("By the tool's own severity: {counts}"), counts=shown)
    for seen in found[:_SHOWN]:
        click.echo(f"  [{printable(seen.severity or '-', 40)}] {printable(seen.title)} – {printable(seen.target)}")
    if len(found) > _SHOWN:
        say(mark("… and {count} more; they stand in the report."), count=len(found) - _SHOWN)
    if facts:
        print_findings(result.judged, knowledge)
