"""Word templates given out for the officer to edit, each with the list of its fields."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from secaudit.app.files import write_whole
from secaudit.model.errors import BadInput, message
from secaudit.report.official.docx import shipped_template
from secaudit.report.official.field_list import field_list

KINDS = ("combined", "form08", "annual", "remediation", "protection", "inspection")


def export_templates(kinds: Sequence[str], folder: Path) -> list[Path]:
    """Write the shipped templates and their lists of fields into a folder, and return the paths.

    Raises:
        BadInput: one of the files is there already, in which case none is written, or the folder cannot be written.
    """
    wanted = [(kind, folder / f"{kind}.docx", folder / f"{kind}-cac-truong.docx") for kind in kinds]
    there = [path for _, *paths in wanted for path in paths if path.exists()]
    if there:
        raise BadInput(
            message("{path} is there already; choose another folder, so that nothing is lost."),
            path=", ".join(str(path) for path in there),
        )
    failure = message("{path} could not be written ({detail}).")
    written = []
    for kind, template, fields in wanted:
        written.append(write_whole(template, shipped_template(kind).read_bytes(), failure))
        written.append(write_whole(fields, field_list(kind), failure))
    return written
