"""The writers of a document by Decree 30/2020: each is called only if its format is wanted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from secaudit.model.base import Frozen
from secaudit.report.official.docx import fill_docx
from secaudit.report.official.pages import official_html
from secaudit.report.pdf import pdf_bytes


def official_writers(
    name: str, words: Mapping[str, Any], facts: Frozen, now: datetime, template: Path | None = None
) -> dict[str, Callable[[], bytes]]:
    """Return for each format a function that gives the document's bytes.

    Args:
        name: of the templates, for example `form08`.
        words: what the templates print.
        facts: the document's model, for JSON, also attached to the PDF.
        template: own Word template.
    """

    def data() -> bytes:
        return (json.dumps(facts.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n").encode("utf-8")

    return {
        "html": lambda: official_html(name, words).encode("utf-8"),
        "docx": lambda: fill_docx(name, words, template),
        "pdf": lambda: pdf_bytes(official_html(name, words), made_at=now, attachments={f"{name}.json": data()}),
        "json": data,
    }
