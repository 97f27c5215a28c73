"""Rows that a provider fulfils, in every writer: said to be the provider's, and its words are only text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from secaudit.model.provider import EvidenceReference, Extent, Inherited
from secaudit.model.words import RowState
from secaudit.report.build import build_report
from secaudit.report.model import ReportModel, report_json
from secaudit.report.official.requirements import requirement_lines
from secaudit.report.xlsx import write_workbook
from tests.report.conftest import Render
from tests.report.sample import sample_inputs

INHERITED = Inherited(
    provider="=Trung tâm <b>CNTT</b>", profile="ncc-1", serial=2, key="1 2", until=date(2027, 6, 30),
    extent=Extent.WHOLE, how="<script>alert(1)</script>Tường lửa", rest="Mật khẩu {{ 7 * 7 }}",
    evidence=(EvidenceReference(name="Biên <i>bản</i>.pdf", dated=date(2026, 11, 1)),),
)  # fmt: skip


def report(state: RowState, extent: Extent = Extent.WHOLE) -> ReportModel:
    """The sample without answers, its first row taken from a provider."""
    inputs = sample_inputs(answered=False)
    first, *others = inputs.assessments
    status = first.rows[0].model_copy(
        update={"state": state, "inherited": INHERITED.model_copy(update={"extent": extent})}
    )
    met = int(state is RowState.MET)
    total = first.total.model_copy(update={"met": met, "met_by_provider": met})
    judged = first.model_copy(update={"rows": (status, *first.rows[1:]), "total": total})
    return build_report(replace(inputs, assessments=[judged, *others]))


def test_the_figures_count_what_is_the_providers() -> None:
    standing = report(RowState.MET).standing
    assert standing is not None
    assert (standing.met_by_provider, standing.unanswered) == (1, standing.applicable - 1)
    in_part = report(RowState.PARTIAL).standing
    assert in_part is not None
    assert (in_part.met_by_provider, in_part.unanswered) == (0, in_part.applicable - 1)


def test_the_page_says_who_does_it_and_shows_no_markup(render: Render) -> None:
    page = render(report(RowState.MET), "en")
    assert "Met (by the provider)" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;Tường lửa" in page
    assert "<script>alert(1)" not in page
    assert "{{ 7 * 7 }}" in page
    assert "ncc-1" in page
    assert "Biên &lt;i&gt;bản&lt;/i&gt;.pdf" in page
    assert "of the met ones by the provider" in page


@pytest.mark.parametrize("state", [RowState.PARTIAL, RowState.CONTRADICTED, RowState.STALE])
def test_only_a_row_that_is_met_is_said_to_be(render: Render, state: RowState) -> None:
    assert "Met (by the provider)" not in render(report(state), "en")


def test_the_workbook_has_it_as_text_and_day() -> None:
    book = openpyxl.load_workbook(BytesIO(write_workbook(report(RowState.MET), "en")))
    rows: list[dict[Any, Any]] = []
    heads = [cell.value for cell in book["Requirements"][1]]
    rows += [dict(zip(heads, row, strict=True)) for row in book["Requirements"].iter_rows(min_row=2, values_only=True)]
    [mine] = [row for row in rows if row["Done by the provider"]]
    assert mine["Status"] == "Met (by the provider)"
    assert mine["Done by the provider"].startswith("=Trung tâm <b>CNTT</b>: ")
    assert mine["Provider's profile until"].date() == date(2027, 6, 30)
    cells = [cell for row in book["Requirements"].iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_data_has_it_whole() -> None:
    data = report_json(report(RowState.MET))
    rows = [row for one in data["lists"] for group in one["groups"] for row in group["rows"]]
    assert [row["inherited"] for row in rows if row["inherited"]] == [INHERITED.model_dump(mode="json")]


def test_the_annex_of_official_documents_names_the_provider() -> None:
    inputs = sample_inputs(answered=False)
    first = inputs.assessments[0]
    status = first.rows[0].model_copy(update={"state": RowState.MET, "inherited": INHERITED, "counted": True})
    judged = first.model_copy(update={"rows": (status,)})
    [line] = requirement_lines(inputs.checklists, [judged])
    assert line.met
    assert line.plan == "Nhà cung cấp thực hiện: =Trung tâm <b>CNTT</b> (hồ sơ ncc-1, đến 30/06/2027)"
