"""Form 08 in the words that stand on paper, once for DOCX and PDF, so that the two cannot differ."""

from __future__ import annotations

from typing import Any

from secaudit.report.form08.facts import SUBJECT, Decision, Form08, Implementation, Party, SystemRow
from secaudit.report.official.letter import BLANK, short_date
from secaudit.report.official.requirements import requirement_words

UNCONFIRMED = "[chưa xác nhận]"
UNKNOWN = "[chưa ghi]"
_COUNTS = (
    ("total_systems", "Tổng số hệ thống thông tin thuộc phạm vi quản lý"),
    (
        "classified",
        "Tổng số hệ thống thông tin đã được phân loại (đã xác định được loại hình hệ thống thông tin)",
    ),
    ("dossier_built", "Tổng số hệ thống thông tin đã xây dựng hồ sơ đề xuất cấp độ"),
    ("appraised", "Tổng số hệ thống thông tin đã được thẩm định hồ sơ đề xuất cấp độ"),
    ("approved", "Tổng số hệ thống thông tin đã được phê duyệt cấp độ"),
    (
        "approved_and_checked",
        "Tổng số hệ thống thông tin đã phê duyệt cấp độ được kiểm tra, đánh giá an ninh mạng định kỳ theo quy định",
    ),
    (
        "all_approved_by",
        "Dự kiến thời gian hoàn thành phê duyệt đề xuất cấp độ đối với tất cả các hệ thống thông tin thuộc phạm vi "
        "quản lý",
    ),
)
COLUMNS = (
    "STT",
    "Tên HTTT",
    "Chủ quản HTTT",
    "Đơn vị vận hành HTTT",
    "Cấp độ đề xuất",
    "Tình trạng phê duyệt cấp độ",
    "Quyết định phê duyệt cấp độ",
    "Quy chế bảo đảm ANM cho hệ thống",
    "Dự kiến thời điểm phê duyệt HSĐXCĐ",
    "Đã triển khai đầy đủ PA BĐANM",
    "Dự kiến thời điểm triển khai đầy đủ PA BĐANM",
    "Đã kiểm tra, đánh giá ANM",
)


def form_words(form: Form08) -> dict[str, Any]:
    """Return everything that the templates of the form print, by name; texts only, and lists of texts."""
    return {
        **form.letter.words(),
        "year": str(form.year),
        "subject": SUBJECT,
        "counts": [{"label": label, "value": _count(getattr(form.counts, key))} for key, label in _COUNTS],
        "owners": [
            {
                "number": f"{number}. " if len(form.owners) > 1 else "",
                "owner": _party(block.owner, "Tên chủ quản hệ thống thông tin"),
                "unit": _party(block.unit, "Tên đơn vị chuyên trách về an ninh mạng"),
            }
            for number, block in enumerate(form.owners, 1)
        ],
        "columns": list(COLUMNS),
        "rows": [{"cells": _cells(number, row)} for number, row in enumerate(form.rows, 1)],
        "window": f"từ ngày {short_date(form.window[0])} đến ngày {short_date(form.window[1])}",
        "as_of": short_date(form.as_of),
        "annex_1": _annex_1(form),
        "annex_1_empty": "Không có." if all(row.candidate.strip() for row in form.rows) else BLANK,
        "annex_2": _annex_2(form),
        "annex_3": requirement_words((row.name, row.requirements) for row in form.rows),
        "notices": list(form.notices),
    }


def _count(value: int | str | None) -> str:
    return BLANK if value is None or value == "" else str(value)


def _party(party: Party, name_label: str) -> list[dict[str, str]]:
    person = ", ".join(filter(None, (party.representative, party.position))) or BLANK
    contact = ", ".join(filter(None, (party.phone, party.email))) or BLANK
    fields = (
        (name_label, party.name or BLANK),
        ("Quy định chức năng, nhiệm vụ và quyền hạn", party.regulation or BLANK),
        ("Người đại diện, chức vụ", person),
        ("Địa chỉ liên lạc", party.address or BLANK),
        ("Số điện thoại, thư điện tử", contact),
    )
    return [{"label": f"({n}) {label}", "value": value} for n, (label, value) in enumerate(fields, 1)]


def _cells(number: int, row: SystemRow) -> list[str]:
    return [
        str(number),
        row.name or UNKNOWN,
        row.owner or UNKNOWN,
        row.operator or UNKNOWN,
        str(row.level),
        row.status.value if row.status else UNKNOWN,
        decision_words(row.approval) if row.approved else "",
        decision_words(row.regulation),
        "" if row.approved else row.approval_expected or UNKNOWN,
        row.implementation.value if row.implementation else UNCONFIRMED,
        "" if row.implementation is Implementation.FULL else row.implementation_expected or UNKNOWN,
        "; ".join(one.value for one in row.examinations),
    ]


def decision_words(decision: Decision | None) -> str:
    """Return `Số 12/QĐ-UBND ngày 05/01/2026 của …`, empty where there is no decision."""
    if decision is None:
        return ""
    day = f"ngày {short_date(decision.date)}" if decision.date else ""
    parts = (decision.number and f"Số {decision.number}", day, decision.body and f"của {decision.body}")
    return " ".join(filter(None, parts)) or UNKNOWN


def _annex_1(form: Form08) -> list[dict[str, str]]:
    candidates = [row for row in form.rows if row.is_candidate]
    return [
        {
            "number": str(number),
            "system": row.name,
            "criterion": row.candidate,
            "status": row.status.value if row.status else UNKNOWN,
        }
        for number, row in enumerate(candidates, 1)
    ]


def _annex_2(form: Form08) -> list[dict[str, str]]:
    lines = [(row, review) for row in form.rows for review in row.reviews]
    return [
        {"number": str(number), "system": row.name, **review.model_dump()}
        for number, (row, review) in enumerate(lines, 1)
    ]
