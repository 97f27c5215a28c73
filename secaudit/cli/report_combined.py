"""`secaudit report combined`: one scan and the assessments of its system."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from secaudit.cli.common import Session
from secaudit.cli.report_programs import made_for_programs, places
from secaudit.cli.report_writing import Wish, chosen_formats, name_written, write_all
from secaudit.report.programs import FORMATS as FOR_PROGRAMS

if TYPE_CHECKING:
    from secaudit.report.pdf_worker import BackgroundPdf

FORMATS = ("html", "pdf", "docx", "xlsx", "json")


def run(session: Session, wish: Wish) -> int:
    """Judge a stored scan by today's rules and write the combined report."""
    from secaudit.app.judge import assess_system, judge_scan
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation import register
    from secaudit.app.report import default_report_path, report_model, write_report
    from secaudit.report.html import render_html
    from secaudit.report.model import report_json
    from secaudit.report.programs.content import Content
    from secaudit.store.workspace import Workspace

    chosen = chosen_formats(wish, FORMATS + FOR_PROGRAMS)
    formats = [name for name in chosen if name in FORMATS]
    knowledge = Knowledge()
    now = datetime.now(UTC)
    with Workspace.open(session.workspace) as workspace:
        scan_id = workspace.scans.resolve(wish.scan)
        site_id = next(s.site_id for s in workspace.scans.summaries(verifications=True) if s.id == scan_id)
        site = next(s for s in workspace.registry.sites() if s.id == site_id)
        system = next(s for s in workspace.registry.systems() if s.id == site.system)
        judged = judge_scan(workspace.scans.load(scan_id), knowledge)
        assessments = assess_system(workspace, system, [judged], knowledge, now)
        model = report_model(workspace, system, site, judged, assessments, knowledge, now)
        items = register(workspace, knowledge, now, system.id)

    def page() -> str:
        return render_html(model, session.language)

    def data() -> bytes:
        return (json.dumps(report_json(model), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")

    def pdf() -> bytes:
        from secaudit.report.pdf import pdf_bytes

        if behind is not None:
            return behind.result()
        return pdf_bytes(page(), made_at=model.made_at, attachments={"secaudit-report.json": data()})

    def workbook() -> bytes:
        from secaudit.report.xlsx import write_workbook

        return write_workbook(model, session.language)

    def document() -> bytes:
        from secaudit.report.docx.words import combined_words
        from secaudit.report.official.docx import fill_docx

        name = "combined" if session.language == "vi" else "combined-en"
        return fill_docx(name, combined_words(model, session.language), wish.template)

    writers = {"html": lambda: page().encode("utf-8"), "json": data, "pdf": pdf, "docx": document, "xlsx": workbook}
    place = lambda name: wish.output or default_report_path(session.workspace, judged, name)  # noqa: E731
    made = made_for_programs([name for name in chosen if name in FOR_PROGRAMS], Content(model, session.language, items))
    placed = places(made, wish, default_report_path(session.workspace, judged, "json").with_suffix(""))
    behind: BackgroundPdf | None = None
    with contextlib.ExitStack() as stack:
        if "pdf" in formats and len(formats) > 1:
            from secaudit.report.pdf_worker import BackgroundPdf

            attached = {"secaudit-report.json": data()}
            behind = stack.enter_context(BackgroundPdf(page(), made_at=model.made_at, attachments=attached))
            # The other formats are made while it is at work.
            formats = [*(name for name in formats if name != "pdf"), "pdf"]
        written = write_all(formats, place, writers)
    written += [write_report(path, data) for path, data in placed.items()]
    name_written(session, "combined", written)
    return 0
