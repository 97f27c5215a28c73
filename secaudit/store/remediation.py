"""The remediation register: items, of which none is ever removed, and everything that happened to them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from secaudit.model.base import Json
from secaudit.model.errors import BadInput, message
from secaudit.model.remediation import (
    Acceptance,
    ItemBrief,
    ItemChange,
    ItemEvent,
    ItemSource,
    ItemState,
    Priority,
    RemediationItem,
)
from secaudit.model.words import ScanStatus, Severity
from secaudit.store.database import Database
from secaudit.store.registry import require_system
from secaudit.store.rows import STRINGS, fields, model_text, text_of
from secaudit.store.tables import answer as answer_table
from secaudit.store.tables import profile_answer as profile_table
from secaudit.store.tables import remediation_event as event_table
from secaudit.store.tables import remediation_item as table
from secaudit.store.tables import remediation_mark as mark_table
from secaudit.store.tables import remediation_policy as policy_table
from secaudit.store.tables import remediation_sighting as sighting_table
from secaudit.store.tables import scan as scan_table

if TYPE_CHECKING:
    from secaudit.model.scan import ScanOptions

_CHANGES = TypeAdapter(dict[str, tuple[Json, Json]])
_BODY = TypeAdapter(dict[str, Json])
_SEEN = ("site_id", "seen_at", "seen_in", "looked_in")
_UNKNOWN = message("There is no remediation item {id}; see `secaudit remediation list`.")

_ORDER = select(scan_table.c.id, literal_column("scan.rowid").label("place"))

Order = Mapping[str, int]
"""The stored scans by id, numbered in the order in which they began, whatever the clock said."""
Decide = Callable[[Sequence[RemediationItem], Order], Iterable[ItemChange]]
"""Says, from all items as they are and the scans' order, what is to become of which; reads nothing else that moves."""


_BRIEFS = """SELECT number, state, severity, priority, owner, group_id, due, accepted FROM remediation_item {where}
ORDER BY number"""
_AT_ONCE = 500
"""Values of one query; older builds of SQLite take 999."""
ANSWERS = "answers"
"""The mark up to where the register follows answers to requirements and to applicability questions."""


def site_mark(site_id: str) -> str:
    """Return the mark up to where the register follows the scans of a site."""
    return f"site:{site_id}"


