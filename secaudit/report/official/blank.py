"""Commented files for the officer to fill in, as they ship with the program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

from secaudit.model.organisation import System


def blank_form08(year: int, systems: Iterable[System]) -> str:
    """Return the file for Form 08 with one entry for each stored system."""
    entry = _shipped("form08-system.yaml")
    entries = [entry.format(id=_quoted(system.id), name=_one_line(system.name)) for system in systems]
    return _filled("form08.yaml", {"year": str(year), "systems": "\n" + "".join(entries) if entries else ""})


def blank_annual(year: int) -> str:
    """Return the file for the yearly progress report."""
    return _filled("annual.yaml", {"year": str(year)})


def blank_file(kind: str, year: int) -> str:
    """Return the file for the remediation plan, the evidence list or the protection plan."""
    return _filled(f"{kind}.yaml", {"year": str(year)})


def _filled(name: str, values: Mapping[str, str]) -> str:
    text = _shipped(name)
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text.rstrip("\n") + "\n"


def _shipped(name: str) -> str:
    return (Path(str(resources.files("secaudit.reports"))) / "forms" / name).read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    """Return the inside of a double-quoted YAML scalar, which JSON's escapes are a part of."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _one_line(text: str) -> str:
    """Return text that cannot leave its comment."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
