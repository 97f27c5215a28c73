"""`secaudit audit URL`: the main job in one go."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import Command, Session, on_terminal, option, say, shared_options, tell
from secaudit.cli.scan_options import read_request, scan_options
from secaudit.i18n import mark
from secaudit.model.errors import BadInput, message

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge


@click.command("audit", cls=Command, help=mark("Audit a page in one go: scan, judge, combined report."))
@click.argument("url", required=False)
@shared_options
@scan_options
@option("--demo", is_flag=True, help=mark("Audit a demonstration site that is started on this computer."))
@option("--output", type=click.Path(path_type=Path), metavar=mark("FILE"), help=mark("Where the report goes."))
def command(session: Session, url: str | None, demo: bool, output: Path | None, **values: Any) -> int:
    """Scan one page or the demonstration site, and write the combined report."""
    if demo == bool(url):
        raise BadInput(message("Give the address of the page, for example https://xa.tinh.gov.vn/, or --demo."))
    if not demo:
        return _audit(session, str(url), output, values, demo=False)
    from secaudit.demo.site import demo_site

    with demo_site() as site:
        values.update(http_port=site.http_port)
        return _audit(session, site.url, output, values, demo=True)


def _read_ahead(knowledge: Knowledge) -> None:
    """Read the requirements and compile the report's templates while the probes wait for the network."""
    from secaudit.app.clients import known_clients
    from secaudit.checks.registry import all_rules
    from secaudit.report.html import prepare

    all_rules()
    knowledge.read_all()
    known_clients()
    prepare()


def _audit(session: Session, url: str, output: Path | None, values: dict[str, Any], *, demo: bool) -> int:
    from secaudit.app.audit import audit
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.report import default_report_path, report_model, write_text
    from secaudit.app.scan import was_reached
    from secaudit.app.scan_json import scan_json
    from secaudit.app.setup import SAMPLE, open_or_create
    from secaudit.cli.progress import LiveProgress, progress
    from secaudit.cli.summary import (
        counting,
        incomplete_sentence,
        print_assessment,
        print_findings,
        print_notice,
        print_tally,
        reaches,
    )
    from secaudit.model.target import parse_target
    from secaudit.model.words import ScanStatus
    from secaudit.probes.resolver import resolver_at
    from secaudit.report.html import render_html

    request = read_request(values)
    target = parse_target(url)
    knowledge = Knowledge()
    ahead = threading.Thread(target=_read_ahead, args=(knowledge,), daemon=True)
    with open_or_create(session.workspace) as workspace, contextlib.ExitStack() as stack:
        if demo and not workspace.registry.organisation().name:
            workspace.registry.save_organisation(SAMPLE)
        watcher = progress(
            lambda reason: knowledge.render(reason, session.language), live=on_terminal(), meanwhile=ahead.start
        )
        if isinstance(watcher, LiveProgress):
            stack.enter_context(watcher)
        result = audit(
            workspace, target, request.options, knowledge, lambda: datetime.now(UTC), watcher, request.permission,
            resolver_at(request.options.resolver),
        )  # fmt: skip
        stack.close()
        ahead.join()
        judged = result.judged
        model = report_model(
            workspace, result.system, result.site, judged, result.assessments, knowledge, datetime.now(UTC)
        )
        path = output or default_report_path(session.workspace, judged, "html")
        written = write_text(path, render_html(model, session.language))
    if session.json_to:
        data = scan_json(
            judged.scan, judged.outcomes, judged.findings, knowledge.texts, knowledge.requirements_of,
            lambda reason: knowledge.render(reason, session.language),
        )  # fmt: skip
        session.emit_json({**data, "report": str(written), "remediation": asdict(result.remediation)})
    else:
        print_findings(judged, knowledge)
        click.echo()
        for assessment in counting(result.assessments, knowledge):
            print_assessment(assessment, knowledge)
        print_notice(knowledge)
        click.echo()
        print_tally(result.remediation)
        say(mark("Report: {path}"), path=written)
    if not was_reached(judged.scan):
        tell(mark("The page {url} could not be reached; the report says what was tried."), url=target.url)
        return 3
    if judged.scan.status is not ScanStatus.COMPLETE:
        click.echo(incomplete_sentence(), err=True)
        return 3
    return 1 if reaches(judged.findings, request.fail_on) else 0
