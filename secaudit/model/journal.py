"""The journal: one entry per change, each bound to the one before it."""

from __future__ import annotations

from secaudit.model.base import Frozen


class JournalEntry(Frozen):
    """One change, as it stands in the journal.

    Attributes:
        sequence: 1, 2, 3 … without a gap.
        at: time of the change in UTC, as the text that goes into the hash (`2026-11-22T07:05:00.000000Z`).
        user: account of the operating system.
        version: of the program.
        kind: what was changed, for example `answer.set`.
        payload: the change as canonical JSON text.
        previous: hash of the entry before, 64 zeros for the first.
        hash: SHA-256 of all of the above, in hexadecimal (see `secaudit.store.chain`).
    """

    sequence: int
    at: str
    user: str
    version: str
    kind: str
    payload: str
    previous: str
    hash: str
