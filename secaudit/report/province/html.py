"""The report over many systems as one HTML document, for the screen and as the ground of the PDF."""

from __future__ import annotations

from itertools import pairwise

from markupsafe import Markup

from secaudit.i18n import catalogue
from secaudit.report import charts, palette
from secaudit.report.format import zone_of
from secaudit.report.html import document_names, shipped_templates, style_sheet, template_environment
from secaudit.report.province.facts import CommonFault, Province
from secaudit.report.province.risk import CONTRADICTED, DAYS_PER_POINT, FRESH_DAYS, MOST_AGE, MOST_CONTRADICTED, WEIGHTS

FAULTS_SHOWN = 14
"""Checks that a page of the annex names; with more it would run over."""
GROUPS_SHOWN = 6
FIRST = 5
"""Common faults that the first page names."""
BANDS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Ends of the bands of the strict figure."""


def render_province(model: Province, language: str) -> str:
    """Return the report as one HTML document in `vi` or `en`."""
    folder, words = shipped_templates(), catalogue("report", language)
    names = document_names(language, zone_of(model.made_at))
    template = template_environment(folder).get_template("province.html.j2", globals=names)
    return template.render(
        report=model,
        language=language,
        figures_chart=_bands(model, words.gettext("Systems by the share of requirements met")),
        formula={
            "contradicted": CONTRADICTED,
            "most_contradicted": MOST_CONTRADICTED,
            "fresh": FRESH_DAYS,
            "per": DAYS_PER_POINT,
            "most": MOST_AGE,
        },
        first_faults=first_faults(model),
        faults_shown=FAULTS_SHOWN,
        groups_shown=GROUPS_SHOWN,
        style=style_sheet(folder, "report") + style_sheet(folder, "province"),
        properties=Markup(palette.style_properties()),  # noqa: S704 - constants
    )


def first_faults(model: Province) -> list[CommonFault]:
    """Return the common faults whose repair takes most points from all systems together, but for information only."""
    gains = [(WEIGHTS[fault.severity] * fault.systems, fault) for fault in model.faults]
    return [fault for gain, fault in sorted(gains, key=lambda one: -one[0]) if gain][:FIRST]


def bands(model: Province) -> list[int]:
    """Return how many systems have a strict figure of 0, up to 25, 50 and 75 per cent, below 100, and of 100."""
    shares = [one.state.strict for one in model.systems if one.state.strict is not None]
    between = [sum(low < share < high or share == high < 1 for share in shares) for low, high in pairwise(BANDS)]
    return [sum(share == 0 for share in shares), *between, sum(share == 1 for share in shares)]


def _bands(model: Province, title: str) -> Markup:
    counts = bands(model)
    names = ["0%", "≤ 25%", "≤ 50%", "≤ 75%", "< 100%", "100%"]
    parts = [charts.Part(name, count, palette.NAVY) for name, count in zip(names, counts, strict=True)]
    return charts.bar_chart(
        parts,
        prefix="province-figures",
        title=title,
        description=", ".join(f"{part.label}: {part.count}" for part in parts),
    )
