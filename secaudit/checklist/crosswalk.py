"""Where one checklist's rows stand in another: written down in one direction, computed in the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.model.requirement import Checklist


@dataclass(frozen=True)
class CarryOver:
    """What an office with a dossier under the former list brings along into the present one.

    Attributes:
        carried: row ids of the former list to row ids of the present one.
        new: row ids of the present list that nothing of the former one prepares.
        ended: row ids of the former list that nothing of the present one takes up.
    """

    carried: dict[str, tuple[str, ...]]
    new: tuple[str, ...]
    ended: tuple[str, ...]


def forward(checklist: Checklist, other: str) -> dict[str, tuple[str, ...]]:
    """Return row ids of `checklist` to the clauses of the checklist with id `other`, empty ones left out."""
    return {row.id: row.crosswalk[other] for row in checklist.requirements if row.crosswalk.get(other)}


def reverse(checklists: Iterable[Checklist], other: Checklist) -> dict[str, tuple[str, ...]]:
    """Return rows and points of `other` to the `checklist:row` that name them, in the order of `other`.

    A name may be a row's id, a clause (then all rows of that clause are meant) or a point.
    """
    names: dict[str, list[str]] = {point.clause: [point.clause] for point in other.points}
    for row in other.requirements:
        names.setdefault(row.clause, []).append(row.id)
        if row.id != row.clause:
            names[row.id] = [row.id]
    found: dict[str, list[str]] = {key: [] for keys in names.values() for key in keys}
    for checklist in checklists:
        for row_id, clauses in forward(checklist, other.id).items():
            for key in dict.fromkeys(key for clause in clauses for key in names.get(clause, ())):
                found[key].append(f"{checklist.id}:{row_id}")
    return {key: tuple(rows) for key, rows in found.items()}


def carry_over(former: Checklist, present: Checklist) -> CarryOver:
    """Return what of `former` lives on in `present`, by the crosswalk that `present` holds."""
    mark = f"{present.id}:"
    ids = {row.id for row in former.requirements}
    back = {key: rows for key, rows in reverse([present], former).items() if key in ids}
    carried = {key: tuple(row.removeprefix(mark) for row in rows) for key, rows in back.items() if rows}
    prepared = {row for rows in carried.values() for row in rows}
    new = tuple(row.id for row in present.requirements if row.id not in prepared)
    return CarryOver(carried, new, tuple(key for key, rows in back.items() if not rows))
