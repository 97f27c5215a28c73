"""What a workbook that was filled in would change, held against what stands in the workspace now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from secaudit.app.answers import Statement, Unfit, assess_one, checked, compose, speaking_against
from secaudit.app.evidence import check_named, names_file
from secaudit.app.knowledge import Knowledge
from secaudit.export.content import Content
from secaudit.export.workbook.cells import same_words
from secaudit.export.workbook.compare import Fate, fate
from secaudit.export.workbook.container import is_open_elsewhere
from secaudit.export.workbook.entry import Entry, changed_fields, entry_of, mark_of, plain, settled_evidence
from secaudit.export.workbook.machine import Identity, asks
from secaudit.export.workbook.reading import Fault, Filled, SheetRow, read_workbook
from secaudit.model.assessment import Answer
from secaudit.model.base import Composed
from secaudit.model.errors import BadInput, message
from secaudit.model.organisation import System
from secaudit.model.requirement import Checklist, Requirement
from secaudit.model.words import AnswerValue
from secaudit.store.workspace import Workspace

_TEXTS = ("note", "reason", "equivalent", "authority", "assessor", "answered_by")


@dataclass(frozen=True)
class Choices:
    """How a workbook is read in.

    Attributes:
        name: who answers where a row does not say; None for the account.
        account: the account of the operating system.
        folder: where files lie that the column of evidence names; None where it may name none.
        prefer_sheet: what the sheet says holds where both sides changed.
    """

    account: str
    name: str | None = None
    folder: Path | None = None
    prefer_sheet: bool = False


@dataclass(frozen=True)
class Change:
    """One row that the sheet would set, or that it cannot set because both sides changed.

    Attributes:
        before: the answer that stands.
        after: what would stand in the row.
        fields: names of the fields in which they differ.
    """

    row: Requirement
    sheet: str
    cell: str
    before: Answer | None
    after: Entry
    statement: Statement
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What reading the workbook in would do.

    Attributes:
        conflicts: rows that both sides changed, each in its own way; they are left alone.
        faults: cells that cannot be meant; their rows are left alone.
        counts: how many rows have which fate.
        left_out: rows that were exported and stand in no sheet any more.
        borrowed: changed rows that still bear the name of whoever answered before.
        open_elsewhere: a spreadsheet program has the file open, so that something may not be saved yet.
    """

    file: Path
    identity: Identity
    system: System
    checklist: Checklist
    changes: tuple[Change, ...]
    conflicts: tuple[Change, ...]
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    counts: Mapping[Fate, int]
    left_out: int
    borrowed: tuple[str, ...]
    with_macros: bool
    open_elsewhere: bool


def read_filled(path: Path, knowledge: Knowledge) -> Filled:
    """Read a workbook. Raises as `read_workbook`."""
    labels = {}
    for checklist in knowledge.checklists:
        content = Content(checklist, "vi")
        labels[checklist.id] = {same_words(content.label(row)): row.id for row in checklist.requirements}
    return read_workbook(path, labels)


def plan_import(
    workspace: Workspace, knowledge: Knowledge, path: Path, system_id: str | None, choices: Choices, now: datetime
) -> Plan:
    """Read a workbook and hold every row against the workspace. Nothing is written.

    Args:
        system_id: the system that is meant, None for the one that the workbook names.
        now: time at which the answers would be given.

    Raises:
        BadInput: the file cannot be read, or belongs to another workspace, system, or checklist.
    """
    filled = read_filled(path, knowledge)
    system, checklist = _belongs(workspace, knowledge, filled.identity, path, system_id)
    return _Planner(workspace, knowledge, system, checklist, choices, now).plan(path, filled)


