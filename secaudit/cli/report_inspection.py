"""`secaudit report inspection`: the evidence list, and the archive with everything that it names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from secaudit.cli.common import Session
from secaudit.cli.report_writing import Wish, chosen_formats, finish, officer_file, write_blank

FORMATS = ("zip", "docx", "html", "pdf", "xlsx", "csv", "json")


def run(session: Session, wish: Wish) -> int:
    """Write list or archive; ends with 1 when a file is missing or changed, or `--check` finds something missing."""
    from secaudit.app.inspection import gather, write_inspection
    from secaudit.app.knowledge import Knowledge
    from secaudit.model.base import Reason
    from secaudit.report.inspection.facts import InspectionFile
    from secaudit.report.inspection.tables import inspection_sheet
    from secaudit.report.inspection.words import inspection_words
    from secaudit.report.official.blank import blank_file
    from secaudit.report.official.writing import official_writers
    from secaudit.report.plan.build import plan_letter_gaps
    from secaudit.report.workbook import Book, Words, csv_bytes
    from secaudit.store.workspace import Workspace

    formats = chosen_formats(wish, FORMATS)
    knowledge, now = Knowledge(), datetime.now(UTC)
    if wish.blank_file is not None:
        write_blank(wish.blank_file, blank_file("inspection", now.astimezone().year))
        return 0
    officer = officer_file(wish.profile_file, InspectionFile, knowledge, session, lambda data: ())
    with Workspace.open(session.workspace) as workspace:
        gathered = gather(workspace, knowledge, officer, now)
    inspection = gathered.inspection
    words = inspection_words(inspection, knowledge.render)
    say = Words(session.language, inspection.made_at.tzinfo or UTC)
    reasons = [Reason(code=f"document-gap-{gap}") for gap in plan_letter_gaps(inspection.letter)]
    for piece in inspection.faults:
        code = "inspection-fault-missing" if piece.fate == "missing" else "inspection-fault-changed"
        reasons.append(Reason(code=code, params={"id": piece.id, "name": piece.name, "sha256": piece.sha256}))
    writers = {
        **official_writers("inspection", words, inspection, now, wish.template),
        "xlsx": lambda: Book(say, str(words["summary"]), now).write([inspection_sheet(inspection, say)]),
        "csv": lambda: csv_bytes(inspection_sheet(inspection, say), say),
    }
    folder = session.workspace / "reports"
    stem = f"ho-so-kiem-tra-{inspection.made_at.date().isoformat()}"

    def place(name: str) -> Path:
        return wish.output or folder / f"{stem}.{name}"

    streamed = []
    if "zip" in formats and not wish.check:
        streamed.append(write_inspection(place("zip"), gathered, knowledge, wish.template))
    ended = finish(
        session, wish, "inspection", [name for name in formats if name != "zip"], place, writers,
        [knowledge.render(reason, session.language) for reason in reasons], draft=inspection.letter.draft,
        streamed=streamed, faults=len(inspection.faults),
    )  # fmt: skip
    return ended or int(bool(inspection.faults))
