"""What the register says of each piece of work, with its words: one line wherever remediation is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal

from secaudit.model.base import Composed, Frozen, Instant, Text
from secaudit.model.remediation import Acceptance, ItemSource, ItemState, Priority, RegisterEntry
from secaudit.model.requirement import Checklist
from secaudit.model.words import Responsible, Severity

_STANDING: dict[ItemState, Literal["open", "accepted", "closed"]] = {
    ItemState.ACCEPTED: "accepted",
    ItemState.VERIFIED: "closed",
}


class WorkLine(Frozen):
    """One piece of work.

    Attributes:
        standing: `open`, `accepted` for a risk that somebody accepts until a day, `closed` once it is proven.
        clauses: clauses of the requirements that it closes.
        proof: what has to be kept as evidence for the requirement that it closes, None for other sources.
        cost: in Vietnamese đồng.
    """

    id: str
    system: str
    source: ItemSource
    standing: Literal["open", "accepted", "closed"]
    state: ItemState
    priority: Priority
    severity: Severity
    title: Text
    action: Text | None
    target: str
    clauses: tuple[str, ...]
    responsible: Responsible | None
    owner: Composed
    unit: Composed
    due: dt.date | None
    overdue: bool
    cost: int | None
    proof: Text | None
    opened_at: Instant
    closed_at: Instant | None
    reopened: int
    accepted: Acceptance | None


def work_lines(entries: Iterable[RegisterEntry], checklists: Sequence[Checklist]) -> tuple[WorkLine, ...]:
    """Return the lines of a register, most urgent first, then by due date, then by severity; merged ones left out."""
    rows = {f"{one.id}:{row.id}": row for one in checklists for row in one.requirements}
    lines = []
    for entry in entries:
        item = entry.item
        if item.state is ItemState.DUPLICATE:
            continue
        own = rows.get(item.subject) if item.source is ItemSource.REQUIREMENT else None
        lines.append(
            WorkLine(
                id=item.id,
                system=item.system,
                source=item.source,
                standing=_STANDING.get(item.state, "open"),
                state=item.state,
                priority=item.priority,
                severity=item.severity,
                title=entry.title,
                action=entry.action,
                target=item.target,
                clauses=tuple(dict.fromkeys(rows[key].clause for key in entry.requirements if key in rows)),
                responsible=entry.responsible,
                owner=item.owner,
                unit=item.unit,
                due=item.due,
                overdue=entry.overdue,
                cost=item.cost,
                proof=own.evidence if own else None,
                opened_at=item.opened_at,
                closed_at=item.closed_at,
                reopened=item.reopened,
                accepted=item.accepted if item.state is ItemState.ACCEPTED else None,
            )
        )
    return tuple(sorted(lines, key=_urgency))


def _urgency(line: WorkLine) -> tuple[int, dt.date, int, int, str]:
    """Return what lines are sorted by; ids by their number, so that KP9 comes before KP10."""
    return list(Priority).index(line.priority), line.due or dt.date.max, line.severity.rank, len(line.id), line.id


def cost_of(lines: Iterable[WorkLine]) -> tuple[int, int]:
    """Return the sum of the estimates in đồng, and how many lines nobody has estimated."""
    costs = [line.cost for line in lines]
    return sum(cost for cost in costs if cost is not None), costs.count(None)
