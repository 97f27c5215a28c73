"""Building the digest from what is stored, and sending it once per planned moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from secaudit.app.judge import judge_scan
from secaudit.app.knowledge import Knowledge
from secaudit.app.periodic import Turn, being_scanned, ended_scans
from secaudit.app.remediation import register
from secaudit.app.status import SystemStatus, system_statuses
from secaudit.assess.changes import Change, FindingChange, compare
from secaudit.assess.due import falling_due
from secaudit.model.errors import SecauditError
from secaudit.model.history import ScanSummary
from secaudit.model.organisation import Site
from secaudit.model.schedule import MailSettings, Schedule
from secaudit.model.words import ScanStatus
from secaudit.notify.digest import Digest, NewsLine, OverdueLine, PageNews, SystemNews, subject, text
from secaudit.notify.smtp import compose, send
from secaudit.schedule.cadence import last_slot
from secaudit.store.process import current_process, is_alive
from secaudit.store.workspace import Workspace

_MOST_ATTEMPTS = 12
"""How often one digest is handed to a mail server that does not take it."""
_SOON = 30
_DEEPEST = 24
"""How many older scans are looked through to tell what is back from what is new."""

Share = Callable[[float | None], str]
Say = Callable[[SecauditError], str]


def build_digest(
    workspace: Workspace, knowledge: Knowledge, language: str, now: datetime, share: Share, say: Say,
    turns: Sequence[Turn] = (),
) -> tuple[Digest, dict[str, str]]:  # fmt: skip
    """Return the digest, and by page the scan that it tells of.

    Args:
        language: of titles.
        share: writes a share as a percentage.
        say: makes a sentence of an error.
        turns: what was just done, for faults and the paths of reports.
    """
    told = workspace.schedule.last_digest()
    before = told.scans if told else {}
    by_site = {turn.site.id: turn for turn in turns}
    pages, scans = [], {}
    for site in workspace.registry.sites():
        page, scan = _page(workspace, knowledge, language, site, before, by_site.get(site.id), say)
        pages.append(page)
        if scan:
            scans[site.id] = scan
    statuses = system_statuses(workspace, knowledge, now)
    evidence, soon = _evidence(statuses, knowledge, language, now)
    return (
        Digest(
            organisation=workspace.registry.organisation().name,
            made_at=now,
            pages=tuple(pages),
            systems=tuple(_system(status, share) for status in statuses if status.target),
            evidence=tuple(evidence),
            items=tuple(
                OverdueLine(id=e.item.id, title=e.title.in_language(language), due=e.item.due, owner=e.item.owner)
                for e in register(workspace, knowledge, now)
                if e.overdue
            ),
            due_soon=soon,
        ),
        scans,
    )


def send_due_digest(
    workspace: Workspace, schedule: Schedule, clock: Callable[[], datetime],
    build: Callable[[], tuple[Digest, Mapping[str, str]]],
) -> bool:  # fmt: skip
    """Send the digest of the planned moment that has come, unless it was sent; return whether it was sent now.

    While another process still scans for this moment it waits for the next call; one that the mail server did not
    take is tried again then, too.

    Raises:
        BadInput: it could not be sent.
    """
    if schedule.mail is None:
        return False
    slot = last_slot(schedule, clock().astimezone())
    if being_scanned(workspace, slot):
        return False
    if not workspace.schedule.take_digest(slot, current_process(), is_alive, _MOST_ATTEMPTS):
        return False
    try:
        digest, scans = build()
        wanted = digest.is_news or not schedule.mail.only_news
        if wanted:
            send_digest(schedule.mail, digest, clock(), f"{slot:%Y%m%dT%H%M}.{workspace.path.name}")
    except BaseException:
        workspace.schedule.let_go_of_digest(slot)
        raise
    workspace.schedule.digest_sent(slot, clock(), scans)
    return wanted


def send_digest(settings: MailSettings, digest: Digest, now: datetime, reference: str) -> None:
    """Send a digest.

    Args:
        reference: what tells this digest from others, for the Message-ID.

    Raises:
        BadInput: it could not be sent.
    """
    plain = re.sub(r"[^A-Za-z0-9.-]", "-", reference)
    domain = settings.sender.strip().rpartition("@")[2]
    send(settings, compose(settings, subject(digest), text(digest), now.astimezone(), f"secaudit.{plain}@{domain}"))


def _page(
    workspace: Workspace, knowledge: Knowledge, language: str, site: Site, before: Mapping[str, str],
    turn: Turn | None, say: Say,
) -> tuple[PageNews, str]:  # fmt: skip
    ended = ended_scans(workspace, site)
    fault = say(turn.error) if turn and turn.error else ""
    head = {"name": site.target.display_host, "url": site.target.url, "fault": fault,
            "report": turn.report if turn else ""}  # fmt: skip
    if not ended:
        return PageNews.model_validate(head), ""
    newest, older = ended[0], _compared(ended, before.get(site.id, ""))
    now = judge_scan(workspace.scans.load(newest.id), knowledge)
    then = judge_scan(workspace.scans.load(older.id), knowledge).findings if older else ()
    seen = _identities(workspace, [s for s in ended if older and s.started_at < older.started_at][:_DEEPEST])
    changes = compare(then, now.findings, now.outcomes, seen)

    def lines(kind: Change) -> tuple[NewsLine, ...]:
        return tuple(_line(change, knowledge, language) for change in changes if change.change is kind)

    return (
        PageNews.model_validate(
            head
            | {
                "scanned_at": newest.started_at,
                "compared_with": older.started_at if older else None,
                "complete": newest.status is ScanStatus.COMPLETE,
                # Of a first scan everything is open; "new" would say that it was not there before.
                "new": lines(Change.NEW) if older else (),
                "back": lines(Change.BACK),
                "fixed": lines(Change.FIXED),
                "still_open": sum(c.change is Change.OPEN for c in changes) if older else len(changes),
                "gone_unknown": sum(change.change is Change.UNKNOWN for change in changes),
            }
        ),
        newest.id,
    )


def _compared(ended: Sequence[ScanSummary], told: str) -> ScanSummary | None:
    """Return the scan of the digest before; without one, or when it told of the newest already, the scan before."""
    older = next((summary for summary in ended[1:] if summary.id == told), None)
    if older is None and ended[0].id == told:
        return ended[0]
    return older or next(iter(ended[1:]), None)


def _identities(workspace: Workspace, summaries: Sequence[ScanSummary]) -> set[str]:
    judgements = (workspace.scans.judgement(summary.id) for summary in summaries)
    return {finding.identity for judgement in judgements if judgement for finding in judgement.findings}


def _line(change: FindingChange, knowledge: Knowledge, language: str) -> NewsLine:
    return NewsLine(severity=change.finding.severity, title=knowledge.title(change.finding.check, language))


def _system(status: SystemStatus, share: Share) -> SystemNews:
    assert status.target is not None
    total = status.target.total
    return SystemNews(
        name=status.system.name, strict=share(total.strict), progress=share(total.progress), met=total.met,
        applicable=total.applicable,
    )  # fmt: skip


def _evidence(
    statuses: Sequence[SystemStatus], knowledge: Knowledge, language: str, now: datetime
) -> tuple[list[OverdueLine], int]:
    today = now.astimezone().date()
    overdue, soon = [], 0
    for status in statuses:
        for assessment in status.assessments:
            checklist = next(one for one in knowledge.checklists if one.id == assessment.checklist)
            if checklist.role not in ("standard", "duties"):
                continue
            texts = {row.id: row.text for row in checklist.requirements}
            for row in falling_due(assessment.rows, today, _SOON):
                if row.overdue:
                    title = texts[row.requirement].in_language(language)
                    overdue.append(OverdueLine(id=f"{checklist.id}:{row.requirement}", title=title, due=row.due))
                else:
                    soon += 1
    return overdue, soon
