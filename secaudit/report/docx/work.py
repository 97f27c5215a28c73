"""The remediation register as the combined report shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from secaudit.report.model import ReportModel
from secaudit.report.plan.lines import WorkLine, cost_of
from secaudit.report.wording import Wording


def work_words(report: ReportModel, say: Wording) -> dict[str, Any]:
    """Return what is to do, what is accepted for a time, and what is done."""

    def standing(word: str) -> Iterator[tuple[int, WorkLine]]:
        return enumerate((line for line in report.work if line.standing == word), 1)

    return {
        "work_intro": work_intro(report, say),
        "work_open": [_open(number, line, say) for number, line in standing("open")],
        "work_accepted": [_accepted(number, line, say) for number, line in standing("accepted")],
        "work_closed": [_closed(number, line, say) for number, line in standing("closed")],
    }


def work_intro(report: ReportModel, say: Wording) -> str:
    """Return the figures of the register in a few sentences."""
    if not report.work:
        return say.gettext(
            "The remediation register holds no work for this system yet. The command secaudit remediation makes it "
            "from the findings and from what is not met."
        )
    still_open = [line for line in report.work if line.standing == "open"]
    late = sum(line.overdue for line in still_open)
    undated = sum(line.due is None for line in still_open)
    lines = [
        say.gettext(
            "%(open)s pieces of work are open, of which %(late)s are late and %(undated)s have no due date; "
            "%(accepted)s risks are accepted for a time; %(closed)s pieces of work are proven done.",
            open=len(still_open), late=late, undated=undated, accepted=_count(report.work, "accepted"),
            closed=_count(report.work, "closed"),
        )
    ]  # fmt: skip
    total, unknown = cost_of(still_open)
    if total:
        lines.append(
            say.gettext(
                "Estimated cost of the open work: %(total)s đồng; %(unknown)s pieces have no estimate.",
                total=say.format.number(total), unknown=unknown,
            )
        )  # fmt: skip
    return " ".join(lines)


def _count(lines: Sequence[WorkLine], standing: str) -> int:
    return sum(line.standing == standing for line in lines)


def _open(number: int, line: WorkLine, say: Wording) -> dict[str, str]:
    due = say.format.date(line.due) if line.due else say.gettext("no date")
    return {
        **_shared(number, line, say),
        "priority": say.label("priority", line.priority),
        "action": say.text(line.action),
        "who": ", ".join(filter(None, (line.owner, line.unit))) or say.gettext("nobody yet"),
        "due": say.gettext("%(day)s (late)", day=due) if line.overdue else due,
        "cost": say.format.number(line.cost) if line.cost is not None else "",
        "state": say.label("work-state", line.state),
    }


def _accepted(number: int, line: WorkLine, say: Wording) -> dict[str, str]:
    accepted = line.accepted
    return {
        **_shared(number, line, say),
        "by": accepted.by if accepted else "",
        "reason": accepted.reason if accepted else "",
        "until": say.format.date(accepted.until) if accepted else "",
    }


def _closed(number: int, line: WorkLine, say: Wording) -> dict[str, str]:
    return {
        **_shared(number, line, say),
        "closed": say.format.date(line.closed_at) if line.closed_at else "",
        "who": ", ".join(filter(None, (line.owner, line.unit))),
    }


def _shared(number: int, line: WorkLine, say: Wording) -> dict[str, str]:
    return {
        "number": str(number),
        "id": line.id,
        "title": say.text(line.title),
        "where": line.target or ", ".join(line.clauses),
        "clauses": ", ".join(line.clauses),
    }
