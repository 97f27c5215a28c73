"""Everything that a Word template of the combined report may print."""

from __future__ import annotations

from typing import Any

from secaudit.i18n import catalogue
from secaudit.report.docx.findings import finding_words
from secaudit.report.docx.observed import observed_words
from secaudit.report.docx.requirements import requirement_words
from secaudit.report.docx.scope import scope_words
from secaudit.report.docx.summary import head_words, summary_words
from secaudit.report.docx.trend import development_words
from secaudit.report.docx.work import work_words
from secaudit.report.format import Formatter, zone_of
from secaudit.report.model import ReportModel
from secaudit.report.wording import Wording


def combined_words(report: ReportModel, language: str) -> dict[str, Any]:
    """Return the texts of the combined report by field name, in `vi` or `en`; texts only, and lists of texts."""
    say = Wording(catalogue("report", language), Formatter(language, zone_of(report.made_at)))
    parts = (head_words, summary_words, finding_words, observed_words, requirement_words, work_words, scope_words,
             development_words)  # fmt: skip
    return {name: value for part in parts for name, value in part(report, say).items()}
