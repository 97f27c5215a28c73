"""Judging: a stored scan against today's rules, and a system against its checklists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.app.knowledge import Knowledge
from secaudit.app.verifications import with_verifications
from secaudit.assess.findings import find
from secaudit.assess.judge import judge
from secaudit.checks.registry import run_checks
from secaudit.checks.view import view_of
from secaudit.model.assessment import Assessment
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.organisation import Site, System
from secaudit.model.requirement import Checklist
from secaudit.model.scan import Scan
from secaudit.model.words import ScanStatus
from secaudit.store.workspace import Workspace
from secaudit.version import VERSION


@dataclass(frozen=True)
class JudgedScan:
    """A scan with what today's rules say of it."""

    scan: Scan
    outcomes: Sequence[CheckOutcome]
    findings: Sequence[Finding]


def judge_scan(scan: Scan, knowledge: Knowledge) -> JudgedScan:
    """Judge a scan's observations by the rules of this program; the scan may be years old."""
    outcomes = run_checks(view_of(scan))
    return JudgedScan(scan, outcomes, find(outcomes, knowledge.texts))


def keep_judgement(workspace: Workspace, judged: JudgedScan, now: datetime) -> None:
    """Store what the rules of this version say, for the history."""
    workspace.scans.save_judgement(judged.scan.id, VERSION, judged.outcomes, judged.findings, now)


def latest_judged(workspace: Workspace, site: Site, knowledge: Knowledge) -> JudgedScan | None:
    """Return the newest scan of a site that ended by itself, judged now; None when there is none.

    A scan that was interrupted says too little to speak for the site while an older whole one exists. One that was
    imported never speaks for it: it holds what another tool looked at, and no more. What was looked at again since
    then for the remediation register is put in (see `with_verifications`).
    """
    own = [summary for summary in workspace.scans.summaries(site.id) if summary.source is None]
    summaries = [s for s in own if s.status is not ScanStatus.RUNNING]
    ended = [s for s in summaries if s.status is not ScanStatus.INTERRUPTED]
    chosen = next(iter(ended or summaries), None)
    if chosen is None:
        return None
    judged = judge_scan(workspace.scans.load(chosen.id), knowledge)
    outcomes = with_verifications(workspace, site.id, chosen.id, judged.outcomes)
    if outcomes is judged.outcomes:
        return judged
    return JudgedScan(judged.scan, outcomes, find(outcomes, knowledge.texts))


def assess_system(
    workspace: Workspace, system: System, judged: Sequence[JudgedScan], knowledge: Knowledge, now: datetime
) -> list[Assessment]:
    """Judge every shipped checklist for one system, over the latest scans of all its sites."""
    return [
        assess_checklist(workspace, system, checklist, judged, knowledge, now) for checklist in knowledge.checklists
    ]


def assess_checklist(
    workspace: Workspace, system: System, checklist: Checklist, judged: Sequence[JudgedScan], knowledge: Knowledge,
    now: datetime,
) -> Assessment:  # fmt: skip
    """Judge one checklist for one system, over the latest scans of all its sites."""
    return judge(
        checklist,
        outcomes=[outcome for one in judged for outcome in one.outcomes],
        findings=[finding for one in judged for finding in one.findings],
        answers=workspace.answers.current(system.id, checklist.id),
        profile=workspace.profile.current(system.id).values(),
        questions=knowledge.profile,
        at=now,
        today=now.astimezone().date(),
    )