def _belongs(
    workspace: Workspace, knowledge: Knowledge, identity: Identity, path: Path, system_id: str | None
) -> tuple[System, Checklist]:
    """Return the system and checklist of a workbook.

    Raises:
        BadInput: this workspace or program does not have them, or another system is meant.
    """
    checklist = next((one for one in knowledge.checklists if one.id == identity.checklist), None)
    if checklist is None:
        raise BadInput(
            message("{file} is for the checklist {checklist}, which this secaudit does not have."),
            file=str(path), checklist=identity.checklist,
        )  # fmt: skip
    if identity.origin != workspace.journal.origin():
        raise BadInput(
            message("{file} was exported from another workspace (system “{name}”), so that nobody can tell what is "
                    "newer. Choose that workspace with --workspace, or export again here and copy your answers over."),
            file=str(path), name=identity.system_name,
        )  # fmt: skip
    system = next((one for one in workspace.registry.systems() if one.id == identity.system), None)
    if system is None:
        raise BadInput(
            message("{file} was exported for the system {id} (“{name}”), which the workspace does not have."),
            file=str(path), id=identity.system, name=identity.system_name,
        )  # fmt: skip
    if system_id is not None and system_id.strip() != system.id:
        raise BadInput(
            message("{file} was exported for the system {id} (“{name}”), not for {typed}."),
            file=str(path), id=identity.system, name=identity.system_name, typed=system_id,
        )  # fmt: skip
    return system, checklist


