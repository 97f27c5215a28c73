"""Exporting and comparing checklists: shipped ones by id, the user's own by file."""

from __future__ import annotations

from pathlib import Path

from secaudit.app.files import write_whole
from secaudit.app.knowledge import Knowledge
from secaudit.checklist.difference import Revision, Transition, difference
from secaudit.export.content import Content
from secaudit.model.base import Language
from secaudit.model.errors import BadInput, message
from secaudit.model.requirement import Checklist

EXTENSIONS = {"xlsx": ".xlsx", "json": ".json", "oscal": ".json", "ciso-assistant": ".yaml"}
"""Formats of an export, and how their files end."""


def named_checklist(knowledge: Knowledge, name: str) -> Checklist:
    """Return a checklist by id or, where `name` ends in .yaml or .yml, from a file.

    Raises:
        BadInput: no checklist has that id, or the file cannot be opened.
        FaultyFile: the file has faults.
    """
    if not name.lower().endswith((".yaml", ".yml")):
        return knowledge.checklist(name)
    from secaudit.checklist.validate import checked_checklist

    return checked_checklist(Path(name), knowledge)


def compare_checklists(knowledge: Knowledge, old: str, new: str) -> Transition | Revision:
    """Return what changes from one checklist to another. Raises as `named_checklist` and `difference`."""
    return difference(named_checklist(knowledge, old), named_checklist(knowledge, new), knowledge.checklists)


def export_content(knowledge: Knowledge, checklist: Checklist, language: Language) -> Content:
    """Return a checklist together with the words of other data that it names."""
    content = Content(
        checklist,
        language,
        questions={question.id: question.text for question in knowledge.profile.questions},
        checks={check: text.title for check, text in knowledge.texts.items()},
    )
    named = {*content.crosswalk_lists(), *checklist.replaces} & set(knowledge.shipped_ids)
    titles = {other: knowledge.checklist(other).title for other in sorted(named)}
    return Content(content.checklist, language, content.questions, content.checks, titles)


def export_checklist(content: Content, form: str, output: Path | None, *, overwrite: bool = False) -> list[Path]:
    """Write a checklist in one of the formats of `EXTENSIONS`.

    Args:
        content: what to write.
        form: key of `EXTENSIONS`.
        output: the file; None puts it into the current folder under the checklist's name.
        overwrite: replace files that are there; people write notes into workbooks.

    Returns:
        The files written: one, and for OSCAL the catalog and beside it the profile.

    Raises:
        BadInput: a file is there already, or cannot be written.
    """
    first = output or Path(content.checklist.id + EXTENSIONS[form])
    files = _rendered(content, form, first)
    for path in files:
        if path.exists() and not overwrite:
            raise BadInput(
                message("{path} exists already. Choose another file with --output, or replace it with --force."),
                path=str(path),
            )
    failure = message("{path} could not be written ({detail}). Close it in other programs or choose another file.")
    return [write_whole(path, data, failure) for path, data in files.items()]


def _rendered(content: Content, form: str, first: Path) -> dict[Path, bytes]:
    if form == "xlsx":
        from secaudit.export.xlsx import write_xlsx

        return {first: write_xlsx(content)}
    if form == "oscal":
        from secaudit.export.oscal import write_catalog, write_profile

        profile = first.with_name(f"{first.stem}-profile{first.suffix}")
        return {first: write_catalog(content), profile: write_profile(content, first.name)}
    if form == "ciso-assistant":
        from secaudit.export.ciso_assistant import write_library

        return {first: write_library(content)}
    from secaudit.export.as_json import write_json

    return {first: write_json(content)}
