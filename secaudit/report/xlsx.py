"""The combined report as a workbook: sheets to filter and sum up, numbers as numbers, dates as dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from secaudit.i18n import catalogue
from secaudit.model.base import Text
from secaudit.report.format import visible, zone_of
from secaudit.report.labels import LABELS, N_
from secaudit.report.model import FindingEntry, ListEntry, ReportModel, RequirementRow
from secaudit.report.trend.sheet import add_trend_sheet

Value = str | int | float | date | datetime | bool | Text | None
_LONGEST = 32_000
"""Characters in a cell; the format allows 32,767."""
_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_CELL = {**_FONT, "text_wrap": True, "border": 1, "border_color": "#A6A6A6"}
_FORMATS: dict[str, dict[str, Any]] = {
    "head": {**_CELL, "bold": True, "bg_color": "#14375E", "font_color": "#FFFFFF"},
    "text": _CELL,
    "day": {**_CELL, "num_format": "dd/mm/yyyy", "align": "left"},
    "moment": {**_CELL, "num_format": "dd/mm/yyyy hh:mm", "align": "left"},
}


@dataclass(frozen=True)
class _Sheet:
    """A table: its name, heads with their widths in characters, and its rows."""

    name: str
    heads: Sequence[tuple[str, float]]
    rows: Iterable[Sequence[Value]]


def write_workbook(model: ReportModel, language: str) -> bytes:
    """Return the workbook in `vi` or `en`. Nothing in it is ever a formula, a link or a macro."""
    return _Book(model, language).write()


class _Book:
    def __init__(self, model: ReportModel, language: str) -> None:
        self._model, self._language = model, language
        self._words = catalogue("report", language)
        self._zone = zone_of(model.made_at)
        self._buffer = BytesIO()
        options = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
        self._book = Workbook(self._buffer, {"in_memory": True, **options})
        self._formats = {name: self._book.add_format(wanted) for name, wanted in _FORMATS.items()}

    def write(self) -> bytes:
        title = f"{self._say(N_('Cybersecurity inspection report'))} - {visible(self._model.scan.display_host)}"
        made = self._model.made_at.replace(tzinfo=None)
        self._book.set_properties({"title": title, "author": "secaudit", "created": made})
        for sheet in (self._summary(), self._requirements(), self._findings(), self._ports(), self._certificates()):
            self._table(sheet)
        if self._model.trend is not None:
            add_trend_sheet(self._book, self._model.trend, self._say, self._zone)
        self._book.close()
        return self._buffer.getvalue()

    def _say(self, message: str) -> str:
        return self._words.gettext(message)

    def _label(self, table: str, word: str) -> str:
        known = LABELS[table].get(word)
        return self._say(known) if known else word

    def _table(self, sheet: _Sheet) -> None:
        page = self._book.add_worksheet(self._say(sheet.name))
        page.set_paper(9)
        page.set_landscape()
        page.set_margins(left=0.79, right=0.59, top=0.79, bottom=0.79)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.set_footer("&C&P / &N")
        for column, (head, width) in enumerate(sheet.heads):
            page.set_column(column, column, width)
            page.write_string(0, column, self._say(head), self._formats["head"])
        last = 0
        for last, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row):
                self._put(page, last, column, value)
        page.freeze_panes(1, 0)
        if last:
            page.autofilter(0, 0, last, len(sheet.heads) - 1)

    def _put(self, page: Any, row: int, column: int, value: Value) -> None:
        """Write one value by its kind; whatever is text is written as text."""
        formats = self._formats
        if isinstance(value, bool):
            value = self._say(N_("yes")) if value else self._say(N_("no"))
        if isinstance(value, Text):
            value = value.in_language(self._language)
        if value is None or value == "":
            page.write_blank(row, column, None, formats["text"])
        elif isinstance(value, datetime):
            local = value.astimezone(self._zone).replace(tzinfo=None)
            page.write_datetime(row, column, local, formats["moment"])
        elif isinstance(value, date):
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
        elif isinstance(value, int | float):
            page.write_number(row, column, value, formats["text"])
        else:
            text = visible(value)
            shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
            page.write_string(row, column, shown, formats["text"])

    def _summary(self) -> _Sheet:
        model, standing = self._model, self._model.standing
        rows: list[tuple[Value, ...]] = [
            (self._say(N_("Web page")), model.scan.url),
            (self._say(N_("System")), model.system.name or model.system.id),
            (self._say(N_("Level")), model.system.level),
            (self._say(N_("Operator")), model.system.operator),
            (self._say(N_("Office")), model.organisation.name),
            (self._say(N_("Looked at")), model.scan.started_at),
            (self._say(N_("Report made at")), model.made_at),
            (self._say(N_("Scan")), self._label("scan", model.scan.status)),
        ]
        if model.organisation.is_sample:
            rows.append((self._say(N_("Note")), "MẪU / SAMPLE"))
        if model.is_draft:
            gaps = ", ".join(self._label("gap", gap) for gap in model.gaps)
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
            rows.append((f"{self._say(N_('Findings'))}: {self._label('severity', severity)}", count))
        rows += [(self._say(N_("Notice")), notice) for notice in model.notices]
        return _Sheet(N_("Summary"), ((N_("What"), 38), (N_("Value"), 70)), rows)

    def _requirements(self) -> _Sheet:
        heads = (
            (N_("List"), 22), (N_("Group"), 22), (N_("Clause"), 12), (N_("Requirement"), 50),
            (N_("Evidence to keep"), 36), (N_("Who usually does it"), 20), (N_("Counted"), 9), (N_("Status"), 16),
            (N_("Answered by"), 18), (N_("Answered on"), 17), (N_("Evidence of"), 12), (N_("Renew by"), 12),
            (N_("Overdue"), 9), (N_("Spoken against by findings"), 20), (N_("Note"), 36),
            (N_("Done by the provider"), 36), (N_("Provider's profile until"), 14),
        )  # fmt: skip
        rows = (
            self._requirement(entry, f"{group.id} {self._in(group.title)}", row)
            for entry in self._model.lists
            for group in entry.groups
            for row in group.rows
        )
        return _Sheet(N_("Requirements"), heads, rows)

    def _requirement(self, entry: ListEntry, group: str, row: RequirementRow) -> tuple[Value, ...]:
        answer = row.answer
        notes = [answer.note, answer.reason, answer.equivalent] if answer else []
        notes += [self._in(row.set_aside) if row.set_aside else "", *(self._in(reason) for reason in row.reasons)]
        return (
            entry.title, group, row.clause, row.text, row.evidence, self._label("responsible", row.responsible),
            row.counted, self._state(row), answer.answered_by if answer else None,
            answer.answered_at if answer else None, answer.evidence_date if answer else None, row.due,
            row.overdue, ", ".join(finding.code for finding in row.against), "\n".join(filter(None, notes)),
            f"{row.inherited.provider}: {row.inherited.how}" if row.inherited else None,
            row.inherited.until if row.inherited else None,
        )  # fmt: skip

    def _state(self, row: RequirementRow) -> str:
        return self._label("state", "met-by-provider" if row.inherited and row.state == "met" else row.state)

    def _findings(self) -> _Sheet:
        heads = (
            (N_("Code"), 11), (N_("Severity"), 13), (N_("Area"), 20), (N_("Finding"), 36), (N_("Where"), 30),
            (N_("Place"), 18), (N_("What it is"), 40), (N_("Risk"), 36), (N_("What to do"), 40),
            (N_("Who usually does it"), 20), (N_("Requirements"), 18), (N_("Check"), 22),
        )  # fmt: skip
        return _Sheet(N_("Findings"), heads, (self._finding(finding) for finding in self._model.findings))

    def _finding(self, finding: FindingEntry) -> tuple[Value, ...]:
        return (
            finding.code, self._label("severity", finding.severity), self._label("area", finding.area), finding.title,
            finding.target, finding.place, finding.explanation, finding.risk, finding.remediation,
            self._label("responsible", finding.responsible),
            ", ".join(dict.fromkeys(ref.clause for ref in finding.requirements)), finding.check,
        )  # fmt: skip

    def _ports(self) -> _Sheet:
        heads = (
            (N_("Host"), 34), (N_("Port"), 9), (N_("Protocol"), 10), (N_("Service"), 16), (N_("Product"), 24),
            (N_("Version"), 16), (N_("Learnt from"), 28), (N_("Meant to be open"), 16),
        )  # fmt: skip
        rows = (
            (
                port.host, port.port, port.protocol, port.service, port.product, port.version,
                self._label("method", port.method) if port.method else None, port.expected,
            )
            for port in self._model.ports
        )  # fmt: skip
        return _Sheet(N_("Ports"), heads, rows)

    def _certificates(self) -> _Sheet:
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
        return _Sheet(N_("Certificates"), heads, rows)

    def _in(self, text: Text) -> str:
        return text.in_language(self._language)


def _per_cent(share: float | None) -> float | None:
    """Return a share of 0 to 1 in per cent, never rounded up to 100 or down to 0."""
    return None if share is None else share * 100
