"""The data of this checkout, whatever checkout the package was installed from."""

from __future__ import annotations

from pathlib import Path

import pytest

from secaudit.checklist.loader import Library
from secaudit.model.requirement import Checklist

DATA = Path(__file__).resolve().parents[2] / "checklists"


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped library, read once."""
    return Library(DATA)


@pytest.fixture(scope="session")
def standard(library: Library) -> Checklist:
    """The list that counts."""
    return library.checklist("tcvn-14423-2026-l3")
