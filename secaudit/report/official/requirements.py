"""The table of requirements that the annexes of both documents have: facts, and the words that are printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from secaudit.model.assessment import Assessment, RequirementStatus
from secaudit.model.base import Frozen
from secaudit.model.provider import Extent
from secaudit.model.requirement import Checklist
from secaudit.model.words import Responsible, RowState
from secaudit.report.official.letter import short_date

RESPONSIBLE = {
    Responsible.OWNER: "Chủ quản hệ thống thông tin",
    Responsible.OPERATOR: "Đơn vị vận hành",
    Responsible.PROVIDER: "Nhà cung cấp dịch vụ lưu trữ",
    Responsible.SHARED: "Chủ quản phối hợp nhà cung cấp",
}
_STATES = {
    RowState.PARTIAL: "mới đáp ứng một phần",
    RowState.NOT_MET: "chưa đáp ứng",
    RowState.CONTRADICTED: "kết quả quét cho thấy khác với câu trả lời",
    RowState.STALE: "minh chứng đã quá hạn",
    RowState.UNASSESSED: "chưa tự đánh giá",
}


class RequirementLine(Frozen):
    """One requirement, as tables of an annex show it (Decree 331/2026, Art. 36, items 9 and 10)."""

    group: str
    clause: str
    text: str
    state: RowState
    plan: str = ""
    due: dt.date | None = None
    responsible: str = ""

    @property
    def met(self) -> bool:
        """Tell whether the requirement is met in full: the report knows two values only."""
        return self.state is RowState.MET


def requirement_lines(checklists: Sequence[Checklist], judged: Iterable[Assessment]) -> tuple[RequirementLine, ...]:
    """Return the rows that count, list by list, in the order of the lists."""
    known = {checklist.id: checklist for checklist in checklists}
    return tuple(line for one in judged for line in _lines(known[one.checklist], one))


def _lines(checklist: Checklist, judged: Assessment) -> Iterable[RequirementLine]:
    status = {row.requirement: row for row in judged.rows}
    groups = {group.id: f"{group.id} {group.title.vi}" for group in checklist.groups}
    for requirement in checklist.requirements:
        row = status.get(requirement.id)
        if row is None or not row.counted:
            continue
        is_open = row.state is not RowState.MET
        yield RequirementLine(
            group=groups.get(requirement.group, requirement.group),
            clause=requirement.clause,
            text=requirement.text.vi,
            state=row.state,
            plan=_by_provider(row) or (row.answer.note if row.answer and is_open else ""),
            due=row.due if is_open else None,
            responsible=RESPONSIBLE[row.responsible],
        )


def _by_provider(row: RequirementStatus) -> str:
    """Return who does it where it is the provider; the result column knows its two values only."""
    given = row.inherited
    if given is None:
        return ""
    does = "Nhà cung cấp thực hiện một phần" if given.extent is Extent.PART else "Nhà cung cấp thực hiện"
    return f"{does}: {given.provider} (hồ sơ {given.profile}, đến {short_date(given.until)})"


def requirement_words(systems: Iterable[tuple[str, Sequence[RequirementLine]]]) -> list[dict[str, Any]]:
    """Return for each system its requirements by group, with the totals that head its table; texts only."""
    return [_system(name, lines) for name, lines in systems]


def _system(name: str, lines: Sequence[RequirementLine]) -> dict[str, Any]:
    groups: dict[str, list[dict[str, str]]] = {}
    for number, line in enumerate(lines, 1):
        due = f"hạn {short_date(line.due)}" if line.due else ""
        groups.setdefault(line.group, []).append(
            {
                "number": str(number),
                "clause": line.clause,
                "text": line.text,
                "result": "Đáp ứng đầy đủ" if line.met else f"Chưa đáp ứng đầy đủ ({_STATES[line.state]})",
                "plan": "; ".join(filter(None, (line.plan, due))),
                "responsible": line.responsible,
            }
        )
    met = sum(line.met for line in lines)
    return {
        "system": name,
        "total": str(len(lines)),
        "met": str(met),
        "open": str(len(lines) - met),
        "groups": [{"title": title, "lines": members} for title, members in groups.items()],
        "assessed": bool(lines),
    }
