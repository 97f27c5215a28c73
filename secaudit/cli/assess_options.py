"""What the subcommands of `assess` share: options, words, and how statuses are shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import option, say
from secaudit.cli.words import state_word, status_word
from secaudit.i18n import current_language, mark, translate
from secaudit.model.assessment import Answer, RequirementStatus
from secaudit.model.words import AnswerValue, RowState
from secaudit.text import printable, visible

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.model.evidence import Evidence
    from secaudit.model.provider import EvidenceReference, Inherited
    from secaudit.model.requirement import Requirement

system_option = option("--system", "system_id", metavar="ID", help=mark("Which system (default: the only one)."))
name_option = option("--name", metavar=mark("WHO"), help=mark("Who answers."))


def day(value: date | None) -> str:
    """Return a day as DD/MM/YYYY, a dash for none."""
    return value.strftime("%d/%m/%Y") if value else "–"


def optional_day(typed: str | None) -> date | None:
    """Read a day, None for none.

    Raises:
        BadInput: it is not a day.
    """
    from secaudit.cli.dates import parse_day

    return parse_day(typed) if typed is not None else None


def value_word(value: AnswerValue) -> str:
    """Return the word for an answer in the current language."""
    return state_word(RowState(value.value))


def print_status(status: RequirementStatus, knowledge: Knowledge) -> None:
    """Print what a row counts as, and why that differs from the answer."""
    say(mark("  Counts as: {state}"), state=status_word(status))
    for reason in status.reasons:
        click.echo(f"    {knowledge.render(reason, current_language())}")
    if status.due:
        say(mark("  Holds until: {day}"), day=day(status.due))
    if status.inherited:
        print_inherited(status.inherited)


def print_inherited(inherited: Inherited) -> None:
    """Print what a provider says of a row."""
    say(mark("  Provider: {provider} (profile {profile}, edition {serial}), until {day}"),
        provider=printable(inherited.provider), profile=inherited.profile, serial=inherited.serial,
        day=day(inherited.until))  # fmt: skip
    lines = [
        (mark("How"), inherited.how),
        (mark("Left to the office"), inherited.rest),
        (mark("Evidence kept by the provider"), "; ".join(_described(one) for one in inherited.evidence)),
    ]
    for label, value in lines:
        if value:
            click.echo(f"    {translate(label)}: {printable(value, 4000)}")


def _described(one: EvidenceReference) -> str:
    dated = f", {day(one.dated)}" if one.dated else ""
    return f"{one.name}{dated}" + (f" (SHA-256 {one.sha256[:16]}…)" if one.sha256 else "")


def print_answer(answer: Answer, evidence: dict[str, Evidence]) -> None:
    """Print an answer with everything that was said beside it."""
    from secaudit.cli.dates import local_time

    said = {True: mark("yes"), False: mark("no"), None: ""}[answer.independent]
    say(mark("  {value}, by {who}, {time}"), value=value_word(answer.value), who=answer.answered_by,
        time=local_time(answer.answered_at))  # fmt: skip
    lines = [
        (mark("Reason"), answer.reason),
        (mark("Note"), answer.note),
        (mark("Equivalent measure"), answer.equivalent),
        (mark("On the authority of"), answer.authority),
        (mark("Assessed by"), answer.assessor),
        (mark("Independent of operations"), translate(said)),
        (mark("Date of the evidence"), day(answer.evidence_date) if answer.evidence_date else ""),
        (mark("Valid until"), day(answer.valid_until) if answer.valid_until else ""),
        (mark("Upheld against"), ", ".join(answer.upholds)),
        (mark("Evidence"), "; ".join(f"{one} {evidence[one].name}" for one in answer.evidence if one in evidence)),
    ]
    for label, value in lines:
        if value:
            click.echo(f"    {translate(label)}: {visible(value)}")


def status_json(row: Requirement, status: RequirementStatus, knowledge: Knowledge) -> dict[str, Any]:
    """Return a row and what it counts as, as data."""
    return {
        "clause": row.clause,
        "text": row.text.model_dump(),
        "period": row.period,
        **status.model_dump(mode="json"),
        "reasons": [
            {**reason.model_dump(mode="json"), "text": knowledge.render(reason, current_language())}
            for reason in status.reasons
        ],
    }
