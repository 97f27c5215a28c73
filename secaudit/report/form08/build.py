"""From what is stored and what the officer's file adds to the facts of Form 08: a pure function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from secaudit.model.assessment import Assessment
from secaudit.model.organisation import Organisation, System
from secaudit.model.requirement import Checklist
from secaudit.report.form08.facts import (
    Counts,
    Form08,
    Implementation,
    OwnerBlock,
    Party,
    SystemRow,
    counted,
)
from secaudit.report.form08.officer import Form08File, SystemFields
from secaudit.report.form08.rules import check_form, proposed_implementation
from secaudit.report.official.letter import letter_of
from secaudit.report.official.requirements import requirement_lines


@dataclass(frozen=True)
class Form08Inputs:
    """Everything that the form is made from.

    Attributes:
        assessments: by system, the judged lists that count.
        confirmed: column (10) by system, as the user confirmed it.
        today: when the form is made.
    """

    organisation: Organisation
    systems: Sequence[System]
    checklists: Sequence[Checklist]
    assessments: Mapping[str, Sequence[Assessment]]
    officer: Form08File
    today: date
    confirmed: Mapping[str, Implementation] = field(default_factory=dict)


def build_form(inputs: Form08Inputs) -> Form08:
    """Return the form, marked as a draft where a rule finds an error."""
    officer, organisation = inputs.officer, inputs.organisation
    rows = tuple(_rows(inputs))
    letter = letter_of(organisation, officer.document).model_copy(update={"signer": officer.signer})
    form = Form08(
        year=officer.year or reporting_year(officer.as_of or inputs.today),
        as_of=officer.as_of or inputs.today,
        letter=letter,
        counts=_counts(rows, officer.counts),
        owners=(OwnerBlock(owner=_owner(organisation, officer), unit=officer.unit), *officer.further_owners),
        rows=rows,
        unit_report=officer.unit_report_date,
        notices=tuple({c.notice.vi: None for c in inputs.checklists if c.counts}),
    )
    draft = any(note.weight == "error" for note in check_form(form))
    return form.model_copy(update={"letter": letter.model_copy(update={"draft": draft})})


def reporting_year(day: date) -> int:
    """Return the year whose report is due next: the window closes on 14 December, the report leaves before the 25th."""
    return day.year if (day.month, day.day) < (12, 26) else day.year + 1


def _owner(organisation: Organisation, officer: Form08File) -> Party:
    given = officer.owner
    known = {"name": organisation.name, "phone": organisation.contact_phone, "email": organisation.contact_email}
    return given.model_copy(update={name: getattr(given, name) or value for name, value in known.items()})


def _counts(rows: tuple[SystemRow, ...], given: Counts) -> Counts:
    said = {name: value for name, value in given.model_dump().items() if value is not None}
    return counted(rows).model_copy(update=said)


def _rows(inputs: Form08Inputs) -> list[SystemRow]:
    given = {one.id: one for one in inputs.officer.systems}
    stored = {system.id: system for system in inputs.systems}
    keys = [*stored, *(key for key in given if key not in stored)]
    return [_row(inputs, key, stored.get(key), given.get(key) or SystemFields(id=key)) for key in keys]


def _row(inputs: Form08Inputs, key: str, stored: System | None, given: SystemFields) -> SystemRow:
    judged = inputs.assessments.get(key, ()) if stored else ()
    applicable = sum(one.total.applicable for one in judged)
    met = sum(one.total.met for one in judged)
    partial = sum(one.total.partial for one in judged)
    # Where nobody has answered anything there is no self-assessment that could suggest a value.
    answered = any(row.answer is not None for one in judged for row in one.rows)
    return SystemRow(
        key=key,
        name=given.name or (stored.name if stored else ""),
        owner=given.owner or inputs.organisation.name,
        operator=given.operator or (stored.operator if stored else ""),
        level=given.level or (stored.level if stored else 1),
        stored_level=stored.level if stored else None,
        level_basis=stored.level_basis if stored else "",
        classified=given.classified,
        status=given.status,
        approval=given.approval_decision,
        regulation=given.regulation,
        approval_expected=given.approval_expected,
        implementation=inputs.confirmed.get(key),
        proposed=proposed_implementation(applicable, met, partial) if answered else None,
        implementation_expected=given.implementation_expected,
        examinations=given.examinations,
        open_rows=applicable - met if answered else None,
        operator_report=given.operator_report_date,
        candidate=given.article_16_criterion,
        reviews=given.reviews,
        requirements=requirement_lines(inputs.checklists, judged),
    )
