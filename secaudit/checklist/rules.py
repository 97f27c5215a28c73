"""What a checklist must keep beyond its shape: order, counts, and that every name it uses exists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from secaudit.checklist.faults import Misfit, Path, misfit
from secaudit.checklist.shape import nearest

_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
"""Points of Vietnamese laws run in this order."""
_PLAIN_CLAUSE = re.compile(r"^[A-Z]?\.?\d+(\.\d+)*( \w)?$")
_ORDINAL = re.compile(r"-\d+$")


@dataclass(frozen=True)
class Known:
    """The names that a checklist may use.

    Attributes:
        checks: ids of checks.
        questions: ids of applicability questions; those in `sets_aside` have a reason for "no".
        clauses: what crosswalks may name, per checklist.
    """

    checks: Collection[str]
    questions: Collection[str]
    sets_aside: Collection[str]
    clauses: Mapping[str, Collection[str]] = field(default_factory=dict)


def rule_misfits(data: dict[str, Any], known: Known) -> list[Misfit]:
    """Return what is wrong with a checklist whose shape is right.

    Args:
        data: the checklist as JSON data.
        known: the names it may use; its own clauses need not be among them.
    """
    return [
        *uncomposed(data),
        *_role(data),
        *_groups(data),
        *_ids(data),
        *_names(data, known),
    ]


def uncomposed(data: Any, path: Path = ()) -> Iterator[Misfit]:
    """Yield every text that is not in Unicode NFC: it looks right, and compares unequal."""
    if isinstance(data, str):
        if not unicodedata.is_normalized("NFC", data):
            yield misfit(path, "not-composed")
    elif isinstance(data, dict | list):
        for step, item in data.items() if isinstance(data, dict) else enumerate(data):
            yield from uncomposed(item, (*path, step))


def clauses_of(data: dict[str, Any]) -> frozenset[str]:
    """Return what crosswalks may name in a checklist: ids and clauses of rows, and points."""
    rows = data["requirements"]
    points = data.get("points", ())
    return frozenset([row["id"] for row in rows] + [row["clause"] for row in rows] + [p["clause"] for p in points])


def order_key(row_id: str) -> tuple[tuple[int, int | str], ...]:
    """Return a key that sorts ids as the source does: numbers by value, letters in Vietnamese order."""
    return tuple(_rank(part) for part in re.split(r"[.-]", row_id))


def _rank(part: str) -> tuple[int, int | str]:
    if part.isdigit():
        return 0, int(part)
    if len(part) == 1 and part.lower() in _LETTERS:
        return 1, _LETTERS.index(part.lower())
    return 2, part


def _role(data: dict[str, Any]) -> Iterator[Misfit]:
    role = data.get("role", "standard")
    if data["counts"] and role != "standard":
        yield misfit(("counts",), "counts-by-role", role=role)


def _groups(data: dict[str, Any]) -> Iterator[Misfit]:
    order = [group["id"] for group in data["groups"]]
    for n, group in enumerate(data["groups"]):
        found = sum(row["group"] == group["id"] for row in data["requirements"])
        if found != group["rows"]:
            yield misfit(("groups", n, "rows"), "group-rows", group=group["id"], rows=group["rows"], found=found)
        if group["id"] in order[:n]:
            yield misfit(("groups", n, "id"), "id-taken", id=group["id"])
    furthest = 0
    for n, row in enumerate(data["requirements"]):
        path: Path = ("requirements", n, "group")
        if row["group"] not in order:
            yield misfit(path, "group-unknown", group=row["group"], known=nearest(row["group"], order))
            continue
        place = order.index(row["group"])
        if place < furthest:
            yield misfit(path, "group-scattered", group=row["group"])
        furthest = max(furthest, place)


def _ids(data: dict[str, Any]) -> Iterator[Misfit]:
    seen: set[str] = set()
    before: dict[str, str] = {}
    for n, row in enumerate(data["requirements"]):
        path: Path = ("requirements", n, "id")
        row_id, clause = row["id"], row["clause"]
        dotted = clause.replace(" ", ".")
        if row_id in seen:
            yield misfit(path, "id-taken", id=row_id)
        elif _PLAIN_CLAUSE.match(clause) and _ORDINAL.sub("", row_id) != dotted:
            yield misfit(path, "id-not-clause", id=row_id, clause=clause, expected=dotted)
        last = before.get(row["group"])
        if last is not None and row_id not in seen and order_key(row_id) < order_key(last):
            yield misfit(path, "id-order", id=row_id, last=last)
        seen.add(row_id)
        before[row["group"]] = row_id


def _names(data: dict[str, Any], known: Known) -> Iterator[Misfit]:
    tags = [source["tag"] for source in data.get("sources", ())]
    clauses = {**known.clauses, data["id"]: clauses_of(data)}
    for n, row in enumerate(data["requirements"]):
        path: Path = ("requirements", n)
        yield from _links(row, path, known)
        if condition := row.get("condition"):
            if condition not in known.questions:
                near = nearest(condition, known.questions)
                yield misfit((*path, "condition"), "condition-unknown", condition=condition, known=near)
            elif condition not in known.sets_aside:
                yield misfit((*path, "condition"), "condition-without-reason", condition=condition)
        for k, tag in enumerate(row["provenance"]["sources"]):
            if tag not in tags:
                at = (*path, "provenance", "sources", k)
                yield misfit(at, "source-unknown", tag=tag, known=nearest(tag, tags))
        for other, targets in row.get("crosswalk", {}).items():
            at = (*path, "crosswalk", other)
            if other not in clauses:
                yield misfit(at, "checklist-unknown", id=other, known=nearest(other, clauses))
                continue
            for k, target in enumerate(targets):
                if target not in clauses[other]:
                    yield misfit((*at, k), "clause-unknown", clause=target, id=other)


def _links(row: dict[str, Any], path: Path, known: Known) -> Iterator[Misfit]:
    for kind in ("contradicted_by", "supported_by"):
        linked: set[str] = set()
        for k, link in enumerate(row.get(kind, ())):
            check = link["check"]
            at = (*path, kind, k, "check")
            if check not in known.checks:
                yield misfit(at, "check-unknown", check=check, known=nearest(check, known.checks))
            if check in linked:
                yield misfit(at, "id-taken", id=check)
            linked.add(check)
