"""Tables of records that several workbooks share: the remediation register, and the evidence behind the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from secaudit.report.labels import N_
from secaudit.report.model import ListEntry, ReportModel, RequirementRow
from secaudit.report.plan.lines import WorkLine
from secaudit.report.workbook import Sheet, Value, Words

_WORK_HEADS = (
    (N_("Work"), 9), (N_("State"), 18), (N_("Priority"), 14), (N_("Severity"), 13), (N_("What"), 40), (N_("How"), 40),
    (N_("Where"), 28), (N_("Requirements"), 18), (N_("Who usually does it"), 20), (N_("Person"), 20), (N_("Unit"), 20),
    (N_("Due"), 12), (N_("Overdue"), 9), (N_("Estimate, đồng"), 15), (N_("In the register since"), 17),
    (N_("Proven on"), 17), (N_("Came back, times"), 10), (N_("Accepted by"), 20), (N_("Accepted until"), 12),
    (N_("Reason"), 30),
)  # fmt: skip
_EVIDENCE_HEADS = (
    (N_("List"), 22), (N_("Clause"), 12), (N_("Requirement"), 44), (N_("Status"), 16), (N_("Answered by"), 18),
    (N_("Answered on"), 17), (N_("Evidence"), 10), (N_("Kind"), 12), (N_("Name"), 34), (N_("Dated"), 12),
    (N_("Valid until"), 12), (N_("Recorded on"), 17), (N_("Recorded by"), 18), (N_("Size in bytes"), 13),
    (N_("Fingerprint (SHA-256)"), 40), (N_("Note"), 30),
)  # fmt: skip


def work_sheet(lines: Sequence[WorkLine], say: Words, name: str = N_("Remediation")) -> Sheet:
    """Return work of the remediation register as a table."""
    return Sheet(name, _WORK_HEADS, (_work(line, say) for line in lines))


def _work(line: WorkLine, say: Words) -> tuple[Value, ...]:
    accepted = line.accepted
    return (
        line.id, say.label("work-state", line.state), say.label("priority", line.priority),
        say.label("severity", line.severity), line.title, line.action, line.target, ", ".join(line.clauses),
        say.label("responsible", line.responsible) if line.responsible else None, line.owner, line.unit, line.due,
        line.overdue, line.cost, line.opened_at, line.closed_at, line.reopened, accepted.by if accepted else None,
        accepted.until if accepted else None, accepted.reason if accepted else None,
    )  # fmt: skip


def evidence_sheet(model: ReportModel, say: Words) -> Sheet:
    """Return what backs each answer as a table, one row for each piece of evidence."""
    rows = (
        line
        for entry in model.lists
        for group in entry.groups
        for row in group.rows
        for line in _evidence(model, entry, row, say)
    )
    return Sheet(N_("Evidence list"), _EVIDENCE_HEADS, rows)


def _evidence(model: ReportModel, entry: ListEntry, row: RequirementRow, say: Words) -> Iterable[tuple[Value, ...]]:
    answer = row.answer
    if answer is None:
        return
    known = {record.id: record for record in model.evidence}
    said = (
        entry.title, row.clause, row.text, say.label("state", row.state), answer.answered_by, answer.answered_at,
    )  # fmt: skip
    for key in answer.evidence:
        record = known.get(key)
        if record is None:
            yield (*said, key, *([None] * 9))
            continue
        yield (
            *said, record.id, say.label("evidence-kind", record.kind), record.name, record.dated, record.valid_until,
            record.added_at, record.added_by, record.size or None, record.sha256, record.note,
        )  # fmt: skip
