"""The assessment as a workbook that CISO Assistant's data import takes: audits, and findings to follow up.

The columns are those of its documentation (`docs/guide/data-import-wizard.md`: "Audits", "Findings followup") for the
framework of the library that `checklist export --format ciso-assistant` writes, row by `ref_id`. A workbook rather than
CSV, because the import reads CSV cells such as `5.10` as numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from xlsxwriter import Workbook

from secaudit.model.words import RowState, Severity
from secaudit.report.model import FindingEntry, ListEntry, RequirementRow
from secaudit.report.programs.content import Content
from secaudit.text import one_line

AUDIT = (
    "urn", "assessable", "ref_id", "name", "description", "compliance_result", "requirement_progress", "score",
    "implementation_score", "documentation_score", "observations",
)  # fmt: skip
"""The two last scores are not documented, but without their columns the import scores every row as nothing."""
FINDINGS = ("ref_id", "name", "description", "severity", "status", "filtering_labels", "due_date", "observation")
RESULTS = {
    RowState.MET: "compliant", RowState.PARTIAL: "partially_compliant", RowState.NOT_MET: "non_compliant",
    RowState.CONTRADICTED: "non_compliant", RowState.NOT_APPLICABLE: "not_applicable",
    RowState.UNASSESSED: "not_assessed", RowState.STALE: "not_assessed",
}  # fmt: skip
"""Evidence out of date has to be assessed again; it never counts as compliant."""
_DONE = ("compliant", "not_applicable")
_SEVERITIES = {severity: severity.value for severity in Severity if severity is not Severity.INFO} | {Severity.INFO: ""}
_WORK = {"assigned": "assigned", "done": "in_progress", "verified": "resolved", "accepted": "confirmed"}
"""States of the register in the import's words: only proof resolves, and accepting is no dismissal."""
_LONGEST = 32_000
"""Characters in a cell; the format allows 32,767."""

Cell = str | bool


def audit_name(entry: ListEntry) -> str:
    """Return the end of the file's name for a list."""
    return f"ciso-assistant.{entry.id}.xlsx"


def write_audit(content: Content, entry: ListEntry) -> bytes:
    """Return one line per requirement of a list, to be imported as an audit of its framework."""
    rows = [row for group in entry.groups for row in group.rows]
    return _sheet(AUDIT, (_row(content, entry, row) for row in rows))


def write_followup(content: Content) -> bytes:
    """Return one line per finding, to be imported as a findings follow-up."""
    return _sheet(FINDINGS, (_finding(content, finding) for finding in content.model.findings))


def _row(content: Content, entry: ListEntry, row: RequirementRow) -> tuple[Cell, ...]:
    result = RESULTS.get(row.state, "not_assessed")
    progress = "done" if result in _DONE else "to_do" if result == "not_assessed" else "in_progress"
    answer = row.answer
    said = [answer.note, answer.reason, answer.equivalent, answer.answered_by] if answer else []
    notes = [content.label("state", row.state.value), *map(content.say, (row.set_aside, *row.reasons)), *said]
    seen = [f"{finding.code}: {content.say(finding.title)}" for finding in row.against]
    return (
        "", True, ref_id(row.requirement), row.clause, content.say(row.text), result, progress, "", "", "",
        " / ".join(filter(None, [*notes, *seen])),
    )  # fmt: skip


def ref_id(requirement: str) -> str:
    """Return a row's id in the letters of the library: points đ are `dd` there."""
    return requirement.replace("đ", "dd").replace("Đ", "DD")


def _finding(content: Content, finding: FindingEntry) -> tuple[Cell, ...]:
    work = content.work_on(finding.identity)
    told = [content.say(finding.explanation), content.say(finding.risk), content.say(finding.remediation)]
    facts = [finding.target, finding.place, *(content.evidence(fact) for fact in finding.evidence)]
    return (
        finding.code, content.say(finding.title), " / ".join(filter(None, told)), _SEVERITIES[finding.severity],
        _WORK.get(work.item.state.value, "identified") if work else "identified", f"secaudit|{finding.area}",
        work.item.due.isoformat() if work and work.item.due else "", " / ".join(filter(None, facts)),
    )  # fmt: skip


def _sheet(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    buffer = BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
    book = Workbook(buffer, {"in_memory": True, **options})
    page = book.add_worksheet("import")
    for number, row in enumerate([heads, *rows]):
        for column, value in enumerate(row):
            if isinstance(value, bool):
                page.write_boolean(number, column, value)
            elif text := one_line(value):
                page.write_string(number, column, text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")
    book.close()
    return buffer.getvalue()
