"""`secaudit report province`: one report over the systems of a workspace, or over the reports that communes sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from secaudit.cli.common import Session, say, tell
from secaudit.cli.report_writing import Wish, chosen_formats, name_written, write_all
from secaudit.i18n import mark

FORMATS = ("html", "pdf", "xlsx", "json")


def run(session: Session, wish: Wish) -> int:
    """Write the overview; ends with 3 when a file does not count, so that the result is not complete."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.province import province_from_files, province_from_workspace
    from secaudit.report.province.html import render_province
    from secaudit.store.workspace import Workspace

    formats = chosen_formats(wish, FORMATS)
    knowledge, now = Knowledge(), datetime.now(UTC)
    if wish.source is None:
        with Workspace.open(session.workspace) as workspace:
            model = province_from_workspace(workspace, knowledge, now)
    else:
        model = province_from_files(wish.source, knowledge, _office(session), now)

    def page() -> str:
        return render_province(model, session.language)

    def data() -> bytes:
        text = json.dumps(model.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2)
        return (text + "\n").encode("utf-8")

    def pdf() -> bytes:
        from secaudit.report.pdf import pdf_bytes

        return pdf_bytes(page(), made_at=model.made_at, attachments={"secaudit-province.json": data()})

    def workbook() -> bytes:
        from secaudit.report.province.workbook import write_province_workbook

        return write_province_workbook(model, session.language)

    writers = {"html": lambda: page().encode("utf-8"), "json": data, "pdf": pdf, "xlsx": workbook}
    folder = session.workspace / "reports"
    name = f"tong-hop-{model.made_at:%Y%m%d}"
    paths = write_all(formats, lambda extension: wish.output or folder / f"{name}.{extension}", writers)
    unused = [{"file": file.name, "why": file.why.in_language(session.language)} for file in model.unused]
    name_written(
        session, "province", paths, systems=len(model.systems), scanned=len(model.ranked), have=model.have,
        unused=unused, older=model.older,
    )  # fmt: skip
    for one in unused:
        tell(mark("This file does not count: {file}: {why}"), **one)
    if not session.json_to:
        say(mark("{all} systems, {scanned} of them scanned; {have} have the solution of level 3."),
            all=len(model.systems), scanned=len(model.ranked), have=model.have)  # fmt: skip
    return 3 if model.unused else 0


def _office(session: Session) -> str:
    """Return the name of the office whose workspace is at hand; with communes' files none is needed."""
    from secaudit.store.workspace import Workspace

    if not Workspace.exists(session.workspace):
        return ""
    with Workspace.open(session.workspace) as workspace:
        return workspace.registry.organisation().name
