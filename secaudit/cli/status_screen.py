"""The status of one system on one screen, and the plan's figure that stands below every status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from secaudit.cli.dates import local_time
from secaudit.cli.screen import MARKS, Screen, Span, bar, cut
from secaudit.cli.words import kind_word, scan_status_word, severity_word, share, state_word
from secaudit.i18n import current_language, mark, translate
from secaudit.model.words import RowState, Severity
from secaudit.text import printable

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.status_view import SystemView
    from secaudit.assess.contradictions import Contradiction
    from secaudit.model.assessment import Assessment
    from secaudit.model.requirement import Checklist
    from secaudit.model.solution import Portfolio

_MOST = 4
"""Contradicting checks that are shown in full; the others are counted."""
_NAMES = 8
"""Names of requirements that are listed in one place."""
_TITLE, _LONGEST_BAR = 24, 40
_BESIDE = 24
"""Columns of a group's line beside its title and the marks of its bar."""


def filled(sentence: str, **params: object) -> str:
    """Return a sentence in the current language with its placeholders filled."""
    return translate(sentence).format(**params)


def names(rows: Sequence[str], main: str, most: int = _NAMES) -> str:
    """Return requirements as people cite them: without the list's name where they belong to the list that counts."""
    short = [row.removeprefix(f"{main}:") for row in rows]
    shown = ", ".join(short[:most])
    return (
        shown if len(short) <= most else filled(mark("{shown} and {count} more"), shown=shown, count=len(short) - most)
    )


def draw_system(screen: Screen, view: SystemView, knowledge: Knowledge) -> None:
    """Draw everything about one system: contradictions come before what is merely missing."""
    from secaudit.cli import status_course

    known = {checklist.id: checklist for checklist in knowledge.checklists}
    main = view.status.target.checklist if view.status.target else ""
    _head(screen, view)
    for assessment in view.lists:
        if assessment is view.status.target:
            _figures(screen, assessment, known[assessment.checklist])
        else:
            _beside(screen, assessment, known[assessment.checklist])
    _contradictions(screen, view.contradictions, knowledge, main)
    if view.status.target is not None:
        _groups(screen, view.status.target, known[main])
    status_course.draw_since(screen, view, knowledge, main)
    status_course.draw_due(screen, view, main)
    status_course.draw_steps(screen, view, known.get(main))


def _head(screen: Screen, view: SystemView) -> None:
    system = view.status.system
    about = filled(mark("level {level}, {kind}"), level=system.level, kind=kind_word(system.kind))
    screen.text(f"{printable(system.name or system.id)} ({about})", style="title")
    for site, look in view.status.sites:
        if look is None:
            screen.text(filled(mark("{url}: never scanned"), url=site.target.url), 2, 4, "bad")
        else:
            screen.text(
                filled(mark("{url}: scanned {time} ({status})"), url=site.target.url,
                       time=local_time(look.scan.started_at), status=scan_status_word(look.scan.status)),
                2, 4,
            )  # fmt: skip
    counts = Counter(finding.severity for finding in view.status.findings)
    listed = ", ".join(f"{severity_word(s).lower()}: {counts[s]}" for s in Severity if counts[s])
    grave = bool(counts[Severity.CRITICAL] or counts[Severity.HIGH])
    screen.text(filled(mark("Findings: {counts}"), counts=listed or "0"), 2, 4, "bad" if grave else "")


def counted_states(assessment: Assessment, group: str | None = None) -> Counter[RowState]:
    """Return how many rows that count are in each state, of one group or of all."""
    return Counter(row.state for row in assessment.rows if row.counted and group in (None, row.group))


def _figures(screen: Screen, assessment: Assessment, checklist: Checklist) -> None:
    total, counts = assessment.total, counted_states(assessment)
    screen.heading(checklist.title.in_language(current_language()))
    missing = total.applicable - total.met
    distance = filled(mark("To 100 %: {count} requirements are missing."), count=missing)
    screen.text(
        filled(mark("Met: {strict} ({met} of {applicable}). With partly met ones at half: {progress}."),
               strict=share(total.strict), met=total.met, applicable=total.applicable, progress=share(total.progress))
        + " " + (distance if missing else translate(mark("All requirements that apply are met."))),
        2, 4, "title" if missing else "good",
    )  # fmt: skip
    if total.met_by_provider:
        screen.text(
            filled(mark("Met by the provider: {count} of the {met} that are met."),
                   count=total.met_by_provider, met=total.met),
            2, 4,
        )  # fmt: skip
    screen.line("  ", *bar(counts, (screen.width or 80) - 6))
    _key(screen, counts)


def _beside(screen: Screen, assessment: Assessment, checklist: Checklist) -> None:
    """Draw the figures of a list that stands beside the one that counts, in one paragraph."""
    total, counts = assessment.total, counted_states(assessment)
    states = ", ".join(f"{state_word(state).lower()}: {counts[state]}" for state in MARKS if counts.get(state))
    screen.text(
        filled(mark("{title}: {strict} ({met} of {applicable}), with partly met ones at half {progress}; {states}."),
               title=checklist.title.in_language(current_language()), strict=share(total.strict), met=total.met,
               applicable=total.applicable, progress=share(total.progress), states=states),
        2, 4,
    )  # fmt: skip