class RemediationRepository:
    """The items of all systems, in the order in which they were opened."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, system_id: str | None = None, state: ItemState | None = None) -> list[RemediationItem]:
        """Return the items of one system, or of all; those stored in one state only, or in any."""
        with self._database.read() as connection:
            return _items(connection, system_id, state)

    def briefs(self, system_id: str | None = None) -> list[ItemBrief]:
        """Return what lists are chosen and ordered by, of one system or of all: thousands of items in little time."""
        where, wanted = ("WHERE system_id = ?", (system_id,)) if system_id is not None else ("", ())
        with self._database.plain() as connection:
            rows = connection.execute(_BRIEFS.format(where=where), wanted)
            return [
                ItemBrief(
                    number, _STATES[state], _SEVERITIES[severity], _PRIORITIES[priority], owner, group,
                    date.fromisoformat(due) if due else None,
                    date.fromisoformat(json.loads(accepted)["until"]) if accepted else None,
                )
                for number, state, severity, priority, owner, group, due, accepted in rows
            ]  # fmt: skip

    def numbered(self, numbers: Sequence[int]) -> list[RemediationItem]:
        """Return the items of those numbers, in that order; numbers of none are left out."""
        found: dict[int, RemediationItem] = {}
        with self._database.read() as connection:
            for start in range(0, len(numbers), _AT_ONCE):
                some = numbers[start : start + _AT_ONCE]
                for row in connection.execute(_joined().where(table.c.number.in_(some))):
                    found[row.number] = _item(row)
        return [found[number] for number in numbers if number in found]

    def get(self, item_id: str) -> RemediationItem:
        """Return one item.

        Raises:
            BadInput: there is none with this id.
        """
        with self._database.read() as connection:
            row = connection.execute(_joined().where(table.c.number == number_of(item_id))).first()
        if row is None:
            raise BadInput(_UNKNOWN, id=item_id)
        return _item(row)

    def events(self, item_id: str | None = None) -> list[ItemEvent]:
        """Return what happened to one item, or to all, oldest first."""
        query = select(event_table).order_by(event_table.c.id)
        if item_id is not None:
            query = query.where(event_table.c.item == number_of(item_id))
        with self._database.read() as connection:
            return [_event(row) for row in connection.execute(query)]

    def change(
        self, decide: Decide, system_id: str | None = None, marks: Mapping[str, str] | None = None
    ) -> list[RemediationItem]:
        """Change items in one transaction, in which nobody else writes, and return them as they are stored.

        Args:
            decide: is given the items of the system and says what is to become of them. An item without id is new.
            system_id: whose items; None for those of all systems.
            marks: up to where the register follows what (see `marks`), noted in the same transaction.

        Raises:
            BadInput: a new item's system is unknown; what `decide` raises.
            StoreError: a system has an item of that subject already, or the workspace cannot be written.
        """
        with self._database.write() as connection:
            before = {item.id: item for item in _items(connection, system_id)}
            order = {row.id: row.place for row in connection.execute(_ORDER)}
            stored = [self._store(connection, one, before) for one in decide(tuple(before.values()), order)]
            for subject, upto in (marks or {}).items():
                row = {"subject": subject, "upto": upto}
                connection.execute(upsert(mark_table).values(row).on_conflict_do_update(set_=row))
            return stored

    def marks(self) -> dict[str, str]:
        """Return up to where the register follows what: a scan's id, or numbers of answers (see `answered_since`)."""
        with self._database.read() as connection:
            return {row.subject: row.upto for row in connection.execute(select(mark_table))}

    def newest_scans(self) -> dict[str, str]:
        """Return, by site, the scan of our own that began last and has come to its end."""
        ended = (ScanStatus.COMPLETE, ScanStatus.INCOMPLETE)
        query = select(scan_table.c.site_id, scan_table.c.id).where(
            scan_table.c.source.is_(None), scan_table.c.status.in_(ended)
        )
        with self._database.read() as connection:
            return {row.site_id: row.id for row in connection.execute(query.order_by(literal_column("scan.rowid")))}

    def options_of(self, scans: Collection[str]) -> dict[str, ScanOptions]:
        """Return how those scans looked, by id."""
        # Takes a while to load, and only rescans need it.
        from secaudit.model.scan import ScanOptions  # noqa: PLC0415

        query = select(scan_table.c.id, scan_table.c.options).where(scan_table.c.id.in_(scans))
        with self._database.read() as connection:
            rows = connection.execute(query)
            return {row.id: ScanOptions.model_validate_json(row.options) for row in rows}

    def answered_since(self, mark: str) -> tuple[str, set[str]]:
        """Return the systems in which somebody answered something after the mark, and the mark of now.

        Args:
            mark: numbers of the last answer to a requirement and to an applicability question, `12/3`; empty for
                the beginning.
        """
        numbers = [int(part) for part in mark.split("/")] if mark else [0, 0]
        systems: set[str] = set()
        with self._database.read() as connection:
            for place, said in enumerate((answer_table, profile_table)):
                query = select(said.c.id, said.c.system_id).where(said.c.id > numbers[place]).order_by(said.c.id)
                for row in connection.execute(query):
                    numbers[place] = row.id
                    systems.add(row.system_id)
        return "/".join(map(str, numbers)), systems

    def policy(self) -> dict[str, Json]:
        """Return what the workspace says of how the register works; empty where nobody has said anything."""
        with self._database.read() as connection:
            body = connection.execute(select(policy_table.c.body).where(policy_table.c.id == 1)).scalar()
        return {} if body is None else _BODY.validate_json(body)

    def save_policy(self, body: dict[str, Json], by: str, at: datetime) -> None:
        """Store what the workspace says; only what differs from the shipped policy."""
        values = {"body": json.dumps(body, ensure_ascii=False, sort_keys=True), "set_by": by, "set_at": at}
        with self._database.write() as connection:
            present = connection.execute(select(policy_table.c.body).where(policy_table.c.id == 1)).scalar()
            if present == values["body"]:
                return
            row = upsert(policy_table).values(id=1, **values)
            connection.execute(row.on_conflict_do_update(set_=values))
            self._database.journal(connection, "item.policy", policy_table.name, 1)

    def _store(
        self, connection: Connection, change: ItemChange, before: Mapping[str, RemediationItem]
    ) -> RemediationItem:
        item, values = change.item, _values(change.item)
        if not item.id:
            require_system(connection, item.system)
            row = insert(table).values(values).returning(table.c.number)
            item = item.model_copy(update={"id": f"KP{connection.execute(row).scalar_one()}"})
            self._database.journal(connection, "item.open", table.name, item.number)
        elif values != _values(before[item.id]):
            connection.execute(update(table).where(table.c.number == item.number).values(values))
            self._database.journal(connection, "item.change", table.name, item.number)
        if item.seen_in and item.seen_at:
            seen = {"site_id": item.site, "seen_at": item.seen_at, "seen_in": item.seen_in, "looked_in": item.looked_in}
            sighting = upsert(sighting_table).values(item=item.number, **seen)
            connection.execute(sighting.on_conflict_do_update(set_=seen))
        for happened in change.events:
            values = happened.model_dump(exclude={"item", "changes"})
            values |= {"item": item.number, "changes": text_of(_CHANGES, happened.changes)}
            number = connection.execute(insert(event_table).values(values).returning(event_table.c.id)).scalar_one()
            self._database.journal(connection, "item.event", event_table.name, number)
        return item


