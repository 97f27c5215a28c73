"""The part of the report model that holds what other tools found."""

from __future__ import annotations

from secaudit.model.base import Frozen, Instant


class ImportedEntry(Frozen):
    """One result of another tool, in its own words.

    Attributes:
        evidence: an excerpt, lines of text.
    """

    rule: str
    title: str
    severity: str
    target: str
    evidence: str


class ImportEntry(Frozen):
    """One imported file.

    Attributes:
        scan: id of the scan that it was stored as.
        made_at: when the tool ran by its own account.
        facts: observations in it that checks can judge (ports, TLS); they are not among the findings of this report.
        severities: number of results by the tool's own word for how grave they are.
        omitted: results that are not shown.
    """

    scan: str
    tool: str
    tool_version: str
    file_name: str
    sha256: str
    made_at: Instant | None
    imported_at: Instant
    facts: int
    severities: dict[str, int]
    findings: tuple[ImportedEntry, ...]
    omitted: int = 0
