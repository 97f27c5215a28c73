"""The closed lists of words of the outside contract (contract.md, sections 1 to 4)."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What a check says. `fail` means that the fault in the check's name is there."""

    PASS = "pass"  # noqa: S105 - a result, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not-applicable"


class Severity(StrEnum):
    """How grave a finding is, gravest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for the gravest, 4 for information only."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class AnswerValue(StrEnum):
    """What an assessor says of a requirement."""

    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"


class RowState(StrEnum):
    """What a requirement counts as after judging. Only `met` counts in the strict figure."""

    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"
    UNASSESSED = "unassessed"
    CONTRADICTED = "contradicted"
    STALE = "stale"


class ProbeStatus(StrEnum):
    """How a probe ended."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


class ScanStatus(StrEnum):
    """How a scan ended; a scan that was killed is `interrupted`."""

    RUNNING = "running"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    INTERRUPTED = "interrupted"


class Profile(StrEnum):
    """How much a scan sends."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"


class PortEngine(StrEnum):
    """Which engine finds open ports: `auto` is embedded discovery plus nmap's identification."""

    AUTO = "auto"
    NMAP = "nmap"
    EMBEDDED = "embedded"


class Nature(StrEnum):
    """Whether a requirement asks for rules, for technology, or for both."""

    MANAGEMENT = "management"
    TECHNICAL = "technical"
    MIXED = "mixed"


class Obligation(StrEnum):
    """Whether a requirement binds or is offered as a suggestion by its source."""

    MANDATORY = "mandatory"
    SUGGESTED = "suggested"


class Responsible(StrEnum):
    """Who usually does what a requirement asks, for a commune's page."""

    OWNER = "owner"
    OPERATOR = "operator"
    PROVIDER = "provider"
    SHARED = "shared"


PROBES = ("http", "tls", "crawl", "exposure", "ports", "dns", "disclosure")
"""The probes of a scan by name, in the order in which they start."""
