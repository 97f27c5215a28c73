"""The report over many systems: what it is made from, and what it says."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from secaudit.model.base import Composed, Frozen, Instant, Text
from secaudit.model.organisation import SystemKind
from secaudit.model.solution import SolutionRule, SolutionShare
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


class SealState(StrEnum):
    """What is known of where a file comes from, the least first.

    `unsealed`: there is no seal beside it; `unsigned`: it is what was sealed, but nobody signed the seal; `unchecked`:
    the same, signed in a way that cannot be checked here; `signed`: it is what was sealed and signed.
    """

    UNSEALED = "unsealed"
    UNSIGNED = "unsigned"
    UNCHECKED = "unchecked"
    SIGNED = "signed"


class FileSeal(Frozen):
    """What the seal beside a file says; one that shows a change is not here, as the file does not count.

    Attributes:
        signers: names in the signers' certificates with who issued them, or fingerprints of bare keys. Whether to
            believe the authority was not checked.
        expired: a certificate was not valid at the time of sealing.
    """

    state: SealState
    sealed_at: Instant | None = None
    signers: tuple[Composed, ...] = ()
    expired: bool = False


class SystemState(Frozen):
    """One system as it was reported. What a source does not say is left as it stands here, which counts against it.

    Attributes:
        office: who owns it; superior: the body above.
        made_at: when its figures were worked out.
        kind: what it is to the plan, None where nobody says.
        looks: one per page; a page that was never scanned is in `unseen` only.
        unsent: pages that the system has by its own word and of which no file came.
        pages_named: the source says which pages it has.
        assessed: somebody has answered at least one requirement that counts.
        missing: requirements of the lists that count of which the source says nothing at all.
        against: requirements that count and that a scan speaks against, whatever was answered.
        findings: how many there are by severity, each place counted.
        applicable, met, partial, unanswered, contradicted: requirements of the lists that count.
        faults: gravest first.
        source: name of the file that it comes from, empty for a workspace.
        seals: one per file that it comes from, none for a workspace.
        is_sample: made from the shipped example.
    """

    office: Composed
    superior: Composed = ""
    system: str
    name: Composed
    kind: SystemKind | None = None
    level: int = Field(ge=1, le=5)
    operator: Composed = ""
    made_at: Instant
    looks: tuple[PageLook, ...] = ()
    unseen: tuple[str, ...] = ()
    unsent: tuple[str, ...] = ()
    pages_named: bool = False
    assessed: bool = False
    missing: int = Field(default=0, ge=0)
    against: int = Field(default=0, ge=0)
    findings: dict[Severity, int] = {}
    applicable: int = Field(ge=0)
    met: int = Field(ge=0)
    partial: int = Field(ge=0)
    unanswered: int = Field(ge=0)
    contradicted: int = Field(ge=0)
    faults: tuple[Fault, ...] = ()
    groups: tuple[GroupFigure, ...] = ()
    source: str = ""
    seals: tuple[FileSeal, ...] = ()
    is_sample: bool = False

    @property
    def sealed(self) -> SealState | None:
        """Return how far its files are sealed, by the least of them; None where it comes from no file."""
        order = list(SealState)
        return min((seal.state for seal in self.seals), key=order.index, default=None)

    @property
    def signers(self) -> tuple[str, ...]:
        """Return who signed its files, each once."""
        return tuple(dict.fromkeys(signer for seal in self.seals for signer in seal.signers))

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
        return bool(self.looks) and not self.unseen and not self.unsent

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


class Verdict(Frozen):
    """What the rule in force says of one system.

    Attributes:
        counted: its kind is one that the figure is about.
        lacks: what keeps it from having the solution; empty where it has it, and where it is not counted.
    """

    counted: bool
    lacks: tuple[Text, ...] = ()

    @property
    def has(self) -> bool:
        """Tell whether it counts as having the solution."""
        return self.counted and not self.lacks


class KindFigure(Frozen):
    """The same figure for the systems of one kind."""

    kind: SystemKind
    name: Text
    have: int
    all: int


class TargetLine(Frozen):
    """What the plan wants by the end of a year, in per cent, and whether it is reached."""

    year: int
    wanted: int
    reached: bool


class SolutionFigure(Frozen):
    """The plan's figure with the rule that it is made by: one is never shown without the other.

    Attributes:
        own: the rule is the office's own, not the one that ships.
        kinds_named, conditions: the rule in words.
        have, all: systems of these kinds.
        kinds: the same by kind, for kinds of which there is a system.
        left_out: systems of other kinds.
    """

    rule: SolutionRule
    own: bool
    kinds_named: tuple[Text, ...]
    conditions: tuple[Text, ...]
    have: int
    all: int
    kinds: tuple[KindFigure, ...]
    left_out: int
    targets: tuple[TargetLine, ...]

    @property
    def share(self) -> float | None:
        """Return the share, 0 to 1; None where there is no such system."""
        return SolutionShare(have=self.have, all=self.all).share


class RankedSystem(Frozen):
    """A system in its place.

    Attributes:
        rank: 1 for the greatest risk; systems with the same points share a rank. None for one that was not scanned.
        days: since the oldest of its scans, None without one.
        has_solution: it has the solution by the rule in force.
        counted, lacks: as in `Verdict`.
    """

    rank: int | None
    risk: Risk | None
    points: int | None
    days: int | None
    has_solution: bool
    counted: bool
    lacks: tuple[Text, ...]
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
        solution: how many systems have the solution, of all that are counted, and by which rule.
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
    solution: SolutionFigure
    weights: dict[Severity, int]
    unused: tuple[UnusedFile, ...] = ()
    older: int = 0
    notices: tuple[Text, ...] = ()

    @property
    def systems(self) -> tuple[RankedSystem, ...]:
        """Return all systems, the ranked ones first."""
        return (*self.ranked, *self.unscanned)

    @property
    def seals(self) -> dict[SealState, int]:
        """Return how many systems are sealed how far, by the least of their files; empty for a workspace."""
        states = [one.state.sealed for one in self.systems]
        return {state: states.count(state) for state in SealState} if any(states) else {}

    @property
    def is_sample(self) -> bool:
        """Tell whether any of it is made from the shipped example."""
        return any(one.state.is_sample for one in self.systems)
