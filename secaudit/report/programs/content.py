"""What every writer of this room is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from secaudit.i18n import catalogue
from secaudit.model.base import Text
from secaudit.model.remediation import RegisterEntry
from secaudit.model.words import RowState
from secaudit.report.format import Formatter, zone_of
from secaudit.report.labels import EVIDENCE, LABELS
from secaudit.report.model import EvidenceLine, FindingEntry, ListEntry, ReportModel, RequirementRow


@dataclass(frozen=True)
class Content:
    """The report, the register beside it, and the language.

    Attributes:
        language: `vi` or `en`, for formats that hold one.
        register: the remediation register of the system, empty where nobody keeps one.
    """

    model: ReportModel
    language: str
    register: Sequence[RegisterEntry] = ()

    def say(self, text: Text | None) -> str:
        """Return a text in the language of the export; nothing for None."""
        return text.in_language(self.language) if text else ""

    def words(self, message: str, **params: object) -> str:
        """Return a marked sentence with its placeholders filled."""
        text = catalogue("report", self.language).gettext(message)
        return text.format(**params) if params else text

    def label(self, table: str, word: str) -> str:
        """Return the word for a code, the code itself where there is none."""
        known = LABELS[table].get(word)
        return self.words(known) if known else word

    def evidence(self, fact: EvidenceLine) -> str:
        """Return a fact as `name: value, value`, with how many values were left out."""
        known = EVIDENCE.get(fact.key)
        values = ", ".join(str(value) for value in fact.values)
        return f"{self.words(known) if known else fact.key}: {values}" + (f" [+{fact.omitted}]" * bool(fact.omitted))

    @property
    def zone(self) -> tzinfo:
        """Return the time zone that all times are shown in."""
        return zone_of(self.model.made_at)

    @property
    def formatter(self) -> Formatter:
        """Return the writer of numbers and dates."""
        return Formatter(self.language, self.zone)

    @property
    def looked_at(self) -> datetime:
        """Return when the scan was over, or when it began where it never ended."""
        return self.model.scan.finished_at or self.model.scan.started_at

    def rows(self) -> list[tuple[ListEntry, RequirementRow]]:
        """Return every row with its list, in the order of the report."""
        return [(entry, row) for entry in self.model.lists for group in entry.groups for row in group.rows]

    def work_on(self, subject: str) -> RegisterEntry | None:
        """Return the work on a finding's identity or a `checklist:row`, None where there is none."""
        return next((work for work in self.register if work.item.subject == subject), None)

    def findings_by_code(self) -> dict[str, FindingEntry]:
        """Return the findings by their short code."""
        return {finding.code: finding for finding in self.model.findings}


def is_open(row: RequirementRow) -> bool:
    """Tell whether work is left on a row: it binds, it applies, and it is not met."""
    return row.counted and row.state not in (RowState.MET, RowState.NOT_APPLICABLE)
