"""The hidden sheet: what the workbook is, and what stood in each row when it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from secaudit.export.workbook.entry import Mark, mark_of
from secaudit.export.workbook.filling import Filling
from secaudit.model.errors import BadInput, message
from secaudit.model.requirement import Requirement
from secaudit.version import VERSION

SHEET = "secaudit"
SCHEMA = "secaudit.workbook/1"
_ROWS = "rows"
_HEADS = ("id", "asks", "content", "beside", "version")
NOT_OURS = message(
    "{file} was not written by `secaudit assess export`, or its hidden sheet was removed. Export again and copy your "
    "answers over."
)
NEWER = message("{file} was written by a newer secaudit ({version}). Update secaudit, then try again.")


@dataclass(frozen=True)
class RowMark:
    """A row as it was exported.

    Attributes:
        asks: hash of what the requirement asks.
        mark: hashes of what stood in the row.
    """

    asks: str
    mark: Mark


@dataclass(frozen=True)
class Identity:
    """What a workbook is.

    Attributes:
        edition: hash of the whole checklist.
        system: id of the system that it was written for.
        origin: of the workspace that wrote it.
        exported_at: ISO 8601.
        rows: every row that was exported, by requirement.
    """

    checklist: str
    edition: str
    system: str
    system_name: str
    origin: str
    language: str
    exported_at: str
    rows: Mapping[str, RowMark]

    @property
    def at(self) -> datetime | None:
        """Return the time of the export, None where it cannot be read."""
        try:
            return datetime.fromisoformat(self.exported_at)
        except ValueError:
            return None


def asks(row: Requirement) -> str:
    """Return the hash of what a row asks; answers to it hold only while that stays the same."""
    said = [row.clause, row.text.vi, row.text.en, row.obligation.value, row.period, row.equivalent,
            [threshold.model_dump(mode="json") for threshold in row.thresholds]]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8")).hexdigest()[:32]


def machine_lines(filling: Filling) -> list[list[str]]:
    """Return the lines of the hidden sheet: names with values, then one line for each row."""
    facts = {
        "schema": SCHEMA,
        "program": VERSION,
        "checklist": filling.content.checklist.id,
        "edition": filling.content.edition(),
        "system": filling.system.id,
        "system_name": filling.system.name,
        "origin": filling.origin,
        "language": filling.content.language,
        "exported_at": filling.at.isoformat(),
    }
    lines = [[name, value] for name, value in facts.items()]
    lines += [[_ROWS], list(_HEADS)]
    for row, status in filling.rows:
        lines.append([row.id, asks(row), *asdict(mark_of(status.answer)).values()])
    return lines


def read_identity(lines: Iterable[Sequence[str]], file: str) -> Identity:
    """Read the hidden sheet.

    Raises:
        BadInput: it says something else than it was written with, or comes from a newer program.
    """
    facts: dict[str, str] = {}
    rows: dict[str, RowMark] = {}
    in_rows = False
    for line in lines:
        cells = [*line, "", "", "", "", ""][:5]
        if cells[0] == _ROWS:
            in_rows = True
        elif not in_rows:
            facts[cells[0]] = cells[1]
        elif cells[0] and tuple(cells) != _HEADS:
            rows[cells[0]] = RowMark(cells[1], Mark(*cells[2:]))
    schema = facts.get("schema", "")
    if schema != SCHEMA:
        newer = schema.startswith(SCHEMA.partition("/")[0])
        raise BadInput(NEWER if newer else NOT_OURS, file=file, version=facts.get("program", "?"))
    wanted = ("checklist", "edition", "system", "system_name", "origin", "language", "exported_at")
    if not all(facts.get(name) for name in wanted) or not rows:
        raise BadInput(NOT_OURS, file=file)
    return Identity(**{name: facts[name] for name in wanted}, rows=rows)
