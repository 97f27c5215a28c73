"""`secaudit assess show`, `set` and `history`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.assess_options import (
    name_option,
    optional_day,
    print_answer,
    print_status,
    status_json,
    system_option,
    value_word,
)
from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.cli.words import status_word
from secaudit.i18n import mark
from secaudit.model.words import AnswerValue

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.model.assessment import Assessment
    from secaudit.model.requirement import Checklist, Requirement


@click.command("show", cls=Command, help=mark("Show answers: all, those of a group, or one requirement."))
@click.argument("first", required=False, metavar="[CHECKLIST]")
@click.argument("second", required=False, metavar="[GROUP|REQUIREMENT]")
@shared_options
@system_option
@option("--open", "only_open", is_flag=True, help=mark("Only rows that do not count as met."))
def show_command(
    session: Session, first: str | None, second: str | None, system_id: str | None, only_open: bool
) -> None:
    """Show what rows count as, with the whole answer of a single one."""
    from secaudit.app.answers import assess_one
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.rows import choose_system, find_rows
    from secaudit.model.words import RowState
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        checklist, rows = find_rows(knowledge, first, second)
        assessment = assess_one(workspace, knowledge, system, checklist, datetime.now(UTC))
        evidence = {record.id: record for record in workspace.evidence.list()}
    states = {status.requirement: status for status in assessment.rows}
    settled = {RowState.MET, RowState.NOT_APPLICABLE}
    rows = [row for row in rows if not only_open or states[row.id].state not in settled]
    answers = [answer for row in rows if (answer := states[row.id].answer) is not None]
    named = dict.fromkeys(one for answer in answers for one in answer.evidence)
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.assess/1",
                "system": system.id,
                "checklist": checklist.id,
                "notice": checklist.notice.model_dump(),
                "rows": [status_json(row, states[row.id], knowledge) for row in rows],
                "evidence": [evidence[one].model_dump(mode="json") for one in named if one in evidence],
            }
        )
        return
    if len(rows) == 1:
        _show_one(checklist, rows[0], assessment, knowledge, session.language)
        if (answer := states[rows[0].id].answer) is not None:
            print_answer(answer, evidence)
    else:
        _show_groups(checklist, rows, assessment, session.language)
    click.echo(checklist.notice.in_language(session.language))


def _show_one(
    checklist: Checklist, row: Requirement, assessment: Assessment, knowledge: Knowledge, language: str
) -> None:
    click.echo(f"{checklist.id}:{row.id}\n  {row.text.in_language(language)}")
    print_status(next(status for status in assessment.rows if status.requirement == row.id), knowledge)


def _show_groups(checklist: Checklist, rows: list[Requirement], assessment: Assessment, language: str) -> None:
    states = {status.requirement: status for status in assessment.rows}
    click.echo(checklist.title.in_language(language))
    for group in checklist.groups:
        members = [row for row in rows if row.group == group.id]
        if members:
            click.echo(f"\n{group.id}  {group.title.in_language(language)}")
        for row in members:
            click.echo(f"  {row.id:<14} [{status_word(states[row.id])}] {row.text.in_language(language)}")


@click.command("set", cls=Command, help=mark("Answer one requirement; without --answer, complete the answer it has."))
@click.argument("requirement")
@shared_options
@system_option
@option("--answer", type=click.Choice([value.value for value in AnswerValue]), help=mark("What you say of it."))
@name_option
@option("--note", metavar=mark("TEXT"), help=mark("A remark."))
@option(
    "--reason", metavar=mark("TEXT"), help=mark("Why it does not apply, or why a finding does not speak against it.")
)
@option("--equivalent", metavar=mark("TEXT"), help=mark("The equivalent measure that is used."))
@option("--evidence", multiple=True, metavar="FILE|URL|scan:ID|E1",
        help=mark("A file, a link, a scan or recorded evidence; may be repeated."))  # fmt: skip
@option("--evidence-date", metavar=mark("DAY"), help=mark("Date of the evidence itself, DD/MM/YYYY."))
@option("--valid-until", metavar=mark("DAY"), help=mark("Last day on which it holds, DD/MM/YYYY."))
@option("--authority", metavar=mark("TEXT"), help=mark("On whose authority, for example the number of the decision."))
@option("--assessor", metavar=mark("WHO"), help=mark("Who assessed, if not the one who answers."))
@option("--independent/--not-independent", default=None, help=mark("Whether they are independent of operations."))
@option("--uphold", "upholds", multiple=True, metavar=mark("CHECK"),
        help=mark("A failing check, or a finding, that --reason explains; may be repeated."))  # fmt: skip
def set_command(session: Session, requirement: str, system_id: str | None, **typed: Any) -> None:
    """Record one answer and show what the row counts as now."""
    from secaudit.app.answers import Statement, record_answer
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.rows import choose_system, find_row
    from secaudit.cli.dates import local_time
    from secaudit.store.journal import user_name
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    answer = typed.pop("answer")
    typed["evidence_date"] = optional_day(typed["evidence_date"])
    typed["valid_until"] = optional_day(typed["valid_until"])
    said = Statement(value=AnswerValue(answer) if answer else None, **typed)
    checklist, row = find_row(knowledge, requirement)
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        done = record_answer(workspace, knowledge, system, checklist, row, said, datetime.now(UTC), user_name())
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.answer/1",
                "system": system.id,
                "checklist": checklist.id,
                **status_json(row, done.status, knowledge),
                "evidence": [record.model_dump(mode="json") for record in done.evidence],
                "earlier_than": done.earlier_than.isoformat() if done.earlier_than else None,
            }
        )
        return
    say(mark("Recorded for {id}: {value}."), id=f"{checklist.id}:{row.id}", value=value_word(done.answer.value))
    print_answer(done.answer, {record.id: record for record in done.evidence})
    print_status(done.status, knowledge)
    if done.earlier_than:
        say(mark("The clock is behind: an answer of {time} is stored already. This one counts as the newer; set the "
                 "clock right."), time=local_time(done.earlier_than))  # fmt: skip


@click.command("history", cls=Command, help=mark("Show every answer that a requirement ever had."))
@click.argument("requirement")
@shared_options
@system_option
def history_command(session: Session, requirement: str, system_id: str | None) -> None:
    """List the answers of one requirement, oldest first."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.rows import choose_system, find_row
    from secaudit.store.workspace import Workspace

    checklist, row = find_row(Knowledge(), requirement)
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        answers = workspace.answers.history(system.id, row.id, checklist.id)
        evidence = {record.id: record for record in workspace.evidence.list()}
    newest = [max(answer.answered_at for answer in answers[: n + 1]) for n in range(len(answers))]
    behind = [answer.answered_at < last for answer, last in zip(answers, newest, strict=True)]
    if session.json_to:
        session.emit_json(
            [{**answer.model_dump(mode="json"), "clock_behind": late}
             for answer, late in zip(answers, behind, strict=True)]
        )  # fmt: skip
        return
    click.echo(f"{checklist.id}:{row.id}\n  {row.text.in_language(session.language)}")
    if not answers:
        say(mark("  Nobody has answered yet."))
    for answer, late in zip(answers, behind, strict=True):
        print_answer(answer, evidence)
        if late:
            say(mark("    The clock was behind when this was recorded; the order is that of recording."))
