"""From what is stored to the draft of the protection plan: a pure function; nothing is added that nobody said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from secaudit.model.assessment import Assessment, RequirementStatus
from secaudit.model.base import Text
from secaudit.model.evidence import Evidence
from secaudit.model.organisation import Organisation, System
from secaudit.model.requirement import Checklist
from secaudit.model.words import RowState
from secaudit.report.official.letter import letter_of
from secaudit.report.protection.facts import (
    PARTS,
    General,
    LevelFacts,
    Part,
    PartLetter,
    Protection,
    ProtectionFile,
    Row,
    SeenPage,
)

DECREE = "decree-331-2026"
ARTICLE = "29.2."


@dataclass(frozen=True)
class ProtectionInputs:
    """Everything that the draft is made from.

    Attributes:
        assessments: of the system, every list that was judged.
        evidence: records by id.
        findings: titles of findings by identity.
    """

    organisation: Organisation
    system: System
    checklists: Sequence[Checklist]
    assessments: Sequence[Assessment]
    evidence: Mapping[str, Evidence]
    findings: Mapping[str, Text]
    officer: ProtectionFile
    today: date
    sheet: LevelFacts | None = None
    pages: Sequence[SeenPage] = field(default=())


def build_protection(inputs: ProtectionInputs) -> Protection:
    """Return the draft."""
    officer, organisation, system = inputs.officer, inputs.organisation, inputs.system
    letter = letter_of(organisation, officer.document)
    known: dict[General, object] = {
        "body": letter.fields.body.strip(),
        "operator": system.operator.strip(),
        "unit": officer.unit,
        "purpose": officer.purpose,
        "users": officer.users,
        "hosting": officer.hosting,
        "level": inputs.sheet is not None and inputs.sheet.level is not None,
        "scan": inputs.pages,
        "organisation": officer.organisation,
    }
    return Protection(
        as_of=inputs.today,
        letter=letter.model_copy(update={"signer": officer.signer, "draft": True}),
        summary=officer.summary,
        bases=officer.bases,
        system=system.name or system.id,
        level=system.level,
        basis=system.level_basis,
        owner=letter.fields.body,
        operator=system.operator,
        unit=officer.unit,
        purpose=officer.purpose,
        users=officer.users,
        hosting=officer.hosting,
        sheet=inputs.sheet,
        pages=tuple(inputs.pages),
        parts=tuple(_part(letter_, inputs) for letter_ in PARTS),
        organisation=officer.organisation,
        general=tuple(gap for gap, value in known.items() if not value),
        notices=tuple({one.notice.vi: None for one in inputs.checklists if one.counts}),
    )


def _part(letter: PartLetter, inputs: ProtectionInputs) -> Part:
    clause = f"{ARTICLE}{letter}"
    titles = {point.clause: point.title for one in inputs.checklists if one.id == DECREE for point in one.points}
    status = {(one.checklist, row.requirement): row for one in inputs.assessments for row in one.rows}
    rows, set_aside, against = [], 0, dict[str, None]()
    for checklist in inputs.checklists:
        for requirement in checklist.requirements if checklist.role in ("standard", "duties") else ():
            row = status.get((checklist.id, requirement.id))
            if row is None or clause not in requirement.crosswalk.get(DECREE, ()):
                continue
            if row.state is RowState.NOT_APPLICABLE:
                set_aside += 1
                continue
            against |= dict.fromkeys(row.contradicted_by)
            rows.append(
                Row(
                    clause=requirement.clause,
                    text=requirement.text,
                    state=row.state,
                    responsible=row.responsible,
                    measure=_measure(row),
                    evidence=_named(row.answer.evidence if row.answer else (), inputs.evidence),
                    wanted=requirement.evidence,
                )
            )
    return Part(
        letter=letter,
        title=titles.get(clause, Text(vi=clause, en=clause)),
        own=inputs.officer.parts.get(letter, ()),
        rows=tuple(rows),
        set_aside=set_aside,
        findings=tuple({title.vi: title for key in against if (title := inputs.findings.get(key))}.values()),
    )


def _measure(row: RequirementStatus) -> str:
    """Return what the office, or the provider whose statement counts, says that it does."""
    said = (row.answer.note, row.answer.equivalent) if row.answer else ()
    by_provider = f"{row.inherited.provider}: {row.inherited.how}" if row.inherited else ""
    return "; ".join(filter(None, (*said, by_provider)))


def _named(keys: Sequence[str], evidence: Mapping[str, Evidence]) -> tuple[str, ...]:
    return tuple(f"{key} {evidence[key].name}" for key in keys if key in evidence)
