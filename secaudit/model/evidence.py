"""What backs an answer: a kept file, a link, or a stored scan."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from secaudit.model.base import Composed, Frozen, Instant


class EvidenceKind(StrEnum):
    """Where a piece of evidence is: kept in the workspace, elsewhere at an address, or in a stored scan."""

    FILE = "file"
    LINK = "link"
    SCAN = "scan"


class Evidence(Frozen):
    """One piece of evidence. It may back many answers, and is never changed: a newer one is another record.

    Attributes:
        id: `E` and a number, given by the store.
        name: the file's original name, the link, or the scan's id, as shown to people.
        sha256: of the file's content, in hexadecimal; empty for links and scans.
        size: of the file in bytes; 0 for links and scans.
        media_type: of the file, by its content and extension; empty for links and scans.
        reference: the link, or the scan's id; empty for files.
        dated: the day of the evidence itself, for example the date of the signed paper.
        valid_until: last day on which it holds, None where it has no end.
        added_at: when it was recorded, which is no proof of its date.
        added_by: who recorded it.
    """

    id: str
    kind: EvidenceKind
    name: Composed
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    reference: str = ""
    dated: date | None = None
    valid_until: date | None = None
    added_at: Instant
    added_by: Composed = ""
    note: Composed = ""
