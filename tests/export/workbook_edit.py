"""Opening a workbook as a person would: changing cells by what stands in the headings, saving it again."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.app.workbook_export import filling_of
from secaudit.export.workbook.book import write_workbook
from secaudit.export.workbook.columns import PREFIX
from secaudit.export.workbook.filling import Filling
from secaudit.model.base import Language
from secaudit.store.workspace import Workspace
from tests.export.sample import STANDARD, knowledge
from tests.store import facts

FIRST_ROW = 5


def filling(workspace: Workspace, language: Language = "vi", **choices: Any) -> Filling:
    return filling_of(
        workspace, knowledge(), facts.SYSTEM, knowledge().checklist(STANDARD), language, facts.NOW, **choices
    )  # fmt: skip


def exported(workspace: Workspace, path: Path, language: Language = "vi", **choices: Any) -> Path:
    """Write the workbook of the standard and return its path."""
    path.write_bytes(write_workbook(filling(workspace, language, **choices)))
    return path


class Editor:
    """An open workbook.

    Attributes:
        sheet: the list, or the first sheet of a group.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book: Workbook = load_workbook(BytesIO(path.read_bytes()))
        self.sheet: Worksheet = self.book.worksheets[1]

    def column(self, key: str) -> int:
        return next(cell.column for cell in self.sheet[1] if cell.value == PREFIX + key)

    def line(self, requirement: str) -> int:
        column = self.column("id")
        return next(n for n in range(FIRST_ROW, self.sheet.max_row + 1)
                    if self.sheet.cell(n, column).value == requirement)  # fmt: skip

    def put(self, requirement: str, **said: Any) -> Editor:
        for key, value in said.items():
            self.sheet.cell(self.line(requirement), self.column(key)).value = value
        return self

    def put_text(self, requirement: str, **said: str) -> Editor:
        """Write texts that begin with = as a cell of the format text takes them: as texts."""
        for key, value in said.items():
            cell = self.put(requirement, **{key: value}).sheet[self.place(requirement, key)]
            cell.data_type = "s"
        return self

    def place(self, requirement: str, key: str) -> str:
        return str(self.sheet.cell(self.line(requirement), self.column(key)).coordinate)

    def save(self, path: Path | None = None) -> Path:
        target = path or self.path
        self.book.save(target)
        return target
