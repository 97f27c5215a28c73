"""`secaudit report province`: one report over the systems of a workspace, or over the reports that communes sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from secaudit.cli.common import Session, say, tell
from secaudit.cli.report_writing import Wish, chosen_formats, name_written, write_all
from secaudit.cli.words import share
from secaudit.i18n import mark, translate

if TYPE_CHECKING:
    from secaudit.report.province.facts import Province

FORMATS = ("html", "pdf", "xlsx", "json")


def run(session: Session, wish: Wish) -> int:
    """Write the overview; ends with 3 when a file does not count, so that the result is not complete."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.portfolio import rule_in_force
    from secaudit.app.province import province_from_files, province_from_workspace
    from secaudit.cli.faults import shown_faults
    from secaudit.report.province.html import render_province
    from secaudit.store.workspace import Workspace

    formats = chosen_formats(wish, FORMATS)
    knowledge, now = Knowledge(), datetime.now(UTC)
    with shown_faults(knowledge, session):
        in_force = rule_in_force(session.workspace, knowledge)
    if wish.source is None:
        with Workspace.open(session.workspace) as workspace:
            model = province_from_workspace(workspace, knowledge, in_force, now)
    else:
        model = province_from_files(wish.source, knowledge, in_force, _office(session), now)

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
    figure = model.solution
    name_written(
        session, "province", paths, systems=len(model.systems), scanned=len(model.ranked), have=figure.have,
        counted=figure.all, left_out=figure.left_out, rule=[one.in_language(session.language) for one in
        figure.conditions], seals={state.value: count for state, count in model.seals.items()}, unused=unused,
        older=model.older,
    )  # fmt: skip
    for one in unused:
        tell(mark("This file does not count: {file}: {why}"), **one)
    if not session.json_to:
        _say_figures(session, model)
    return 3 if model.unused else 0


def _say_figures(session: Session, model: Province) -> None:
    from secaudit.app.portfolio import OWN_RULE

    figure, seals = model.solution, model.seals
    say(mark("{all} systems, {scanned} of them scanned."), all=len(model.systems), scanned=len(model.ranked))
    kinds = " / ".join(one.in_language(session.language) for one in figure.kinds_named)
    say(mark("The level-3 solution: {have} of {all} ({share}) of: {kinds}."), have=figure.have, all=figure.all,
        share=share(figure.share), kinds=kinds)  # fmt: skip
    origin = mark("the office's own, {file}") if figure.own else mark("the program's default")
    say(mark("Rule ({origin}): a system has the solution when {conditions}."),
        origin=translate(origin).format(file=OWN_RULE),
        conditions="; ".join(one.in_language(session.language) for one in figure.conditions))  # fmt: skip
    if seals:
        say(mark("Sealed and signed: {signed}; sealed, not signed: {unsigned}; signature not checked: {unchecked}; "
                 "not sealed: {unsealed}."), **{state.value: count for state, count in seals.items()})  # fmt: skip


def _office(session: Session) -> str:
    """Return the name of the office whose workspace is at hand; with communes' files none is needed."""
    from secaudit.store.workspace import Workspace

    if not Workspace.exists(session.workspace):
        return ""
    with Workspace.open(session.workspace) as workspace:
        return workspace.registry.organisation().name
