"""By what systems are ranked: a sum that anyone can work out again by hand (docs/province.md).

- each check that fails counts once, by its severity;
- each requirement that is answered as met although a scan says otherwise;
- the age of the look: what was true long ago says less today.

The figures of the self-assessment stand beside the rank and are no part of it: an unanswered row is work, not a fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from secaudit.model.words import Severity
from secaudit.report.province.facts import Fault, Risk, SystemState

WEIGHTS = {Severity.CRITICAL: 40, Severity.HIGH: 15, Severity.MEDIUM: 4, Severity.LOW: 1, Severity.INFO: 0}
CONTRADICTED = 5
"""Points of a requirement that is answered as met and contradicted by a scan."""
MOST_CONTRADICTED = 50
"""One fault can contradict many rows; together they never outweigh what was seen."""
FRESH_DAYS = 30
"""A look this old costs nothing yet."""
DAYS_PER_POINT = 10
MOST_AGE = 36
"""Age never outweighs one critical fault."""


def risk_of(state: SystemState, now: datetime) -> Risk:
    """Return the points of a scanned system; of several pages the oldest look counts."""
    return Risk(
        findings=fault_points(state.faults),
        contradicted=min(MOST_CONTRADICTED, CONTRADICTED * state.contradicted),
        age=age_points(days_since(state, now) or 0),
    )


def fault_points(faults: Iterable[Fault]) -> int:
    """Return the points of failing checks, each once."""
    return sum(WEIGHTS[severity] for severity in {fault.check: fault.severity for fault in faults}.values())


def age_points(days: int) -> int:
    """Return a point for every full ten days beyond thirty, at most 36."""
    return min(MOST_AGE, max(0, days - FRESH_DAYS) // DAYS_PER_POINT)


def days_since(state: SystemState, now: datetime) -> int | None:
    """Return days of the local calendar since the oldest of the latest looks, as `status` ages scans; None without."""
    today = now.astimezone().date()
    return max(((today - look.at.astimezone().date()).days for look in state.looks), default=None)
