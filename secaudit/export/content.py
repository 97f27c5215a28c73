"""What every writer of this room is given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from secaudit.model.base import Language, Text
from secaudit.model.requirement import Checklist, Requirement
from secaudit.text import one_line

_NAMESPACE = UUID("7d2b8a52-6f0c-5c0e-9d0b-3a0f1f4b6a11")
"""Namespace of all identifiers that exports mint; a change of it would change every one of them."""


@dataclass(frozen=True)
class Content:
    """A checklist, and the words of other data that its rows name.

    Attributes:
        language: of the texts; writers of formats that hold several languages put this one first.
        questions: applicability questions by id.
        checks: titles of checks by id.
        lists: titles of the other checklists that crosswalks name, by id.
    """

    checklist: Checklist
    language: Language
    questions: Mapping[str, Text] = field(default_factory=dict)
    checks: Mapping[str, Text] = field(default_factory=dict)
    lists: Mapping[str, Text] = field(default_factory=dict)

    @property
    def other_language(self) -> Language:
        """Return the language that does not come first."""
        return "en" if self.language == "vi" else "vi"

    def say(self, text: Text | None) -> str:
        """Return a text in the language of the export, as one line; nothing for None."""
        return one_line(text.in_language(self.language)) if text else ""

    def grouped(self) -> list[tuple[str, str, list[Requirement]]]:
        """Return id, title and rows of each group, in the order of the checklist."""
        return [
            (group.id, self.say(group.title), [row for row in self.checklist.requirements if row.group == group.id])
            for group in self.checklist.groups
        ]

    def label(self, row: Requirement) -> str:
        """Return the clause as cited; rows that share one are told apart by their place in it: `5.6.2.3 (5)`."""
        shared = sum(other.clause == row.clause for other in self.checklist.requirements) > 1
        clause = one_line(row.clause)
        return f"{clause} ({row.id.rpartition('-')[2]})" if shared else clause

    def crosswalk_lists(self) -> list[str]:
        """Return the ids of the checklists that some row points to, in the order of their first appearance."""
        named = (other for row in self.checklist.requirements for other, there in row.crosswalk.items() if there)
        return list(dict.fromkeys(named))

    def list_title(self, list_id: str) -> str:
        """Return the title of another checklist, its id where nobody knows the title."""
        return self.say(self.lists.get(list_id)) or list_id

    def check_title(self, check: str) -> str:
        """Return the title of a check, empty where it has none yet."""
        return self.say(self.checks.get(check))

    def identifier(self, *parts: str) -> UUID:
        """Return the identifier (RFC 9562, version 5) of a part of this checklist; the same for ever."""
        return uuid5(_NAMESPACE, one_line("/".join((self.checklist.id, *parts))))

    def edition(self) -> str:
        """Return a digest of everything that the checklist says, so that a changed list is a new document."""
        data = json.dumps(self.checklist.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(data.encode("utf-8", "backslashreplace")).hexdigest()
