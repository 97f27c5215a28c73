"""A checklist as JSON: everything that the program knows of it, in both languages."""

from __future__ import annotations

import json

from secaudit.export.content import Content

SCHEMA = "secaudit.checklist/1"


def write_json(content: Content) -> bytes:
    """Return the checklist as JSON in UTF-8: `schema`, then every field of `checklists/schema.json`."""
    data = {"schema": SCHEMA, **content.checklist.model_dump(mode="json")}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")
