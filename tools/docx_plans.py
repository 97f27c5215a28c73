"""Word templates of the remediation plan, of the evidence list for an inspection and of the protection plan's draft."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from tools import docx_layout as lay

SMALL = 10.5
REFERENCE = "{{ reference }}"


def _opening(title: str, kind: str) -> DocumentType:
    document = lay.new_document(title)
    lay.head(document, subject=False)
    lay.write(document, kind, size=14, bold=True, align=ALIGN.CENTER, before=18)
    lay.write(document, "{{ summary }}", bold=True, align=ALIGN.CENTER)
    lay.draw_line(document, 57)
    return document


def _table(
    document: DocumentType, name: str, heads: Sequence[str], widths: Sequence[float], fields: Sequence[str],
    size: float = SMALL,
) -> None:  # fmt: skip
    table = lay.ruled_table(document, heads, widths, size=size)
    lay.rows(table, name, "line", fields, size=size)


def _annex(document: DocumentType, number: str, title: str) -> None:
    lay.new_section(document, wide=True, restart=True)
    lay.annex(document, number, title, REFERENCE)


def _either(document: DocumentType, sentence: str) -> None:
    """Close an `if` with what stands there when there is nothing."""
    lay.statement(document, "else")
    lay.body(document, sentence)
    lay.statement(document, "endif")


def remediation() -> DocumentType:
    """Return the template of the remediation plan."""
    document = _opening("Kế hoạch khắc phục", "KẾ HOẠCH")
    lay.write(document, "", size=6)
    lay.paragraphs(document, "bases", italic=True)
    lay.section(document, "I. MỤC ĐÍCH, YÊU CẦU")
    lay.paragraphs(document, "purpose")
    lay.section(document, "II. TÌNH HÌNH")
    lay.paragraphs(document, "standing")
    lay.section(document, "III. PHÂN CÔNG VÀ THỜI HẠN")
    lay.statement(document, "if units")
    _table(
        document, "units",
        ("STT", "Đơn vị, người thực hiện", "Số việc", "Quá hạn", "Hạn sớm nhất", "Hạn muộn nhất", "Kinh phí (đồng)"),
        (12, 49, 16, 16, 24, 24, 24), ("number", "unit", "count", "late", "first", "last", "cost"), 12,
    )  # fmt: skip
    lay.write(document, "", size=6)
    _either(document, "Không còn việc nào mở trong sổ theo dõi khắc phục.")
    lay.section(document, "IV. KINH PHÍ")
    lay.body(document, "{{ cost_line }}")
    lay.section(document, "V. TỔ CHỨC THỰC HIỆN")
    lay.paragraphs(document, "organisation")
    lay.foot(document)
    _annex(document, "I", "DANH MỤC VIỆC KHẮC PHỤC")
    lay.statement(document, "if annex_1")
    lay.statement(document, "for one in annex_1")
    lay.body(document, "{{ one.system }}", bold=True, keep=True)
    table = lay.ruled_table(
        document,
        ("STT", "Mã", "Việc cần khắc phục", "Cách khắc phục", "Nơi thấy, điều khoản", "Người, đơn vị thực hiện", "Hạn",
         "Kinh phí (đồng)", "Tình trạng", "Chứng minh hoàn thành"),
        (10, 14, 36, 42, 30, 27, 19, 20, 18, 36), size=10,
    )  # fmt: skip
    lay.control(table, "for group in one.priorities")
    lay.band(table, "{{ group.title }}", size=10)
    fields = ("number", "id", "title", "action", "where", "who", "due", "cost", "state", "proof")
    lay.rows(table, "group.lines", "line", fields, size=10)
    lay.control(table, "endfor")
    lay.statement(document, "endfor")
    _either(document, "Không còn việc nào mở trong sổ theo dõi khắc phục.")
    lay.notices(document)
    _annex(document, "II", "RỦI RO ĐƯỢC CHẤP NHẬN CÓ THỜI HẠN")
    lay.statement(document, "if annex_2")
    _table(
        document, "annex_2",
        ("STT", "Mã", "Hệ thống thông tin", "Rủi ro", "Nơi thấy, điều khoản", "Người chấp nhận", "Lý do",
         "Đến hết ngày"),
        (10, 14, 36, 54, 40, 28, 48, 22), ("number", "id", "system", "title", "where", "by", "reason", "until"),
    )  # fmt: skip
    _either(document, "Sổ theo dõi khắc phục không ghi rủi ro nào đang được chấp nhận.")
    _annex(document, "III", "VIỆC ĐÃ HOÀN THÀNH TRONG KỲ, CÓ CHỨNG MINH")
    lay.body(document, "Kỳ {{ period }}.")
    lay.statement(document, "if annex_3")
    _table(
        document, "annex_3",
        ("STT", "Mã", "Hệ thống thông tin", "Việc", "Nơi thấy, điều khoản", "Người, đơn vị thực hiện",
         "Kinh phí (đồng)", "Ngày xác nhận"),
        (10, 14, 40, 68, 46, 32, 20, 22), ("number", "id", "system", "title", "where", "who", "cost", "closed"),
    )  # fmt: skip
    _either(document, "Trong kỳ chưa có việc nào được xác nhận hoàn thành.")
    return document


def inspection() -> DocumentType:
    """Return the template of the evidence list for an inspection."""
    document = _opening("Danh mục bằng chứng", "DANH MỤC BẰNG CHỨNG")
    lay.write(document, "", size=6)
    lay.paragraphs(document, "standing")
    lay.statement(document, "if faults")
    lay.section(document, "Tệp bằng chứng bị thiếu hoặc đã thay đổi")
    lay.paragraphs(document, "faults")
    lay.statement(document, "endif")
    lay.foot(document)
    _annex(document, "", "BẰNG CHỨNG THEO TỪNG YÊU CẦU")
    lay.statement(document, "for one in systems")
    lay.body(document, "{{ one.system }}", bold=True, keep=True)
    lay.statement(document, "for list in one.lists")
    lay.body(document, "{{ list.title }}", keep=True)
    table = lay.ruled_table(
        document,
        ("Điều khoản", "Yêu cầu (diễn đạt lại)", "Trả lời", "Người trả lời, ngày", "Bằng chứng"),
        (26, 76, 26, 38, 86), size=10,
    )  # fmt: skip
    lay.control(table, "for group in list.groups")
    lay.band(table, "{{ group.title }}", size=10)
    lay.control(table, "for line in group.lines")
    cells = ("clause", "text", "state", "who", "evidence")
    lay.add_row(table, ["{{ line." + cell + " }}" for cell in cells], size=10)
    lay.control(table, "endfor")
    lay.control(table, "endfor")
    lay.write(document, "", size=6)
    lay.statement(document, "endfor")
    lay.statement(document, "endfor")
    lay.statement(document, "if others")
    lay.body(document, "Bằng chứng trong kho không gắn với câu trả lời nào đang có hiệu lực", bold=True, keep=True)
    _table(
        document, "others", ("Mã", "Tên", "Ngày", "Ngày nhận", "Nơi để trong hồ sơ", "SHA-256"),
        (16, 66, 22, 24, 64, 60), ("id", "name", "dated", "added", "place", "sha256"), 10,
    )  # fmt: skip
    lay.statement(document, "endif")
    lay.notices(document)
    return document


def protection() -> DocumentType:
    """Return the template of the protection plan's draft (Decree 331/2026 Art. 29.2)."""
    document = _opening("Phương án bảo đảm an ninh mạng", "PHƯƠNG ÁN")
    lay.write(document, "", size=6)
    lay.paragraphs(document, "bases", italic=True)
    lay.section(document, "Phần còn thiếu của bản dự thảo này")
    lay.statement(document, "if missing")
    _table(document, "missing", ("Ở phần", "Còn thiếu", "Hỏi ai"), (36, 74, 55), ("where", "what", "whom"), 11)
    lay.write(document, "", size=6)
    _either(document, "Phần mềm không thấy mục nào còn trống; người lập vẫn phải đọc lại toàn bộ.")
    lay.section(document, "I. THÔNG TIN CHUNG")
    lay.statement(document, "for one in about")
    lay.body(document, "{{ one.label }}: {{ one.value }}")
    lay.statement(document, "endfor")
    lay.section(document, "II. HIỆN TRẠNG NHÌN TỪ BÊN NGOÀI")
    lay.paragraphs(document, "seen")
    lay.new_section(document, wide=True)
    lay.section(document, "III. NỘI DUNG PHƯƠNG ÁN")
    lay.statement(document, "for part in parts")
    lay.body(document, "{{ part.number }}. {{ part.title }} ({{ part.article }})", bold=True, keep=True)
    lay.statement(document, "for line in part.own")
    lay.body(document, "{{ line }}")
    lay.statement(document, "endfor")
    lay.body(document, "{{ part.figure }}")
    lay.statement(document, "for line in part.findings")
    lay.body(document, "- {{ line }}")
    lay.statement(document, "endfor")
    lay.statement(document, "if part.measures")
    lay.body(document, "Biện pháp đã có theo câu trả lời của đơn vị:", keep=True)
    table = lay.ruled_table(
        document, ("Điều khoản", "Yêu cầu (diễn đạt lại)", "Tình trạng", "Biện pháp, bằng chứng", "Thực hiện"),
        (24, 92, 26, 74, 36), size=SMALL,
    )  # fmt: skip
    lay.rows(table, "part.measures", "line", ("clause", "text", "state", "measure", "who"), size=SMALL)
    lay.write(document, "", size=6)
    lay.statement(document, "endif")
    lay.statement(document, "if part.gaps")
    lay.body(document, "Biện pháp còn phải làm rõ hoặc bổ sung:", keep=True)
    table = lay.ruled_table(
        document, ("Điều khoản", "Yêu cầu (diễn đạt lại)", "Tình trạng", "Cần có", "Hỏi ai"), (24, 92, 26, 74, 36),
        size=SMALL,
    )  # fmt: skip
    lay.rows(table, "part.gaps", "line", ("clause", "text", "state", "wanted", "whom"), size=SMALL)
    lay.write(document, "", size=6)
    lay.statement(document, "endif")
    lay.statement(document, "endfor")
    lay.new_section(document, wide=False)
    lay.section(document, "IV. TỔ CHỨC THỰC HIỆN")
    lay.paragraphs(document, "organisation")
    lay.foot(document)
    lay.notices(document)
    return document
