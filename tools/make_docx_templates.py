"""Writes the Word templates in `reports/docx/`, which officers may edit; `--check` says whether they are current.

A template is an ordinary document with fields in double braces. It is filled by docxtpl.
"""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path

from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from secaudit.report.form08.words import COLUMNS
from tools import docx_layout as lay
from tools.docx_combined import combined
from tools.docx_plans import inspection, protection, remediation

FOLDER = Path(__file__).parent.parent / "reports" / "docx"
SMALL = 10.5
"""Points in tables with many columns; the decree sets no size for tables."""


def form08() -> DocumentType:
    """Return the template of Form 08."""
    document = lay.new_document("Báo cáo kết quả công tác bảo đảm an ninh mạng hệ thống thông tin")
    lay.head(document, subject=True)
    lay.addressees(document)
    lay.section(document, "1. Thông tin chung")
    lay.statement(document, "for count in counts")
    lay.body(document, "- {{ count.label }}: {{ count.value }}")
    lay.statement(document, "endfor")
    lay.section(document, "2. Thông tin về chủ quản hệ thống thông tin và đơn vị chuyên trách về an ninh mạng")
    lay.statement(document, "for block in owners")
    for letter, title, key in (
        ("a", "Chủ quản hệ thống thông tin", "owner"),
        ("b", "Đơn vị chuyên trách về an ninh mạng", "unit"),
    ):
        lay.body(document, "{{ block.number }}" + f"{letter}) {title}:", keep=True)
        lay.statement(document, f"for field in block.{key}")
        lay.body(document, "{{ field.label }}: {{ field.value }}")
        lay.statement(document, "endfor")
    lay.statement(document, "endfor")
    lay.new_section(document, wide=True)
    lay.section(document, "3. Thông tin chi tiết về các hệ thống thông tin thuộc phạm vi quản lý")
    widths = (11, 28, 23, 23, 13, 21, 26, 26, 20, 22, 20, 19)
    table = lay.ruled_table(document, COLUMNS, widths, size=SMALL)
    lay.add_row(table, [f"({n})" for n in range(1, 13)], size=SMALL, centred=range(12))
    lay.repeat(table, 1)
    lay.control(table, "for row in rows")
    lay.add_row(table, ["{{ row.cells[%d] }}" % n for n in range(12)], size=SMALL, centred=(0, 4))  # noqa: UP031
    lay.control(table, "endfor")
    lay.write(document, "", size=6)
    lay.body(document, "Số liệu trong báo cáo được tổng hợp {{ window }}, cập nhật đến ngày {{ as_of }}.")
    lay.foot(document, wide=True)
    _annexes_of_form08(document)
    return document


def _annexes_of_form08(document: DocumentType) -> None:
    reference = "{{ reference }}"
    lay.new_section(document, wide=False, restart=True)
    lay.annex(
        document, "I", "HỆ THỐNG THÔNG TIN CÓ TIÊU CHÍ CỦA HỆ THỐNG THÔNG TIN QUAN TRỌNG VỀ AN NINH QUỐC GIA", reference
    )
    lay.statement(document, "if annex_1")
    table = lay.ruled_table(
        document, ("STT", "Hệ thống thông tin", "Tiêu chí đáp ứng (Điều 16)", "Tình trạng hồ sơ"), (12, 50, 63, 40),
        size=12,
    )  # fmt: skip
    lay.rows(table, "annex_1", "line", ("number", "system", "criterion", "status"), size=12)
    lay.statement(document, "else")
    lay.body(document, "{{ annex_1_empty }}")
    lay.statement(document, "endif")
    lay.new_section(document, wide=True, restart=True)
    lay.annex(document, "II", "KẾT QUẢ KIỂM TRA VIỆC TUÂN THỦ QUY CHẾ BẢO ĐẢM AN NINH MẠNG", reference)
    lay.statement(document, "if annex_2")
    table = lay.ruled_table(
        document,
        ("STT", "Hệ thống thông tin", "Kỳ kiểm tra", "Nội dung, quy trình được kiểm tra", "Điểm chưa phù hợp",
         "Đã khắc phục", "Ghi chú"),
        (12, 44, 36, 52, 44, 34, 30), size=12,
    )  # fmt: skip
    names = ("number", "system", "period", "procedures", "nonconformities", "fixed", "note")
    lay.rows(table, "annex_2", "line", names, size=12)
    lay.statement(document, "else")
    lay.body(document, "Chưa có kết quả kiểm tra trong kỳ.")
    lay.statement(document, "endif")
    lay.new_section(document, wide=True, restart=True)
    lay.annex(
        document, "III", "ĐÁNH GIÁ VIỆC ĐÁP ỨNG TỪNG YÊU CẦU BẢO ĐẢM AN NINH MẠNG VÀ LỘ TRÌNH TRIỂN KHAI", reference
    )
    _requirements(document, "annex_3")


