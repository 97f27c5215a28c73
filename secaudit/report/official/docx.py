"""Fills a Word template with the words of a document."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from importlib import import_module, resources
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from secaudit.i18n import translate
from secaudit.model.errors import BadInput, message
from secaudit.report.format import visible
from secaudit.report.official.fields import known_fields
from secaudit.report.official.template_check import UnknownField, line_of, unknown_fields

_DAY = (2026, 1, 1, 0, 0, 0)
_MOST = 8
"""Unknown fields named in one sentence."""


def shipped_template(name: str) -> Path:
    """Return the file of a template that ships with the program: a kind, or `combined-en`."""
    return Path(str(resources.files("secaudit.reports"))) / "docx" / f"{name}.docx"


def fill_docx(name: str, words: Mapping[str, Any], template: Path | None = None) -> bytes:
    """Return a Word document.

    Args:
        name: shipped template, for example `form08` or `combined-en`.
        words: texts by field name; whatever they contain stays text.
        template: the officer's own template instead of the shipped one.

    Raises:
        BadInput: the template cannot be read, or has fields that the document does not know.
    """
    docxtpl = import_module("docxtpl")  # slow to import, needed here only
    # An own template comes from anywhere, so its statements get no way out of the sandbox.
    environment = SandboxedEnvironment(undefined=StrictUndefined, finalize=_text)
    file = template or shipped_template(name)
    try:
        document = docxtpl.DocxTemplate(str(file))
        parts = list(_parts(document)) if template else []
    except Exception as error:
        raise BadInput(
            message(
                "The template {file} cannot be read ({detail}). Close it in Word, save it as .docx, or use the "
                "shipped one."
            ),
            file=str(file), detail=type(error).__name__,
        ) from None  # fmt: skip
    for part in parts:
        _check(part, known_fields(name.partition("-")[0]), environment, file)
    try:
        document.render(dict(words), jinja_env=environment, autoescape=True)
    except TemplateError as error:
        raise BadInput(
            message("The template {file} cannot be filled ({detail})."), file=str(file), detail=str(error)[:200]
        ) from None
    except Exception as error:  # the parser of XML says it in its own ways
        raise BadInput(
            message(
                "The template {file} is no Word document any more once it is filled ({detail}): a field or statement "
                "begins in one paragraph and ends in another. Compare it with the shipped one."
            ),
            file=str(file), detail=type(error).__name__,
        ) from None  # fmt: skip
    buffer = BytesIO()
    document.save(buffer)
    return _settled(buffer.getvalue())


def _settled(docx: bytes) -> bytes:
    """Return a Word document whose bytes follow from its content: one date on all its parts."""
    fixed = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _DAY)
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _parts(document: Any) -> Iterator[str]:
    """Give body, headers and footers with joined tags, one paragraph a line."""
    document.init_docx()
    raw = [document.get_xml()]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        raw += [document.get_part_xml(part) for _, part in document.get_headers_footers(uri)]
    for xml in raw:
        yield re.sub(r"<w:p([ >])", r"\n<w:p\1", document.patch_xml(xml))


def _check(part: str, fields: Mapping[str, Any], environment: SandboxedEnvironment, file: Path) -> None:
    try:
        unknown = unknown_fields(part, fields, environment)
    except TemplateSyntaxError as error:
        raise BadInput(
            message(
                "The template {file} has a fault near the line “{line}” ({detail}). A field stands between {{{{ and "
                "}}}}, a statement between {{% and %}}."
            ),
            file=str(file), line=line_of(part.split("\n"), error.lineno), detail=(error.message or "")[:120],
        ) from None  # fmt: skip
    if unknown:
        named = "; ".join(_named(field) for field in unknown[:_MOST])
        raise BadInput(
            message(
                "The template {file} has fields that this report does not know: {fields}. The known ones stand in the "
                "list that `secaudit reports templates export` writes."
            ),
            file=str(file), fields=f"{named}; …" if len(unknown) > _MOST else named,
        )  # fmt: skip


def _named(field: UnknownField) -> str:
    place = translate(message("{field} in the line “{line}”")).format(field=field.name, line=field.line)
    if not field.near:
        return place
    return translate(message("{place} (perhaps {near})")).format(place=place, near=", ".join(field.near))


def _text(value: Any) -> Any:
    """Return text with nothing invisible in it; XML could not hold control characters."""
    return visible(value) if type(value) is str else value
