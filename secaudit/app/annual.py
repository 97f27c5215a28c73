"""The yearly progress report: joins what was scanned in its period with how every system stands now."""

from __future__ import annotations

from datetime import date, datetime, time

from secaudit.app.annual_since import year_since
from secaudit.app.judge import judge_scan, verified_scan
from secaudit.app.knowledge import Knowledge
from secaudit.app.portfolio import portfolio_of, rule_in_force
from secaudit.app.remediation import register
from secaudit.app.status import system_statuses
from secaudit.assess.changes import compare
from secaudit.model.history import ScanSummary
from secaudit.model.organisation import Site
from secaudit.model.words import ScanStatus
from secaudit.report.annual.build import AnnualInputs, build_annual, period_of
from secaudit.report.annual.facts import Annual, AnnualFile, FindingLine, ScanLine
from secaudit.report.plan.lines import WorkLine, work_lines
from secaudit.store.workspace import Workspace

_ENDED = {ScanStatus.COMPLETE: "complete", ScanStatus.INCOMPLETE: "incomplete"}


def annual_report(workspace: Workspace, knowledge: Knowledge, officer: AnnualFile, now: datetime) -> Annual:
    """Return the report of a workspace."""
    today = now.astimezone().date()
    _, first, last = period_of(officer, today)
    statuses = system_statuses(workspace, knowledge, now)
    counting = {checklist.id for checklist in knowledge.checklists if checklist.counts}
    scans: list[ScanLine] = []
    findings: list[FindingLine] = []
    compared = 0
    sites = workspace.registry.sites()
    for site in sites:
        within = [
            summary
            for summary in workspace.scans.summaries(site.id)
            if summary.source is None
            and summary.status in _ENDED
            and first <= summary.started_at.astimezone().date() <= last
        ]
        scans += [_scan_line(summary, site) for summary in within]
        findings += _finding_lines(workspace, knowledge, site, within, last)
        compared += len(within) > 1
    return build_annual(
        AnnualInputs(
            organisation=workspace.registry.organisation(),
            systems=[
                (status.system, [one for one in status.assessments if one.checklist in counting]) for status in statuses
            ],
            portfolio=portfolio_of(statuses, rule_in_force(workspace.path, knowledge).rule, today),
            checklists=knowledge.checklists,
            scans=sorted(scans, key=lambda scan: scan.day),
            findings=findings,
            pages=len(sites),
            compared=compared,
            officer=officer,
            today=today,
            work=_register(workspace, knowledge, now),
            since=year_since(workspace, knowledge, statuses, (first, last), now),
        )
    )


def _register(workspace: Workspace, knowledge: Knowledge, now: datetime) -> list[WorkLine]:
    """Return the register with moments in the zone of this computer, which decides on which day something was done."""
    zone = now.astimezone().tzinfo
    return [
        line.model_copy(
            update={
                "opened_at": line.opened_at.astimezone(zone),
                "closed_at": line.closed_at.astimezone(zone) if line.closed_at else None,
            }
        )
        for line in work_lines(register(workspace, knowledge, now), knowledge.checklists)
    ]


def _scan_line(summary: ScanSummary, site: Site) -> ScanLine:
    return ScanLine.model_validate(
        {
            "day": summary.started_at.astimezone().date(),
            "page": site.target.display_host,
            "status": _ENDED[summary.status],
            "judged": summary.judged,
            "counts": summary.findings,
        }
    )


def _finding_lines(
    workspace: Workspace, knowledge: Knowledge, site: Site, within: list[ScanSummary], last: date
) -> list[FindingLine]:
    """Return what became of the findings of the first scan, and the new ones of the latest, by the same rules.

    What was looked at again after the latest scan, until the last day of the period, counts as `status` counts it.
    """
    if not within:
        return []
    end = datetime.combine(last, time.max).astimezone()
    latest = verified_scan(workspace, site, within[0].id, knowledge, end)
    # One scan compared with itself: everything is open.
    earliest = judge_scan(workspace.scans.load(within[-1].id), knowledge) if len(within) > 1 else latest
    lines = []
    for change in compare(earliest.findings, latest.findings, latest.outcomes):
        text = knowledge.texts.get(change.finding.check)
        lines.append(
            FindingLine.model_validate(
                {
                    "page": site.target.display_host,
                    "severity": change.finding.severity,
                    "title": knowledge.title(change.finding.check, "vi"),
                    "fate": change.change.value,
                    "action": text.remediation.vi if text else "",
                    "responsible": knowledge.responsible_of(change.finding.check),
                }
            )
        )
    return lines
