"""The two figures over applicable mandatory rows: strict takes met rows only, progress partial ones by half."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from secaudit.model.assessment import RequirementStatus, Score
from secaudit.model.words import RowState


def score(rows: Iterable[RequirementStatus]) -> Score:
    """Return the figures of some rows.

    Rows that do not count (suggested, set aside, not applicable) are in `by_state` only. A contradicted, stale or
    unassessed row counts as not met in both figures.
    """
    tally = _Tally()
    for row in rows:
        tally.add(row)
    return tally.score()


def group_scores(rows: Iterable[RequirementStatus]) -> dict[str, Score]:
    """Return the figures by group, in the order in which the groups first appear."""
    groups: dict[str, _Tally] = defaultdict(_Tally)
    for row in rows:
        groups[row.group].add(row)
    return {group: tally.score() for group, tally in groups.items()}


class _Tally:
    """Rows by state: all of them, and those that count."""

    def __init__(self) -> None:
        self._all: dict[RowState, int] = defaultdict(int)
        self._counted: dict[RowState, int] = defaultdict(int)
        self._by_provider = 0

    def add(self, row: RequirementStatus) -> None:
        self._all[row.state] += 1
        if row.counted:
            self._counted[row.state] += 1
            self._by_provider += row.met_by_provider

    def score(self) -> Score:
        return Score(
            applicable=sum(self._counted.values()),
            met=self._counted[RowState.MET],
            partial=self._counted[RowState.PARTIAL],
            by_state={state: self._all[state] for state in _STATES if state in self._all},
            met_by_provider=self._by_provider,
        )


_STATES = tuple(RowState)
