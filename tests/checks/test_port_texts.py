"""The words of the ports area: every check has its text, every reason its phrase with the right placeholders."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from secaudit.checks.port import KINDS
from secaudit.model.requirement import CheckText

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "secaudit" / "probes" / "ports").glob("*.py"), ROOT / "secaudit" / "checks" / "port.py"]
_CODE = re.compile(r'Reason\(\s*code=(f?)"([^"]+)"')
_ENGINES = ("embedded", "nmap")


def _read(name: str) -> dict[str, object]:
    return dict(YAML(typ="safe").load((ROOT / "checklists" / name).read_text(encoding="utf-8")))


def _codes() -> set[str]:
    found = set()
    for source in SOURCES:
        for formatted, code in _CODE.findall(source.read_text(encoding="utf-8")):
            variants = [re.sub(r"\{.*\}", engine, code) for engine in _ENGINES] if formatted else [code]
            found.update(variants)
    return found


def _placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def _given() -> list[tuple[str, set[str]]]:
    """Return code and parameter names of every reason that is written out in one piece."""
    given = []
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                words = {keyword.arg: keyword.value for keyword in node.keywords}
                code, params = words["code"], words.get("params", ast.Dict(keys=[], values=[]))
                if isinstance(code, ast.Constant) and isinstance(params, ast.Dict):
                    names = {str(key.value) for key in params.keys if isinstance(key, ast.Constant)}
                    given.append((str(code.value), names))
    return given


@pytest.mark.parametrize(("code", "names"), _given())
def test_a_reason_brings_what_its_phrase_needs(code: str, names: set[str]) -> None:
    words = {**_read("phrases/common.yaml"), **_read("phrases/ports.yaml")}[code]
    assert isinstance(words, dict)
    assert _placeholders(words["vi"]) <= names


def test_every_check_has_its_text_in_the_contracts_order() -> None:
    texts = [CheckText.model_validate(entry) for entry in _read("checks/port.yaml")["checks"]]  # type: ignore[attr-defined]
    assert [text.id for text in texts] == [*KINDS, "port.snmp", "port.unexpected"]
    for text in texts:
        assert set(text.fixes) == {"nginx", "apache", "iis", "provider"}
        assert text.fixes["provider"].text.vi.startswith("Đề nghị quý đơn vị")
        assert text.references


def test_every_reason_has_its_phrase_in_one_file_only() -> None:
    own, common = _read("phrases/ports.yaml"), _read("phrases/common.yaml")
    codes = _codes()
    assert len(codes) > 25
    assert codes <= set(own) | set(common)
    assert not set(own) & set(common)
    assert set(own) <= codes, "a phrase that nothing uses"


@pytest.mark.parametrize("code", sorted(_read("phrases/ports.yaml")))
def test_both_languages_take_the_same_placeholders(code: str) -> None:
    words = _read("phrases/ports.yaml")[code]
    assert isinstance(words, dict) and set(words) == {"vi", "en"}
    assert _placeholders(words["vi"]) == _placeholders(words["en"])
    assert unicodedata.is_normalized("NFC", words["vi"])
