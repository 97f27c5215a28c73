"""The rule that decides whether a system has the level-3 solution of the plan, and what it says of systems.

The plan (86/KH-UBND of 10/8/2023, last line of its targets) wants 100 % of e-press bodies and commune information
pages to have solutions at level 3 or above, by 2025 and by 2030. It does not say when one "has" the solution; that is
a rule, written out as data and shown beside every figure that it gives.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from secaudit.model.base import Frozen, Reason
from secaudit.model.organisation import SystemKind
from secaudit.model.words import Severity


class Target(Frozen):
    """What the plan wants: by the end of `year`, `share` per cent of the systems have the solution."""

    year: int = Field(ge=2000, le=2100)
    share: int = Field(ge=0, le=100)


class SolutionRule(Frozen):
    """When a system has the solution: all of this must hold.

    Attributes:
        kinds: which systems the plan's figure is about; the others are not counted at all.
        level: least security level.
        strict: least strict figure, per cent; reached exactly, never by rounding.
        contradicted: how many requirements a scan may speak against, whatever was answered.
        worst_finding: no finding may be this grave or graver; `none` asks nothing.
        scan_age_days: the latest scan of every page may be so many days old at most.
        scan_complete: that scan must have been complete.
        targets: what the figure is held against.
    """

    format: Literal["secaudit.solution/1"]
    kinds: tuple[SystemKind, ...] = Field(min_length=1)
    level: int = Field(ge=1, le=5)
    strict: int = Field(ge=1, le=100)
    contradicted: int = Field(ge=0, le=1000)
    worst_finding: Literal[Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, "none"]
    scan_age_days: int = Field(ge=1, le=3660)
    scan_complete: bool
    targets: tuple[Target, ...]


class SolutionVerdict(Frozen):
    """What the rule says of one system.

    Attributes:
        counted: its kind is one that the figure is about.
        lacks: what keeps it from having the solution, as phrases; empty where it has it.
    """

    system: str
    kind: SystemKind
    counted: bool
    lacks: tuple[Reason, ...] = ()

    @property
    def has(self) -> bool:
        """Tell whether it counts as having the solution."""
        return self.counted and not self.lacks


class SolutionShare(Frozen):
    """How many of the systems of some kinds have the solution.

    Attributes:
        have, all: systems; never show the share without both.
    """

    have: int
    all: int

    @property
    def share(self) -> float | None:
        """Return the share, 0 to 1; None where there is no such system."""
        return self.have / self.all if self.all else None

    def reaches(self, target: Target) -> bool:
        """Tell whether the share is what `target` wants; no system at all reaches nothing."""
        return self.all > 0 and self.have * 100 >= target.share * self.all


class Portfolio(Frozen):
    """The plan's figure over all systems of an owner.

    Attributes:
        kinds: the same for each kind that is counted and has a system.
    """

    rule: SolutionRule
    verdicts: tuple[SolutionVerdict, ...]
    total: SolutionShare
    kinds: dict[SystemKind, SolutionShare]

    @property
    def left_out(self) -> int:
        """Return how many systems are of a kind that the figure is not about."""
        return len(self.verdicts) - self.total.all


def kinds_in_words(rule: SolutionRule) -> tuple[Reason, ...]:
    """Return the kinds of system that the figure is about as phrases."""
    return tuple(_phrase(f"solution-rule-kind-{kind.value}") for kind in rule.kinds)


def rule_in_words(rule: SolutionRule) -> tuple[Reason, ...]:
    """Return the conditions of the rule as phrases."""
    contradicted = "solution-rule-contradicted" if rule.contradicted else "solution-rule-contradicted-none"
    scan = "solution-rule-scan-complete" if rule.scan_complete else "solution-rule-scan"
    found = [
        _phrase("solution-rule-level", level=rule.level),
        _phrase("solution-rule-strict" if rule.strict < 100 else "solution-rule-strict-all", strict=rule.strict),
        _phrase(contradicted, count=rule.contradicted),
    ]
    if rule.worst_finding != "none":
        found.append(_phrase(f"solution-rule-finding-{rule.worst_finding.value}"))
    return (*found, _phrase(scan, days=rule.scan_age_days))


def _phrase(code: str, **params: str | int | float) -> Reason:
    return Reason(code=code, params=params)
