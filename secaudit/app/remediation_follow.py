"""Keeping the register up to date with scans and answers, whoever stored them.

Scans and answers are followed at once by the commands that store them. What was stored by a process that was killed
before it got there, by an older program, or by an import, is caught up with when the register is next used: marks in
the store say up to where it has been followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from secaudit.app.judge import JudgedScan, assess_checklist, judge_scan, latest_judged
from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation import Words, policy_of
from secaudit.model.assessment import RequirementStatus
from secaudit.model.organisation import Site, System
from secaudit.model.remediation import ItemChange, ItemState, RemediationItem
from secaudit.remedy.follow import Occasion, end_acceptances, follow_rows, follow_scan
from secaudit.remedy.life import PROGRAM
from secaudit.remedy.looks import ScanLook, scan_look
from secaudit.store.remediation import ANSWERS, Order, site_mark
from secaudit.store.workspace import Workspace


def occasion_of(
    workspace: Workspace, knowledge: Knowledge, now: datetime, *, by: str = PROGRAM, scan: str = ""
) -> Occasion:
    """Return the rules of the workspace at that moment."""
    policy = policy_of(workspace, knowledge)
    return Occasion(now=now, today=now.astimezone().date(), policy=policy, by=by, scan=scan)


def look_of(workspace: Workspace, site: Site, judged: JudgedScan, items: Iterable[RemediationItem]) -> ScanLook:
    """Return a judged scan as the register needs it, beside the scans in which the items' faults were seen."""
    from secaudit.checks.registry import probes_of  # who only reads the register does without the rules

    options = workspace.remediation.options_of({item.seen_in for item in items if item.seen_in})
    return scan_look(judged.scan, site.id, judged.outcomes, judged.findings, probes_of, options)


def follow_judged(
    workspace: Workspace, site: Site, judged: JudgedScan, knowledge: Knowledge, now: datetime
) -> list[RemediationItem]:
    """Bring the register up to date with one judged scan, and return the items that it changed.

    Faults that are new come in, proofs close, faults that are back reopen; in one transaction, so that two scans at
    once never make a second item.
    """
    words = Words(workspace, knowledge)
    groups = {finding.check: words.group_of_check(finding.check) for finding in judged.findings}
    occasion = occasion_of(workspace, knowledge, now, scan=judged.scan.id)

    def decide(items: Sequence[RemediationItem], order: Order) -> list[ItemChange]:
        look = look_of(workspace, site, judged, items)
        return follow_scan(items, site.system, look, groups, order, occasion)

    return workspace.remediation.change(decide, site.system, {site_mark(site.id): judged.scan.id})


def follow_statuses(
    workspace: Workspace, knowledge: Knowledge, system: System, rows: Sequence[tuple[str, RequirementStatus]],
    now: datetime, by: str = PROGRAM,
) -> list[RemediationItem]:  # fmt: skip
    """Bring the register up to date with what rows of a system count as, and return the items that changed.

    A row that somebody else has answered again since it was judged is left to them.

    Args:
        workspace: where the register is.
        knowledge: the shipped data.
        system: whose rows.
        rows: id of the checklist and what the row counts as.
        now: time of the change.
        by: who answered.
    """
    occasion = occasion_of(workspace, knowledge, now, by=by)
    binding = {one.id for one in knowledge.checklists if one.role in ("standard", "duties")}
    rows = [(checklist, row) for checklist, row in rows if checklist in binding]
    if not rows:
        return []

    def decide(items: Sequence[RemediationItem], _: Order) -> list[ItemChange]:
        said = {(one.checklist, one.requirement): one for one in workspace.answers.current(system.id)}
        fresh = [(name, row) for name, row in rows if said.get((name, row.requirement)) == row.answer]
        return follow_rows(items, system.id, fresh, occasion)

    return workspace.remediation.change(decide, system.id)


def follow_system(workspace: Workspace, knowledge: Knowledge, system: System, now: datetime, by: str = PROGRAM) -> None:
    """Judge all binding rows of a system by its latest scans, and bring the register up to date with them."""
    sites = [site for site in workspace.registry.sites() if site.system == system.id]
    judged = [one for site in sites if (one := latest_judged(workspace, site, knowledge)) is not None]
    rows = [
        (checklist.id, row)
        for checklist in knowledge.checklists
        if checklist.role in ("standard", "duties")
        for row in assess_checklist(workspace, system, checklist, judged, knowledge, now).rows
    ]
    follow_statuses(workspace, knowledge, system, rows, now, by)


def catch_up(workspace: Workspace, knowledge: Knowledge, now: datetime) -> None:
    """Follow what nobody has followed yet: the newest scan of each site, new answers, and acceptances that ended."""
    marks = workspace.remediation.marks()
    newest = workspace.remediation.newest_scans()
    for site in workspace.registry.sites():
        scan_id = newest.get(site.id, "")
        if scan_id and marks.get(site_mark(site.id)) != scan_id:
            judged = judge_scan(workspace.scans.load(scan_id), knowledge)
            follow_judged(workspace, site, judged, knowledge, now)
    upto, changed = workspace.remediation.answered_since(marks.get(ANSWERS, ""))
    if changed:
        for system in workspace.registry.systems():
            if system.id in changed:
                follow_system(workspace, knowledge, system, now)
        workspace.remediation.change(lambda *_: [], marks={ANSWERS: upto})
    occasion = occasion_of(workspace, knowledge, now)
    if end_acceptances(workspace.remediation.items(state=ItemState.ACCEPTED), occasion):
        workspace.remediation.change(lambda items, _: end_acceptances(items, occasion))
