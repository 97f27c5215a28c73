"""The report over many systems: what it is made from, and what it says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from secaudit.model.base import Composed, Frozen, Instant, Text
from secaudit.model.words import Profile, Responsible, ScanStatus, Severity

SCHEMA = "secaudit.province/1"


class PageLook(Frozen):
    """The latest scan of one page that ended by itself.

    Attributes:
        addresses: IP addresses that were looked at.
    """

    url: str
    host: str
    scan: str
    at: Instant
    status: ScanStatus
    profile: Profile
    addresses: tuple[str, ...] = ()


class Fault(Frozen):
    """A check that fails on a system, once however many places it fails at."""

    check: str
    severity: Severity
    title: Text
    action: Text | None = None
    responsible: Responsible = Responsible.SHARED
    places: int = Field(default=1, ge=1)


class GroupFigure(Frozen):
    """A group of requirements of the list that counts."""

    id: str
    title: Text
    applicable: int = Field(ge=0)
    met: int = Field(ge=0)
    partial: int = Field(ge=0)

    @property
    def open(self) -> int:
        """Return how many requirements are not met in full."""
        return self.applicable - self.met


class SystemState(Frozen):
    """One system as it was reported.

    Attributes:
        office: who owns it; superior: the body above.
        made_at: when its figures were worked out.
        looks: one per page; a page that was never scanned is in `unseen` only.
        applicable, met, partial, unanswered, contradicted: requirements of the lists that count.
        faults: gravest first.
        source: name of the file that it comes from, empty for a workspace.
        is_sample: made from the shipped example.
    """

    office: Composed
    superior: Composed = ""
    system: str
    name: Composed
    level: int = Field(ge=1, le=5)
    operator: Composed = ""
    made_at: Instant
    looks: tuple[PageLook, ...] = ()
    unseen: tuple[str, ...] = ()
    applicable: int = Field(ge=0)
    met: int = Field(ge=0)
    partial: int = Field(ge=0)
    unanswered: int = Field(ge=0)
    contradicted: int = Field(ge=0)
    faults: tuple[Fault, ...] = ()
    groups: tuple[GroupFigure, ...] = ()
    source: str = ""
    is_sample: bool = False

    @property
    def title(self) -> str:
        """Return what it is called in a list: the office that sent it, in one workspace the system.

        The long word for the people's committee is written as offices abbreviate it.
        """
        called = (self.office if self.source else "") or self.name
        return called.replace("Ủy ban nhân dân", "UBND").replace("Uỷ ban nhân dân", "UBND")

    @property
    def strict(self) -> float | None:
        """Return the share of met requirements, 0 to 1; None when none applies."""
        return self.met / self.applicable if self.applicable else None

    @property
    def progress(self) -> float | None:
        """Return the share with partly met ones at half."""
        return (self.met + self.partial / 2) / self.applicable if self.applicable else None

    @property
    def scanned(self) -> bool:
        """Tell whether every page of it was scanned, so that it can be ranked."""
        return bool(self.looks) and not self.unseen

    def count(self, severity: Severity) -> int:
        """Return how many checks of that severity fail."""
        return sum(fault.severity is severity for fault in self.faults)


class Risk(Frozen):
    """The points of one system and what they come from (`risk.risk_of`)."""

    findings: int
    contradicted: int
    age: int

    @property
    def points(self) -> int:
        """Return the sum; more is worse."""
        return self.findings + self.contradicted + self.age


class RankedSystem(Frozen):
    """A system in its place.

    Attributes:
        rank: 1 for the greatest risk; systems with the same points share a rank. None for one that was not scanned.
        days: since the oldest of its scans, None without one.
        has_solution: it has the solution of the level by the rule of the plan.
    """

    rank: int | None
    risk: Risk | None
    points: int | None
    days: int | None
    has_solution: bool
    state: SystemState


class SharedPlace(Frozen):
    """An address or an operator that several of the systems with a fault have in common."""

    kind: Literal["address", "operator"]
    name: str
    systems: int


class CommonFault(Frozen):
    """A check that fails on several systems.

    Attributes:
        systems: how many; share: of those scanned, 0 to 1.
        names: of the offices, in the order of the ranking; omitted: how many more.
        place: where most of them sit together, so that one repair helps them all; None where they do not.
    """

    check: str
    severity: Severity
    title: Text
    action: Text | None
    responsible: Responsible
    systems: int
    share: float
    names: tuple[str, ...]
    omitted: int
    place: SharedPlace | None


class GroupLine(Frozen):
    """A group of requirements over all systems; strict and progress are shares of 0 to 1."""

    id: str
    title: Text
    systems: int
    applicable: int
    met: int
    partial: int
    strict: float
    progress: float


class UnusedFile(Frozen):
    """A file that does not count, and why."""

    name: str
    why: Text


class Province(Frozen):
    """The whole report.

    Attributes:
        office: who made it, empty where nobody said.
        ranked: scanned systems, greatest risk first; unscanned: the others, by name, never taken for safe.
        faults: failing on two systems or more, most systems first.
        groups: lowest strict figure first.
        unused: files that could not be read or contradict themselves; older: files that a newer one replaces.
        have: systems with the solution, of all.
        weights: points of one failing check by severity.
    """

    schema_: Literal["secaudit.province/1"] = Field(default="secaudit.province/1", alias="schema")
    made_at: Instant
    version: str
    office: Composed
    from_files: bool
    ranked: tuple[RankedSystem, ...]
    unscanned: tuple[RankedSystem, ...]
    faults: tuple[CommonFault, ...]
    groups: tuple[GroupLine, ...]
    severities: dict[Severity, int]
    have: int
    weights: dict[Severity, int]
    unused: tuple[UnusedFile, ...] = ()
    older: int = 0
    notices: tuple[Text, ...] = ()

    @property
    def systems(self) -> tuple[RankedSystem, ...]:
        """Return all systems, the ranked ones first."""
        return (*self.ranked, *self.unscanned)

    @property
    def share(self) -> float | None:
        """Return the share of systems that have the solution, None when there is no system."""
        return self.have / len(self.systems) if self.systems else None

    @property
    def is_sample(self) -> bool:
        """Tell whether any of it is made from the shipped example."""
        return any(one.state.is_sample for one in self.systems)
