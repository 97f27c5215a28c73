"""Fills a Word template with the words of a document."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module, resources
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from secaudit.model.errors import BadInput, message
from secaudit.report.format import visible


def fill_docx(name: str, words: Mapping[str, Any], template: Path | None = None) -> bytes:
    """Return a Word document.

    Args:
        name: shipped template, `form08` or `annual`.
        words: texts by field name; whatever they contain stays text.
        template: the officer's own template instead of the shipped one.

    Raises:
        BadInput: the template cannot be read, or has fields that the document does not know.
    """
    docxtpl = import_module("docxtpl")  # slow to import, needed here only
    shipped = Path(str(resources.files("secaudit.reports"))) / "docx" / f"{name}.docx"
    # An own template comes from anywhere, so its statements get no way out of the sandbox.
    environment = SandboxedEnvironment(undefined=StrictUndefined, finalize=_text)
    try:
        document = docxtpl.DocxTemplate(str(template or shipped))
        unknown = sorted(document.get_undeclared_template_variables(environment) - set(words))
    except Exception as error:
        raise BadInput(
            message("The template {file} cannot be read ({detail}). Save it as .docx, or use the shipped one."),
            file=str(template or shipped), detail=type(error).__name__,
        ) from None  # fmt: skip
    if unknown:
        raise BadInput(
            message("The template {file} has fields that this document does not know: {unknown}. Known are: {known}."),
            file=str(template or shipped), unknown=", ".join(unknown), known=", ".join(sorted(words)),
        )  # fmt: skip
    try:
        document.render(dict(words), jinja_env=environment, autoescape=True)
    except TemplateError as error:
        raise BadInput(
            message("The template {file} cannot be filled ({detail})."),
            file=str(template or shipped), detail=str(error)[:200],
        ) from None  # fmt: skip
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _text(value: Any) -> Any:
    """Return text with nothing invisible in it; XML could not hold control characters."""
    return visible(value) if type(value) is str else value
