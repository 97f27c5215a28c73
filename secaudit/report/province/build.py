"""From the states of many systems to one report: a pure function."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.model.base import Text
from secaudit.model.words import Severity
from secaudit.report.province.facts import (
    CommonFault,
    Fault,
    GroupFigure,
    GroupLine,
    Province,
    RankedSystem,
    Risk,
    SharedPlace,
    SolutionFigure,
    SystemState,
    UnusedFile,
    Verdict,
)
from secaudit.report.province.risk import WEIGHTS, days_since, risk_of
from secaudit.version import VERSION

NAMES = 8
"""Offices that are named with a common fault; the annex has them all."""
SHARED_FROM = 2
"""Systems from which a fault is common."""


@dataclass(frozen=True)
class ProvinceInputs:
    """Everything that `build_province` looks at.

    Attributes:
        states: one per system, in any order.
        verdicts: what the rule in force says of each, in the same order.
        solution: the figure that they make.
        unused, older: as in `Province`.
    """

    office: str
    states: Sequence[SystemState]
    verdicts: Sequence[Verdict]
    solution: SolutionFigure
    now: datetime
    from_files: bool
    unused: Sequence[UnusedFile] = ()
    older: int = 0
    notices: Sequence[Text] = ()


def build_province(inputs: ProvinceInputs) -> Province:
    """Return the report over all systems."""
    judged = list(zip(inputs.states, inputs.verdicts, strict=True))
    ranked = _ranked([one for one in judged if one[0].scanned], inputs.now)
    counts = Counter(fault.severity for state in inputs.states for fault in state.faults)
    apart = sorted((one for one in judged if not one[0].scanned), key=lambda one: (one[0].title.casefold(),
                                                                                   one[0].system))  # fmt: skip
    return Province(
        made_at=inputs.now,
        version=VERSION,
        office=inputs.office,
        from_files=inputs.from_files,
        ranked=ranked,
        unscanned=tuple(_placed(None, None, state, verdict, inputs.now) for state, verdict in apart),
        faults=common_faults([one.state for one in ranked], len(ranked)),
        groups=group_lines(inputs.states),
        severities={severity: counts[severity] for severity in Severity},
        solution=inputs.solution,
        weights=WEIGHTS,
        unused=tuple(inputs.unused),
        older=inputs.older,
        notices=tuple(inputs.notices),
    )


def _placed(rank: int | None, risk: Risk | None, state: SystemState, verdict: Verdict, now: datetime) -> RankedSystem:
    return RankedSystem(
        rank=rank, risk=risk, points=risk.points if risk else None, days=days_since(state, now),
        has_solution=verdict.has, counted=verdict.counted, lacks=verdict.lacks, state=state,
    )  # fmt: skip


def _ranked(scanned: Sequence[tuple[SystemState, Verdict]], now: datetime) -> tuple[RankedSystem, ...]:
    """Return the systems by points; equal points share a rank and stand by their gravest faults, then by name."""
    judged = [(risk_of(state, now), state, verdict) for state, verdict in scanned]
    judged.sort(key=lambda one: (-one[0].points, [-one[1].count(s) for s in Severity], one[1].title.casefold(),
                                 one[1].system))  # fmt: skip
    found: list[RankedSystem] = []
    for place, (risk, state, verdict) in enumerate(judged, 1):
        tied = found[-1] if found and found[-1].points == risk.points else None
        found.append(_placed(tied.rank if tied else place, risk, state, verdict, now))
    return tuple(found)


def common_faults(states: Sequence[SystemState], scanned: int) -> tuple[CommonFault, ...]:
    """Return the checks that fail on several systems: those on most systems first, of equal ones the gravest.

    Args:
        states: scanned systems in the order of the ranking.
        scanned: how many there are, for the share.
    """
    failing: dict[str, list[tuple[SystemState, Fault]]] = defaultdict(list)
    for state in states:
        for fault in {fault.check: fault for fault in state.faults}.values():
            failing[fault.check].append((state, fault))
    common = [_common(check, hit, scanned) for check, hit in failing.items() if len(hit) >= SHARED_FROM]
    return tuple(sorted(common, key=lambda one: (-one.systems, one.severity.rank, one.check)))


def _common(check: str, hit: Sequence[tuple[SystemState, Fault]], scanned: int) -> CommonFault:
    gravest = min((fault for _, fault in hit), key=lambda fault: fault.severity.rank)
    names = tuple(dict.fromkeys(state.title for state, _ in hit))
    return CommonFault(
        check=check,
        severity=gravest.severity,
        title=gravest.title,
        action=gravest.action,
        responsible=gravest.responsible,
        systems=len(hit),
        share=len(hit) / scanned,
        names=names[:NAMES],
        omitted=max(0, len(names) - NAMES),
        place=shared_place([state for state, _ in hit]),
    )


def shared_place(states: Sequence[SystemState]) -> SharedPlace | None:
    """Return the address, or else the operator, that at least half of the systems have in common."""
    addresses = Counter(address for s in states for address in {a for look in s.looks for a in look.addresses})
    operators = Counter(state.operator for state in states if state.operator.strip())
    least = max(SHARED_FROM, -(-len(states) // 2))
    if addresses and (top := _most(addresses))[1] >= least:
        return SharedPlace(kind="address", name=top[0], systems=top[1])
    if operators and (top := _most(operators))[1] >= least:
        return SharedPlace(kind="operator", name=top[0], systems=top[1])
    return None


def _most(counts: Counter[str]) -> tuple[str, int]:
    """Return the commonest, of equal ones the first by name, so that the order of files never matters."""
    return min(counts.items(), key=lambda one: (-one[1], one[0]))


def group_lines(states: Sequence[SystemState]) -> tuple[GroupLine, ...]:
    """Return the groups of requirements over all systems, lowest strict figure first."""
    groups: dict[str, list[GroupFigure]] = defaultdict(list)
    for state in states:
        for group in state.groups:
            if group.applicable:
                groups[group.id].append(group)
    lines = []
    for name, figures in groups.items():
        applicable = sum(one.applicable for one in figures)
        met, partial = sum(one.met for one in figures), sum(one.partial for one in figures)
        lines.append(
            GroupLine(
                id=name, title=figures[0].title, systems=len(figures), applicable=applicable, met=met,
                partial=partial, strict=met / applicable, progress=(met + partial / 2) / applicable,
            )
        )  # fmt: skip
    return tuple(sorted(lines, key=lambda one: (one.strict, one.progress, one.id)))
