r"""The chain of the journal: how an entry is written out and what its hash is taken over.

Canonical form, so that any program can prove a chain:

* the payload is JSON in UTF-8 with the keys of every object sorted, no white space outside strings and letters
  written as themselves; it is stored as that text, and the text is what counts;
* the hash is SHA-256 over the JSON array `[sequence, at, user, version, kind, payload, previous]`, where `sequence`
  is a number and the rest are strings (the payload as its text), written without white space and with every
  character outside ASCII as `\uXXXX`.

Whoever can write the file can also write a whole new chain; a hash that was noted down elsewhere (on paper, in a
letter) shows that as well, because it must still stand in the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.journal import JournalEntry

START = "0" * 64
"""What stands as the previous hash in the first entry."""


def canonical(value: Any) -> str:
    """Return `value` as canonical JSON text; half letters that UTF-8 cannot write become U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def entry_hash(sequence: int, at: str, user: str, version: str, kind: str, payload: str, previous: str) -> str:
    """Return the hash of an entry with these parts, in hexadecimal."""
    parts = json.dumps([sequence, at, user, version, kind, payload, previous], separators=(",", ":"))
    return hashlib.sha256(parts.encode("ascii")).hexdigest()


def first_broken_link(entries: Iterable[JournalEntry]) -> Reason | None:
    """Return what is wrong with the first entry that does not fit, None when the whole chain holds.

    Args:
        entries: all entries in the order of their sequence; read one at a time.
    """
    previous = START
    for sequence, entry in enumerate(entries, 1):
        params: dict[str, str | int | float] = {"sequence": sequence, "kind": entry.kind}
        if entry.sequence != sequence:
            return Reason(code="journal-gap", params=params)
        if entry.previous != previous:
            return Reason(code="journal-unlinked", params=params)
        found = entry_hash(
            entry.sequence, entry.at, entry.user, entry.version, entry.kind, entry.payload, entry.previous
        )
        if found != entry.hash:
            return Reason(code="journal-changed", params=params)
        previous = entry.hash
    return None
