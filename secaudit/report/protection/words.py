"""The draft of the protection plan in the words that stand on paper, once for DOCX, PDF and HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.words import Responsible, RowState, ScanStatus
from secaudit.report.annual.words import SEVERITIES
from secaudit.report.inspection.words import STATES
from secaudit.report.observed import Phrase
from secaudit.report.official.letter import punctuated, short_date
from secaudit.report.official.requirements import RESPONSIBLE
from secaudit.report.protection.build import ARTICLE
from secaudit.report.protection.facts import General, LevelFacts, Part, Protection, Row, SeenPage

_UNKNOWN = "[chưa có thông tin]"
_UNWRITTEN = "[đơn vị viết nội dung phần này]"
_UNDESCRIBED = "[đơn vị mô tả biện pháp và bổ sung bằng chứng]"
_BASES = {
    "approved": "đã được phê duyệt",
    "proposed": "đang đề xuất, chưa được phê duyệt",
    "voluntary": "mục tiêu tự nguyện, chưa có hồ sơ đề xuất cấp độ",
}
_ASK: dict[General, tuple[str, str]] = {
    "body": ("I", "Lãnh đạo đơn vị"),
    "operator": ("I", "Chủ quản hệ thống thông tin"),
    "unit": ("I", "Chủ quản hệ thống thông tin"),
    "purpose": ("I", "Chủ quản hệ thống thông tin"),
    "users": ("I", "Chủ quản hệ thống thông tin, đơn vị vận hành"),
    "hosting": ("I", "Đơn vị vận hành, nhà cung cấp dịch vụ lưu trữ"),
    "level": ("I", "Đơn vị chuyên trách về an ninh mạng"),
    "scan": ("II", "Người phụ trách công nghệ thông tin"),
    "organisation": ("IV", "Lãnh đạo đơn vị"),
}
Sayer = Callable[..., str]


def protection_words(plan: Protection, phrase: Phrase) -> dict[str, Any]:
    """Return everything that the templates print, by name; texts only, and lists of texts."""

    def say(code: str, **params: str | int) -> str:
        return phrase(Reason(code=f"protection-{code}", params=dict(params)), "vi")

    return {
        **plan.letter.words(),
        "summary": plan.summary or say("summary", system=plan.system),
        "bases": list(punctuated(plan.bases)),
        "missing": missing_words(plan, phrase),
        "about": _about(plan, say),
        "seen": [_seen(page, say) for page in plan.pages] + [say("seen-limits" if plan.pages else "no-scan")],
        "parts": [_part(number, part, say) for number, part in enumerate(plan.parts, 1)],
        "organisation": list(plan.organisation) or [_UNWRITTEN],
        "notices": [say("mapping"), *plan.notices],
    }


def missing_words(plan: Protection, phrase: Phrase) -> list[dict[str, str]]:
    """Return what the draft lacks: where, what, and whom to ask."""

    def say(code: str, **params: str | int) -> str:
        return phrase(Reason(code=f"protection-{code}", params=dict(params)), "vi")

    lines = [{"where": f"Mục {_ASK[gap][0]}", "what": say(f"gap-{gap}"), "whom": _ASK[gap][1]} for gap in plan.general]
    for part in plan.parts:
        where = f"Mục III, điểm {part.letter}"
        if not part.own:
            whom = "Đơn vị vận hành, đơn vị chuyên trách về an ninh mạng"
            lines.append({"where": where, "what": say("gap-own"), "whom": whom})
        unanswered = [row for row in part.rows if row.state is RowState.UNASSESSED]
        undescribed = [row for row in part.rows if row.in_place and not row.described]
        for code, rows in (("gap-unanswered", unanswered), ("gap-undescribed", undescribed)):
            if rows:
                lines.append({"where": where, "what": say(code, count=len(rows)), "whom": _people(rows)})
    return lines


def _people(rows: Iterable[Row]) -> str:
    named = {row.responsible for row in rows}
    return "; ".join(RESPONSIBLE[who] for who in Responsible if who in named)


def _about(plan: Protection, say: Sayer) -> list[dict[str, str]]:
    fields = (
        ("Hệ thống thông tin", plan.system),
        ("Chủ quản hệ thống thông tin", plan.owner),
        ("Đơn vị vận hành", plan.operator),
        ("Đơn vị chuyên trách về an ninh mạng", plan.unit),
        ("Mục đích", plan.purpose),
        ("Người sử dụng", plan.users),
        ("Nơi đặt hệ thống, nhà cung cấp dịch vụ lưu trữ", plan.hosting),
        ("Trang thông tin điện tử", ", ".join(page.host for page in plan.pages)),
        ("Cấp độ", f"{plan.level} ({_BASES.get(plan.basis, plan.basis)})"),
        ("Phiếu xác định cấp độ", _sheet(plan.sheet, say)),
    )
    return [{"label": label, "value": value or _UNKNOWN} for label, value in fields]


def _sheet(sheet: LevelFacts | None, say: Sayer) -> str:
    if sheet is None or sheet.level is None:
        return ""
    named = "; ".join(f"Điều {article}: {text.vi}" for article, text in sheet.criteria)
    words = say("sheet", level=sheet.level, criteria=named, who=sheet.answered_by, day=short_date(sheet.day))
    return f"{words} {say('sheet-plan', plan=sheet.plan)}" if sheet.plan else words


def _seen(page: SeenPage, say: Sayer) -> str:
    counts = ", ".join(f"{count} mức {SEVERITIES[one].lower()}" for one, count in page.severities.items() if count)
    status = "" if page.status is ScanStatus.COMPLETE else f" {say('seen-incomplete')}"
    words = say(
        "seen", host=page.host, day=short_date(page.day), findings=counts or "không có phát hiện nào",
        ports=", ".join(page.ports) or "không thấy", versions=", ".join(page.versions) or "không thấy",
    )  # fmt: skip
    return f"{words}{status}"


def _part(number: int, part: Part, say: Sayer) -> dict[str, Any]:
    met = sum(row.state is RowState.MET for row in part.rows)
    partial = sum(row.state is RowState.PARTIAL for row in part.rows)
    unanswered = sum(row.state is RowState.UNASSESSED for row in part.rows)
    return {
        "number": str(number),
        "title": part.title.vi,
        "article": f"Nghị định 331/2026/NĐ-CP, Điều {ARTICLE}{part.letter}",
        "own": list(part.own) or [_UNWRITTEN],
        "figure": say(
            "figure", rows=len(part.rows), met=met, partial=partial, unanswered=unanswered,
            rest=len(part.rows) - met - partial - unanswered, aside=part.set_aside,
        ),
        "findings": [say("finding", title=title.vi) for title in part.findings],
        "measures": [
            {
                "clause": row.clause,
                "text": row.text.vi,
                "state": STATES[row.state],
                "measure": _measure(row),
                "who": RESPONSIBLE[row.responsible],
            }
            for row in part.rows
            if row.in_place
        ],
        "gaps": [
            {
                "clause": row.clause,
                "text": row.text.vi,
                "state": STATES[row.state],
                "wanted": row.wanted.vi,
                "whom": RESPONSIBLE[row.responsible],
            }
            for row in part.rows
            if not row.in_place
        ],
    }  # fmt: skip


def _measure(row: Row) -> str:
    if not row.described:
        return _UNDESCRIBED
    evidence = f"Bằng chứng: {'; '.join(row.evidence)}" if row.evidence else ""
    return "\n".join(filter(None, (row.measure, evidence)))
