"""The level sheet as data: questions, and the criteria of Decree 331/2026 Arts 11-15 in our own words."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from secaudit.checklist.compiled import compiled
from secaudit.checklist.resources import LEVEL_SHEET, shipped
from secaudit.model.level import LevelSheet


def load_level_sheet(root: Traversable | None = None) -> LevelSheet:
    """Return the shipped sheet.

    Raises:
        FaultyFile: the file is not YAML.
    """
    file = (root or shipped()) / LEVEL_SHEET
    return LevelSheet.model_validate_json(compiled(file))
