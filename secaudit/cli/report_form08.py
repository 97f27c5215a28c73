"""`secaudit report form08`: the yearly report of Decree 331/2026, held against its rules before it is written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from secaudit.cli.common import Session, on_terminal, say
from secaudit.cli.report_writing import Wish, chosen_formats, name_written, officer_file, write_all, write_blank
from secaudit.i18n import mark, translate

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.report.form08.facts import Form08, Implementation
    from secaudit.report.form08.rules import Note

FORMATS = ("docx", "pdf", "json")


def run(session: Session, wish: Wish) -> int:
    """Write the form, or say what does not agree; ends with 1 when `--check` finds an error."""
    from secaudit.app.form08 import confirmation, form08
    from secaudit.app.knowledge import Knowledge
    from secaudit.report.form08.build import reporting_year
    from secaudit.report.form08.officer import Form08File, system_misfits
    from secaudit.report.form08.rules import check_form
    from secaudit.report.official.blank import blank_form08
    from secaudit.store.workspace import Workspace

    formats = chosen_formats(wish, FORMATS)
    confirmed = dict(confirmation(typed) for typed in wish.confirmed)
    knowledge, now = Knowledge(), datetime.now(UTC)
    with Workspace.open(session.workspace) as workspace:
        systems = workspace.registry.systems()
        if wish.blank_file is not None:
            write_blank(wish.blank_file, blank_form08(reporting_year(now.astimezone().date()), systems))
            return 0
        known = {system.id for system in systems}
        officer = officer_file(
            wish.profile_file, Form08File, knowledge, session, lambda data: system_misfits(data, known)
        )
        form = form08(workspace, knowledge, officer, confirmed, now)
        if not wish.check and not session.json_to and on_terminal() and sys.stdin.isatty():
            confirmed |= _asked(form, knowledge, session)
            form = form08(workspace, knowledge, officer, confirmed, now)
    notes = check_form(form)
    if wish.check:
        return _only_notes(notes, knowledge, session)
    if not session.json_to:
        _show(notes, knowledge, session)
    paths = _written(session, wish, form, formats, now)
    name_written(session, "form08", paths, draft=form.letter.draft, notes=_as_data(notes, knowledge, session))
    if form.letter.draft and not session.json_to:
        say(mark("It is marked as a draft (BẢN NHÁP) until the errors above are put right."))
    return 0


def _written(session: Session, wish: Wish, form: Form08, formats: Sequence[str], now: datetime) -> list[Path]:
    from secaudit.report.form08.words import form_words
    from secaudit.report.official.writing import official_writers

    words = form_words(form)
    writers = official_writers("form08", words, form, now, wish.template)
    folder = session.workspace / "reports"
    return write_all(formats, lambda name: wish.output or folder / f"mau-08-{form.year}.{name}", writers)


def _asked(form: Form08, knowledge: Knowledge, session: Session) -> dict[str, Implementation]:
    """Ask for column (10) of each system; an empty answer leaves it empty."""
    from secaudit.app.form08 import CONFIRMATIONS

    given = {}
    for row in form.rows:
        if row.implementation is not None:
            continue
        say(mark("System {system}: column (10), “Đã triển khai đầy đủ PA BĐANM”, speaks of the approved plan."),
            system=row.name or row.key)  # fmt: skip
        if row.proposed:
            say(mark("The self-assessment suggests: {value}"), value=row.proposed.value)
        for word, value in CONFIRMATIONS.items():
            click.echo(f"  {word}: {value.value}")
        question = translate(mark("Which one is true (Enter leaves it empty)"))
        typed = click.prompt(question, default="", show_default=False, type=click.Choice(["", *CONFIRMATIONS]))
        if typed:
            given[row.key] = CONFIRMATIONS[typed]
    return given


def _only_notes(notes: Sequence[Note], knowledge: Knowledge, session: Session) -> int:
    if session.json_to:
        session.emit_json({"schema": "secaudit.form08-check/1", "notes": _as_data(notes, knowledge, session)})
    else:
        _show(notes, knowledge, session)
        if not notes:
            say(mark("Nothing contradicts: the form can be written."))
    return int(any(note.weight == "error" for note in notes))


def _show(notes: Sequence[Note], knowledge: Knowledge, session: Session) -> None:
    words = {"error": mark("Error"), "warning": mark("Warning")}
    for note in notes:
        rule = translate(mark("rule {number}")).format(number=note.rule) if note.rule.isdigit() else ""
        head = translate(words[note.weight]) + (f" ({rule})" if rule else "")
        click.echo(f"{head}: {knowledge.render(note.why, session.language)}")


def _as_data(notes: Sequence[Note], knowledge: Knowledge, session: Session) -> list[dict[str, str]]:
    return [
        {
            "weight": note.weight, "rule": note.rule, "code": note.why.code,
            "text": knowledge.render(note.why, session.language),
        }
        for note in notes
    ]  # fmt: skip
