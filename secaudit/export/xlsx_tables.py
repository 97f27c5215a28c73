"""What stands in the tables of the workbook: columns and the words in their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from secaudit.export.content import Content
from secaudit.export.words import CONFIRMED, NATURES, OBLIGATIONS, RESPONSIBLE, Words
from secaudit.i18n import mark
from secaudit.model.requirement import CheckLink, Requirement
from secaudit.text import one_line

NEW = {True: mark("New or stricter"), False: mark("As before")}
CONTRADICTS = mark("Contradicts")
SUPPORTS = mark("Supports")
CHECKS_SHEET = mark("Checks")
_MOST_CHECKS = 12
"""More check ids than these make a row taller than a spreadsheet program can show (409 points)."""


@dataclass(frozen=True)
class Column:
    """A column over rows of type `Requirement`.

    Attributes:
        head: its heading, in the language of the workbook.
        width: in characters of the normal font.
        value: what stands in a row's cell.
    """

    head: str
    width: float
    value: Callable[[Requirement], str]


def requirement_columns(content: Content, words: Words) -> list[Column]:
    """Return the columns of the working sheet: what is asked, what it means, what to keep, how often, who."""
    return [
        Column(words(mark("Group")), group_width(content), lambda row: row.group),
        Column(words(mark("Clause")), 11, content.label),
        Column(words(mark("Requirement")), 38, lambda row: content.say(row.text)),
        Column(words(mark("What it means here")), 40, lambda row: content.say(row.meaning)),
        Column(words(mark("Evidence to keep")), 42, lambda row: _evidence(row, content, words)),
        Column(words(mark("Period, deadline, figures")), 24, lambda row: _figures(row, content, words)),
        Column(words(mark("Obligation")), 10.5, lambda row: words(OBLIGATIONS[row.obligation])),
        Column(words(mark("Usually done by")), 13, lambda row: words(RESPONSIBLE[row.responsible])),
    ]


def reference_columns(content: Content, words: Words) -> list[Column]:
    """Return the columns of the sheet to look things up in: nature, condition, crosswalks, checks, provenance."""
    crosswalks = [
        Column(content.list_title(other), 17, partial(_clauses, other)) for other in content.crosswalk_lists()
    ]
    return [
        Column(words(mark("Group")), group_width(content), lambda row: row.group),
        Column(words(mark("Clause")), 11, content.label),
        Column(words(mark("Requirement")), 34, lambda row: content.say(row.text)),
        Column(words(mark("Nature")), 12, lambda row: words(NATURES[row.nature])),
        Column(words(mark("Against the level below")), 11, lambda row: words(NEW[row.new_at_level])),
        Column(words(mark("Applies when")), 20, lambda row: _condition(row, content, words)),
        *crosswalks,
        Column(words(mark("Spoken against by")), 20, lambda row: _checks(row.contradicted_by, words)),
        Column(words(mark("Supported by")), 16, lambda row: _checks(row.supported_by, words)),
        Column(words(mark("Sources")), 17, lambda row: _sources(row, words)),
        Column(words(mark("Open points")), 28, lambda row: "\n".join(map(content.say, row.provenance.open_points))),
        Column(words(mark("Name in the program")), 12, lambda row: row.id),
    ]


def check_heads(content: Content, words: Words) -> list[tuple[str, float]]:
    """Return heading and width of the columns of the sheet of checks."""
    return [
        (words(mark("Group")), group_width(content)),
        (words(mark("Clause")), 11),
        (words(mark("Check")), 28),
        (words(mark("What the check finds")), 44),
        (words(mark("Effect")), 14),
        (words(mark("Why")), 76),
    ]


def group_width(content: Content) -> float:
    """Return the width of the column of groups, whose ids are numbers in a standard and words elsewhere."""
    return max(6, 1.5 + max(len(group.id) for group in content.checklist.groups))


def check_rows(row: Requirement, content: Content, words: Words) -> Iterator[list[str]]:
    """Yield one line for each check that informs a row."""
    for effect, links in ((CONTRADICTS, row.contradicted_by), (SUPPORTS, row.supported_by)):
        for link in links:
            found = content.check_title(link.check)
            yield [row.group, content.label(row), link.check, found, words(effect), content.say(link.reason)]


def _clauses(other: str, row: Requirement) -> str:
    return ", ".join(row.crosswalk.get(other, ()))


def _evidence(row: Requirement, content: Content, words: Words) -> str:
    example = words(mark("Example: {text}"), text=content.say(row.example)) if row.example else ""
    return _lines(content.say(row.evidence), example)


def _figures(row: Requirement, content: Content, words: Words) -> str:
    equivalent = words(mark("An equivalent measure is allowed")) if row.equivalent else ""
    figures = [one_line(words.threshold(threshold)) for threshold in row.thresholds]
    return _lines(words.period(row.period), content.say(row.deadline), *figures, equivalent)


def _condition(row: Requirement, content: Content, words: Words) -> str:
    if not row.condition:
        return words(mark("Always"))
    return content.say(content.questions.get(row.condition)) or row.condition


def _checks(links: tuple[CheckLink, ...], words: Words) -> str:
    if len(links) > _MOST_CHECKS:
        return words(mark("{count} checks, see the sheet “{sheet}”"), count=len(links), sheet=words(CHECKS_SHEET))
    return "\n".join(link.check for link in links)


def _sources(row: Requirement, words: Words) -> str:
    return f"{', '.join(row.provenance.sources)} ({words(CONFIRMED[row.provenance.confirmed])})"


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
