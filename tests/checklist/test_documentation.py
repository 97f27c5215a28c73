"""The page about checklists shows what is so."""

from __future__ import annotations

import re
from pathlib import Path

from secaudit.checklist.loader import Library
from secaudit.model.requirement import Checklist, Requirement
from tests.checklist.conftest import DATA

PAGE = (DATA.parent / "docs" / "checklists.md").read_text(encoding="utf-8")


def example() -> str:
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_is_valid(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "quy-che.yaml"
    path.write_text(example(), encoding="utf-8")
    assert [fault.sentence(library.phrases, "en") for fault in library.validate(path)] == []


def test_the_quoted_sentences_are_what_validate_says(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "quy-che.yaml"
    for old, new, language in (("P2M", "six months", "vi"), ("no-https-redirect", "no-redirect", "en")):
        path.write_text(example().replace(old, new), encoding="utf-8")
        (fault,) = library.validate(path)
        assert fault.sentence(library.phrases, language).replace(str(path), "quy-che.yaml") in PAGE


def test_every_field_is_explained() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert set(Requirement.model_fields) | set(Checklist.model_fields) <= named


def test_every_shipped_list_is_named(library: Library) -> None:
    assert all(f"`{checklist_id}`" in PAGE for checklist_id in library.shipped_ids)