def _key(screen: Screen, counts: Mapping[RowState, int]) -> None:
    listed = [f"{MARKS[state][0]} {state_word(state)}: {counts[state]}" for state in MARKS if counts.get(state)]
    screen.text("   ".join(listed), 2, 2)


def _contradictions(screen: Screen, found: Sequence[Contradiction], knowledge: Knowledge, main: str) -> None:
    if not found:
        return
    language = current_language()
    screen.heading(filled(mark("Contradicted by the scan ({count})"), count=len(found)))
    for one in found[:_MOST]:
        style = "alarm" if one.claimed else "bad"
        places = len({finding.target + finding.place for finding in one.findings})
        title = knowledge.title(one.check, language)
        where = printable(one.findings[0].target)
        more = filled(mark("{target} and {count} more places"), target=where, count=places - 1) if places > 1 else where
        screen.text(f"! [{severity_word(one.severity)}] {title} - {more}", 2, 4, style)
        if one.claimed:
            rows = names(one.claimed, main)
            screen.text(filled(mark("Contradicts the answers to: {rows}."), rows=rows), 4, 4, "alarm")
        others = filled(mark("Speaks against: {rows}."), rows=names(one.others, main)) if one.others else ""
        text = knowledge.texts.get(one.check)
        action = filled(mark("To do: {action}"), action=text.remediation.in_language(language)) if text else ""
        screen.text(f"{others} {action}".strip(), 4, 4)
    if len(found) > _MOST:
        screen.text(filled(mark("{count} more: secaudit report"), count=len(found) - _MOST), 2, 4)
    screen.text(
        translate(mark("Where a finding does not speak against a requirement, say why: "
                       "secaudit assess set ID --uphold CHECK --reason TEXT --name WHO")),
        2, 4, "faint",
    )  # fmt: skip


def _groups(screen: Screen, assessment: Assessment, checklist: Checklist) -> None:
    """Draw one line per group, each mark of its bar one requirement."""
    by_group = {group.id: counted_states(assessment, group.id) for group in checklist.groups}
    longest = max((counts.total() for counts in by_group.values()), default=0)
    width = screen.width or 100
    cells = max(len(MARKS), min(longest, _LONGEST_BAR, width - _TITLE - _BESIDE))
    titles = [group.title.in_language(current_language()) for group in checklist.groups]
    room = min(width - cells - _BESIDE, max(map(len, titles), default=0))
    screen.heading(translate(mark("By group")))
    for group, title in zip(checklist.groups, titles, strict=True):
        counts, score = by_group[group.id], assessment.groups.get(group.id)
        if score is None or not score.applicable:
            screen.line("  ", group.id.ljust(5), " ", cut(title, room), "  ", Span("-", "faint"))
            continue
        strip = bar(counts, cells)
        fill = " " * (cells + 2 - sum(len(span.text) for span in strip))
        done = f"{score.met}/{score.applicable}".rjust(6)
        style = "good" if score.met == score.applicable else ""
        screen.line(
            "  ", group.id.ljust(5), " ", cut(title, room), " ", *strip, fill, Span(done, style),
            share(score.strict).rjust(7),
        )  # fmt: skip


def draw_portfolio(
    screen: Screen, figure: Portfolio, own: Path | None, knowledge: Knowledge, system: str | None = None
) -> None:
    """Draw the plan's figure, always with the counts and the rule that it is made by, and what `system` lacks."""
    from secaudit.model.solution import kinds_in_words, rule_in_words

    language = current_language()
    kinds = " / ".join(knowledge.render(reason, language) for reason in kinds_in_words(figure.rule))
    screen.heading(translate(mark("The plan's target: systems with the level-3 solution")))
    screen.text(
        filled(mark("{have} of {all} ({share}) of: {kinds}."), have=figure.total.have, all=figure.total.all,
               share=share(figure.total.share), kinds=kinds),
        2, 4, "title",
    )  # fmt: skip
    if len(figure.kinds) > 1:
        for kind, part in figure.kinds.items():
            screen.text(
                filled(mark("{kind}: {have} of {all} ({share})"), kind=kind_word(kind), have=part.have, all=part.all,
                       share=share(part.share)),
                4, 6,
            )  # fmt: skip
    for target in figure.rule.targets:
        reached = figure.total.reaches(target)
        words = mark("By {year}: {wanted} % - reached") if reached else mark("By {year}: {wanted} % - not reached yet")
        screen.text(filled(words, year=target.year, wanted=target.share), 2, 4, "good" if reached else "part")
    if figure.left_out:
        screen.text(filled(mark("{count} systems of other kinds are not counted."), count=figure.left_out), 4, 6)
    conditions = "; ".join(knowledge.render(reason, language) for reason in rule_in_words(figure.rule))
    origin = str(own) if own else translate(mark("the program's default"))
    screen.text(
        filled(mark("Rule ({origin}): a system has the solution when {conditions}."), origin=origin,
               conditions=conditions),
        2, 4, "faint",
    )  # fmt: skip
    for verdict in figure.verdicts:
        if verdict.system == system and verdict.lacks:
            lacks = "; ".join(knowledge.render(reason, language) for reason in verdict.lacks)
            screen.text(filled(mark("This system lacks: {lacks}."), lacks=lacks), 2, 4)
    screen.text(knowledge.checklists[0].notice.in_language(language), 0, 0, "faint")
