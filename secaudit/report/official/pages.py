"""Draws a document by Decree 30/2020 as HTML, of which the PDF is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from secaudit.i18n import catalogue
from secaudit.report.html import shipped_templates, style_sheet, template_environment


def official_html(name: str, words: Mapping[str, Any], templates: Path | None = None) -> str:
    """Return a document as HTML in Vietnamese, the language of the decree.

    Args:
        name: its template, `form08` or `annual`.
        words: texts by field name; whatever they contain stays text.
        templates: folder of the templates, None for the ones shipped.
    """
    folder = templates or shipped_templates()
    vietnamese = catalogue("report", "vi")
    names = {"gettext": vietnamese.gettext, "ngettext": vietnamese.ngettext, "_": vietnamese.gettext}
    template = template_environment(folder).get_template(f"{name}.html.j2", globals=names)
    return template.render({**words, "style": style_sheet(folder, "official")})
