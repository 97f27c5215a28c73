"""How the reading of a workbook is shown: what would change, what conflicts, which cells are bad."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.assess_options import value_word
from secaudit.cli.common import say
from secaudit.cli.dates import local_time
from secaudit.cli.words import state_word
from secaudit.export.workbook.columns import HEADS
from secaudit.export.workbook.compare import Fate
from secaudit.export.workbook.reading import Fault
from secaudit.i18n import mark, translate
from secaudit.model.words import AnswerValue, RowState
from secaudit.text import printable

if TYPE_CHECKING:
    from secaudit.app.workbook_import import Imported
    from secaudit.app.workbook_plan import Change, Plan

_HEADINGS = {head.key: head.text for head in HEADS}


def show_plan(plan: Plan) -> None:
    """Print what would become of the rows, conflicts and bad cells last, so that they are seen."""
    exported = local_time(plan.identity.at) if plan.identity.at else plan.identity.exported_at
    say(mark("{file}: system {system}, checklist {checklist}, exported {time}."), file=plan.file.name,
        system=plan.system.name, checklist=plan.checklist.id, time=printable(exported))  # fmt: skip
    if plan.with_macros:
        say(mark("The workbook has macros; they were not read."))
    if plan.open_elsewhere:
        say(mark("! The workbook is open in a spreadsheet program; what is not saved yet was not read."))
    if plan.changes:
        say(mark("To be written ({count}):"), count=len(plan.changes))
    for change in plan.changes:
        before = _word(change.before.value if change.before else None)
        click.echo(f"  {change.row.id}  {_place(change.sheet, change.cell)}: {before} → {_word(change.after.value)}"
                   f"{_details(change)}")  # fmt: skip
    if plan.borrowed:
        say(mark("! {count} changed rows still bear the name of whoever answered before; if somebody else answers now, "
                 "correct the column “Answered by”: {rows}"), count=len(plan.borrowed),
            rows=", ".join(plan.borrowed))  # fmt: skip
    for notice in plan.notices:
        click.echo(f"! {_sentence(notice)}")
    _show_rest(plan)
    if plan.conflicts:
        say(mark("Conflicts, left alone ({count}): changed in the sheet and, since the export, in the workspace."),
            count=len(plan.conflicts))  # fmt: skip
    for change in plan.conflicts:
        _show_conflict(change)
    if plan.conflicts:
        say(mark("Agree on each; export again and fill in what holds, or let the sheet win with --prefer sheet."))
    if plan.faults:
        say(mark("Cells to be put right ({count}):"), count=len(plan.faults))
    for fault in plan.faults:
        click.echo(f"  {_sentence(fault)}")


def _show_rest(plan: Plan) -> None:
    counts = plan.counts
    say(
        mark("Unchanged in the sheet: {unchanged}. In the workspace already: {same}. Answer emptied or row deleted, "
             "which takes nothing back: {gone}."),
        unchanged=counts.get(Fate.UNCHANGED, 0), same=counts.get(Fate.SAME, 0),
        gone=counts.get(Fate.EMPTIED, 0) + plan.left_out,
    )  # fmt: skip


def _show_conflict(change: Change) -> None:
    place = _place(change.sheet, change.cell)
    stored = change.before
    who = f", {stored.answered_by}, {local_time(stored.answered_at)}" if stored else ""
    stands = translate(mark("in the sheet: {sheet}; in the workspace: {stored}{details}")).format(
        sheet=_word(change.after.value), stored=_word(stored.value if stored else None) + printable(who),
        details=_details(change),
    )  # fmt: skip
    click.echo(f"  {change.row.id}  {place}: {stands}")


def show_written(done: Imported) -> None:
    """Print what was stored."""
    say(mark("Written: {count} answers, together."), count=len(done.written))
    if done.overtaken:
        say(mark("Left out, as somebody answered them in this very moment: {rows}. Export again to see what stands."),
            rows=", ".join(done.overtaken))  # fmt: skip
    say(mark("Before you go on filling in, export again: this file still knows only what stood at its export."))


def as_json(plan: Plan, done: Imported | None) -> dict[str, Any]:
    """Return a plan, and what was stored of it, as data."""
    return {
        "schema": "secaudit.workbook-import/1",
        "file": str(plan.file),
        "system": plan.system.id,
        "checklist": plan.checklist.id,
        "exported_at": plan.identity.exported_at,
        "macros": plan.with_macros,
        "open_elsewhere": plan.open_elsewhere,
        "changes": [_change_json(change) for change in plan.changes],
        "conflicts": [_change_json(change) for change in plan.conflicts],
        "faults": [_fault_json(fault) for fault in plan.faults],
        "notices": [_fault_json(notice) for notice in plan.notices],
        "borrowed": list(plan.borrowed),
        "counts": {fate.value: plan.counts.get(fate, 0) for fate in Fate},
        "left_out": plan.left_out,
        "written": list(done.written) if done else [],
        "overtaken": list(done.overtaken) if done else [],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "requirement": change.row.id,
        "sheet": change.sheet,
        "cell": change.cell,
        "before": change.before.model_dump(mode="json") if change.before else None,
        "after": asdict(change.after),
        "changed": list(change.fields),
    }


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {
        "sheet": fault.sheet,
        "cell": fault.cell,
        "requirement": fault.requirement or None,
        "text": translate(fault.sentence).format(**fault.params),
    }


def _sentence(fault: Fault) -> str:
    said = translate(fault.sentence).format(**fault.params)
    requirement = f" ({fault.requirement})" if fault.requirement else ""
    return printable(f"{_place(fault.sheet, fault.cell)}{requirement}: {said}", 600)


def _place(sheet: str, cell: str) -> str:
    return printable(f"{sheet}!{cell}")


def _word(value: AnswerValue | None) -> str:
    return value_word(value) if value else state_word(RowState.UNASSESSED)


def _details(change: Change) -> str:
    """Return the names of the other columns in which sheet and workspace differ, in brackets."""
    named = [translate(_HEADINGS[name]).partition(" (")[0] for name in change.fields if name != "value"]
    return f" ({', '.join(named)})" if named else ""
