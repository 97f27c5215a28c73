"""The HTML writer: one self-contained file, no script, no request to anywhere.

Three walls stand between a scanned server and the page: every output is escaped by Jinja2; before that, characters
that hide or reorder text are written out (`format.visible`), also inside translated sentences; and the page's own
content security policy forbids scripts and requests, should the first two ever fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from functools import cache, reduce
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from secaudit.i18n import catalogue
from secaudit.model.words import RowState, Severity
from secaudit.report import charts, palette
from secaudit.report.docx.work import work_words
from secaudit.report.format import Formatter, visible, zone_of
from secaudit.report.model import ReportModel, Standing
from secaudit.report.trend.charts import TrendCharts
from secaudit.report.wording import Translations, Wording

_NAMED = re.compile(r'{%-?\s*(?:include|import|from|extends)\s+"([^"]+)"')
_WEB = re.compile(r"https?://[^\s<>\"']+")


def render_html(
    model: ReportModel,
    language: str,
    *,
    templates: Path | None = None,
    translations: Translations | None = None,
) -> str:
    """Return the report as one HTML document.

    Args:
        model: what to say.
        language: `vi` or `en`.
        templates: folder of the templates, None for the ones shipped.
        translations: catalogue of the template sentences, None for the one shipped.

    Raises:
        FileNotFoundError: the installation lacks the Vietnamese catalogue.
        jinja2.TemplateError: a template cannot be read.
    """
    folder = templates or shipped_templates()
    words = translations or catalogue("report", language)
    formatter = Formatter(language, zone_of(model.made_at))
    writer = _Writer(words, formatter)
    environment = template_environment(folder)
    template = environment.get_template("combined.html.j2", globals=writer.names())
    return template.render(
        report=model,
        work=work_words(model, Wording(words, formatter)),
        language=language,
        today=model.made_at.date(),
        style=style_sheet(folder, "report"),
        properties=Markup(palette.style_properties()),  # noqa: S704 - constants
    )


def document_names(language: str, zone: tzinfo) -> dict[str, Any]:
    """Return the names that the templates of any document may use: words, formats, icons and charts."""
    return _Writer(catalogue("report", language), Formatter(language, zone)).names()


def prepare() -> None:
    """Compile what `render_html` needs of the shipped templates ahead of time, while a scan is waited for."""
    folder = shipped_templates()
    environment = template_environment(folder)
    waiting, known = ["combined.html.j2"], {"combined.html.j2"}
    while waiting:
        name = waiting.pop()
        environment.get_template(name)
        named = set(_NAMED.findall((folder / name).read_text(encoding="utf-8"))) - known
        known |= named
        waiting += sorted(named)


def shipped_templates() -> Path:
    """Return the folder of the templates that ship with the program."""
    return Path(str(resources.files("secaudit.reports"))) / "html"


@cache
def template_environment(folder: Path) -> Environment:
    """Return the environment in which every template of a folder is filled: escaping, strict, in both languages."""
    environment = Environment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        finalize=_finalize,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.filters["css_string"] = css_string
    environment.filters["web"] = web_address
    environment.filters["grouped"] = grouped
    return environment


@cache
def style_sheet(folder: Path, name: str) -> Markup:
    """Return the faces and the style sheet `name`, to stand inside a `style` element."""
    text = "\n".join((folder / f"{part}.css").read_text(encoding="utf-8") for part in ("faces", name))
    if "</" in text:
        raise ValueError("the style sheet must not contain '</'")
    return Markup(text)  # noqa: S704 - our own file


def _finalize(value: Any) -> Any:
    """Return markup of ours as it is, everything else as text with nothing invisible in it."""
    if value is None or hasattr(value, "__html__"):
        return "" if value is None else value
    return visible(str(value))


def css_string(text: str) -> Markup:
    """Return `text` as a quoted CSS string with every other character than letters and digits escaped."""
    safe = "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in visible(text))
    return Markup(f'"{safe}"')  # noqa: S704 - only letters, digits and escapes are left


def web_address(url: str) -> str | None:
    """Return the address if it is a plain http(s) one, else None: only such become links."""
    return url if _WEB.fullmatch(url) and url.isprintable() else None


def grouped(items: Iterable[Any], attribute: str) -> list[tuple[Any, list[Any]]]:
    """Return the items by the value of an attribute (dots lead on), groups in the order of their first item."""
    groups: dict[Any, list[Any]] = {}
    for item in items:
        groups.setdefault(reduce(getattr, attribute.split("."), item), []).append(item)
    return list(groups.items())


class _Writer:
    """The functions that templates call, in one language."""

    def __init__(self, words: Translations, formatter: Formatter) -> None:
        self._words = words
        self._format = formatter
        self._plain = Wording(words, formatter)

    def names(self) -> dict[str, Any]:
        """Return the names that templates may use."""
        return {
            "gettext": self.gettext,
            "ngettext": self.ngettext,
            "_": self.gettext,
            "fmt": self._format,
            "t": self._plain.text,
            "label": self._plain.label,
            "evidence_label": self._plain.evidence_label,
            "scalar": self._plain.scalar,
            "period": self._plain.period,
            "icon": self._icon,
            "severity_chart": self._severity_chart,
            "standing_bar": self._standing_bar,
            "states": list(palette.STATE),
            "trend_charts": lambda trend: TrendCharts(trend, self._words, self._format),
        }

    def gettext(self, message: str, **values: Any) -> Markup:
        """Return the translated sentence with its values escaped."""
        return _filled(self._words.gettext(message), values)

    def ngettext(self, singular: str, plural: str, n: int, **values: Any) -> Markup:
        """Return the translated sentence for the number with its values escaped."""
        return _filled(self._words.ngettext(singular, plural, n), {"num": n, **values})

    def _icon(self, kind: str, word: str) -> Markup:
        colours: dict[str, Mapping[Any, str]] = {
            "severity": palette.SEVERITY,
            "state": palette.STATE,
            "outcome": palette.OUTCOME,
            "probe": palette.PROBE,
        }
        return charts.icon(kind, word, colours[kind][word])

    def _severity_chart(self, counts: Mapping[Severity, int]) -> Markup:
        parts = [
            charts.Part(self._plain.label("severity", severity), counts[severity], palette.SEVERITY[severity])
            for severity in Severity
        ]
        return charts.bar_chart(
            parts,
            prefix="severity-chart",
            title=str(self.gettext("Findings by severity")),
            description=self._in_words(parts),
        )

    def _standing_bar(self, standing: Standing, prefix: str) -> Markup:
        parts = [
            charts.Part(self._plain.label("state", state), standing.states.get(state, 0), _fill(state))
            for state in palette.STATE
        ]
        return charts.share_bar(
            parts,
            prefix=prefix,
            title=str(self.gettext("Requirements by status")),
            description=self._in_words(parts),
            height=18 if prefix == "standing" else 10,
        )

    def _in_words(self, parts: list[charts.Part]) -> str:
        return ", ".join(f"{part.label}: {part.count}" for part in parts if part.count) or "0"


def _fill(state: RowState) -> str:
    return palette.BLANK if state is RowState.UNASSESSED else palette.STATE[state]


def _filled(message: str, values: Mapping[str, Any]) -> Markup:
    shown = {key: visible(value) if type(value) is str else value for key, value in values.items()}
    return Markup(message) % shown  # noqa: S704 - the catalogue is ours; the values are escaped by `%`
