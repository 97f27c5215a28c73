"""How many remediation items are open and overdue: what `status` needs of the register, in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from secaudit.model.remediation import ItemState
from secaudit.remedy.life import CLOSED
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


def register_counts(workspace: Workspace, now: datetime) -> dict[str, RegisterCount]:
    """Return the counts by system on the local day of `now`; systems without items are left out.

    They are what `app.remediation.tally` counts, without reading every item.
    """
    found: dict[str, RegisterCount] = {}
    for system, named, items, past in workspace.standing.items(now.astimezone().date()):
        state, sofar = ItemState(named), found.get(system, RegisterCount())
        if state is ItemState.ACCEPTED:
            found[system] = replace(sofar, accepted=sofar.accepted + items)
        elif state not in CLOSED:
            done = items if state is ItemState.DONE else 0
            found[system] = replace(
                sofar, open=sofar.open + items, overdue=sofar.overdue + past, done=sofar.done + done
            )
    return found
