"""The shortest way up: which few steps would bring most open requirements into the strict figure.

A step is work that is done once and closes several rows: one fault area put right on the server, one request to the
provider, the papers of one group written or brought up to date. Every open row needs one or more of them; it closes
when all that it needs is done. The list is greedy: each step is the one that closes most rows after those before it.

What a row needs:

1. For each area of checks with a finding that speaks against it: `fix` that area (areas as in `priorities`).
2. Beside that, by what it counts as without those findings:
   - evidence out of date: `renew`, by group;
   - unassessed, not met or partly met: `confirm`, one request to whoever does it, where that is the provider or the
     operator for this system; otherwise `document` (management rows) or `configure` (the others), by group.
   - a claim that only findings contradict needs nothing more.

The gain is what the figure rises by if every row of the step turns out to be met; nobody can promise that of rows that
nobody has assessed, so their number stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from secaudit.assess.priorities import area_of
from secaudit.model.assessment import Assessment, RequirementStatus
from secaudit.model.judgement import Finding
from secaudit.model.requirement import Checklist, Requirement
from secaudit.model.words import Nature, Responsible, RowState

Kind = Literal["fix", "renew", "confirm", "document", "configure"]
KINDS: tuple[Kind, ...] = ("fix", "renew", "confirm", "document", "configure")
"""From the kind that is usually done soonest; it settles ties."""
FEW = 5

_STALE = ("row-evidence-expired", "row-evidence-future", "row-evidence-undated", "row-evidence-old")
_THEIRS = {Responsible.PROVIDER, Responsible.OPERATOR}


@dataclass(frozen=True, order=True)
class Need:
    """One piece of work: `subject` is an area of checks, a group's id, or who is asked."""

    kind: Kind
    subject: str


@dataclass(frozen=True)
class Step:
    """One step and what it brings after the steps before it.

    Attributes:
        kind, subject: as in `Need`.
        requirements: rows that it closes, in the order of the source.
        unassessed: how many of them nobody has assessed yet.
        checks: for `fix`, what fails in the area.
        met: rows met when it is done and all its rows turn out so.
        applicable: rows that count.
    """

    kind: Kind
    subject: str
    requirements: tuple[str, ...]
    unassessed: int
    checks: tuple[str, ...]
    met: int
    applicable: int

    @property
    def strict(self) -> float:
        """Return the strict figure after it, 0 to 1."""
        return self.met / self.applicable


def next_steps(
    checklist: Checklist, assessment: Assessment, findings: Iterable[Finding], count: int = FEW
) -> tuple[Step, ...]:
    """Return at most `count` steps, each the one that closes most rows after those before it.

    Args:
        checklist: what was judged; its rows say what kind of work they ask for.
        assessment: of that checklist.
        findings: what fails now; a row may be contradicted by these only.
        count: how many at most.
    """
    known = {finding.identity: finding.check for finding in findings}
    rows = {row.id: row for row in checklist.requirements}
    waiting = {
        status.requirement: needs
        for status in assessment.rows
        if status.counted and status.state is not RowState.MET and status.requirement in rows
        if (needs := _needs(rows[status.requirement], status, known))
    }
    states = {status.requirement: status for status in assessment.rows}
    met, applicable = assessment.total.met, assessment.total.applicable
    steps: list[Step] = []
    done: set[Need] = set()
    while waiting and len(steps) < count:
        chosen = _best(waiting, done)
        done.add(chosen)
        closed = tuple(row for row, needs in waiting.items() if needs <= done)
        waiting = {row: needs for row, needs in waiting.items() if row not in closed}
        met += len(closed)
        steps.append(_step(chosen, closed, states, known, met, applicable))
    return tuple(steps)


def _needs(row: Requirement, status: RequirementStatus, known: Mapping[str, str]) -> frozenset[Need]:
    fixes = {Need("fix", area_of(known[identity])) for identity in status.contradicted_by if identity in known}
    if any(reason.code in _STALE for reason in status.reasons):
        return frozenset({*fixes, Need("renew", row.group)})
    stand_in = status.answer is not None and status.answer.equivalent.strip() and not row.equivalent
    if fixes and status.state is RowState.CONTRADICTED and not stand_in:
        return frozenset(fixes)
    return frozenset({*fixes, _work(row, status)})


def _work(row: Requirement, status: RequirementStatus) -> Need:
    if status.responsible in _THEIRS:
        return Need("confirm", status.responsible.value)
    return Need("document" if row.nature is Nature.MANAGEMENT else "configure", row.group)


def _best(waiting: Mapping[str, frozenset[Need]], done: set[Need]) -> Need:
    """Return the step that closes most rows now; among equals one that more rows need, then the easier kind."""
    closes: dict[Need, int] = {}
    wanted: dict[Need, int] = {}
    for needs in waiting.values():
        left = needs - done
        for need in sorted(left):
            wanted[need] = wanted.get(need, 0) + 1
            closes[need] = closes.get(need, 0) + (len(left) == 1)
    return min(wanted, key=lambda need: (-closes[need], -wanted[need], KINDS.index(need.kind), need.subject))


def _step(
    need: Need, closed: Sequence[str], states: Mapping[str, RequirementStatus], known: Mapping[str, str],
    met: int, applicable: int,
) -> Step:  # fmt: skip
    checks = sorted({check for check in known.values() if area_of(check) == need.subject})
    return Step(
        kind=need.kind,
        subject=need.subject,
        requirements=tuple(closed),
        unassessed=sum(states[row].state is RowState.UNASSESSED for row in closed),
        checks=tuple(checks) if need.kind == "fix" else (),
        met=met,
        applicable=applicable,
    )
