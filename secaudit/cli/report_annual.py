"""`secaudit report annual`: the yearly progress report of the commune's plan."""

from __future__ import annotations

from datetime import UTC, datetime

from secaudit.cli.common import Session, say
from secaudit.cli.report_writing import Wish, chosen_formats, finish, officer_file, write_blank
from secaudit.i18n import mark

FORMATS = ("docx", "pdf", "json")


def run(session: Session, wish: Wish) -> int:
    """Write the report, or say what it lacks; ends with 1 when `--check` finds something missing."""
    from secaudit.app.annual import annual_report
    from secaudit.app.knowledge import Knowledge
    from secaudit.model.base import Reason
    from secaudit.report.annual.facts import AnnualFile
    from secaudit.report.annual.words import annual_words
    from secaudit.report.official.blank import blank_annual
    from secaudit.report.official.letter import letter_gaps
    from secaudit.report.official.writing import official_writers
    from secaudit.store.workspace import Workspace

    formats = chosen_formats(wish, FORMATS)
    knowledge, now = Knowledge(), datetime.now(UTC)
    if wish.blank_file is not None:
        write_blank(wish.blank_file, blank_annual(now.astimezone().year))
        return 0
    officer = officer_file(wish.profile_file, AnnualFile, knowledge, session, lambda data: ())
    with Workspace.open(session.workspace) as workspace:
        report = annual_report(workspace, knowledge, officer, now)
    gaps = letter_gaps(report.letter)
    missing = [knowledge.render(Reason(code=f"document-gap-{gap}"), session.language) for gap in gaps]
    words = annual_words(report, knowledge.render)
    writers = official_writers("annual", words, report, now, wish.template)
    folder = session.workspace / "reports"
    ended = finish(
        session, wish, "annual", formats, lambda name: wish.output or folder / f"bao-cao-nam-{report.year}.{name}",
        writers, missing, draft=report.letter.draft, due=report.deadline.isoformat(),
    )  # fmt: skip
    if not session.json_to:
        days = (report.deadline - report.as_of).days
        late = mark("Due before {day}; that was {days} days ago.")
        ahead = mark("Due before {day}; {days} days are left.")
        say(ahead if days > 0 else late, day=report.deadline.strftime("%d/%m/%Y"), days=abs(days))
    return ended
