"""The combined report as a workbook: one sheet for each part."""

from __future__ import annotations

from typing import Any

from secaudit.report.format import visible, zone_of
from secaudit.report.labels import N_
from secaudit.report.model import FindingEntry, ListEntry, ReportModel, RequirementRow
from secaudit.report.record_sheets import evidence_sheet, work_sheet
from secaudit.report.trend.sheet import add_trend_sheet
from secaudit.report.workbook import Book, Sheet, Value, Words


def write_workbook(model: ReportModel, language: str) -> bytes:
    """Return the workbook in `vi` or `en`. Nothing in it is ever a formula, a link or a macro."""
    say = Words(language, zone_of(model.made_at))
    title = f"{say(N_('Cybersecurity inspection report'))} - {visible(model.scan.display_host)}"

    def draw(book: Any) -> None:
        if model.trend is not None:
            add_trend_sheet(book, model.trend, say, say.zone)

    return Book(say, title, model.made_at).write(_Sheets(model, say).all(), draw)


class _Sheets:
    def __init__(self, model: ReportModel, say: Words) -> None:
        self._model, self._say = model, say

    def all(self) -> list[Sheet]:
        return [
            self._summary(), self._requirements(), self._findings(), work_sheet(self._model.work, self._say),
            self._ports(), self._certificates(), evidence_sheet(self._model, self._say),
        ]  # fmt: skip

    def _summary(self) -> Sheet:
        model, standing = self._model, self._model.standing
        rows: list[tuple[Value, ...]] = [
            (self._say(N_("Web page")), model.scan.url),
            (self._say(N_("System")), model.system.name or model.system.id),
            (self._say(N_("Level")), model.system.level),
            (self._say(N_("Operator")), model.system.operator),
            (self._say(N_("Office")), model.organisation.name),
            (self._say(N_("Looked at")), model.scan.started_at),
            (self._say(N_("Report made at")), model.made_at),
            (self._say(N_("Scan")), self._say.label("scan", model.scan.status)),
        ]
        if model.organisation.is_sample:
            rows.append((self._say(N_("Note")), "MẪU / SAMPLE"))
        if model.is_draft:
            gaps = ", ".join(self._say.label("gap", gap) for gap in model.gaps)
            rows.append((self._say(N_("DRAFT")), gaps))
        if standing is not None:
            rows += [
                (self._say(N_("Requirements that apply")), standing.applicable),
                (self._say(N_("Requirements met")), standing.met),
                (self._say(N_("of these by the provider")), standing.met_by_provider),
                (self._say(N_("Requirements partly met")), standing.partial),
                (self._say(N_("Requirements that nobody answered")), standing.unanswered),
                (self._say(N_("Met in full, per cent")), _per_cent(standing.strict)),
                (self._say(N_("Progress, per cent")), _per_cent(standing.progress)),
            ]
        for severity, count in model.severities.items():
            rows.append((f"{self._say(N_('Findings'))}: {self._say.label('severity', severity)}", count))
        rows += [(self._say(N_("Notice")), notice) for notice in model.notices]
        return Sheet(N_("Summary"), ((N_("What"), 38), (N_("Value"), 70)), rows)

    def _requirements(self) -> Sheet:
        heads = (
            (N_("List"), 22), (N_("Group"), 22), (N_("Clause"), 12), (N_("Requirement"), 50),
            (N_("Evidence to keep"), 36), (N_("Who usually does it"), 20), (N_("Counted"), 9), (N_("Status"), 16),
            (N_("Answered by"), 18), (N_("Answered on"), 17), (N_("Evidence of"), 12), (N_("Renew by"), 12),
            (N_("Overdue"), 9), (N_("Spoken against by findings"), 20), (N_("Note"), 36),
            (N_("Done by the provider"), 36), (N_("Provider's profile until"), 14),
        )  # fmt: skip
        rows = (
            self._requirement(entry, f"{group.id} {self._say.inside(group.title)}", row)
            for entry in self._model.lists
            for group in entry.groups
            for row in group.rows
        )
        return Sheet(N_("Requirements"), heads, rows)

    def _requirement(self, entry: ListEntry, group: str, row: RequirementRow) -> tuple[Value, ...]:
        answer = row.answer
        notes = [answer.note, answer.reason, answer.equivalent] if answer else []
        notes += [
            self._say.inside(row.set_aside) if row.set_aside else "",
            *(self._say.inside(reason) for reason in row.reasons),
        ]
        return (
            entry.title, group, row.clause, row.text, row.evidence, self._say.label("responsible", row.responsible),
            row.counted, self._state(row), answer.answered_by if answer else None,
            answer.answered_at if answer else None, answer.evidence_date if answer else None, row.due,
            row.overdue, ", ".join(finding.code for finding in row.against), "\n".join(filter(None, notes)),
            f"{row.inherited.provider}: {row.inherited.how}" if row.inherited else None,
            row.inherited.until if row.inherited else None,
        )  # fmt: skip

    def _state(self, row: RequirementRow) -> str:
        return self._say.label("state", "met-by-provider" if row.inherited and row.state == "met" else row.state)

    def _findings(self) -> Sheet:
        heads = (
            (N_("Code"), 11), (N_("Severity"), 13), (N_("Area"), 20), (N_("Finding"), 36), (N_("Where"), 30),
            (N_("Place"), 18), (N_("What it is"), 40), (N_("Risk"), 36), (N_("What to do"), 40),
            (N_("Who usually does it"), 20), (N_("Requirements"), 18), (N_("Check"), 22),
        )  # fmt: skip
        return Sheet(N_("Findings"), heads, (self._finding(finding) for finding in self._model.findings))

    def _finding(self, finding: FindingEntry) -> tuple[Value, ...]:
        return (
            finding.code, self._say.label("severity", finding.severity), self._say.label("area", finding.area),
            finding.title, finding.target, finding.place, finding.explanation, finding.risk, finding.remediation,
            self._say.label("responsible", finding.responsible),
            ", ".join(dict.fromkeys(ref.clause for ref in finding.requirements)), finding.check,
        )  # fmt: skip

    def _ports(self) -> Sheet:
        heads = (
            (N_("Host"), 34), (N_("Port"), 9), (N_("Protocol"), 10), (N_("Service"), 16), (N_("Product"), 24),
            (N_("Version"), 16), (N_("Learnt from"), 28), (N_("Meant to be open"), 16),
        )  # fmt: skip
        rows = (
            (
                port.host, port.port, port.protocol, port.service, port.product, port.version,
                self._say.label("method", port.method) if port.method else None, port.expected,
            )
            for port in self._model.ports
        )  # fmt: skip
        return Sheet(N_("Ports"), heads, rows)

    def _certificates(self) -> Sheet:
        heads = (
            (N_("Server"), 30), (N_("Place in the chain"), 11), (N_("Subject"), 34), (N_("Issuer"), 34),
            (N_("Names"), 34), (N_("Valid from"), 17), (N_("Valid until"), 17), (N_("Days left"), 10),
            (N_("Key"), 14), (N_("Signature"), 12), (N_("Name fits"), 10), (N_("Trusted by"), 20),
            (N_("Fingerprint (SHA-256)"), 40), (N_("Fault"), 30),
        )  # fmt: skip
        rows = (
            (
                one.endpoint, one.position, one.subject, one.issuer, ", ".join(one.names), one.not_before,
                one.not_after, one.days_left, one.key, one.signature, one.hostname_matches,
                ", ".join(store for store, trusted in one.trust.items() if trusted), one.sha256, one.fault,
            )
            for one in self._model.certificates
        )  # fmt: skip
        return Sheet(N_("Certificates"), heads, rows)


def _per_cent(share: float | None) -> float | None:
    """Return a share of 0 to 1 in per cent, never rounded up to 100 or down to 0."""
    return None if share is None else share * 100
