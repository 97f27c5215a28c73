"""The combined report as PDF and as a workbook, opened again with other libraries."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from secaudit.report import pdf
from secaudit.report.build import build_report
from secaudit.report.model import ReportModel
from secaudit.report.pdf import PdfUnavailable, pdf_bytes
from secaudit.report.xlsx import write_workbook
from tests.hostile.strings import CORPUS
from tests.report.conftest import Render
from tests.report.sample import NOW, sample_inputs
from tests.report.test_hostile import _with

Model = Callable[[bool], ReportModel]


@pytest.mark.slow
def test_the_pdf_is_tagged_has_bookmarks_numbers_and_its_data(model: Model, render: Render) -> None:
    report = model(True)
    reader = PdfReader(BytesIO(pdf_bytes(render(report, "vi"), made_at=NOW, attachments={"r.json": b'{"a": 1}'})))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert root["/AF"], "attached by PDF/A-3"
    assert reader.attachments["r.json"] == [b'{"a": 1}']
    titles = [item.title for item in reader.outline if not isinstance(item, list)]
    assert len(titles) >= 1
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Trần Thị Ví Dụ" in text
    for finding in report.findings:
        assert finding.code in text
    count = len(reader.pages)
    assert f"{count}/{count}" in reader.pages[-1].extract_text()


@pytest.mark.parametrize("address", ["https://evil.example/x.png", "file:///etc/passwd", "data:image/png;base64,AAAA"])
def test_the_pdf_writer_loads_nothing(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        pdf_bytes(f'<p>a<img src="{address}" alt="b"></p>', made_at=NOW)


@pytest.mark.parametrize("error", [ImportError, OSError])
def test_without_pango_a_sentence_says_what_to_do(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *rest: Any) -> Any:
        raise error(name)

    monkeypatch.setattr(pdf, "import_module", missing)
    with pytest.raises(PdfUnavailable, match="libpango"):
        pdf_bytes("<p>x</p>", made_at=NOW)


def workbook(report: ReportModel, language: str = "vi") -> Any:
    return openpyxl.load_workbook(BytesIO(write_workbook(report, language)))


def test_the_workbook_has_real_numbers_dates_and_filters(model: Model) -> None:
    report = model(True)
    book = workbook(report, "en")
    assert book.sheetnames == [
        "Summary", "Requirements", "Findings", "Remediation", "Ports", "Certificates", "Evidence list",
    ]  # fmt: skip
    findings, ports, certificates = (book[name] for name in ("Findings", "Ports", "Certificates"))
    assert findings.max_row == len(report.findings) + 1
    assert findings.auto_filter.ref == f"A1:L{len(report.findings) + 1}"
    assert findings.freeze_panes == "A2"
    numbers = [row[1].value for row in ports.iter_rows(min_row=2)]
    assert numbers == [port.port for port in report.ports]
    assert all(isinstance(number, int) for number in numbers)
    ends = [row[6].value for row in certificates.iter_rows(min_row=2) if row[6].value]
    assert ends
    assert all(isinstance(end, datetime) for end in ends)
    facts = {row[0].value: row[1].value for row in book["Summary"].iter_rows(min_row=2)}
    assert report.standing is not None
    assert facts["Requirements that apply"] == report.standing.applicable
    assert facts["Met in full, per cent"] == pytest.approx(report.standing.strict * 100)  # type: ignore[operator]
    requirements = book["Requirements"]
    total = sum(len(group.rows) for entry in report.lists for group in entry.groups)
    assert requirements.max_row == total + 1
    assert any(isinstance(row[9].value, datetime) for row in requirements.iter_rows(min_row=2)), "days of answers"


@pytest.mark.parametrize("case", CORPUS)
def test_no_text_becomes_a_formula_or_a_link(case: str) -> None:
    book = workbook(build_report(_with(sample_inputs(answered=True), CORPUS[case])))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
                assert cell.hyperlink is None


def test_importing_the_command_line_needs_no_pdf_library() -> None:
    import subprocess

    code = (
        "import sys, secaudit.cli.report, secaudit.report.pdf, secaudit.report.official.docx;"
        "sys.exit(bool({'weasyprint', 'docxtpl', 'docx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