def _requirements(document: DocumentType, name: str) -> None:
    """Write the table of requirements of each system, as both documents have it."""
    lay.statement(document, f"for one in {name}")
    lay.body(document, "{{ one.system }}", bold=True, keep=True)
    lay.statement(document, "if one.assessed")
    lay.body(
        document,
        "Số yêu cầu áp dụng: {{ one.total }}; đáp ứng đầy đủ: {{ one.met }}; chưa đáp ứng đầy đủ: {{ one.open }}.",
        keep=True,
    )
    table = lay.ruled_table(
        document,
        ("STT", "Điều khoản", "Yêu cầu (diễn đạt lại)", "Kết quả", "Kế hoạch, thời hạn", "Thực hiện"),
        (12, 28, 96, 46, 38, 32), size=SMALL,
    )  # fmt: skip
    lay.control(table, "for group in one.groups")
    lay.band(table, "{{ group.title }}", size=SMALL)
    lay.control(table, "for line in group.lines")
    names = ("number", "clause", "text", "result", "plan", "responsible")
    lay.add_row(table, ["{{ line." + one + " }}" for one in names], size=SMALL, centred=(0,))
    lay.control(table, "endfor")
    lay.control(table, "endfor")
    lay.statement(document, "else")
    lay.body(document, "Chưa tự đánh giá.")
    lay.statement(document, "endif")
    lay.statement(document, "endfor")
    lay.notices(document)


def annual() -> DocumentType:
    """Return the template of the yearly progress report."""
    document = lay.new_document("Báo cáo tiến độ hằng năm")
    lay.head(document, subject=False)
    lay.write(document, "BÁO CÁO", size=14, bold=True, align=ALIGN.CENTER, before=18)
    lay.write(document, "{{ summary }}", bold=True, align=ALIGN.CENTER)
    lay.draw_line(document, 57)
    lay.addressees(document)
    lay.statement(document, "for line in bases")
    lay.body(document, "{{ line }}", italic=True)
    lay.statement(document, "endfor")
    lay.body(document, "{{ opening }}")
    lay.section(document, "I. TÌNH HÌNH THỰC HIỆN MỤC TIÊU")
    lay.paragraphs(document, "standing")
    table = lay.ruled_table(
        document, ("STT", "Mục tiêu", "Chỉ tiêu", "Kết quả", "Đánh giá"), (12, 87, 22, 22, 22), size=12
    )
    lay.rows(table, "targets", "line", ("number", "target", "wanted", "reached", "verdict"), size=12)
    lay.write(document, "", size=6)
    table = lay.ruled_table(
        document,
        ("STT", "Hệ thống thông tin", "Cấp độ", "Yêu cầu áp dụng", "Đạt", "Tỷ lệ đạt", "Tiến độ (một phần tính nửa)",
         "Có giải pháp cấp độ 3"),
        (12, 50, 15, 19, 13, 17, 22, 17), size=SMALL,
    )  # fmt: skip
    names = ("number", "name", "level", "applicable", "met", "strict", "progress", "solution")
    lay.rows(table, "systems", "line", names, size=SMALL)
    lay.write(document, "", size=6)
    for title, name in (
        ("II. KẾT QUẢ KIỂM TRA TRANG THÔNG TIN ĐIỆN TỬ", "looked"),
        ("III. KẾT QUẢ KHẮC PHỤC", "repaired"),
        ("IV. KHÓ KHĂN, VƯỚNG MẮC", "difficulties"),
        ("V. KIẾN NGHỊ, ĐỀ XUẤT", "proposals"),
    ):
        lay.section(document, title)
        lay.paragraphs(document, name)
    lay.foot(document)
    _annexes_of_annual(document)
    return document


