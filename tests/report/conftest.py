"""Reports made once for all tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from secaudit.i18n import catalogue
from secaudit.report.build import build_report
from secaudit.report.html import render_html
from secaudit.report.model import ReportModel
from tests.report.sample import ROOT, sample_inputs
from tests.report.tree import Element, read_html

Render = Callable[[ReportModel, str], str]


@cache
def _model(answered: bool) -> ReportModel:
    return build_report(sample_inputs(answered=answered))


@pytest.fixture
def model() -> Callable[[bool], ReportModel]:
    """Return the sample report, with answers or without."""
    return _model


@pytest.fixture(scope="session")
def render() -> Render:
    """Return the writer over the templates of this checkout."""

    def write(report: ReportModel, language: str = "vi") -> str:
        return render_html(
            report, language, templates=ROOT / "reports/html", translations=catalogue("report", language)
        )

    return write


@pytest.fixture(scope="session")
def page(render: Render) -> Callable[[bool, str], Element]:
    """Return the sample document as a tree."""

    @cache
    def read(answered: bool, language: str) -> Element:
        return read_html(render(_model(answered), language))

    return read
