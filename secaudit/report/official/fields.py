"""The fields that a Word template of each kind may use, with their meaning (`reports/docx/fields.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from secaudit.checklist.reading import parse, plain

ABOUT = "_"
"""Key under which a list says what it is; beside it stand the fields of its lines."""


@cache
def known_fields(kind: str) -> dict[str, Any]:
    """Return the fields of a kind: name to meaning; a list is a mapping with `_` and the fields of its lines.

    Args:
        kind: `combined`, `form08`, `annual`, `remediation`, `protection` or `inspection`.
    """
    path = Path(str(resources.files("secaudit.reports"))) / "docx" / "fields.yaml"
    every = plain(parse(path.read_text(encoding="utf-8"), str(path)))
    fields: dict[str, Any] = {}
    for part in every["kinds"][kind]:
        fields |= every["parts"][part]
    return fields


def listed(fields: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give each field as a template writes it, with its meaning: `findings`, then `findings → code`."""
    for name, meaning in fields.items():
        if name == ABOUT:
            continue
        if isinstance(meaning, Mapping):
            yield f"{prefix}{name}", str(meaning.get(ABOUT, ""))
            yield from listed(meaning, f"{prefix}{name} → ")
        else:
            yield f"{prefix}{name}", str(meaning)
