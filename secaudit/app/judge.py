"""Judging: a stored scan against today's rules, and a system against its checklists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from secaudit.app.knowledge import Knowledge
from secaudit.app.provider import Held, held_at, held_by
from secaudit.app.rules import rules_version
from secaudit.app.verifications import with_verifications
from secaudit.assess.findings import find
from secaudit.assess.judge import judge
from secaudit.assess.outside import Looks
from secaudit.model.assessment import Answer, Assessment, ProfileAnswer
from secaudit.model.errors import StoreError
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.organisation import Site, System
from secaudit.model.requirement import Checklist
from secaudit.model.words import ScanStatus
from secaudit.store.looks import ENDED, ScanHead
from secaudit.store.workspace import Workspace

if TYPE_CHECKING:
    from secaudit.model.scan import Scan


class Judged(Protocol):
    """What was judged of a scan, with or without the scan itself."""

    @property
    def outcomes(self) -> Sequence[CheckOutcome]:
        """Results of all checks."""

    @property
    def findings(self) -> Sequence[Finding]:
        """The failures among them."""


@dataclass(frozen=True)
class JudgedScan:
    """A scan with what today's rules say of it."""

    scan: Scan
    outcomes: Sequence[CheckOutcome]
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Look:
    """When and how a scan ended and what today's rules say of it, without what it saw.

    Outcomes and findings may lack their evidence; who shows that loads the scan.
    """

    scan: ScanHead
    outcomes: Sequence[CheckOutcome]
    findings: Sequence[Finding]


def judge_scan(scan: Scan, knowledge: Knowledge) -> JudgedScan:
    """Judge a scan's observations by the rules of this program; the scan may be years old."""
    # The rules cost a tenth of a second to load, and who reads stored judgements does without.
    from secaudit.checks.registry import run_checks
    from secaudit.checks.view import view_of

    outcomes = run_checks(view_of(scan))
    return JudgedScan(scan, outcomes, find(outcomes, knowledge.texts))


def keep_judgement(workspace: Workspace, judged: JudgedScan, now: datetime) -> None:
    """Store what the rules of this version say, for the history."""
    workspace.scans.save_judgement(judged.scan.id, rules_version(), judged.outcomes, judged.findings, now)


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
    return verified_scan(workspace, site, chosen.id, knowledge)


def verified_scan(
    workspace: Workspace, site: Site, scan_id: str, knowledge: Knowledge, before: datetime | None = None
) -> JudgedScan:
    """Return a scan of a site, judged now, with what was looked at again after it, until `before` where that is given.

    See `with_verifications`.
    """
    judged = judge_scan(workspace.scans.load(scan_id), knowledge)
    again = workspace.looks.verifications(site.id, scan_id, before)
    if not again:
        return judged
    outcomes = with_verifications(workspace, scan_id, judged.outcomes, again)
    return JudgedScan(judged.scan, outcomes, find(outcomes, knowledge.texts))


def look_at(workspace: Workspace, head: ScanHead, knowledge: Knowledge, now: datetime) -> Look:
    """Return what today's rules say of a scan: from the store where they were asked before, else judged and kept."""
    known = workspace.looks.judged(head.id, rules_version())
    if known is not None:
        return Look(head, known.outcomes, known.findings)
    judged = judge_scan(workspace.scans.load(head.id), knowledge)
    if head.status in ENDED:
        with suppress(StoreError):  # it is kept to save time; a workspace that cannot be written can still be read
            keep_judgement(workspace, judged, now)
    return Look(head, judged.outcomes, judged.findings)


def latest_look(
    workspace: Workspace, site: Site, knowledge: Knowledge, now: datetime, before: datetime | None = None
) -> Look | None:
    """Return the scan that speaks for a site now, or spoke for it at the moment `before`, judged by today's rules.

    It is the scan that `latest_judged` chooses; None when there is none.
    """
    heads = workspace.looks.heads(site.id, before)
    if not heads:
        return None
    look = look_at(workspace, heads[0], knowledge, now)
    again = workspace.looks.verifications(site.id, look.scan.id, before)
    if not again:
        return look
    # Outcomes from the store lack their places, and findings are made anew of outcomes.
    whole = judge_scan(workspace.scans.load(look.scan.id), knowledge).outcomes
    outcomes = with_verifications(workspace, look.scan.id, whole, again)
    return Look(look.scan, outcomes, find(outcomes, knowledge.texts))


def assess_system(
    workspace: Workspace, system: System, judged: Sequence[Judged], knowledge: Knowledge, now: datetime,
    before: datetime | None = None, roles: Collection[str] | None = None,
) -> list[Assessment]:  # fmt: skip
    """Judge every shipped checklist for one system, over the latest scans of all its sites.

    Args:
        judged: the scans that speak for it.
        now: moment of the assessment; its local day is today.
        before: judge by the answers that held at that moment; None for those that hold.
        roles: judge only the checklists of these roles; None for all.
    """
    answers = workspace.standing.answers(system.id, before=before)
    profile = tuple(workspace.standing.profile(system.id, before).values())
    looks = _looks(judged)
    held = held_at(workspace, system, before) if before else held_by(workspace, system, now)
    return [
        _assess(checklist, looks, answers, profile, held, knowledge, now)
        for checklist in knowledge.checklists
        if roles is None or checklist.role in roles
    ]


def assess_checklist(
    workspace: Workspace, system: System, checklist: Checklist, judged: Sequence[Judged], knowledge: Knowledge,
    now: datetime,
) -> Assessment:  # fmt: skip
    """Judge one checklist for one system, over the latest scans of all its sites."""
    answers = workspace.answers.current(system.id, checklist.id)
    profile = tuple(workspace.profile.current(system.id).values())
    held = held_by(workspace, system, now)
    return _assess(checklist, _looks(judged), answers, profile, held, knowledge, now)


def _looks(judged: Sequence[Judged]) -> Looks:
    return Looks(
        [outcome for one in judged for outcome in one.outcomes], [finding for one in judged for finding in one.findings]
    )


def _assess(
    checklist: Checklist, looks: Looks, answers: Sequence[Answer], profile: Sequence[ProfileAnswer], held: Held,
    knowledge: Knowledge, now: datetime,
) -> Assessment:  # fmt: skip
    return judge(
        checklist,
        looks=looks,
        answers=answers,
        profile=profile,
        questions=knowledge.profile,
        offers=held.offers(checklist),
        at=now,
        today=now.astimezone().date(),
    )
