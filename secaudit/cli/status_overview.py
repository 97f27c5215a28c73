"""Several systems: one line each, and a total."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from secaudit.cli.dates import local_date
from secaudit.cli.screen import Screen, Span, cut
from secaudit.cli.words import share
from secaudit.i18n import current_language, mark, translate
from secaudit.model.assessment import Score
from secaudit.model.words import RowState, Severity
from secaudit.text import printable

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.status_view import SystemView
    from secaudit.model.solution import Portfolio, SolutionVerdict

_COLUMNS = (
    (mark("Met"), 7),
    (mark("Half"), 7),
    (mark("Missing"), 6),
    (mark("Against"), 5),
    (mark("Overdue"), 5),
    (mark("Grave"), 5),
    (mark("Scanned"), 10),
    (mark("L3"), 5),
)
_CHANGE = (mark("Change"), 5)
_LEGEND = mark(
    "Met: strict figure. Half: with partly met ones at half. Missing: requirements to 100 %. "
    "Against: requirements that a scan speaks against. Overdue: evidence out of date. "
    "Grave: findings of high severity or above. "
    "L3: has the level-3 solution by the rule below."
)
_NEVER = mark("never")


def draw_overview(
    screen: Screen, views: Sequence[SystemView], figure: Portfolio, knowledge: Knowledge, now: datetime
) -> None:
    """Draw the table; with `--since` a column says by how many met requirements each system changed."""
    compared = any(view.since for view in views)
    columns = (*_COLUMNS, _CHANGE) if compared else _COLUMNS
    widths = [max(width, len(translate(word))) for word, width in columns]
    taken = sum(width + 1 for width in widths)
    widest = max(len(_name(view)) for view in views)
    room = max(16, min(widest, (screen.width or 200) - taken))
    verdicts = {verdict.system: verdict for verdict in figure.verdicts}
    title = views[0].lists[0].checklist if views[0].lists else ""
    checklist = next((c for c in knowledge.checklists if c.id == title), None)
    if checklist:
        screen.text(checklist.title.in_language(current_language()), style="title")
    head = [
        cut(translate(mark("System")), room),
        *(translate(word).rjust(width) for (word, _), width in zip(columns, widths, strict=True)),
    ]
    screen.line(Span(" ".join(head), "heading"))
    for view in views:
        cells = _line(view, verdicts.get(view.status.system.id), room, compared)
        screen.line(*_spaced(cells, widths))
    screen.line(Span("-" * min(screen.width or 200, room + taken), "faint"))
    screen.line(*_spaced(_total(views, figure, room, compared), widths))
    screen.text(translate(_LEGEND), style="faint")
    screen.text(translate(mark("One system in full: secaudit status --system ID")), style="faint")


def _name(view: SystemView) -> str:
    system = view.status.system
    return f"{system.id}  {printable(system.name)}" if system.name and system.name != system.id else system.id


def _line(view: SystemView, verdict: SolutionVerdict | None, room: int, compared: bool) -> list[Span]:
    total = view.status.target.total if view.status.target else None
    scans = [look.scan.started_at if look else None for _, look in view.status.sites]
    oldest = min((scan for scan in scans if scan), default=None)
    seen = local_date(oldest) if oldest and None not in scans else translate(_NEVER)
    against = contradicted(view)
    grave = sum(finding.severity.rank <= Severity.HIGH.rank for finding in view.status.findings)
    cells = [
        Span(cut(_name(view), room)),
        *_figures(total),
        Span(str(against), "alarm" if against else ""),
        Span(str(len(view.overdue)), "old" if view.overdue else ""),
        Span(str(grave), "bad" if grave else ""),
        Span(seen, "" if oldest and None not in scans else "bad"),
        _has(verdict),
    ]
    if compared:
        cells.append(Span(_change(view)))
    return cells


def contradicted(view: SystemView) -> int:
    """Return how many rows that count, of the list that counts, a scan speaks against."""
    rows = view.status.target.rows if view.status.target else ()
    return sum(row.counted and bool(row.contradicted_by) for row in rows)


def _figures(total: Score | None) -> list[Span]:
    if total is None:
        return [Span("–"), Span("–"), Span("–")]
    done = total.met == total.applicable
    return [
        Span(share(total.strict), "good" if done else ""),
        Span(share(total.progress)),
        Span(str(total.applicable - total.met)),
    ]


def _has(verdict: SolutionVerdict | None) -> Span:
    if verdict is None or not verdict.counted:
        return Span("–", "faint")
    return Span(translate(mark("yes")), "good") if verdict.has else Span(translate(mark("no")), "part")


def _change(view: SystemView) -> str:
    if view.since is None or view.since.before is None or view.status.target is None:
        return "–"
    return f"{view.status.target.total.met - view.since.before.total.met:+d}"


def _total(views: Sequence[SystemView], figure: Portfolio, room: int, compared: bool) -> list[Span]:
    totals = [view.status.target.total for view in views if view.status.target]
    score = Score(
        applicable=sum(total.applicable for total in totals),
        met=sum(total.met for total in totals),
        partial=sum(total.partial for total in totals),
        by_state=dict.fromkeys(RowState, 0),
    )
    findings = [finding for view in views for finding in view.status.findings]
    name = translate(mark("Total: {count} systems")).format(count=len(views))
    cells = [
        Span(cut(name, room), "title"),
        *_figures(score),
        Span(str(sum(map(contradicted, views)))),
        Span(str(sum(len(view.overdue) for view in views))),
        Span(str(sum(finding.severity.rank <= Severity.HIGH.rank for finding in findings))),
        Span(""),
        Span(f"{figure.total.have}/{figure.total.all}"),
    ]
    if compared:
        before = [view.since.before.total.met for view in views if view.since and view.since.before]
        known = [v.status.target.total.met for v in views if v.since and v.since.before and v.status.target]
        cells.append(Span(f"{sum(known) - sum(before):+d}"))
    return cells


def _spaced(cells: Sequence[Span], widths: Sequence[int]) -> list[Span]:
    """Put the first cell, which has its width, beside the others, each to the right of its column."""
    spaced = [cells[0]]
    for cell, width in zip(cells[1:], widths, strict=True):
        spaced += [Span(" "), Span(cell.text.rjust(width), cell.style)]
    return spaced
