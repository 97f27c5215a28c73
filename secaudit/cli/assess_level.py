"""`secaudit assess level`: which security level a system falls under, by Decree 331/2026 Arts 11-15."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from secaudit.cli.assess_options import name_option, system_option
from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import current_language, mark

if TYPE_CHECKING:
    from secaudit.assess.level import LevelResult
    from secaudit.model.level import LevelRecord, LevelSheet


@click.command("level", cls=Command, help=mark("Fill in the level sheet: which level by Decree 331/2026, and why."))
@shared_options
@system_option
@option("--set", "settings", multiple=True, metavar=mark("ID=yes|no"),
        help=mark("Answer one question; may be repeated. Without it all are asked."))  # fmt: skip
@option("--list", "only_list", is_flag=True, help=mark("Only show questions and answers."))
@option("--by-plan", metavar=mark("TEXT"),
        help=mark("The plan that asks for level 3 even where the law asks for less; '' for none."))  # fmt: skip
@option("--apply", "applied", is_flag=True, help=mark("Store the resulting level with the system."))
@name_option
def level_command(
    session: Session, system_id: str | None, settings: tuple[str, ...], only_list: bool, by_plan: str | None,
    applied: bool, name: str | None,
) -> None:  # fmt: skip
    """Ask what matters, keep the sheet, say the level with its articles."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.questions import apply_level, parse_settings, record_level
    from secaudit.app.rows import choose_system
    from secaudit.assess.level import level_of
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    sheet = knowledge.level_sheet
    given = parse_settings(settings, [question.id for question in sheet.questions])
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        record = workspace.levels.current(system.id)
        answers = dict(record.answers) if record else {}
        plan = by_plan if by_plan is not None else (record.plan if record else "")
        changed = bool(given) or by_plan is not None
        if not (changed or only_list or session.json_to or applied):
            given, plan, name = _ask(sheet, answers, plan, name)
            changed = True
        result = level_of(sheet, answers | given, plan)
        if changed:
            result = record_level(
                workspace, knowledge, system, answers | given, plan=plan, name=name or "", now=datetime.now(UTC)
            )
            record = workspace.levels.current(system.id)
        if applied:
            system = apply_level(workspace, system, result)
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.level/1",
                "system": system.model_dump(mode="json"),
                "sheet": record.model_dump(mode="json") if record else None,
                "level": result.level,
                "criteria": [criterion.model_dump(mode="json") for criterion in result.criteria],
                "also": [criterion.model_dump(mode="json") for criterion in result.also],
                "open": list(result.open),
                "aimed": result.aimed,
                "by_plan": result.by_plan,
                "notice": sheet.notice.model_dump(),
                "notes": [note.model_dump() for note in sheet.notes],
            }
        )
        return
    if only_list:
        _print_questions(sheet, answers | given)
    _print_result(sheet, result, record)
    if applied:
        sentence = mark("Stored with {id}: level {level}, to be proposed for approval.")
        if system.level_basis == "voluntary":
            sentence = mark("Stored with {id}: level {level}, a target of its own choice.")
        say(sentence, id=system.id, level=system.level)


def _ask(sheet: LevelSheet, before: dict[str, bool], plan: str, name: str | None) -> tuple[dict[str, bool], str, str]:
    """Ask what the answers so far make necessary; stopping keeps what was said."""
    from secaudit.assess.level import to_ask
    from secaudit.cli.asking import Stopped, ask, ask_yes_no, asked_name
    from secaudit.store.journal import user_name

    answers, asked = dict(before), set()
    who = asked_name(name, user_name()) if name else ""
    try:
        who = who or asked_name(None, user_name())
        while question := next((q for q in to_ask(sheet, answers) if q.id not in asked), None):
            asked.add(question.id)
            said = ask_yes_no(question.text, question.help, answers.get(question.id))
            if said is not None:
                answers[question.id] = said
        plan = ask(mark("Plan that asks for level 3 (number and date; empty: none)"), plan)
    except (Stopped, KeyboardInterrupt):
        say(mark("Stopped; what was answered is stored. Run the command again to go on."))
    return answers, plan, who or user_name()


def _print_questions(sheet: LevelSheet, answers: dict[str, bool]) -> None:
    from secaudit.assess.level import to_ask
    from secaudit.cli.asking import yes_no

    for question in to_ask(sheet, answers):
        click.echo(f"{question.id}: {yes_no(answers.get(question.id))}")
        click.echo(f"    {question.text.in_language(current_language())}")


def _print_result(sheet: LevelSheet, result: LevelResult, record: LevelRecord | None) -> None:
    language = current_language()
    if result.level is None:
        say(mark("The level cannot be told yet; open questions: {ids}."), ids=", ".join(result.open))
    else:
        say(mark("By law: level {level}"), level=result.level)
        for criterion in (*result.criteria, *result.also):
            say(mark("  Decree 331/2026 Art. {article} (level {level}): {text}"), article=criterion.article,
                level=criterion.level, text=criterion.text.in_language(language))  # fmt: skip
        if result.by_plan and record is not None:
            say(mark("Aimed at: level {level}, by plan: {plan}"), level=result.aimed, plan=record.plan)
    for note in (*sheet.notes, sheet.notice):
        click.echo(f"- {note.in_language(language)}")
