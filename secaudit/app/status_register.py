"""How many remediation items are open and overdue: what `status` needs of the register, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from secaudit.app.knowledge import Knowledge
from secaudit.store.workspace import Workspace


@dataclass(frozen=True)
class RegisterCount:
    """Items of one system.

    Attributes:
        open: work that nobody has proved; what a person calls done waits for its proof and is among them.
        done: of these, said to be done.
        overdue: of these, past their day.
        accepted: risks that somebody accepts for now; neither open nor closed.
    """

    open: int = 0
    done: int = 0
    overdue: int = 0
    accepted: int = 0


def register_counts(workspace: Workspace, knowledge: Knowledge, now: datetime) -> dict[str, RegisterCount] | None:
    """Return the counts by system, systems without items left out; None where this program keeps no register."""
    return None
