"""Where the data shipped with the program stands, in a checkout and in a wheel alike."""

from __future__ import annotations

import json
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

PROFILE = "profile.yaml"
LEVEL_SHEET = "level-sheet.yaml"
CALENDAR = "calendar.yaml"
REMEDIATION = "remediation.yaml"
PLANNED = "planned.yaml"
UNMAPPED = "unmapped.yaml"


def shipped() -> Traversable:
    """Return the folder of shipped checklists, check texts and phrases."""
    return resources.files("secaudit.checklists")


def yaml_files(folder: Traversable) -> list[Traversable]:
    """Return the YAML files of a folder by name, so that reading order never depends on the file system."""
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return sorted(files, key=lambda entry: entry.name)


def checklist_files(root: Traversable) -> list[Traversable]:
    """Return the files under `root` that hold a checklist each."""
    return [entry for entry in yaml_files(root) if entry.name not in {PROFILE, LEVEL_SHEET, CALENDAR, REMEDIATION}]


def schema(name: str, root: Traversable | None = None) -> dict[str, Any]:
    """Return a shipped JSON Schema by file name (`schema.json`, `checks.schema.json`, `profile.schema.json`)."""
    text = ((root or shipped()) / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
