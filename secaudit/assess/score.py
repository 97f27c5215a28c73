"""The two figures over applicable mandatory rows: strict takes met rows only, progress partial ones by half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from secaudit.model.assessment import RequirementStatus, Score
from secaudit.model.words import RowState


def score(rows: Iterable[RequirementStatus]) -> Score:
    """Return the figures of some rows.

    Rows that do not count (suggested, set aside, not applicable) are in `by_state` only. A contradicted, stale or
    unassessed row counts as not met in both figures.
    """
    every = tuple(rows)
    counted = Counter(row.state for row in every if row.counted)
    states = Counter(row.state for row in every)
    return Score(
        applicable=counted.total(),
        met=counted[RowState.MET],
        partial=counted[RowState.PARTIAL],
        by_state={state: states[state] for state in RowState if states[state]},
        met_by_provider=sum(row.counted and row.met_by_provider for row in every),
    )


def group_scores(rows: Iterable[RequirementStatus]) -> dict[str, Score]:
    """Return the figures by group, in the order in which the groups first appear."""
    groups: dict[str, list[RequirementStatus]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return {group: score(members) for group, members in groups.items()}
