"""The remediation plan in the words that stand on paper, once for DOCX, PDF and HTML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.remediation import ItemSource, ItemState, Priority
from secaudit.report.format import Formatter
from secaudit.report.observed import Phrase
from secaudit.report.official.letter import punctuated, short_date
from secaudit.report.official.requirements import RESPONSIBLE
from secaudit.report.plan.facts import Plan
from secaudit.report.plan.lines import WorkLine, cost_of

PRIORITIES = {
    Priority.URGENT: "Khẩn cấp",
    Priority.HIGH: "Cao",
    Priority.NORMAL: "Bình thường",
    Priority.LOW: "Làm khi có điều kiện",
}
_STATES = {
    ItemState.OPEN: "Đang mở",
    ItemState.ASSIGNED: "Đã giao",
    ItemState.DONE: "Báo đã làm, chưa xác nhận",
    ItemState.REOPENED: "Lỗi xuất hiện trở lại",
    ItemState.VERIFIED: "Đã hoàn thành, có chứng minh",
    ItemState.ACCEPTED: "Chấp nhận rủi ro có thời hạn",
    ItemState.DUPLICATE: "Gộp vào việc khác",
}
_NOBODY = "[chưa giao]"
_NO_DATE = "[chưa có hạn]"
_NUMBER = Formatter("vi", UTC).number
Sayer = Callable[..., str]


def plan_words(plan: Plan, phrase: Phrase) -> dict[str, Any]:
    """Return everything that the templates of the plan print, by name; texts only, and lists of texts."""

    def say(code: str, **params: str | int) -> str:
        return phrase(Reason(code=f"plan-{code}", params=dict(params)), "vi")

    return {
        **plan.letter.words(),
        "summary": plan.summary or say("summary", year=plan.year),
        "bases": list(punctuated(plan.bases)),
        "purpose": list(plan.purpose) or [say("purpose")],
        "standing": _standing(plan, say),
        "units": _units(plan.open),
        "cost_line": _cost(plan.open, say),
        "organisation": list(plan.organisation) or [say("organisation"), say("proof-rule")],
        "annex_1": [
            {"system": one.name, "priorities": _by_priority(one.open, say)} for one in plan.systems if one.open
        ],
        "annex_2": _numbered([(one.name, line) for one in plan.systems for line in one.accepted], _accepted),
        "annex_3": _numbered([(one.name, line) for one in plan.systems for line in one.closed], _closed),
        "period": f"từ ngày {short_date(plan.first)} đến ngày {short_date(plan.last)}",
        "notices": list(plan.notices),
    }


def _standing(plan: Plan, say: Sayer) -> list[str]:
    if "no-work" in plan.gaps:
        return [say("empty")]
    lines = plan.open
    late = sum(line.overdue for line in lines)
    accepted = sum(len(one.accepted) for one in plan.systems)
    closed = sum(len(one.closed) for one in plan.systems)
    day = short_date(plan.as_of)
    said = [say("standing", day=day, open=len(lines), late=late, systems=sum(bool(one.open) for one in plan.systems))]
    if lines:
        named = "; ".join(
            f"{word}: {count}"
            for priority, word in PRIORITIES.items()
            if (count := sum(line.priority is priority for line in lines))
        )
        said.append(say("priorities", named=named))
    if closed:
        said.append(say("closed", count=closed, first=short_date(plan.first), last=short_date(plan.last)))
    if accepted:
        said.append(say("accepted", count=accepted))
    return said


def _units(lines: Sequence[WorkLine]) -> list[dict[str, str]]:
    """Return for each unit how much work it has, when the first is due, and what it is estimated to cost."""
    units: dict[str, list[WorkLine]] = {}
    for line in lines:
        units.setdefault(line.unit or line.owner or _NOBODY, []).append(line)
    result = []
    for number, (unit, mine) in enumerate(sorted(units.items(), key=lambda one: one[0] == _NOBODY), 1):
        days = [line.due for line in mine if line.due]
        total, unknown = cost_of(mine)
        result.append(
            {
                "number": str(number),
                "unit": unit,
                "count": str(len(mine)),
                "late": str(sum(line.overdue for line in mine)),
                "first": short_date(min(days)) if days else _NO_DATE,
                "last": short_date(max(days)) if days else _NO_DATE,
                "cost": "Chưa ước tính" if unknown == len(mine) else _NUMBER(total),
            }
        )
    return result


def _cost(lines: Sequence[WorkLine], say: Sayer) -> str:
    total, unknown = cost_of(lines)
    if not lines or unknown == len(lines):
        return say("cost-unknown")
    return say("cost-partly", total=_NUMBER(total), unknown=unknown) if unknown else say("cost", total=_NUMBER(total))


def _by_priority(lines: Sequence[WorkLine], say: Sayer) -> list[dict[str, Any]]:
    numbered = list(enumerate(lines, 1))
    return [
        {
            "title": f"Ưu tiên: {word}",
            "lines": [_open(number, line, say) for number, line in numbered if line.priority is priority],
        }
        for priority, word in PRIORITIES.items()
        if any(line.priority is priority for line in lines)
    ]


def _open(number: int, line: WorkLine, say: Sayer) -> dict[str, str]:
    who = ", ".join(filter(None, (line.owner, line.unit))) or _NOBODY
    usual = f" (thường do: {RESPONSIBLE[line.responsible]})" if line.responsible and who == _NOBODY else ""
    due = short_date(line.due) if line.due else _NO_DATE
    return {
        "number": str(number),
        "id": line.id,
        "title": line.title.vi,
        "action": line.action.vi if line.action else "",
        "where": _where(line),
        "who": f"{who}{usual}",
        "due": f"{due} (quá hạn)" if line.overdue else due,
        "cost": "" if line.cost is None else _NUMBER(line.cost),
        "state": _STATES[line.state],
        "proof": _proof(line, say),
    }


def _proof(line: WorkLine, say: Sayer) -> str:
    if line.source is ItemSource.FINDING:
        return say("proof-finding")
    if line.source is ItemSource.REQUIREMENT:
        return say("proof-requirement", evidence=line.proof.vi) if line.proof else say("proof-row")
    return say("proof-hand")


def _where(line: WorkLine) -> str:
    clauses = f"Điều khoản {', '.join(line.clauses)}" if line.clauses else ""
    return "; ".join(filter(None, (line.target, clauses)))


def _numbered(
    lines: Sequence[tuple[str, WorkLine]], words: Callable[[WorkLine], dict[str, str]]
) -> list[dict[str, str]]:
    return [
        {"number": str(number), "id": line.id, "system": system, "title": line.title.vi, "where": _where(line)}
        | words(line)
        for number, (system, line) in enumerate(lines, 1)
    ]


def _accepted(line: WorkLine) -> dict[str, str]:
    accepted = line.accepted
    return {
        "by": accepted.by if accepted else "",
        "reason": accepted.reason if accepted else "",
        "until": short_date(accepted.until) if accepted else "",
    }


def _closed(line: WorkLine) -> dict[str, str]:
    return {
        "who": ", ".join(filter(None, (line.owner, line.unit))),
        "closed": short_date(line.closed_at.date()) if line.closed_at else "",
        "cost": "" if line.cost is None else _NUMBER(line.cost),
    }


def register_words(lines: Sequence[WorkLine]) -> list[dict[str, str]]:
    """Return the register as one table, as the yearly progress report has it."""
    return [
        {
            "number": str(number),
            "id": line.id,
            "title": line.title.vi,
            "where": _where(line),
            "who": ", ".join(filter(None, (line.owner, line.unit))) or _NOBODY,
            "due": _day_of(line),
            "state": _STATES[line.state],
        }
        for number, line in enumerate(lines, 1)
    ]


def _day_of(line: WorkLine) -> str:
    """Return the day that counts: of the proof, of the end of an acceptance, else the due date."""
    if line.closed_at:
        return f"xong {short_date(line.closed_at.date())}"
    if line.accepted:
        return f"đến {short_date(line.accepted.until)}"
    due = short_date(line.due) if line.due else _NO_DATE
    return f"{due} (quá hạn)" if line.overdue else due
