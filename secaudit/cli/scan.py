"""`secaudit scan [URL...]`: probes and their findings, without a report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import Command, Session, on_terminal, option, say, shared_options, tell
from secaudit.cli.scan_options import ScanRequest, read_request, scan_options
from secaudit.i18n import mark
from secaudit.model.errors import BadInput, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secaudit.app.judge import JudgedScan
    from secaudit.app.knowledge import Knowledge
    from secaudit.model.target import Target


@click.command("scan", cls=Command, help=mark("Run the probes only and show what they found."))
@click.argument("urls", nargs=-1, metavar="[URL]...")
@shared_options
@scan_options
@option("--plan", is_flag=True, help=mark("Say what would be sent where; send nothing."))
def command(session: Session, urls: tuple[str, ...], plan: bool, **values: Any) -> int:
    """Scan the given pages, or every site of the workspace when none is given."""
    from secaudit.model.target import parse_target

    request = read_request(values)
    targets = [parse_target(url) for url in urls] or _known_sites(session)
    if plan:
        return _show_plan(session, targets, request)
    return _scan(session, targets, request)


def _known_sites(session: Session) -> list[Target]:
    from secaudit.store.workspace import Workspace

    sites = []
    if Workspace.exists(session.workspace):
        with Workspace.open(session.workspace) as workspace:
            sites = [site.target for site in workspace.registry.sites()]
    if not sites:
        raise BadInput(message("The workspace has no site yet. Give an address, for example https://xa.tinh.gov.vn/."))
    return sites


def _show_plan(session: Session, targets: Sequence[Target], request: ScanRequest) -> int:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.scan import plan_scan

    knowledge = Knowledge()
    steps = [step for target in targets for step in plan_scan(target, request.options)]
    if session.json_to:
        session.emit_json(
            [
                {"probe": s.probe, "target": s.target, "what": knowledge.render(s.what, session.language),
                 "connections": s.connections}
                for s in steps
            ]
        )  # fmt: skip
        return 0
    for step in steps:
        what = knowledge.render(step.what, session.language)
        say(mark("{target}: {what} (about {connections} connections)"),
            target=step.target, what=what, connections=step.connections)  # fmt: skip
    say(mark("In all about {connections} connections. Nothing was sent."),
        connections=sum(step.connections for step in steps))  # fmt: skip
    return 0


def _scan(session: Session, targets: Sequence[Target], request: ScanRequest) -> int:
    from secaudit.app.audit import scan_and_judge
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.scan import was_reached
    from secaudit.app.scan_json import scan_json
    from secaudit.app.setup import open_or_create
    from secaudit.cli.progress import LiveProgress, progress
    from secaudit.cli.summary import incomplete_sentence, reaches
    from secaudit.model.words import ScanStatus
    from secaudit.probes.resolver import resolver_at

    knowledge = Knowledge()
    results: list[JudgedScan] = []
    code = 0
    with open_or_create(session.workspace) as workspace:
        for target in targets:
            watcher = progress(lambda reason: knowledge.render(reason, session.language), live=on_terminal())
            try:
                _, judged = scan_and_judge(
                    workspace, target, request.options, knowledge, lambda: datetime.now(UTC), watcher,
                    request.permission, resolver_at(request.options.resolver),
                )  # fmt: skip
            finally:
                if isinstance(watcher, LiveProgress):
                    watcher.__exit__(None, None, None)
            results.append(judged)
            if not was_reached(judged.scan):
                tell(mark("The page {url} could not be reached."), url=target.url)
                code = 3
            elif judged.scan.status is not ScanStatus.COMPLETE:
                click.echo(incomplete_sentence(), err=True)
                code = 3
            elif reaches(judged.findings, request.fail_on):
                code = code or 1
    if session.json_to:
        objects = [
            scan_json(
                judged.scan, judged.outcomes, judged.findings, knowledge.texts, knowledge.requirements_of,
                lambda reason: knowledge.render(reason, session.language),
            )
            for judged in results
        ]  # fmt: skip
        session.emit_json(objects[0] if len(objects) == 1 else {"schema": "secaudit.scans/1", "scans": objects})
    else:
        _print(results, knowledge)
    return code


def _print(results: Sequence[JudgedScan], knowledge: Knowledge) -> None:
    from secaudit.cli.summary import print_findings

    for judged in results:
        if len(results) > 1:
            click.echo(f"\n{judged.scan.target.url}")
        print_findings(judged, knowledge)
