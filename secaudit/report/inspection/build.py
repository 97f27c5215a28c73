"""From answers and evidence records to the facts of the evidence list: a pure function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from secaudit.model.assessment import Assessment
from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.model.organisation import Organisation, System
from secaudit.model.requirement import Checklist
from secaudit.report.inspection.facts import (
    Attached,
    Fate,
    GroupLines,
    Inspection,
    InspectionFile,
    JournalHead,
    ListLines,
    Piece,
    RowLine,
    SystemEvidence,
)
from secaudit.report.inspection.names import safe_name
from secaudit.report.official.letter import letter_of
from secaudit.report.plan.build import plan_letter_gaps
from secaudit.version import VERSION

FOLDER = "bang-chung"
"""Folder of the evidence files in the archive."""


@dataclass(frozen=True)
class InspectionInputs:
    """Everything that the list is made from.

    Attributes:
        systems: each with its judged lists.
        evidence: all records of the workspace, in the order in which they were added.
        fates: of each kept file, by SHA-256.
        scans: place in the archive of each scan that is evidence, by its id.
        now: when the list is made; its time zone is the one that days are shown in.
    """

    organisation: Organisation
    systems: Sequence[tuple[System, Sequence[Assessment]]]
    checklists: Sequence[Checklist]
    evidence: Sequence[Evidence]
    fates: Mapping[str, Fate]
    officer: InspectionFile
    now: datetime
    journal: JournalHead | None = None
    scans: Mapping[str, str] = field(default_factory=dict)
    attached: Sequence[Attached] = ()


def build_inspection(inputs: InspectionInputs) -> Inspection:
    """Return the list, marked as a draft while its head or foot lacks something."""
    officer = inputs.officer
    places = file_places(inputs.evidence)
    pieces = {record.id: _piece(record, places, inputs) for record in inputs.evidence}
    systems = tuple(
        SystemEvidence(
            name=system.name or system.id,
            lists=tuple(
                _list(checklist, judged, pieces, inputs.now.date())
                for checklist in inputs.checklists
                for judged in assessments
                if judged.checklist == checklist.id and checklist.role in ("standard", "duties")
            ),
        )
        for system, assessments in inputs.systems
    )
    named = {piece.id for one in systems for entry in one.lists for row in entry.rows for piece in row.evidence}
    letter = letter_of(inputs.organisation, officer.document).model_copy(update={"signer": officer.signer})
    return Inspection(
        made_at=inputs.now,
        version=VERSION,
        letter=letter.model_copy(update={"draft": bool(plan_letter_gaps(letter))}),
        summary=officer.summary,
        systems=systems,
        others=tuple(piece for piece in pieces.values() if piece.id not in named),
        attached=tuple(inputs.attached),
        journal=inputs.journal,
        notices=tuple({one.notice.vi: None for one in inputs.checklists if one.counts}),
    )


def file_places(evidence: Sequence[Evidence]) -> dict[str, str]:
    """Return the place in the archive of each kept file by SHA-256, under the name of the first record that has it."""
    places: dict[str, str] = {}
    for record in evidence:
        if record.kind is EvidenceKind.FILE and record.sha256 not in places:
            places[record.sha256] = f"{FOLDER}/{safe_name(record.name, record.id)}"
    return places


def _piece(record: Evidence, places: Mapping[str, str], inputs: InspectionInputs) -> Piece:
    fate: Fate = "kept"
    place = inputs.scans.get(record.reference, "") if record.kind is EvidenceKind.SCAN else ""
    if record.kind is EvidenceKind.FILE:
        fate = inputs.fates.get(record.sha256, "missing")
        place = places[record.sha256] if fate == "kept" else ""
    return Piece(
        **record.model_dump(exclude={"media_type"}),
        expired=record.valid_until is not None and record.valid_until < inputs.now.date(),
        place=place,
        fate=fate,
    )


def _list(checklist: Checklist, judged: Assessment, pieces: Mapping[str, Piece], today: date) -> ListLines:
    status = {row.requirement: row for row in judged.rows}
    groups = []
    for group in checklist.groups:
        rows = []
        for requirement in checklist.requirements:
            row = status.get(requirement.id)
            if requirement.group != group.id or row is None:
                continue
            answer = row.answer
            given = row.inherited
            by_provider = f"{given.provider}: {given.how}" if given else ""
            notes = (answer.note, answer.reason, answer.equivalent, by_provider) if answer else (by_provider,)
            rows.append(
                RowLine(
                    clause=requirement.clause,
                    text=requirement.text,
                    state=row.state,
                    counted=row.counted,
                    answered_by=answer.answered_by if answer else "",
                    answered_at=answer.answered_at if answer else None,
                    evidence_date=answer.evidence_date if answer else None,
                    due=row.due,
                    overdue=row.due is not None and row.due < today,
                    note="; ".join(filter(None, notes)),
                    evidence=tuple(pieces[key] for key in (answer.evidence if answer else ()) if key in pieces),
                )
            )
        title = group.title.model_copy(
            update={"vi": f"{group.id} {group.title.vi}", "en": f"{group.id} {group.title.en}"}
        )
        groups.append(GroupLines(title=title, rows=tuple(rows)))
    return ListLines(id=checklist.id, title=checklist.title, counts=checklist.counts, groups=tuple(groups))
