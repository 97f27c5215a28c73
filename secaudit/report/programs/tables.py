"""Findings and requirements as CSV (RFC 4180), in UTF-8 with a byte order mark so that Excel reads Vietnamese right.

Every cell is one line in quotation marks; text that a spreadsheet could take for a formula gets an apostrophe first.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO

from secaudit.report.labels import N_
from secaudit.report.model import FindingEntry, ListEntry, RequirementRow
from secaudit.report.programs.content import Content
from secaudit.report.programs.plain import cell

Value = str | int | date | None
_FINDINGS = (
    N_("Code"), N_("Severity"), N_("Area"), N_("Finding"), N_("Where"), N_("Place"), N_("What it is"), N_("Risk"),
    N_("What to do"), N_("Who usually does it"), N_("Requirements"), N_("What was seen"), N_("Check"), N_("Identity"),
)  # fmt: skip
_REQUIREMENTS = (
    N_("List"), N_("Clause"), N_("Requirement"), N_("State"), N_("Counts"), N_("Who usually does it"), N_("Answer"),
    N_("Note"), N_("Answered by"), N_("Answered on"), N_("Evidence of"), N_("Renew by"), N_("Overdue"),
    N_("Findings against it"), N_("Why it counts so"), N_("Evidence to keep"), N_("Row"),
)  # fmt: skip


def write_findings(content: Content) -> bytes:
    """Return one line per finding, gravest first."""
    return table(content, _FINDINGS, (_finding(content, finding) for finding in content.model.findings))


def write_requirements(content: Content) -> bytes:
    """Return one line per requirement of every judged list, with its state and answer."""
    return table(content, _REQUIREMENTS, (_row(content, entry, row) for entry, row in content.rows()))


def table(content: Content, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a table as CSV in the language of the export; semicolons in Vietnamese, as Excel there expects."""
    buffer = StringIO(newline="")
    separator = ";" if content.language == "vi" else ","
    writer = csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([content.words(head) for head in heads])
    writer.writerows([_plain(content, value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig", "backslashreplace")


def _plain(content: Content, value: Value) -> str:
    """Return a value as it stands in a cell: days as 2026-11-22, which every spreadsheet reads as a date."""
    if isinstance(value, datetime):
        return value.astimezone(content.zone).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else cell(str(value))


def _finding(content: Content, finding: FindingEntry) -> tuple[Value, ...]:
    return (
        finding.code, content.label("severity", finding.severity.value), content.label("area", finding.area),
        content.say(finding.title), finding.target, finding.place, content.say(finding.explanation),
        content.say(finding.risk), content.say(finding.remediation),
        content.label("responsible", finding.responsible.value),
        ", ".join(dict.fromkeys(ref.clause for ref in finding.requirements)),
        "; ".join(content.evidence(fact) for fact in finding.evidence), finding.check, finding.identity,
    )  # fmt: skip


def _row(content: Content, entry: ListEntry, row: RequirementRow) -> tuple[Value, ...]:
    answer = row.answer
    yes, no = content.words(N_("yes")), content.words(N_("no"))
    notes = [answer.note, answer.reason, answer.equivalent] if answer else []
    reasons = [content.say(text) for text in (row.set_aside, *row.reasons) if text]
    return (
        content.say(entry.title), row.clause, content.say(row.text), content.label("state", row.state.value),
        yes if row.counted else no, content.label("responsible", row.responsible.value),
        content.label("state", answer.value.value) if answer else None, " / ".join(filter(None, notes)),
        answer.answered_by if answer else None, answer.answered_at if answer else None,
        answer.evidence_date if answer else None, row.due, yes if row.overdue else no,
        ", ".join(finding.code for finding in row.against), " / ".join(reasons), content.say(row.evidence),
        f"{entry.id}:{row.requirement}",
    )  # fmt: skip
