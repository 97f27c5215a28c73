"""What changed since the start of the period: figures then and now, and what became of the findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from secaudit.model.base import Frozen, Reason
from secaudit.report.format import Formatter
from secaudit.report.observed import Phrase
from secaudit.report.official.letter import short_date
from secaudit.report.trend.bars import letter_bar
from secaudit.report.trend.facts import FixTime, Movement

_PERCENT = Formatter("vi", dt.UTC).percent


class SystemSince(Frozen):
    """The figures of one system then and now, judged by today's rules; None where nothing was answered by then."""

    name: str
    strict_then: float | None
    progress_then: float | None
    strict_now: float | None
    progress_now: float | None


class Since(Frozen):
    """The comparison of a year.

    Attributes:
        start: day that the figures then are of.
        end: last day that scans are counted of.
        first_scans: pages that no scan had looked at before the start; theirs begin with their first scan.
        movements: by severity, all together last.
        fixed: times to fix of what was put right in the time.
    """

    start: dt.date
    end: dt.date
    systems: tuple[SystemSince, ...]
    first_scans: int
    movements: tuple[Movement, ...]
    fixed: FixTime


def added(parts: Iterable[Sequence[Movement]]) -> tuple[Movement, ...]:
    """Return the movements of several pages as one table, row by row.

    Raises:
        ValueError: the tables have different rows.
    """
    rows = list(zip(*parts, strict=True))
    names = ("before", "new", "back", "fixed", "moot", "now", "unproven")
    return tuple(
        Movement(severity=row[0].severity, **{name: sum(getattr(one, name) for one in row) for name in names})
        for row in rows
    )


def since_words(since: Since, severities: dict[Any, str], phrase: Phrase) -> dict[str, Any]:
    """Return the texts of the annex by field name."""

    def say(code: str, **params: str | int) -> str:
        return phrase(Reason(code=f"annual-since-{code}", params=dict(params)), "vi")

    lines = [say("rules", start=short_date(since.start), end=short_date(since.end))]
    if since.first_scans:
        lines.append(say("first-scans", count=since.first_scans))
    if since.fixed.fixed and since.fixed.median is not None and since.fixed.longest is not None:
        lines.append(
            say(
                "fix-time",
                count=since.fixed.fixed,
                median=_days(since.fixed.median),
                longest=_days(since.fixed.longest),
            )
        )
    greatest = max((max(row.before, row.now) for row in since.movements[:-1]), default=0) or 1
    return {
        "lines": lines,
        "systems": [line for one in since.systems for line in _system(one)],
        "movements": [
            {
                "severity": severities[row.severity] if row.severity else "Cộng",
                **{
                    name: str(getattr(row, name))
                    for name in ("before", "new", "back", "fixed", "moot", "now", "unproven")
                },
                "bar_before": letter_bar(row.before / greatest) if row.severity else "",
                "bar_now": letter_bar(row.now / greatest) if row.severity else "",
            }
            for row in since.movements
        ],
    }


def _system(one: SystemSince) -> list[dict[str, str]]:
    """Return two lines, then and now, so that the bars stand one above the other."""
    return [
        {
            "name": name,
            "when": when,
            "strict": "-" if strict is None else _PERCENT(strict),
            "bar": letter_bar(strict or 0),
            "progress": "-" if progress is None else _PERCENT(progress),
            "bar_progress": letter_bar(progress or 0),
        }
        for name, when, strict, progress in (
            (one.name, "Đầu kỳ", one.strict_then, one.progress_then),
            ("", "Hiện nay", one.strict_now, one.progress_now),
        )
    ]


def _days(amount: float) -> str:
    return str(round(amount)) if amount >= 1 else "chưa đến 1"
