"""What a digest tells, and its text. Pure; words of the interface in the current language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from secaudit.i18n import mark, translate
from secaudit.model.base import Frozen, Instant
from secaudit.model.words import Severity
from secaudit.text import printable, visible

_MOST = 20
"""Lines of one kind; the rest is counted, so that a mail stays a mail."""


class NewsLine(Frozen):
    """One finding with what became of it: its title in the digest's language."""

    severity: Severity
    title: str


class PageNews(Frozen):
    """What became of one page since the digest before.

    Attributes:
        scanned_at: when its newest scan began, None where it was never scanned.
        compared_with: when the scan began that it is compared with, None where this is the first.
        gone_unknown: findings of which nobody can say whether they are still there.
        complete: every probe finished its look.
        fault: why it was not scanned this time, empty otherwise.
        report: path of the report that was written, empty for none.
    """

    name: str
    url: str
    scanned_at: Instant | None = None
    compared_with: Instant | None = None
    new: tuple[NewsLine, ...] = ()
    back: tuple[NewsLine, ...] = ()
    fixed: tuple[NewsLine, ...] = ()
    still_open: int = 0
    gone_unknown: int = 0
    complete: bool = True
    fault: str = ""
    report: str = ""


class SystemNews(Frozen):
    """The figures of one system; never one figure without the other.

    Attributes:
        strict, progress: as shares in words, such as `42,1 %`.
    """

    name: str
    strict: str
    progress: str
    met: int
    applicable: int


class OverdueLine(Frozen):
    """Something whose day has passed: evidence of a requirement, or a remediation item.

    Attributes:
        due: None where it never had a usable date.
    """

    id: str
    title: str
    due: date | None = None
    owner: str = ""


class Digest(Frozen):
    """One digest.

    Attributes:
        evidence, items: overdue ones.
        due_soon: requirements whose evidence falls due within 30 days.
    """

    organisation: str
    made_at: Instant
    pages: tuple[PageNews, ...]
    systems: tuple[SystemNews, ...]
    evidence: tuple[OverdueLine, ...] = ()
    items: tuple[OverdueLine, ...] = ()
    due_soon: int = 0

    @property
    def is_news(self) -> bool:
        """Tell whether anything changed, failed or is overdue."""
        of_pages = any(p.new or p.back or p.fixed or p.fault or p.gone_unknown or not p.complete for p in self.pages)
        return of_pages or bool(self.evidence or self.items)


def subject(digest: Digest) -> str:
    """Return the line that stands in the list of mails: figures first."""
    counted = {
        "new": sum(len(page.new) for page in digest.pages),
        "back": sum(len(page.back) for page in digest.pages),
        "fixed": sum(len(page.fixed) for page in digest.pages),
        "overdue": len(digest.evidence) + len(digest.items),
    }
    line = translate(mark("secaudit: {new} new, {back} back again, {fixed} fixed, {overdue} overdue"))
    name = f" – {printable(digest.organisation, 80)}" if digest.organisation else ""
    return line.format(**counted) + name


def text(digest: Digest) -> str:
    """Return the mail's text. Nothing in it is markup, and what a page's server sent is made visible and bounded."""
    return "\n".join(_lines(digest)) + "\n"


def _lines(digest: Digest) -> Iterator[str]:
    if digest.organisation:
        yield printable(digest.organisation)
    yield _sentence(mark("Periodic security check, {moment}"), moment=_time(digest.made_at))
    for page in digest.pages:
        yield ""
        yield from _page(page)
    if digest.systems:
        yield ""
        yield translate(mark("COMPLIANCE"))
    for system in digest.systems:
        line = mark(
            "- {name}: strict {strict} ({met} of {applicable} requirements met); with partial ones at half {progress}"
        )
        yield _sentence(line, **system.model_dump(exclude={"name"}), name=printable(system.name))
    yield from _overdue(mark("EVIDENCE OVERDUE ({count})"), digest.evidence)
    yield from _overdue(mark("REMEDIATION OVERDUE ({count})"), digest.items)
    if digest.due_soon:
        yield ""
        yield _sentence(mark("Within 30 days the evidence of {count} more requirements falls due."),
                        count=digest.due_soon)  # fmt: skip
    yield ""
    yield translate(mark("What could not be checked is not counted as safe. Details: secaudit status."))


def _page(page: PageNews) -> Iterator[str]:
    yield f"{printable(page.name)} – {printable(page.url)}"
    if page.fault:
        yield _sentence(mark("! Not scanned this time: {reason}"), reason=page.fault)
    if page.scanned_at is None:
        yield translate(mark("! Never scanned so far."))
        return
    if page.compared_with is None:
        yield _sentence(mark("First scan: {moment}; there is none to compare with."), moment=_time(page.scanned_at))
    else:
        yield _sentence(
            mark("Scan of {moment}, compared with that of {before}:"),
            moment=_time(page.scanned_at), before=_time(page.compared_with),
        )  # fmt: skip
    if not page.complete:
        yield translate(mark("! Not complete: at least one probe could not finish its look."))
    yield from _news(mark("New ({count}):"), page.new)
    yield from _news(mark("Back again ({count}):"), page.back)
    yield from _news(mark("Fixed ({count}):"), page.fixed)
    yield _sentence(mark("Still open: {count}"), count=page.still_open)
    if page.gone_unknown:
        yield _sentence(mark("Cannot be told whether still there: {count}"), count=page.gone_unknown)
    if page.report:
        yield _sentence(mark("Report: {path}"), path=page.report)


def _news(heading: str, lines: tuple[NewsLine, ...]) -> Iterator[str]:
    if lines:
        yield _sentence(heading, count=len(lines))
    yield from _bounded(f"  [{translate(_SEVERITIES[line.severity])}] {printable(line.title)}" for line in lines)


def _overdue(heading: str, lines: tuple[OverdueLine, ...]) -> Iterator[str]:
    if lines:
        yield ""
        yield _sentence(heading, count=len(lines))
    yield from _bounded(_overdue_line(line) for line in lines)


def _overdue_line(line: OverdueLine) -> str:
    if line.due is None:
        due = translate(mark("no usable date"))
    else:
        due = _sentence(mark("due {day}"), day=f"{line.due:%d/%m/%Y}")
    owner = f" – {printable(line.owner)}" if line.owner else ""
    return f"- {line.id}: {printable(line.title)} ({due}){owner}"


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    every = list(lines)
    yield from every[:_MOST]
    if len(every) > _MOST:
        yield "  " + _sentence(mark("… and {count} more"), count=len(every) - _MOST)


def _sentence(sentence: str, **params: object) -> str:
    shown = {name: visible(value) if isinstance(value, str) else value for name, value in params.items()}
    return translate(sentence).format(**shown)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M %d/%m/%Y}"


_SEVERITIES = {
    Severity.CRITICAL: mark("Critical"),
    Severity.HIGH: mark("High"),
    Severity.MEDIUM: mark("Medium"),
    Severity.LOW: mark("Low"),
    Severity.INFO: mark("Information"),
}
