"""The list of fields that a Word template may use, as a Word document for the officer who edits one."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from typing import Any

from secaudit.report.official.fields import known_fields, listed

FONT = "Times New Roman"
_HOW = (
    "Một trường đứng giữa hai cặp dấu ngoặc nhọn, ví dụ {{ body }}; khi lập báo cáo, phần mềm thay nó bằng nội dung. "
    "Có thể đổi chữ, phông, lề, thứ tự và bỏ bớt trường; không đặt tên trường mới.",
    "Danh sách được in bằng hai dòng lệnh, mỗi dòng lệnh là một đoạn riêng: {%p for line in notices %} và "
    "{%p endfor %}; giữa hai dòng lệnh viết {{ line }}. Trong bảng, đặt {%tr for one in findings %} và {%tr endfor %} "
    "ở hai hàng riêng, hàng ở giữa viết {{ one.code }}, {{ one.title }}.",
    "Dấu → nghĩa là trường ở bên phải thuộc từng dòng của danh sách ở bên trái.",
    "Dùng mẫu của mình bằng lệnh: secaudit report {kind} --format docx --template TỆP.docx",
)


def field_list(kind: str) -> bytes:
    """Return the page for a kind: how a template is written, and each field with its meaning."""
    docx = import_module("docx")  # slow to import, needed here only
    shared = import_module("docx.shared")
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, shared.Pt(12)
    section = document.sections[0]
    section.page_width, section.page_height = shared.Mm(210), shared.Mm(297)
    section.left_margin, section.right_margin = shared.Mm(30), shared.Mm(15)
    section.top_margin = section.bottom_margin = shared.Mm(20)
    document.add_paragraph().add_run(f"Các trường của mẫu {kind}.docx").bold = True
    for line in _HOW:
        document.add_paragraph(line.replace("{kind}", kind))
    rows = list(listed(known_fields(kind)))
    table = document.add_table(rows=1, cols=2)
    table.style, table.autofit = "Table Grid", False
    _fill(table.rows[0], ("Trường", "Nghĩa"), shared, bold=True)
    mark = docx.oxml.OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    for row in rows:
        _fill(table.add_row(), row, shared)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _fill(row: Any, texts: tuple[str, str], shared: Any, *, bold: bool = False) -> None:
    for cell, text, width in zip(row.cells, texts, (65, 100), strict=True):
        cell.width = shared.Mm(width)
        cell.paragraphs[0].add_run(text).bold = bold
