"""`secaudit status`: where each system stands against the 100 % target."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import mark
from secaudit.model.words import RowState, Severity
from secaudit.text import visible

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.status import SystemStatus
    from secaudit.model.assessment import Assessment

GAP = "gap"
NEVER = "never"


@click.command("status", cls=Command, help=mark("Show compliance against the 100 % target."))
@shared_options
@option("--groups", is_flag=True, help=mark("Show every group of requirements."))
@option("--fail-on", type=click.Choice([*(s.value for s in Severity), GAP, NEVER]), default=NEVER, show_default=True,
        help=mark("End with 1 at a finding this grave, or (gap) when the strict figure is below 100 %."))  # fmt: skip
def command(session: Session, groups: bool, fail_on: str) -> int:
    """Print both figures of every system by its latest scans and answers."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.status import system_statuses
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    with Workspace.open(session.workspace) as workspace:
        statuses = system_statuses(workspace, knowledge, datetime.now(UTC))
    if session.json_to:
        session.emit_json({"schema": "secaudit.status/1", "systems": [_as_json(status) for status in statuses]})
    else:
        _print(statuses, knowledge, groups=groups)
    return 1 if any(_reaches(status, fail_on) for status in statuses) else 0


def _reaches(status: SystemStatus, fail_on: str) -> bool:
    from secaudit.cli.summary import reaches

    if fail_on == NEVER:
        return False
    if fail_on == GAP:
        return status.target is None or status.target.total.strict != 1.0
    return reaches(status.findings, Severity(fail_on))


def _as_json(status: SystemStatus) -> dict[str, Any]:
    return {
        "system": status.system.model_dump(mode="json"),
        "sites": [
            {
                "url": site.target.url,
                "scan": judged.scan.id if judged else None,
                "scanned_at": judged.scan.started_at.isoformat() if judged else None,
                "status": judged.scan.status.value if judged else None,
            }
            for site, judged in status.sites
        ],
        "findings": {s.value: sum(f.severity is s for f in status.findings) for s in Severity},
        "checklists": [
            {
                "id": assessment.checklist,
                "counts": assessment is status.target,
                "strict": assessment.total.strict,
                "progress": assessment.total.progress,
                **assessment.total.model_dump(mode="json"),
                "due": _due_json(assessment),
                "contradicted_rows": [row.requirement for row in assessment.rows if row.contradicted_by],
                "groups": {
                    name: {"strict": score.strict, "progress": score.progress, **score.model_dump(mode="json")}
                    for name, score in assessment.groups.items()
                },
            }
            for assessment in status.assessments
        ],
    }


def _due_json(assessment: Assessment) -> dict[str, list[str]]:
    """Return the overdue rows, and by days ahead those that fall due."""
    from secaudit.assess.due import HORIZONS, falling_due

    today = assessment.at.astimezone().date()
    listed = {days: falling_due(assessment.rows, today, days) for days in HORIZONS}
    return {
        "overdue": [one.requirement for one in listed[HORIZONS[0]] if one.overdue],
        **{str(days): [one.requirement for one in found if not one.overdue] for days, found in listed.items()},
    }


def _print_due(assessment: Assessment) -> None:
    counts = {name: len(rows) for name, rows in _due_json(assessment).items()}
    if any(counts.values()):
        say(
            mark("  Evidence overdue: {overdue}; falls due within 30 days: {soon}, 60: {later}, 90: {last} "
                 "(secaudit assess due)."),
            overdue=counts["overdue"], soon=counts["30"], later=counts["60"], last=counts["90"],
        )  # fmt: skip


def _print(statuses: list[SystemStatus], knowledge: Knowledge, *, groups: bool) -> None:
    from secaudit.cli.dates import local_time
    from secaudit.cli.summary import counting, print_assessment, print_notice
    from secaudit.cli.words import scan_status_word, severity_word

    if not statuses:
        say(mark("The workspace has no system yet. Run `secaudit audit URL` or `secaudit init`."))
        return
    for status in statuses:
        click.echo(visible(status.system.name))
        for site, judged in status.sites:
            if judged is None:
                say(mark("  {url}: never scanned"), url=site.target.url)
            else:
                say(mark("  {url}: scanned {time} ({status})"), url=site.target.url,
                    time=local_time(judged.scan.started_at), status=scan_status_word(judged.scan.status))  # fmt: skip
        counts = ", ".join(
            f"{severity_word(s).lower()}: {n}" for s in Severity if (n := sum(f.severity is s for f in status.findings))
        )
        say(mark("  Findings: {counts}"), counts=counts or "0")
        for assessment in counting(status.assessments, knowledge):
            print_assessment(assessment, knowledge)
            _print_due(assessment)
            if groups:
                _print_groups(assessment.checklist, status, knowledge)
    print_notice(knowledge)


def _print_groups(checklist_id: str, status: SystemStatus, knowledge: Knowledge) -> None:
    from secaudit.cli.words import share, state_word
    from secaudit.i18n import current_language

    checklist = next(c for c in knowledge.checklists if c.id == checklist_id)
    assessment = next(a for a in status.assessments if a.checklist == checklist_id)
    for group in checklist.groups:
        score = assessment.groups[group.id]
        unassessed = sum(
            row.counted and row.group == group.id and row.state is RowState.UNASSESSED for row in assessment.rows
        )
        click.echo(
            f"    {group.id:<6} {share(score.strict):>8}  {score.met}/{score.applicable}  "
            f"{group.title.in_language(current_language())}"
            + (f"  ({state_word(RowState.UNASSESSED)}: {unassessed})" if unassessed else "")
        )
