"""`secaudit assess questions`: which requirements apply to a system, and who does them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.assess_options import name_option, system_option
from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import current_language, mark

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.model.organisation import System
    from secaudit.store.workspace import Workspace


@click.command("questions", cls=Command, help=mark("Answer the questions that decide which requirements apply."))
@shared_options
@system_option
@option("--set", "settings", multiple=True, metavar=mark("ID=yes|no"),
        help=mark("Answer one question; may be repeated. Without it all are asked."))  # fmt: skip
@option("--list", "only_list", is_flag=True, help=mark("Only show questions and answers."))
@name_option
@option("--reason", default="", metavar=mark("TEXT"), help=mark("Why; kept with the answers of this call."))
def questions_command(
    session: Session, system_id: str | None, settings: tuple[str, ...], only_list: bool, name: str | None, reason: str
) -> None:
    """Ask the questions one by one, or take the given answers."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.questions import parse_settings, record_profile
    from secaudit.app.rows import choose_system
    from secaudit.store.workspace import Workspace

    knowledge = Knowledge()
    answers = parse_settings(settings, [question.id for question in knowledge.profile.questions])
    with Workspace.open(session.workspace) as workspace:
        system = choose_system(workspace, system_id)
        if answers:
            record_profile(workspace, knowledge, system, answers, name=name or "", reason=reason, now=datetime.now(UTC))
        elif not only_list and not session.json_to:
            _ask(workspace, knowledge, system, name, reason)
        said = workspace.profile.current(system.id)
    if session.json_to:
        rows: list[dict[str, Any]] = [
            {"id": question.id, "text": question.text.model_dump(),
             "answer": said[question.id].model_dump(mode="json") if question.id in said else None}
            for question in knowledge.profile.questions
        ]  # fmt: skip
        session.emit_json({"schema": "secaudit.profile/1", "system": system.id, "questions": rows})
        return
    _print(workspace, knowledge, system, said)


def _print(workspace: Workspace, knowledge: Knowledge, system: System, said: dict[str, Any]) -> None:
    from secaudit.cli.asking import yes_no

    for question in knowledge.profile.questions:
        answer = said.get(question.id)
        click.echo(f"{question.id}: {yes_no(answer.yes if answer else None)}"
                   + (f"  ({answer.answered_by})" if answer else ""))  # fmt: skip
        click.echo(f"    {question.text.in_language(current_language())}")


def _ask(workspace: Workspace, knowledge: Knowledge, system: System, name: str | None, reason: str) -> None:
    """Ask every question in order and store each answer at once; stopping keeps what was said."""
    from secaudit.app.questions import record_profile
    from secaudit.cli.asking import Stopped, ask_needed, ask_yes_no, asked_name
    from secaudit.cli.failure import sentence_of
    from secaudit.model.errors import BadInput
    from secaudit.store.journal import user_name

    said = workspace.profile.current(system.id)
    try:
        who = asked_name(name, user_name())
        for question in knowledge.profile.questions:
            before = said[question.id].yes if question.id in said else None
            now = ask_yes_no(question.text, question.help, before)
            if now is None or now == before:
                continue
            why = reason
            while True:
                try:
                    record_profile(
                        workspace, knowledge, system, {question.id: now}, name=who, reason=why, now=datetime.now(UTC)
                    )
                    break
                except BadInput as refused:
                    click.echo(f"  {sentence_of(refused)}")
                    why = ask_needed(mark("Reason"))
    except (Stopped, KeyboardInterrupt):
        say(mark("Stopped; what was answered is stored. Run the command again to go on."))
