"""`secaudit report protection`: the draft of a protection plan, with a list of what it lacks and whom to ask."""

from __future__ import annotations

from datetime import UTC, datetime

from secaudit.cli.common import Session
from secaudit.cli.report_writing import Wish, chosen_formats, finish, officer_file, write_blank

FORMATS = ("docx", "html", "pdf", "json")


def run(session: Session, wish: Wish) -> int:
    """Write the draft, or say what it lacks; ends with 1 when `--check` finds something missing."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.protection import protection_draft
    from secaudit.model.base import Reason
    from secaudit.report.official.blank import blank_file
    from secaudit.report.official.writing import official_writers
    from secaudit.report.protection.facts import ProtectionFile
    from secaudit.report.protection.words import missing_words, protection_words
    from secaudit.store.workspace import Workspace

    formats = chosen_formats(wish, FORMATS)
    knowledge, now = Knowledge(), datetime.now(UTC)
    if wish.blank_file is not None:
        write_blank(wish.blank_file, blank_file("protection", now.astimezone().year))
        return 0
    officer = officer_file(wish.profile_file, ProtectionFile, knowledge, session, lambda data: ())
    with Workspace.open(session.workspace) as workspace:
        plan = protection_draft(workspace, knowledge, officer, now)
    lines = [Reason(code="protection-gap-line", params=dict(line)) for line in missing_words(plan, knowledge.render)]
    writers = official_writers("protection", protection_words(plan, knowledge.render), plan, now, wish.template)
    folder = session.workspace / "reports"
    stem = f"phuong-an-{plan.as_of.isoformat()}"
    return finish(
        session, wish, "protection", formats, lambda name: wish.output or folder / f"{stem}.{name}", writers,
        [knowledge.render(line, session.language) for line in lines], draft=True,
    )  # fmt: skip