def number_of(item_id: str) -> int:
    """Return the number of `KP12` (or `kp12`, `12`), 0 where it is none."""
    found = re.fullmatch(r"(?:[Kk][Pp])?([0-9]{1,15})", item_id.strip())
    return int(found[1]) if found else 0


def _joined() -> Select[Any]:
    seen = [sighting_table.c[name] for name in _SEEN]
    return select(table, *seen).select_from(table.outerjoin(sighting_table)).order_by(table.c.number)


def _items(connection: Connection, system_id: str | None, state: ItemState | None = None) -> list[RemediationItem]:
    query = _joined() if system_id is None else _joined().where(table.c.system_id == system_id)
    if state is not None:
        query = query.where(table.c.state == state)
    return [_item(row) for row in connection.execute(query)]


_RENAMED = {"system": "system_id", "check": "check_id", "group": "group_id"}
_NOT_PLAIN = frozenset(
    {"number", "accepted", "duplicate_of", "attachments", "site_id", "seen_in", "looked_in"}
    | set(_RENAMED.values()) | {"source", "severity", "state", "priority"}
)  # fmt: skip
_SOURCES, _STATES = {one.value: one for one in ItemSource}, {one.value: one for one in ItemState}
_SEVERITIES, _PRIORITIES = {one.value: one for one in Severity}, {one.value: one for one in Priority}
_APART = {"id", "accepted", "duplicate_of", "attachments", "site", "seen_at", "seen_in", "looked_in"}


def _values(item: RemediationItem) -> dict[str, Any]:
    plain = item.model_dump(exclude=_APART)
    return {
        **{_RENAMED.get(name, name): value for name, value in plain.items()},
        "accepted": model_text(item.accepted),
        "duplicate_of": number_of(item.duplicate_of) or None,
        "attachments": text_of(STRINGS, item.attachments),
    }


def _item(row: Row[Any]) -> RemediationItem:
    """Return the item of a row, whose values were checked when it was stored: a register can hold thousands."""
    renamed = {name: getattr(row, column) for name, column in _RENAMED.items()}
    plain = fields(row, *_NOT_PLAIN)
    return RemediationItem.model_construct(
        id=f"KP{row.number}",
        **renamed,
        **plain,
        source=_SOURCES[row.source],
        severity=_SEVERITIES[row.severity],
        state=_STATES[row.state],
        priority=_PRIORITIES[row.priority],
        accepted=None if row.accepted is None else Acceptance.model_validate_json(row.accepted),
        duplicate_of="" if row.duplicate_of is None else f"KP{row.duplicate_of}",
        attachments=() if row.attachments == "[]" else STRINGS.validate_json(row.attachments),
        site=row.site_id or "",
        seen_in=row.seen_in or "",
        looked_in=row.looked_in or "",
    )


def _event(row: Row[Any]) -> ItemEvent:
    changes = _CHANGES.validate_json(row.changes)
    return ItemEvent(**fields(row, "id", "item", "changes"), item=f"KP{row.item}", changes=changes)
