"""From an HTML document to PDF through WeasyPrint: tagged, with bookmarks, nothing loaded from anywhere."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from secaudit.model.errors import BadInput, message

_FONT_FILES = (".ttf", ".otf", ".ttc", ".otc", ".pfb")


class PdfUnavailable(BadInput):
    """Says that the computer lacks what PDF needs."""


def pdf_bytes(html: str, *, made_at: datetime, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """Return `html` as PDF/A-3u (ISO 19005-3), with files attached to it.

    Args:
        html: a whole document of our own templates; it names no file and no address that would have to be loaded.
        made_at: date of creation and change of the attachments.
        attachments: content by file name.

    Raises:
        PdfUnavailable: WeasyPrint or Pango is not installed.
    """
    weasyprint = _weasyprint()
    files = [
        weasyprint.Attachment(
            string=content, name=name, description=name, relationship="Data", created=made_at, modified=made_at
        )
        for name, content in (attachments or {}).items()
    ]
    document = weasyprint.HTML(string=html, url_fetcher=_fonts_only(weasyprint))
    written: bytes = document.write_pdf(pdf_variant="pdf/a-3u", pdf_tags=True, attachments=files)
    return written


def has_text_face(faces: str, family: str = "Report Serif") -> bool:
    """Tell whether this computer has a font of the measure of Times New Roman; without one lines break elsewhere.

    Args:
        faces: style sheet that names the font files.
        family: what they are called there.

    Raises:
        PdfUnavailable: WeasyPrint or Pango is not installed.
    """
    weasyprint = _weasyprint()
    used: set[str] = set()

    def look(document: Any, _pdf: Any) -> None:
        used.update(font.family for font in document.fonts.values())

    sample = f"<style>{faces}\np {{ font-family: '{family}' }}</style><p>ế</p>"
    weasyprint.HTML(string=sample, url_fetcher=_fonts_only(weasyprint)).write_pdf(finisher=look)
    return family in used


def _fonts_only(weasyprint: Any) -> Any:
    """Return a fetcher of nothing but this computer's font files, which `local()` in CSS comes down to."""

    class FontsOnly(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not (url.startswith("file:") and url.lower().endswith(_FONT_FILES)):
                raise ValueError(f"a report loads nothing: {url[:80]}")
            return super().fetch(url, headers)

    return FontsOnly(allowed_protocols=["file"], fail_on_errors=True)


def _weasyprint() -> Any:
    try:
        weasyprint = import_module("weasyprint")  # takes half a second, needed here only
    except (ImportError, OSError):  # OSError: the Python package is there, Pango is not
        raise PdfUnavailable(
            message(
                "PDF needs the Pango library, which this computer lacks. On Debian and Ubuntu: "
                "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; on Windows: install MSYS2 and run "
                "pacman -S mingw-w64-x86_64-pango. HTML, DOCX and XLSX work without it."
            )
        ) from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # notes on style rules meant for screens
    return weasyprint
