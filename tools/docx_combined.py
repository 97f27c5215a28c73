"""The Word template of the combined report, in Vietnamese and in English."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from tools import docx_layout as lay

SMALL = 10.5
_MONO = "Courier New"
"""For code and for bars: a face that has block letters on every system."""


class _Template:
    """Writes the template in one language; heads are pairs of Vietnamese and English."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.document = lay.new_document(self._say("Báo cáo kiểm tra an ninh mạng", "Cybersecurity inspection report"))
        lay.own_headings(self.document, (1, 2))

    def _say(self, vietnamese: str, english: str) -> str:
        return english if self._language == "en" else vietnamese

    def write(self) -> DocumentType:
        self._head()
        self._summary()
        self._findings()
        self._outcomes()
        self._observed()
        lay.new_section(self.document, wide=True)
        self._requirements()
        self._work()
        lay.new_section(self.document, wide=False)
        self._scope()
        self._trend()
        self._foot()
        return self.document

    def _section(self, vietnamese: str, english: str) -> None:
        title = self._say(vietnamese, english)
        paragraph = lay.write(self.document, title, size=14, bold=True, before=12, after=6, keep=True)
        paragraph.style = self.document.styles["Heading 1"]

    def _part(self, vietnamese: str, english: str) -> None:
        paragraph = lay.write(self.document, self._say(vietnamese, english), bold=True, before=8, after=4, keep=True)
        paragraph.style = self.document.styles["Heading 2"]

    def _body(self, text: str) -> None:
        lay.body(self.document, text)

    def _pairs(self, name: str) -> None:
        """Write a table without borders of labels and values."""
        table = lay.plain_table(self.document, (42, 123), 0)
        lay.control(table, f"for one in {name}")
        row = table.add_row()
        lay.write(row.cells[0], "{{ one.label }}:", size=12)
        lay.write(row.cells[1], "{{ one.value }}", size=12)
        lay.control(table, "endfor")

    def _table(
        self, name: str, heads: Sequence[tuple[str, str]], widths: Sequence[float], fields: Sequence[str],
        centred: Sequence[int] = (), size: float = SMALL,
    ) -> None:  # fmt: skip
        table = lay.ruled_table(self.document, [self._say(*head) for head in heads], widths, size=size)
        lay.control(table, f"for one in {name}")
        lay.add_row(table, ["{{ one." + field + " }}" for field in fields], size=size, centred=centred)
        lay.control(table, "endfor")
        lay.write(self.document, "", size=6)

    def _bars(self, name: str, heads: Sequence[tuple[str, str]], widths: Sequence[float], first: str) -> None:
        table = lay.ruled_table(self.document, [self._say(*head) for head in heads], widths, size=12)
        lay.control(table, f"for one in {name}")
        other = "count" if first == "label" else "label"
        lay.add_row(table, ["{{ one." + field + " }}" for field in (first, other, "bar")], size=12)
        blocks = table.rows[-1].cells[2].paragraphs[0].runs[0].font
        blocks.name, blocks.size = _MONO, Pt(9)
        lay.control(table, "endfor")
        lay.write(self.document, "", size=6)

    def _if_any(self, name: str) -> None:
        lay.statement(self.document, f"if {name}")

    def _otherwise(self, vietnamese: str, english: str) -> None:
        lay.statement(self.document, "else")
        self._body(self._say(vietnamese, english))
        lay.statement(self.document, "endif")

    def _lines(self, name: str, text: str = "- {{ line }}") -> None:
        lay.statement(self.document, f"for line in {name}")
        self._body(text)
        lay.statement(self.document, "endfor")

    def _head(self) -> None:
        document = self.document
        lay.statement(document, "if mark")
        lay.write(document, "{{ mark }}", bold=True, align=ALIGN.CENTER, after=6)
        lay.statement(document, "endif")
        table = lay.plain_table(document, (73, 3, 89), 1)
        left, _, right = table.rows[0].cells
        lay.write(left, "{{ superior }}", size=12, align=ALIGN.CENTER)
        lay.write(left, "{{ body }}", size=12, bold=True, align=ALIGN.CENTER)
        lay.draw_line(left, 24)
        if self._language == "vi":
            lay.write(right, "{{ nation }}", size=12, bold=True, align=ALIGN.CENTER)
            lay.write(right, "{{ motto }}", size=13, bold=True, align=ALIGN.CENTER)
            lay.draw_line(right, 15)
        lay.write(right, "{{ date_line }}", italic=True, align=ALIGN.CENTER, before=6)
        lay.write(document, "{{ title }}", size=14, bold=True, align=ALIGN.CENTER, before=18)
        lay.write(document, "{{ page }}", bold=True, align=ALIGN.CENTER)
        lay.write(document, "{{ subtitle }}", align=ALIGN.CENTER, after=6)
        lay.statement(document, "if draft_note")
        lay.write(document, "{{ draft_note }}", size=12, italic=True, align=ALIGN.JUSTIFY, after=6)
        lay.statement(document, "endif")
        self._pairs("about")

    def _summary(self) -> None:
        self._section("1. Tóm tắt cho lãnh đạo đơn vị", "1. Summary for the head of the office")
        self._body("{{ verdict }}")
        self._if_any("figures")
        figures = (("Mức", "Figure"), ("Ý nghĩa", "What it says"), ("Biểu đồ", "Bar"))
        self._bars("figures", figures, (24, 91, 50), "value")
        states = (("Tình trạng yêu cầu", "Status of requirements"), ("Số yêu cầu", "Number"), ("Biểu đồ", "Bar"))
        self._bars("states", states, (80, 35, 50), "label")
        lay.statement(self.document, "endif")
        severities = (("Mức độ phát hiện", "Severity of findings"), ("Số phát hiện", "Number"), ("Biểu đồ", "Bar"))
        self._bars("severities", severities, (80, 35, 50), "label")
        self._part("Đã kiểm tra", "What was checked")
        self._table(
            "checked", (("Nội dung", "What"), ("Kết quả", "Result"), ("Ghi chú", "Note")), (85, 30, 50),
            ("name", "result", "note"), size=12,
        )  # fmt: skip
        self._body("{{ checks_line }}")
        self._part("Chưa kiểm tra được", "What was not checked")
        self._lines("not_checked")
        self._if_any("first_things")
        self._part("Việc cần làm trước", "To do first")
        self._table(
            "first_things",
            (("STT", "No."), ("Việc", "What"), ("Cách làm", "How"), ("Ai làm", "Who"), ("Mã phát hiện", "Findings")),
            (11, 45, 58, 28, 23), ("number", "what", "how", "who", "codes"), (0,),
        )  # fmt: skip
        lay.statement(self.document, "endif")
        self._lines("beside", "{{ line }}")

    def _findings(self) -> None:
        document = self.document
        self._section("2. Các phát hiện", "2. Findings")
        self._if_any("findings")
        self._table(
            "findings",
            (("Mã", "Code"), ("Mức độ", "Severity"), ("Phát hiện", "Finding"), ("Nơi phát hiện", "Where"),
             ("Ai thường thực hiện", "Who usually does it")),
            (22, 25, 50, 38, 30), ("code", "severity", "title", "where", "responsible"),
        )  # fmt: skip
        lay.statement(document, "for one in findings")
        lay.write(document, "{{ one.code }}. {{ one.title }}", bold=True, before=8, after=2, keep=True)
        lay.write(document, "{{ one.severity }} – {{ one.area }}", size=12, italic=True, after=2, keep=True)
        for field, vietnamese, english in (
            ("where", "Nơi phát hiện", "Where"), ("explanation", "Đây là gì", "What it is"), ("risk", "Rủi ro", "Risk"),
            ("remediation", "Cần làm gì", "What to do"), ("responsible", "Ai thường thực hiện", "Who usually does it"),
        ):  # fmt: skip
            lay.statement(document, f"if one.{field}")
            self._named(self._say(vietnamese, english), "{{ one." + field + " }}")
            lay.statement(document, "endif")
        self._listed("one.seen", "Đã thấy gì", "What was seen")
        lay.statement(document, "for fix in one.fixes")
        self._named("{{ fix.on }}", "{{ fix.text }}")
        lay.statement(document, "if fix.code")
        code = lay.write(document, "{{ fix.code }}", size=9.5, after=4)
        code.runs[0].font.name, code.paragraph_format.left_indent = _MONO, Mm(10)
        lay.statement(document, "endif")
        lay.statement(document, "endfor")
        self._listed("one.requirements", "Yêu cầu bị ảnh hưởng", "Requirements that it bears on")
        self._listed("one.references", "Tham khảo", "References")
        lay.statement(document, "endfor")
        self._otherwise(
            "Các phép kiểm tra có kết luận không thấy lỗi nào. Phần chưa kết luận được nêu ở phần 4.",
            "The checks that reached a conclusion saw no fault. What could not be concluded stands in part 4.",
        )

    def _named(self, label: str, value: str) -> None:
        paragraph = lay.write(self.document, f"{label}: ", size=12, bold=True, align=ALIGN.LEFT, after=2)
        lay.add_run(paragraph, value, size=12)

    def _listed(self, name: str, vietnamese: str, english: str) -> None:
        document = self.document
        lay.statement(document, f"if {name}")
        lay.write(document, f"{self._say(vietnamese, english)}:", size=12, bold=True, after=2, keep=True)
        lay.statement(document, f"for line in {name}")
        lay.write(document, "- {{ line }}", size=12, after=1).paragraph_format.left_indent = Mm(5)
        lay.statement(document, "endfor")
        lay.statement(document, "endif")

    def _outcomes(self) -> None:
        self._section("3. Đã kiểm tra, không thấy lỗi", "3. Checked, no fault seen")
        self._if_any("passed")
        heads = (("Lĩnh vực", "Area"), ("Lỗi đã tìm mà không thấy", "Faults looked for and not seen"))
        self._table("passed", heads, (45, 120), ("area", "titles"))
        self._otherwise(
            "Không có phép kiểm tra nào kết thúc mà không có lỗi hoặc nghi ngờ.",
            "No check ended without a fault or a doubt.",
        )
        self._section("4. Chưa kết luận được", "4. What could not be concluded")
        self._if_any("unclear")
        self._body(
            self._say(
                "Chưa kết luận không có nghĩa là không có lỗi. Cần bỏ nguyên nhân rồi quét lại.",
                "Inconclusive is not the same as free of faults. Remove the cause and scan again.",
            )
        )
        heads = (("Lý do", "Reason"), ("Lỗi chưa xác định được", "Faults that could not be looked for"))
        self._table("unclear", heads, (65, 100), ("reason", "titles"))
        self._otherwise("Mọi phép kiểm tra đều có kết luận.", "Every check reached a conclusion.")
        self._if_any("moot")
        self._part("Phép kiểm tra không áp dụng cho trang này", "Checks that do not arise here")
        self._lines("moot")
        lay.statement(self.document, "endif")

    def _observed(self) -> None:
        self._section("5. Cổng, chứng thư số, phiên bản TLS", "5. Ports, certificates, TLS versions")
        self._lines("port_scans", "{{ line }}")
        self._if_any("ports")
        self._table(
            "ports",
            (("Máy chủ", "Host"), ("Cổng", "Port"), ("Dịch vụ", "Service"), ("Sản phẩm", "Product"),
             ("Biết được nhờ", "Learnt from"), ("Có chủ ý mở", "Meant to be open")),
            (40, 20, 22, 30, 28, 25), ("host", "port", "service", "product", "method", "expected"),
        )  # fmt: skip
        lay.statement(self.document, "endif")
        self._if_any("certificates")
        self._table(
            "certificates",
            (("Chủ thể", "Subject"), ("Bên cấp", "Issuer"), ("Hiệu lực", "Valid"), ("Khóa, chữ ký", "Key, signature"),
             ("Tin cậy, tên miền", "Trust, name")),
            (40, 38, 35, 22, 30), ("subject", "issuer", "valid", "key", "trust"),
        )  # fmt: skip
        self._otherwise("Không thấy chứng thư số nào.", "No certificate was seen.")
        self._if_any("tls")
        self._table(
            "tls",
            (("Máy chủ", "Server"), ("Phiên bản", "Version"), ("Trả lời", "Answer"), ("Số bộ mã", "Cipher suites")),
            (55, 28, 57, 25), ("endpoint", "version", "answer", "suites"),
        )  # fmt: skip
        self._otherwise("Chưa dò TLS.", "TLS was not looked at.")
        self._if_any("clients")
        self._part("Trình duyệt và điện thoại kết nối được", "Browsers and telephones that can connect")
        self._table(
            "clients",
            (("Máy chủ", "Server"), ("Thiết bị hoặc chương trình", "Device or program"),
             ("Kết nối được", "Can connect"), ("Bằng gì, hoặc vì sao không", "With what, or why not")),
            (42, 48, 22, 53), ("endpoint", "name", "reach", "how"),
        )  # fmt: skip
        lay.statement(self.document, "endif")

    def _requirements(self) -> None:
        document = self.document
        self._section("6. Các yêu cầu và tình trạng", "6. Requirements and their status")
        lay.statement(document, "for list in lists")
        self._part("{{ list.title }}", "{{ list.title }}")
        lay.statement(document, "if list.role")
        self._body("{{ list.role }}")
        lay.statement(document, "endif")
        self._body("{{ list.notes }}")
        lay.statement(document, "if list.groups")
        self._table(
            "list.groups",
            (("Nhóm", "Group"), ("Áp dụng", "Counted"), ("Đạt", "Met"), ("Một phần", "Partly met"),
             ("Chưa ai trả lời", "Nobody answered"), ("Tỷ lệ đạt / tiến độ", "Met in full / progress")),
            (112, 24, 24, 24, 28, 40), ("title", "applicable", "met", "partial", "unanswered", "share"),
            (1, 2, 3, 4, 5),
        )  # fmt: skip
        lay.statement(document, "endif")
        heads = (
            ("Điều khoản", "Clause"), ("Yêu cầu và bằng chứng cần có", "Requirement and evidence to keep"),
            ("Ai thường thực hiện", "Who usually does it"), ("Tình trạng", "Status"), ("Ghi chú", "Note"),
        )  # fmt: skip
        table = lay.ruled_table(document, [self._say(*head) for head in heads], (26, 104, 36, 26, 60), size=SMALL)
        lay.control(table, "for group in list.rows")
        lay.band(table, "{{ group.title }}", size=SMALL)
        lay.control(table, "for row in group.lines")
        cells = ["{{ row.clause }}", "{{ row.text }}", "{{ row.responsible }}", "{{ row.state }}", "{{ row.note }}"]
        lay.add_row(table, cells, size=SMALL)
        lay.write(table.rows[-1].cells[1], "{{ row.evidence }}", size=SMALL, italic=True)
        lay.control(table, "endfor")
        lay.control(table, "endfor")
        lay.statement(document, "if list.sources")
        lay.write(document, "{{ list.sources }}", size=11, italic=True, before=3, after=6)
        lay.statement(document, "endif")
        lay.statement(document, "endfor")

    def _work(self) -> None:
        self._section("7. Việc khắc phục", "7. Remediation")
        self._body("{{ work_intro }}")
        number, work, where = ("Mã việc", "Work"), ("Việc khắc phục", "What"), ("Nơi, yêu cầu", "Where, requirement")
        self._if_any("work_open")
        self._table(
            "work_open",
            (number, ("Ưu tiên", "Priority"), work, where, ("Cách làm", "How"), ("Người, đơn vị làm", "Who"),
             ("Hạn", "Due"), ("Chi phí dự kiến (đồng)", "Estimate (đồng)"), ("Tình trạng", "State")),
            (14, 18, 46, 38, 52, 26, 20, 19, 19),
            ("id", "priority", "title", "where", "action", "who", "due", "cost", "state"), size=10,
        )  # fmt: skip
        lay.statement(self.document, "endif")
        self._if_any("work_accepted")
        self._part("Rủi ro được chấp nhận có thời hạn", "Risks accepted for a time")
        self._table(
            "work_accepted",
            (number, work, where, ("Người chấp nhận", "Accepted by"), ("Lý do", "Reason"), ("Đến hết ngày", "Until")),
            (16, 66, 48, 36, 62, 24), ("id", "title", "where", "by", "reason", "until"), size=10,
        )  # fmt: skip
        lay.statement(self.document, "endif")
        self._if_any("work_closed")
        self._part("Việc đã xong, có chứng minh", "Work proven done")
        self._table(
            "work_closed",
            (number, work, where, ("Người, đơn vị làm", "Who"), ("Ngày xác nhận", "Proven on")),
            (16, 98, 62, 44, 32), ("id", "title", "where", "who", "closed"), size=10,
        )  # fmt: skip
        lay.statement(self.document, "endif")

    def _scope(self) -> None:
        self._section("8. Phạm vi, căn cứ cho phép, công cụ và giới hạn", "8. Scope, permission, tools and limits")
        self._lines("permission", "{{ line }}")
        self._pairs("made")
        lay.write(self.document, "", size=6)
        self._table(
            "probes",
            (("Bộ dò", "Probe"), ("Kết quả", "Result"), ("Giây", "Seconds"), ("Cần biết", "What to know")),
            (60, 25, 18, 62), ("name", "result", "seconds", "notes"),
        )  # fmt: skip
        self._part("Giới hạn của lần kiểm tra", "Limits of the look")
        self._lines("limits")
        self._section("9. Thời hạn theo quy định", "9. Legal deadlines")
        self._if_any("deadlines")
        heads = (("Ngày", "Date"), ("Nội dung", "What"), ("Nguồn", "Source"))
        self._table("deadlines", heads, (28, 92, 45), ("date", "what", "source"))
        self._otherwise("Chưa ghi ngày nào.", "No dates are on record.")

    def _trend(self) -> None:
        self._section("10. Diễn biến qua các lần đánh giá", "10. Development over time")
        self._body("{{ trend_intro }}")
        self._if_any("trend_points")
        self._bars(
            "trend_points", (("Thời điểm", "When"), ("Tỷ lệ đạt", "Met in full"), ("Biểu đồ", "Bar")), (80, 35, 50),
            "label",
        )  # fmt: skip
        self._table(
            "trend_points",
            (("Thời điểm", "When"), ("Tiến độ", "Progress"), ("Chưa trả lời", "Unanswered"),
             ("Nghiêm trọng", "Critical"), ("Cao", "High"), ("Trung bình", "Medium"), ("Thấp", "Low"),
             ("Thông tin", "Information"), ("Chứng thư số còn (ngày)", "Certificate, days left")),
            (37, 18, 17, 17, 12, 15, 12, 16, 21),
            ("label", "progress", "unanswered", "critical", "high", "medium", "low", "info", "days_left"),
            (1, 2, 3, 4, 5, 6, 7, 8), size=10,
        )  # fmt: skip
        self._part("Thời gian khắc phục phát hiện", "Time to put findings right")
        self._table(
            "fix_times",
            (("Mức độ", "Severity"), ("Đã khắc phục", "Put right"), ("Trung vị", "Median"), ("Lâu nhất", "Longest"),
             ("Chưa xong", "Still open"), ("Tồn lâu nhất", "Oldest open")),
            (40, 25, 25, 25, 25, 25), ("severity", "fixed", "median", "longest", "open", "oldest"), (1, 2, 3, 4, 5),
            size=11,
        )  # fmt: skip
        lay.statement(self.document, "endif")

    def _foot(self) -> None:
        document = self.document
        table = lay.plain_table(document, (82, 83), 1)
        left, right = table.rows[0].cells
        for cell, title in (
            (left, self._say("NGƯỜI LẬP BÁO CÁO", "MADE BY")),
            (right, self._say("THỦ TRƯỞNG ĐƠN VỊ", "HEAD OF THE OFFICE")),
        ):
            lay.write(cell, title, bold=True, align=ALIGN.CENTER, before=12, keep=True)
            hint = self._say("(Ký, ghi rõ họ tên)", "(Signature and name)")
            lay.write(cell, hint, size=12, italic=True, align=ALIGN.CENTER, keep=True)
            for _ in range(4):
                lay.write(cell, "", keep=True)
        lay.write(document, "", size=6)
        for name in ("notices",):
            lay.statement(document, f"for line in {name}")
            lay.write(document, "{{ line }}", size=11, italic=True, align=ALIGN.JUSTIFY, before=6)
            lay.statement(document, "endfor")
        lay.write(document, "{{ made_by }}", size=11, italic=True, align=ALIGN.JUSTIFY, before=6)


def combined(language: str) -> DocumentType:
    """Return the template of the combined report in `vi` or `en`."""
    return _Template(language).write()
