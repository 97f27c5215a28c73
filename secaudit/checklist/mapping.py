"""From a check to the requirements that it informs. The map itself stands in the checklists only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from secaudit.model.requirement import Checklist


class Mapping:
    """Which rows, as `checklist:row`, a check's failure contradicts and its pass supports."""

    def __init__(self, checklists: Iterable[Checklist]) -> None:
        self._contradicted: dict[str, list[str]] = defaultdict(list)
        self._supported: dict[str, list[str]] = defaultdict(list)
        for checklist in checklists:
            for row in checklist.requirements:
                for link in row.contradicted_by:
                    self._contradicted[link.check].append(f"{checklist.id}:{row.id}")
                for link in row.supported_by:
                    self._supported[link.check].append(f"{checklist.id}:{row.id}")

    def contradicted(self, check: str) -> tuple[str, ...]:
        """Return the rows that a failure of the check speaks against, in the order of the checklists."""
        return tuple(self._contradicted.get(check, ()))

    def supported(self, check: str) -> tuple[str, ...]:
        """Return the rows that a pass of the check speaks for; it never proves one."""
        return tuple(self._supported.get(check, ()))

    def checks(self) -> frozenset[str]:
        """Return every check that informs some row."""
        return frozenset(self._contradicted) | frozenset(self._supported)
