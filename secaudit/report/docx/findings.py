"""Findings and the other outcomes of the scan, as tables of a Word document show them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from secaudit.model.words import Outcome
from secaudit.report.model import CheckEntry, EvidenceLine, FindingEntry, ReportModel
from secaudit.report.wording import Wording

_KINDS = ("general", "nginx", "apache", "iis")


def finding_words(report: ReportModel, say: Wording) -> dict[str, Any]:
    """Return the findings, and what was checked without a fault or without a conclusion."""
    by_result: dict[Outcome, list[CheckEntry]] = {result: [] for result in Outcome}
    for entry in report.other_outcomes:
        by_result[entry.result].append(entry)
    return {
        "findings": [_finding(finding, report.server, say) for finding in report.findings],
        "passed": [
            {"area": f"{say.label('area', area)} ({len(members)})", "titles": _titles(members, say) + "."}
            for area, members in _by_area(by_result[Outcome.PASS])
        ],
        "unclear": _unclear(by_result[Outcome.INCONCLUSIVE], say),
        "moot": [
            ": ".join(filter(None, (say.text(entry.title), say.text(entry.reason))))
            for entry in by_result[Outcome.NOT_APPLICABLE]
        ],
    }


def _by_area(entries: list[CheckEntry]) -> list[tuple[str, list[CheckEntry]]]:
    areas: dict[str, list[CheckEntry]] = {}
    for entry in entries:
        areas.setdefault(entry.area, []).append(entry)
    return list(areas.items())


def _titles(entries: list[CheckEntry], say: Wording) -> str:
    return "; ".join(dict.fromkeys(say.text(entry.title) for entry in entries))


def _unclear(entries: list[CheckEntry], say: Wording) -> list[dict[str, str]]:
    ordered = sorted(entries, key=lambda entry: say.text(entry.reason))
    grouped = groupby(ordered, key=lambda entry: say.text(entry.reason))
    return [{"reason": reason, "titles": _titles(list(members), say)} for reason, members in grouped]


def _finding(finding: FindingEntry, server: str, say: Wording) -> dict[str, Any]:
    place = finding.place if finding.place and finding.place not in finding.target else ""
    own = [kind for kind in _KINDS if kind in finding.fixes and (kind == "general" or not server or kind == server)]
    fixes = [{"on": say.label("fix", kind), **_fix(finding, kind, say)} for kind in own]
    if "provider" in finding.fixes:
        ask = say.gettext("Page hosted by others: what to ask the provider")
        fixes.insert(0, {"on": ask, **_fix(finding, "provider", say)})
    rows = [f"{ref.clause} {say.text(ref.text)} ({say.text(ref.why)})" for ref in finding.requirements]
    if not rows and finding.unmapped:
        rows = [" ".join((say.gettext("None is linked:"), say.text(finding.unmapped)))]
    return {
        "code": finding.code,
        "severity": say.label("severity", finding.severity),
        "area": say.label("area", finding.area),
        "title": say.text(finding.title),
        "where": " – ".join(filter(None, (finding.target, place))),
        "seen": [_seen(line, say) for line in finding.evidence],
        "explanation": say.text(finding.explanation),
        "risk": say.text(finding.risk),
        "remediation": say.text(finding.remediation),
        "responsible": say.label("responsible", finding.responsible),
        "clauses": ", ".join(dict.fromkeys(ref.clause for ref in finding.requirements)),
        "fixes": fixes,
        "requirements": rows,
        "references": list(finding.references),
    }


def _fix(finding: FindingEntry, kind: str, say: Wording) -> dict[str, str]:
    fix = finding.fixes[kind]
    return {"text": say.text(fix.text), "code": fix.code}


def _seen(line: EvidenceLine, say: Wording) -> str:
    values = ", ".join(say.scalar(value) for value in line.values)
    more = say.ngettext("and %(count)s more", "and %(count)s more", line.omitted) if line.omitted else ""
    return f"{say.evidence_label(line.key)}: {values} {more}".rstrip()
