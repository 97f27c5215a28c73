"""Where a system came from and where it goes: what changed, what falls due, what would raise the figure most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from secaudit.assess.changes import Change
from secaudit.assess.due import HORIZONS
from secaudit.cli.dates import local_time
from secaudit.cli.screen import Screen
from secaudit.cli.status_screen import filled, names
from secaudit.cli.words import area_word, change_word, share, state_word
from secaudit.i18n import current_language, mark, translate

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.status_since import RowChange, Since
    from secaudit.app.status_view import SystemView
    from secaudit.assess.steps import Step
    from secaudit.model.requirement import Checklist

_TITLES = 5
"""Titles of findings that are listed for one kind of change."""
_STEPS = {
    ("fix", ""): mark("Put right: {area} ({count} kinds of fault)"),
    ("renew", ""): mark("Bring the evidence of group {group} up to date"),
    ("confirm", "provider"): mark("Ask the hosting provider to do its part and confirm it in writing, with evidence"),
    ("confirm", "operator"): mark("Ask the operator to do its part and confirm it in writing, with evidence"),
    ("document", ""): mark("Complete the rules, procedures and records of group {group}"),
    ("configure", ""): mark("Carry out and show with evidence the technical measures of group {group}"),
}


def draw_since(screen: Screen, view: SystemView, knowledge: Knowledge, main: str) -> None:
    """Draw what changed since the former moment."""
    since, now = view.since, view.status.target
    if since is None or since.before is None or now is None:
        return
    screen.heading(filled(mark("Changed since {time}"), time=local_time(since.moment)))
    if not (since.rows or since.findings or since.first_scans):
        screen.text(translate(mark("Nothing changed.")), 2, 4)
        return
    before = since.before.total
    screen.text(
        filled(mark("Met: {strict_before} -> {strict} ({met_before} -> {met} requirements). "
                    "With partly met ones at half: {progress_before} -> {progress}."),
               strict_before=share(before.strict), strict=share(now.total.strict), met_before=before.met,
               met=now.total.met, progress_before=share(before.progress), progress=share(now.total.progress)),
        2, 4,
    )  # fmt: skip
    better = [row for row in since.rows if row.better]
    worse = [row for row in since.rows if row.worse]
    others = [row for row in since.rows if not row.better and not row.worse]
    if worse:
        screen.text(filled(mark("No longer met: {rows}"), rows=_rows(worse)), 2, 4, "bad")
    if better:
        listed = names([row.requirement for row in better], main)
        screen.text(filled(mark("Met now: {rows}"), rows=listed), 2, 4, "good")
    if others:
        screen.text(filled(mark("Other changes: {rows}"), rows=_rows(others)), 2, 4)
    _finding_changes(screen, since, knowledge)
    for site in since.first_scans:
        screen.text(
            filled(mark("{url}: scanned for the first time, nothing to compare with"), url=site.target.url), 2, 4
        )


def _rows(changes: Sequence[RowChange]) -> str:
    listed = [f"{row.requirement} ({state_word(row.before)} -> {state_word(row.now)})" for row in changes]
    return names(listed, "", 4)


def _finding_changes(screen: Screen, since: Since, knowledge: Knowledge) -> None:
    styles = {Change.NEW: "bad", Change.BACK: "alarm", Change.FIXED: "good"}
    for change in (Change.BACK, Change.NEW, Change.FIXED, Change.UNKNOWN):
        found = [one.finding for one in since.findings if one.change is change]
        if found:
            titles = dict.fromkeys(knowledge.title(finding.check, current_language()) for finding in found)
            listed = names(list(titles), "", _TITLES)
            screen.text(
                filled(mark("Findings, {change}: {count} ({titles})"), change=change_word(change).lower(),
                       count=len(found), titles=listed),
                2, 4, styles.get(change, ""),
            )  # fmt: skip


def draw_due(screen: Screen, view: SystemView, main: str) -> None:
    """Draw overdue evidence, what falls due, and the remediation items."""
    screen.heading(translate(mark("Dates and work")))
    overdue = view.overdue
    if overdue:
        listed = names(overdue, main)
        words = filled(mark("Evidence overdue: {count} ({rows})"), count=len(overdue), rows=listed)
        screen.text(words, 2, 4, "old")
    else:
        screen.text(translate(mark("No evidence is overdue.")), 2, 4)
    counts = {str(days): len(view.due_within(days)) for days in HORIZONS}
    first, second, third = counts.values()
    screen.text(
        filled(mark("Falls due within 30 days: {first}, 60 days: {second}, 90 days: {third} (secaudit assess due)"),
               first=first, second=second, third=third),
        2, 4,
    )  # fmt: skip
    items = view.register
    screen.text(
        filled(mark("Remediation: {open} open, {overdue} of them overdue; {done} wait for proof; "
                    "{accepted} accepted risks (secaudit remediation list)"),
               open=items.open, overdue=items.overdue, done=items.done, accepted=items.accepted),
        2, 4, "bad" if items.overdue else "",
    )  # fmt: skip


def draw_steps(screen: Screen, view: SystemView, checklist: Checklist | None) -> None:
    """Draw the few steps that would raise the strict figure most."""
    if not view.steps or checklist is None:
        return
    screen.heading(translate(mark("What would raise the figure most")))
    for number, step in enumerate(view.steps, 1):
        closed, strict = len(step.requirements), share(step.strict)
        words = (
            mark("{title}: at most {count} requirements more, {unassessed} of them not assessed yet -> {strict}")
            if step.unassessed
            else mark("{title}: at most {count} requirements more -> {strict}")
        )
        title = _title(step, checklist)
        line = filled(words, title=title, count=closed, unassessed=step.unassessed, strict=strict)
        screen.text(f"{number}. {line}", 2, 5)


def _title(step: Step, checklist: Checklist) -> str:
    words = _STEPS.get((step.kind, step.subject)) or _STEPS[step.kind, ""]
    groups = {group.id: group.title.in_language(current_language()) for group in checklist.groups}
    group = f"{step.subject} {groups[step.subject]}" if step.subject in groups else step.subject
    return filled(words, area=area_word(step.subject), count=len(step.checks), group=group)
