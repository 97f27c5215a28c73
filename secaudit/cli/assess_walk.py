"""`secaudit assess` alone: the open rows, group by group, on the terminal; every answer is stored at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from secaudit.cli.asking import Stopped, ask, ask_day, ask_needed, ask_until, asked_name
from secaudit.cli.assess_options import print_status, value_word
from secaudit.cli.common import Session, say
from secaudit.cli.failure import sentence_of
from secaudit.cli.words import status_word
from secaudit.i18n import mark, translate
from secaudit.model.errors import BadInput
from secaudit.model.words import AnswerValue, RowState

if TYPE_CHECKING:
    from secaudit.app.answers import Statement
    from secaudit.app.knowledge import Knowledge
    from secaudit.model.assessment import Assessment, RequirementStatus
    from secaudit.model.organisation import System
    from secaudit.model.requirement import Checklist, Group, Requirement
    from secaudit.store.workspace import Workspace

OPEN = {RowState.UNASSESSED, RowState.STALE, RowState.CONTRADICTED}
_CHOICES = {str(number): value for number, value in enumerate(AnswerValue, 1)}
_SKIP, _NEXT_GROUP, _QUIT = "s", "g", "q"


class _NextGroup(Exception):
    """The rest of this group is left for later."""


@dataclass(frozen=True)
class _Walk:
    """What stays the same on the way."""

    workspace: Workspace
    knowledge: Knowledge
    system: System
    checklist: Checklist
    who: str
    language: str


def walk(session: Session, system_id: str | None, name: str | None, group_id: str | None) -> None:
    """Ask for every row that is unassessed, stale or contradicted, beginning with a group.

    Stopping (q, end of input, Ctrl+C) loses nothing; the next walk begins with what is open then.

    Raises:
        BadInput: no such system or group.
    """
    from secaudit.app.answers import assess_one
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.rows import choose_system, counting_checklist
    from secaudit.store.journal import user_name
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    checklist = counting_checklist(knowledge)
    groups = _from_group(checklist, group_id)
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        assessment = assess_one(workspace, knowledge, system, checklist, datetime.now(UTC))
        say(mark("{system}: {count} open requirements. 1 met, 2 partly, 3 not met, 4 not applicable; s skip, "
                 "g next group, q stop. Every answer is stored at once."),
            system=system.name, count=_open_count(assessment))  # fmt: skip
        click.echo(checklist.notice.in_language(session.language))
        try:
            who = asked_name(name, user_name())
            way = _Walk(workspace, knowledge, system, checklist, who, session.language)
            for group in groups:
                _through(way, group, assessment)
        except (Stopped, KeyboardInterrupt):
            pass
        left = _open_count(assess_one(workspace, knowledge, system, checklist, datetime.now(UTC)))
    say(mark("Stored. Open requirements left: {count}. Run `secaudit assess` to go on."), count=left)


def _from_group(checklist: Checklist, group_id: str | None) -> Sequence[Group]:
    ids = [group.id for group in checklist.groups]
    if group_id is None:
        return checklist.groups
    if group_id not in ids:
        raise BadInput(mark("There is no group {id!r}. Known are: {known}."), id=group_id, known=", ".join(ids))
    return checklist.groups[ids.index(group_id) :]


def _open_count(assessment: Assessment) -> int:
    return sum(row.state in OPEN for row in assessment.rows)


def _through(way: _Walk, group: Group, assessment: Assessment) -> None:
    rows = {row.id: row for row in way.checklist.requirements}
    members = [status for status in assessment.rows if status.group == group.id and status.state in OPEN]
    if members:
        click.echo(f"\n== {group.id}  {group.title.in_language(way.language)} ({len(members)})")
    try:
        for status in members:
            _one(way, rows[status.requirement], status)
    except _NextGroup:
        return


def _one(way: _Walk, row: Requirement, status: RequirementStatus) -> None:
    from secaudit.app.answers import record_answer

    click.echo(f"\n{row.id}  {row.text.in_language(way.language)}")
    for label, text in ((mark("What it means here"), row.meaning), (mark("Evidence to keep"), row.evidence)):
        if text is not None:
            click.echo(f"  {translate(label)}: {text.in_language(way.language)}")
    if row.period:
        click.echo(f"  {translate(mark('Period'))}: {row.period}")
    if status.state is not RowState.UNASSESSED or status.reasons:
        print_status(status, way.knowledge)
    value = ask_until(mark("1-4, s, g or q"), _read_choice)
    while value is not None:
        try:
            said = _statement(value, row, way.who)
            done = record_answer(way.workspace, way.knowledge, way.system, way.checklist, row, said,
                                 datetime.now(UTC), way.who)  # fmt: skip
        except BadInput as refused:
            click.echo(f"  {sentence_of(refused)}")
            continue
        say(mark("  Stored: {value}. Counts as: {state}"), value=value_word(done.answer.value),
            state=status_word(done.status))  # fmt: skip
        for reason in done.status.reasons:
            click.echo(f"    {way.knowledge.render(reason, way.language)}")
        return


def _read_choice(typed: str) -> AnswerValue | None:
    """Return the answer that is meant, None to skip.

    Raises:
        Stopped, _NextGroup: as typed.
        BadInput: none of the choices.
    """
    word = typed.casefold()
    if word == _QUIT:
        raise Stopped
    if word == _NEXT_GROUP:
        raise _NextGroup
    if word in (_SKIP, ""):
        return None
    if word not in _CHOICES:
        raise BadInput(mark("Type 1, 2, 3, 4, s, g or q."))
    return _CHOICES[word]


def _statement(value: AnswerValue, row: Requirement, who: str) -> Statement:
    """Ask for what belongs to an answer: the reason, or the evidence with its date."""
    from secaudit.app.answers import Statement

    if value is AnswerValue.NOT_APPLICABLE:
        return Statement(value=value, name=who, reason=ask_needed(mark("Why does it not apply?")))
    if value is AnswerValue.NOT_MET:
        return Statement(value=value, name=who, note=ask(mark("Note (empty: none)")))
    evidence = ask(mark("Evidence: file, link or scan:ID (empty: none)"))
    asked = evidence or row.period
    dated = ask_day(mark("Date of the evidence, DD/MM/YYYY (empty: none)")) if asked else None
    note = ask(mark("Note (empty: none)"))
    return Statement(value=value, name=who, note=note, evidence=(evidence,) if evidence else (), evidence_date=dated)