def _annexes_of_annual(document: DocumentType) -> None:
    reference = "{{ reference }}"
    lay.new_section(document, wide=True, restart=True)
    lay.annex(document, "I", "KẾT QUẢ CÁC LẦN QUÉT TRONG KỲ", reference)
    lay.statement(document, "if annex_1")
    table = lay.ruled_table(
        document,
        ("STT", "Ngày quét", "Trang", "Tình trạng", "Nghiêm trọng", "Cao", "Trung bình", "Thấp", "Thông tin"),
        (12, 30, 76, 32, 24, 18, 20, 18, 22), size=12,
    )  # fmt: skip
    names = ("number", "day", "page", "status", "critical", "high", "medium", "low", "info")
    lay.rows(table, "annex_1", "line", names, size=12)
    lay.statement(document, "else")
    lay.body(document, "Không có lần quét nào trong kỳ.")
    lay.statement(document, "endif")
    lay.new_section(document, wide=True, restart=True)
    lay.annex(document, "II", "TÌNH TRẠNG TỪNG YÊU CẦU BẢO ĐẢM AN NINH MẠNG", reference)
    _requirements(document, "annex_2")
    lay.new_section(document, wide=True, restart=True)
    lay.annex(document, "III", "CÁC PHÁT HIỆN VÀ TÌNH TRẠNG KHẮC PHỤC", reference)
    lay.statement(document, "if annex_3")
    table = lay.ruled_table(
        document, ("STT", "Trang", "Mức độ", "Phát hiện", "Tình trạng", "Việc cần làm", "Thực hiện"),
        (12, 40, 22, 50, 32, 64, 32), size=SMALL,
    )  # fmt: skip
    lay.rows(
        table, "annex_3", "line", ("number", "page", "severity", "title", "fate", "action", "responsible"), size=SMALL
    )
    lay.statement(document, "else")
    lay.body(document, "Không có phát hiện nào.")
    lay.statement(document, "endif")
    lay.new_section(document, wide=True, restart=True)
    lay.annex(document, "IV", "SỔ THEO DÕI KHẮC PHỤC", reference)
    lay.statement(document, "if annex_4")
    table = lay.ruled_table(
        document,
        ("STT", "Mã", "Việc", "Nơi thấy, điều khoản", "Người, đơn vị thực hiện", "Hạn, ngày xong", "Tình trạng"),
        (12, 16, 74, 50, 40, 26, 34), size=SMALL,
    )  # fmt: skip
    lay.rows(table, "annex_4", "line", ("number", "id", "title", "where", "who", "due", "state"), size=SMALL)
    lay.statement(document, "else")
    lay.body(document, "Sổ theo dõi khắc phục chưa có việc nào.")
    lay.statement(document, "endif")
    _since_of_annual(document, reference)


def _since_of_annual(document: DocumentType, reference: str) -> None:
    """Write the annex that compares with the start of the period; its charts are bars of letters in the tables."""
    lay.new_section(document, wide=True, restart=True)
    lay.annex(document, "V", "SO SÁNH VỚI ĐẦU KỲ BÁO CÁO", reference)
    lay.statement(document, "if since")
    lay.paragraphs(document, "since.lines")
    table = lay.ruled_table(
        document,
        ("Hệ thống thông tin", "Thời điểm", "Tỷ lệ đạt", "Biểu đồ tỷ lệ đạt", "Tiến độ", "Biểu đồ tiến độ"),
        (74, 24, 20, 57, 20, 57), size=SMALL,
    )  # fmt: skip
    lay.rows(table, "since.systems", "line", ("name", "when", "strict", "bar", "progress", "bar_progress"), size=SMALL)
    lay.write(document, "", size=6)
    table = lay.ruled_table(
        document,
        ("Mức độ", "Đầu kỳ", "Mới phát hiện", "Xuất hiện trở lại", "Đã khắc phục", "Không còn áp dụng", "Hiện còn",
         "Trong đó chưa kết luận", "Biểu đồ đầu kỳ", "Biểu đồ hiện còn"),
        (26, 14, 18, 18, 18, 18, 14, 20, 53, 53), size=SMALL,
    )  # fmt: skip
    names = ("severity", "before", "new", "back", "fixed", "moot", "now", "unproven", "bar_before", "bar_now")
    lay.rows(table, "since.movements", "line", names, size=SMALL)
    lay.statement(document, "else")
    lay.body(document, "Chưa có lần quét nào đến cuối kỳ nên chưa có gì để so sánh.")
    lay.statement(document, "endif")


TEMPLATES = {
    "form08.docx": form08,
    "annual.docx": annual,
    "remediation.docx": remediation,
    "inspection.docx": inspection,
    "protection.docx": protection,
    "combined.docx": lambda: combined("vi"),
    "combined-en.docx": lambda: combined("en"),
}


def template_bytes(document: DocumentType) -> bytes:
    """Return a document as a file that changes only with its content: a fixed date on every part."""
    raw = BytesIO()
    document.save(raw)
    fixed = BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def main(arguments: list[str]) -> int:
    """Write the templates, or with `--check` only compare them."""
    stale = []
    for name, make in TEMPLATES.items():
        wanted, path = template_bytes(make()), FOLDER / name
        if not path.exists() or path.read_bytes() != wanted:
            stale.append(name)
            if "--check" not in arguments:
                path.write_bytes(wanted)
    if stale and "--check" in arguments:
        print("run `python -m tools.make_docx_templates`:", ", ".join(stale))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
