"""Systems, sites and the answers that hold, or held at a moment: read by plain SQL, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from secaudit.model.assessment import Answer, ProfileAnswer
from secaudit.model.baseline import Baseline
from secaudit.model.organisation import Site, System
from secaudit.model.target import Target
from secaudit.store.database import Database
from secaudit.store.moments import utc_text
from secaudit.store.rows import NUMBERS, STRINGS

ANSWERS = TypeAdapter(list[Answer])
_LISTS = ("upholds", "evidence")
_HOLDING = """
SELECT checklist, requirement, value, answered_by, answered_at, note, reason, equivalent, evidence_date, upholds,
       authority, assessor, independent, valid_until, evidence
FROM answer WHERE id IN (
    SELECT (
        SELECT said.id FROM answer AS said
        WHERE said.system_id = :system AND said.checklist = row.checklist AND said.requirement = row.requirement
            AND (:before IS NULL OR said.answered_at <= :before)
        ORDER BY said.id DESC LIMIT 1
    )
    FROM (
        SELECT DISTINCT checklist, requirement FROM answer
        WHERE system_id = :system AND (:checklist IS NULL OR checklist = :checklist)
    ) AS row
)
ORDER BY id
"""
"""The newest answer of each row, found through the index alone: years of answers cost no more than the rows do."""

_PROFILE = """
SELECT question, yes, answered_by, answered_at, reason
FROM profile_answer WHERE id IN (
    SELECT max(id) FROM profile_answer
    WHERE system_id = :system AND (:before IS NULL OR answered_at <= :before)
    GROUP BY question
)
ORDER BY question
"""
_ITEMS = """
SELECT system_id,
       CASE WHEN state = 'accepted' AND coalesce(json_extract(accepted, '$.until'), '') < :today THEN 'open'
            ELSE state END,
       count(*), coalesce(sum(due < :today), 0)
FROM remediation_item GROUP BY 1, 2
"""
_SITES = "SELECT * FROM site WHERE :url IS NULL OR url = :url ORDER BY id"


class StandingRepository:
    """What a status is judged from, beside the scans."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def systems(self) -> list[System]:
        """Return all systems by id."""
        return [System.model_validate(row) for row in self._rows("SELECT * FROM system ORDER BY id")]

    def sites(self, url: str | None = None) -> list[Site]:
        """Return all sites by id, or those with exactly this URL."""
        return [_site(row) for row in self._rows(_SITES, url=url)]

    def answers(self, system_id: str, checklist_id: str | None = None, before: datetime | None = None) -> list[Answer]:
        """Return the answers that hold, of one checklist or of all, in the order in which they were recorded.

        Args:
            system_id: whose answers.
            checklist_id: of this checklist only.
            before: the answers that held at that moment, by the time that stands in them.
        """
        rows = self._rows(_HOLDING, system=system_id, checklist=checklist_id, before=_text(before))
        return ANSWERS.validate_python([_with_lists(row) for row in rows])

    def profile(self, system_id: str, before: datetime | None = None) -> dict[str, ProfileAnswer]:
        """Return the answer that holds, or held at the moment `before`, by question id."""
        rows = self._rows(_PROFILE, system=system_id, before=_text(before))
        return {row["question"]: ProfileAnswer.model_validate(row) for row in rows}

    def has_providers(self, system_id: str) -> bool:
        """Tell whether a provider's profile was ever imported for a system."""
        found = self._rows("SELECT 1 FROM provider_profile WHERE role = 'imported' AND system_id = :system LIMIT 1",
                           system=system_id)  # fmt: skip
        return bool(found)

    def items(self, today: date) -> list[tuple[str, str, int, int]]:
        """Return how many remediation items each system has in each state: system, state, items, past their day.

        An item counts by the state that it has on the day `today`: an acceptance that has ended counts as open.
        """
        with self._database.plain() as connection:
            return connection.execute(_ITEMS, {"today": today.isoformat()}).fetchall()

    def _rows(self, query: str, **params: str | None) -> list[dict[str, Any]]:
        with self._database.plain() as connection:
            found = connection.execute(query, params)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]


def _site(row: Mapping[str, Any]) -> Site:
    return Site(
        id=row["id"],
        system=row["system_id"],
        target=Target.model_validate_json(row["target"]),
        allowed_ports=NUMBERS.validate_json(row["allowed_ports"]),
        baseline=None if row["baseline"] is None else Baseline.model_validate_json(row["baseline"]),
    )


def _with_lists(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as it stands in SQLite with its lists read; most of them are empty."""
    for name in _LISTS:
        row[name] = () if row[name] == "[]" else STRINGS.validate_json(row[name])
    return row


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)
