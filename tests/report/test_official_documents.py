"""Form 08 and the progress report on paper: opened again with other libraries, by the rules of Decree 30/2020."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from pypdf import PdfReader

from secaudit.assess.portfolio import portfolio
from secaudit.model.errors import BadInput
from secaudit.report.annual.build import build_annual
from secaudit.report.annual.facts import AnnualFile
from secaudit.report.annual.words import annual_words
from secaudit.report.form08.build import build_form
from secaudit.report.form08.facts import Implementation
from secaudit.report.form08.rules import check_form
from secaudit.report.form08.words import COLUMNS, form_words
from secaudit.report.inspection.build import build_inspection
from secaudit.report.inspection.words import inspection_words
from secaudit.report.official.docx import fill_docx
from secaudit.report.official.letter import DocumentFields, Letter, long_date
from secaudit.report.official.pages import official_html
from secaudit.report.pdf import pdf_bytes
from secaudit.report.plan.build import build_plan
from secaudit.report.plan.words import plan_words
from secaudit.report.protection.build import build_protection
from secaudit.report.protection.words import protection_words
from tests.hostile.strings import CORPUS
from tests.report.forms_sample import MADE, RULE, annual_inputs, form_inputs, officer
from tests.report.inspection_sample import inspection_inputs
from tests.report.plan_sample import plan_inputs
from tests.report.protection_sample import protection_inputs
from tests.report.sample import PHRASES
from tests.report.tree import read_html
from tools.make_docx_templates import FOLDER, TEMPLATES, template_bytes


def form() -> dict[str, Any]:
    return form_words(build_form(form_inputs()))


def annual() -> dict[str, Any]:
    return annual_words(build_annual(annual_inputs()), PHRASES.render)


WORDS = {
    "form08": form,
    "annual": annual,
    "remediation": lambda: plan_words(build_plan(plan_inputs()), PHRASES.render),
    "inspection": lambda: inspection_words(build_inspection(inspection_inputs()), PHRASES.render),
    "protection": lambda: protection_words(build_protection(protection_inputs()), PHRASES.render),
}


@cache
def opened(name: str) -> DocumentType:
    return Document(BytesIO(fill_docx(name, WORDS[name]())))


def text_of(document: DocumentType) -> str:
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p")))


def millimetres(length: Any) -> float:
    return round(length.mm, 1)


@pytest.mark.parametrize("name", WORDS)
def test_paper_margins_and_page_numbers(name: str) -> None:
    document = opened(name)
    for section in document.sections:
        size = sorted((millimetres(section.page_width), millimetres(section.page_height)))
        assert size == [210.0, 297.0]
        assert 20 <= millimetres(section.top_margin) <= 25
        assert 20 <= millimetres(section.bottom_margin) <= 25
        assert 30 <= millimetres(section.left_margin) <= 35
        assert 15 <= millimetres(section.right_margin) <= 20
    first = document.sections[0]
    assert first.different_first_page_header_footer, "the first page shows no number"
    field = first.header.paragraphs[0]
    assert "PAGE" in "".join(e.text or "" for e in field._p.iter(qn("w:instrText")))
    assert field.alignment == 1
    assert first.first_page_header.paragraphs[0].text == ""


def test_the_table_of_systems_stands_in_a_landscape_section_and_repeats_its_head() -> None:
    document = opened("form08")
    assert document.sections[0].orientation == WD_ORIENT.PORTRAIT
    assert document.sections[1].orientation == WD_ORIENT.LANDSCAPE
    [table] = [t for t in document.tables if len(t.columns) == 12]
    assert [cell.text for cell in table.rows[0].cells] == list(COLUMNS)
    assert [cell.text for cell in table.rows[1].cells] == [f"({n})" for n in range(1, 13)]
    for row in table.rows[:2]:
        assert row._tr.trPr.find(qn("w:tblHeader")) is not None
    width = sum(cell.width.mm for cell in table.rows[0].cells)
    assert width <= 297 - 30 - 15 + 0.5
    rows = [[cell.text for cell in row.cells] for row in table.rows[2:]]
    assert rows == [
        ["1", "Trang thông tin điện tử xã Khe Tre", "Ủy ban nhân dân xã Khe Tre", "Văn phòng HĐND và UBND", "3",
         "Đang dự thảo", "", "", "Quý II/2027", "Đã triển khai một số hạng mục", "Quý IV/2027", ""],
        ["2", "Hệ thống một cửa", "Ủy ban nhân dân xã Khe Tre", "VNPT Huế", "2", "Đã được phê duyệt",
         "Số 45/QĐ-UBND ngày 01/06/2026 của UBND thành phố Huế", "Số 12/QĐ-UBND ngày 01/03/2026 của UBND xã Khe Tre",
         "", "Đã triển khai đầy đủ", "", "Trước khi đưa vào sử dụng; Định kỳ"],
    ]  # fmt: skip


HEAD = {
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (12, True, False),
    "Độc lập - Tự do - Hạnh phúc": (13, True, False),
    "ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ": (12, False, False),
    "ỦY BAN NHÂN DÂN XÃ KHE TRE": (12, True, False),
    "Số: 05/UBND-VHXH": (13, False, False),
    "V/v kết quả công tác bảo đảm an ninh mạng hệ thống thông tin": (12, False, False),
    "Khe Tre, ngày 18 tháng 12 năm 2026": (13, False, True),
    "Nơi nhận:": (12, True, True),
    "- Như trên;": (11, False, False),
    "- Lưu: VT, VHXH.": (11, False, False),
    "TM. ỦY BAN NHÂN DÂN": (13, True, False),
    "CHỦ TỊCH": (13, True, False),
    "Trần Văn Đức": (13, True, False),
}


@pytest.mark.parametrize(("text", "look"), HEAD.items())
def test_head_and_foot_have_the_sizes_of_the_decree(text: str, look: tuple[int, bool, bool]) -> None:
    document = opened("form08")
    cells = [p for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    [paragraph] = [p for p in cells if p.text == text]
    run = paragraph.runs[0]
    assert (run.font.size.pt, bool(run.bold), bool(run.italic)) == look
    assert run.font.name == "Times New Roman"


@pytest.mark.parametrize("name", WORDS)
def test_one_font_throughout_and_no_field_of_the_template_left(name: str) -> None:
    document = opened(name)
    assert document.styles["Normal"].font.name == "Times New Roman"
    fonts = {f.get(qn("w:ascii")) for f in document.element.body.iter(qn("w:rFonts"))}
    assert fonts == {"Times New Roman"}
    text = text_of(document)
    assert "{{" not in text
    assert "{%" not in text
    assert unicodedata.is_normalized("NFC", text)


def test_the_lines_of_sections_1_and_2() -> None:
    text = text_of(opened("form08"))
    for line in (
        "Kính gửi: Bộ Công an",
        "- Tổng số hệ thống thông tin thuộc phạm vi quản lý: 2",
        "- Tổng số hệ thống thông tin đã xây dựng hồ sơ đề xuất cấp độ: 1",
        "(2) Quy định chức năng, nhiệm vụ và quyền hạn: Không có",
        "(3) Người đại diện, chức vụ: Lê Thị Kim Quỳnh, Trưởng phòng",
        "Phụ lục III",
        "(Kèm theo Văn bản số 05/UBND-VHXH ngày 18 tháng 12 năm 2026 của Ủy ban nhân dân xã Khe Tre)",
        "Quy chế sao lưu",
        "Không có.",
    ):
        assert line in text.split("\n"), line


def test_what_the_officer_left_out_stays_blank_and_is_never_said_to_be_none() -> None:
    given = officer()
    silent = given.model_copy(
        update={
            "owner": given.owner.model_copy(update={"regulation": ""}),
            "systems": tuple(one.model_copy(update={"article_16_criterion": ""}) for one in given.systems),
        }
    )
    made = build_form(form_inputs(silent))
    text = text_of(Document(BytesIO(fill_docx("form08", form_words(made))))).split("\n")
    assert "(2) Quy định chức năng, nhiệm vụ và quyền hạn: ........" in text
    assert "Không có." not in text
    assert "........" in text
    assert made.letter.draft
    codes = {note.why.code: note.weight for note in check_form(made)}
    assert codes == {"form08-candidate-unsaid": "error", "form08-regulation-unsaid": "warning"}


def test_a_form_with_gaps_says_so_on_the_paper() -> None:
    words = form_words(build_form(replace(form_inputs(), confirmed={"mot-cua": Implementation.FULL})))
    text = text_of(Document(BytesIO(fill_docx("form08", words))))
    assert text.startswith("BẢN NHÁP\n") or "\nBẢN NHÁP\n" in text
    assert "[chưa xác nhận]" in text


def test_dates_and_numbers_take_a_leading_zero_where_the_decree_wants_it() -> None:
    assert long_date(date(2027, 1, 5)) == "ngày 05 tháng 01 năm 2027"
    assert long_date(date(2027, 3, 12)) == "ngày 12 tháng 3 năm 2027"
    assert Letter(fields=DocumentFields(number=10, symbol="BC-UBND")).number_line() == "Số: 10/BC-UBND"


def test_several_addressees_stand_on_lines_of_their_own() -> None:
    letter = Letter(fields=DocumentFields(addressees=("Bộ Công an;", "Công an thành phố Huế")))
    assert letter.words()["addressees"] == ["- Bộ Công an;", "- Công an thành phố Huế."]
    assert letter.words()["addressee"] == ""
    none = Letter(fields=DocumentFields()).words()
    assert none["addressee"] == "[nơi nhận chưa ghi]"


def test_the_progress_report_shows_the_strict_figure_and_the_threshold_beside_it() -> None:
    words = annual()
    assert words["bases"] == ["Căn cứ Kế hoạch số 86/KH-UBND;", "Căn cứ Nghị định số 331/2026/NĐ-CP."]
    assert "0/1 hệ thống" in words["standing"][0]
    assert "mọi yêu cầu bắt buộc đang áp dụng đều đạt" in words["standing"][1]
    assert "trong 90 ngày gần nhất" in words["standing"][1]
    assert "ngưỡng 30%" in words["standing"][2]
    assert "1/1 hệ thống" in words["standing"][2]
    assert [target["verdict"] for target in words["targets"]] == ["Chưa đạt", "Chưa đạt"]
    assert [target["reached"] for target in words["targets"]] == ["0%", "0%"]
    [repaired, unknown] = words["repaired"]
    assert "đã khắc phục 2 phát hiện" in repaired
    assert "còn 2 phát hiện" in repaired
    assert unknown.startswith("1 phát hiện chưa kết luận")


def test_without_scans_and_file_the_progress_report_claims_nothing() -> None:
    bare = replace(annual_inputs(AnnualFile(year=2026)), scans=[], findings=[], compared=0, systems=[],
                   portfolio=portfolio(RULE, [], date(2026, 10, 28)))  # fmt: skip
    report = build_annual(bare)
    words = annual_words(report, PHRASES.render)
    assert report.letter.draft
    assert [target["reached"] for target in words["targets"]] == ["-", "-"]
    assert "Không có." not in words["difficulties"] + words["proposals"]
    assert "chưa có lần quét" in words["looked"][0]
    assert report.deadline == date(2026, 11, 1)


def test_the_deadline_is_for_the_officer_and_not_in_the_document() -> None:
    assert "01/11/2026" not in text_of(opened("annual"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_shipped_templates_are_what_the_script_makes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == template_bytes(TEMPLATES[name]()), "run python -m tools.make_docx_templates"


def test_an_own_template_with_an_unknown_field_is_refused_by_name(tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("{{ body }} {{ budget }}")
    own.save(str(tmp_path / "own.docx"))
    with pytest.raises(BadInput, match="budget"):
        fill_docx("form08", form(), tmp_path / "own.docx")
    (tmp_path / "no.docx").write_bytes(b"not a document")
    with pytest.raises(BadInput, match=re.escape("no.docx")):
        fill_docx("form08", form(), tmp_path / "no.docx")


def test_an_own_template_cannot_leave_its_sandbox(tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("{{ body.__class__.__mro__[1].__subclasses__() }}")
    own.save(str(tmp_path / "own.docx"))
    with pytest.raises(BadInput):
        fill_docx("form08", form(), tmp_path / "own.docx")


def swapped(value: Any, texts: Iterator[str]) -> Any:
    """Put the next text into every field, keeping the shape."""
    if isinstance(value, dict):
        return {key: swapped(item, texts) for key, item in value.items()}
    if isinstance(value, list):
        return [swapped(item, texts) for item in value]
    return next(texts) if isinstance(value, str) else value


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("name", WORDS)
def test_hostile_texts_stay_texts(name: str, turn: int) -> None:
    hostile = [text for case, text in CORPUS.items() if not case.startswith("long")]
    words = swapped(WORDS[name](), cycle(hostile[turn:] + hostile[:turn]))
    plain = swapped(WORDS[name](), cycle(["nginx"]))
    pages = [[element.tag for element in read_html(official_html(name, w)).walk()] for w in (words, plain)]
    assert pages[0] == pages[1]
    trees = [Document(BytesIO(fill_docx(name, w))).element.body for w in (words, plain)]
    # A line feed or tab inside a text is the only thing that may come out as an element; a tab brings a run with it.
    loose = {qn(name) for name in ("w:br", "w:tab", "w:r", "w:t", "w:rPr")}
    shapes = [
        Counter(e.tag for e in tree.iter() if e.tag not in loose and e.getparent().tag != qn("w:rPr")) for tree in trees
    ]
    assert shapes[0] == shapes[1]
    written = "".join(t.text or "" for t in trees[0].iter(qn("w:t")))
    assert "<script>alert(1)</script>" in written
    assert "{{ 7*7 }}" in written


@pytest.mark.parametrize("name", WORDS)
def test_the_pdf_says_the_same_in_every_letter(name: str) -> None:
    words = WORDS[name]()
    raw = pdf_bytes(official_html(name, words), made_at=MADE, attachments={"facts.json": b"{}"})
    reader = PdfReader(BytesIO(raw))
    text = unicodedata.normalize("NFC", " ".join(" ".join(page.extract_text() for page in reader.pages).split()))
    for wanted in (words["nation"], words["motto"], words["date_line"], words["signer_name"], "Nơi nhận:"):
        assert wanted in text
    first = reader.pages[0].mediabox
    assert (round(first.width / 72 * 25.4), round(first.height / 72 * 25.4)) == (210, 297)
    assert any(page.mediabox.width > page.mediabox.height for page in reader.pages)
    assert reader.attachments["facts.json"] == [b"{}"]
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfaid" in root["/Metadata"].get_data()
