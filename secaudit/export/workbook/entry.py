"""What one row of the workbook says, in a form in which two rows can be compared."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from secaudit.export.xlsx import cell_text
from secaudit.model.assessment import Answer
from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.model.words import AnswerValue


@dataclass(frozen=True)
class Entry:
    """The part of an answer that stands in cells, texts as cells can hold them (see `plain`).

    Attributes:
        value: None where nobody chose an answer.
        evidence: ids of records, and what people typed beside them: links, `scan:ID`, names of files.
    """

    value: AnswerValue | None = None
    note: str = ""
    reason: str = ""
    equivalent: str = ""
    evidence: tuple[str, ...] = ()
    evidence_date: date | None = None
    valid_until: date | None = None
    answered_by: str = ""
    authority: str = ""
    assessor: str = ""
    independent: bool | None = None

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing at all stands in the row."""
        return self == _BLANK


_BLANK = Entry()
FIELDS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True)
class Mark:
    """What stood in a row at one moment, as hashes.

    Attributes:
        content: of the entry.
        beside: of the entry without the answer itself.
        version: of the whole stored answer, its time and what no cell shows included; empty for no answer.
    """

    content: str
    beside: str
    version: str


def plain(text: str) -> str:
    """Return a text as it comes back from a cell: NFC, line feeds, no characters that XML forbids, none at the ends.

    Spreadsheet programs write a carriage return as `_x000D_`, and what only looks like such a code with `x005F_` in it
    (ECMA-376, Part 1, 22.9.2.19), which openpyxl takes away wherever it stands.
    """
    lines = text.replace("x005F_", "").replace("_x000D_", "\r").replace("\r\n", "\n").replace("\r", "\n")
    return cell_text(unicodedata.normalize("NFC", lines).strip()).strip()


def entry_of(answer: Answer | None) -> Entry:
    """Return what the cells of a row show of an answer."""
    if answer is None:
        return _BLANK
    said: dict[str, Any] = {name: getattr(answer, name) for name in FIELDS}
    said |= {name: plain(value) for name, value in said.items() if type(value) is str}
    return Entry(**said)


def mark_of(answer: Answer | None) -> Mark:
    """Return the marks of a stored answer, or of none."""
    entry = entry_of(answer)
    version = _hash(answer.model_dump(mode="json")) if answer else ""
    return Mark(content_mark(entry), beside_mark(entry), version)


def content_mark(entry: Entry) -> str:
    """Return the hash of everything in a row."""
    return _hash(asdict(entry))


def beside_mark(entry: Entry) -> str:
    """Return the hash of a row without its answer."""
    return _hash({**asdict(entry), "value": None})


def changed_fields(before: Entry, after: Entry) -> list[str]:
    """Return the names of the fields in which two rows differ."""
    return [name for name in FIELDS if getattr(before, name) != getattr(after, name)]


def settled_evidence(typed: tuple[str, ...], known: Mapping[str, Evidence]) -> tuple[str, ...]:
    """Return the evidence of a row with ids instead of what names a record that the stored answer has already.

    Args:
        typed: as in `Entry`.
        known: the records of the stored answer, by id.
    """
    by_reference = {record.reference: one for one, record in known.items() if record.kind is EvidenceKind.LINK}
    by_reference |= {
        f"scan:{record.reference}": one for one, record in known.items() if record.kind is EvidenceKind.SCAN
    }
    by_reference |= {record.name: one for one, record in known.items() if record.kind is EvidenceKind.FILE}
    return tuple(dict.fromkeys(by_reference.get(one, one) for one in typed))


def _hash(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
