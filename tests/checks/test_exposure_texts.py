"""The words of the areas expose and software."""

from __future__ import annotations

import ast
import string
import unicodedata
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from secaudit.checks.expose import KINDS
from secaudit.model.requirement import CheckText

ROOT = Path(__file__).parents[2]
SOURCES = [
    *(ROOT / "secaudit" / "probes" / "exposure").glob("*.py"),
    *(ROOT / "secaudit" / "checks" / f"{name}.py" for name in ("expose", "lookalike", "software")),
]
SOFTWARE = ("software.cms-version", "software.cms-outdated", "software.js-vulnerable", "software.server-eol")


def _read(name: str) -> dict[str, dict[str, str]]:
    return dict(YAML(typ="safe").load((ROOT / "checklists" / name).read_text(encoding="utf-8")))


def _texts(area: str) -> list[CheckText]:
    return [CheckText.model_validate(entry) for entry in _read(f"checks/{area}.yaml")["checks"]]


def _codes() -> set[str]:
    """Return every reason code that the sources spell out."""
    found = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def _placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_every_check_has_its_text_in_order() -> None:
    assert [text.id for text in _texts("expose")] == [*KINDS, "expose.default-page"]
    assert [text.id for text in _texts("software")] == list(SOFTWARE)
    for text in (*_texts("expose"), *_texts("software")):
        assert set(text.fixes) == {"nginx", "apache", "iis", "provider"}
        assert "quý đơn vị" in text.fixes["provider"].text.vi
        assert text.references


@pytest.mark.parametrize("code", sorted(_read("phrases/exposure.yaml")))
def test_a_phrase_is_used_and_says_the_same_in_both_languages(code: str) -> None:
    words = _read("phrases/exposure.yaml")[code]
    assert code in _codes(), "a phrase that nothing uses"
    assert _placeholders(words["vi"]) == _placeholders(words["en"])
    assert unicodedata.is_normalized("NFC", words["vi"])


def test_no_text_of_a_check_promises_what_is_not_done() -> None:
    for text in _texts("expose"):
        assert "an toàn thông tin" not in text.model_dump_json()