class _Planner:
    def __init__(
        self, workspace: Workspace, knowledge: Knowledge, system: System, checklist: Checklist, choices: Choices,
        now: datetime,
    ) -> None:  # fmt: skip
        self._workspace, self._checklist, self._choices, self._now = workspace, checklist, choices, now
        self._system = system
        self._states = {
            status.requirement: status for status in assess_one(workspace, knowledge, system, checklist, now).rows
        }
        # Read once more, so that what is compared is what the next write is held against.
        self._answers = {one.requirement: one for one in workspace.answers.current(system.id, checklist.id)}
        self._evidence = {record.id: record for record in workspace.evidence.list()}
        self._files = _files_of(choices.folder)
        self._faults: list[Fault] = []

    def plan(self, path: Path, filled: Filled) -> Plan:
        requirements = {row.id: row for row in self._checklist.requirements}
        self._faults += filled.faults
        changes: list[Change] = []
        conflicts: list[Change] = []
        counts: Counter[Fate] = Counter()
        for line in filled.rows:
            row = requirements.get(line.requirement)
            if row is None:
                self._fault(
                    line, "value", message("the checklist has no requirement {id} any more."), id=line.requirement
                )
                continue
            what, change = self._held_against(row, line, filled.identity)
            counts[what] += 1
            if what is Fate.UNANSWERED:
                self._fault(line, "value", message(
                    "something is filled in, but no answer is chosen. Choose one, or empty the whole row."
                ))  # fmt: skip
            elif what is Fate.CONFLICT and not self._choices.prefer_sheet:
                conflicts.append(change)
            elif what in (Fate.SET, Fate.CONFLICT) and self._fits(row, line, change, filled.identity):
                changes.append(change)
        named = {line.requirement for line in filled.rows} | {fault.requirement for fault in filled.faults}
        borrowed = [one.row.id for one in changes
                    if one.before and one.before.answered_by == one.after.answered_by]  # fmt: skip
        return Plan(
            path, filled.identity, self._system, self._checklist, tuple(changes), tuple(conflicts),
            tuple(self._faults), tuple(filled.notices), dict(counts),
            len(set(filled.identity.rows) - named), tuple(borrowed), filled.with_macros, is_open_elsewhere(path),
        )  # fmt: skip

    def _held_against(self, row: Requirement, line: SheetRow, identity: Identity) -> tuple[Fate, Change]:
        before = self._answers.get(row.id)
        known = {one: self._evidence[one] for one in (before.evidence if before else ()) if one in self._evidence}
        typed = tuple(self._whole_scan(one) for one in line.entry.evidence)
        entry = replace(line.entry, evidence=settled_evidence(typed, known))
        statement = self._statement(row, entry, before)
        after = self._becomes(row, entry, statement, before)
        what = fate(identity.rows[row.id].mark, line.entry, after, mark_of(before))
        fields = tuple(changed_fields(entry_of(before), after))
        return what, Change(row, line.sheet, line.cells["value"], before, after, statement, fields)

    def _statement(self, row: Requirement, entry: Entry, before: Answer | None) -> Statement:
        """Return what the row says as a statement; checks that it upheld stay upheld while the answer stays."""
        texts: dict[str, Composed] = {}
        for name in _TEXTS:
            said = getattr(entry, name)
            stands = getattr(before, name) if before else ""
            texts[name] = stands if plain(stands) == said else said  # a cell holds less than the store
        upheld = before.upholds if before and before.value is entry.value else ()
        speaking = speaking_against(row, self._states[row.id])
        return Statement(
            value=entry.value,
            name=texts.pop("answered_by") or self._choices.name,
            **texts,
            evidence=entry.evidence,
            evidence_date=entry.evidence_date,
            valid_until=entry.valid_until,
            independent=entry.independent,
            upholds=tuple(one for one in upheld if one in speaking),
        )

    def _becomes(self, row: Requirement, entry: Entry, statement: Statement, before: Answer | None) -> Entry:
        """Return what would stand in the row; days that come with evidence not yet recorded are not known here."""
        if entry.value is None:
            return entry
        records = [self._evidence[one] for one in entry.evidence if one in self._evidence]
        answer = compose(self._checklist, row, statement, before, records, self._now, self._choices.account)
        return replace(entry_of(answer), evidence=entry.evidence)

    def _fits(self, row: Requirement, line: SheetRow, change: Change, identity: Identity) -> bool:
        """Tell whether a change can be stored; name what is at fault otherwise."""
        count = len(self._faults)
        if identity.rows[row.id].asks != asks(row):
            self._fault(line, "text" if "text" in line.cells else "value", message(
                "the requirement has changed since the export. Export again and answer the new one."
            ))  # fmt: skip
        for one in change.statement.evidence:
            self._check_evidence(line, one)
        today = self._now.astimezone().date()
        speaking = speaking_against(row, self._states[row.id])
        try:
            checked(change.statement, change.before, row, speaking, today)
        except Unfit as refused:
            lacks_reason = not change.statement.reason
            key = refused.field if lacks_reason else "answered_by"
            self._fault(line, key, _without_options(change.statement))
        except BadInput as refused:
            key = "evidence_date" if change.statement.evidence_date else "value"
            self._fault(line, key, refused.message, **refused.params)
        return len(self._faults) == count

    def _check_evidence(self, line: SheetRow, typed: str) -> None:
        try:
            if not names_file(typed):
                check_named(self._workspace, typed)
                return
        except BadInput as refused:
            self._fault(line, "evidence", refused.message, **refused.params)
            return
        if self._choices.folder is None:
            self._fault(line, "evidence", message(
                "“{name}” is no number of evidence (E1) and no link. For a file: take it in with `secaudit assess "
                "evidence add` and write its number here, or say with --evidence-folder where it lies."
            ), name=typed[:100])  # fmt: skip
        elif typed not in self._files:
            self._fault(line, "evidence", message("the folder {folder} has no file “{name}”."),
                        folder=str(self._choices.folder), name=typed[:100])  # fmt: skip

    def _whole_scan(self, typed: str) -> str:
        """Return a scan with its whole id, so that it can be compared; what is no scan of ours as it is."""
        if not typed.lower().startswith("scan:"):
            return typed
        try:
            return f"scan:{self._workspace.scans.resolve(typed[5:].strip())}"
        except BadInput:
            return typed

    def _fault(self, line: SheetRow, key: str, sentence: str, **params: object) -> None:
        self._faults.append(Fault(line.sheet, line.cells[key], sentence, params, line.requirement))


def _without_options(said: Statement) -> str:
    if said.value is AnswerValue.NOT_APPLICABLE:
        return message("“Not applicable” needs a reason and a name: fill in the columns “Reason” and “Answered by”.")
    return message("this answer stands against a check that failed, which takes a reason and a name: fill in the "
                   "columns “Reason” and “Answered by”.")  # fmt: skip


def _files_of(folder: Path | None) -> dict[str, Path]:
    """Return the files of a folder by name as cells have it.

    Raises:
        BadInput: the folder cannot be read.
    """
    if folder is None:
        return {}
    try:
        return {plain(one.name): one for one in folder.iterdir() if one.is_file()}
    except OSError as error:
        raise BadInput(
            message("{file} cannot be read ({detail}). Check the name and the folder."),
            file=str(folder), detail=error.strerror or error,
        ) from None  # fmt: skip


def with_files(said: Sequence[Change], folder: Path | None) -> list[Statement]:
    """Return the statements of changes, names of files replaced by their paths in the folder."""
    files = _files_of(folder)
    return [
        replace(one.statement, evidence=tuple(str(files.get(piece, piece)) for piece in one.statement.evidence))
        for one in said
    ]
