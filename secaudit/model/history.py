"""What is known of past scans without reading everything they saw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from secaudit.model.base import Frozen, Instant
from secaudit.model.imported import ImportSource
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.words import ScanStatus, Severity


class ProcessMark(Frozen):
    """Which process runs a scan, so that a killed scan can be told from a running one.

    Attributes:
        host: name of the computer.
        pid: process number on that computer.
        started: when the process began, as the operating system tells it; it distinguishes two processes that
            were given the same number one after the other. Empty where the system does not tell.
    """

    host: str
    pid: int
    started: float | str = ""


class Judgement(Frozen):
    """What one version of the rules said of one scan."""

    scan: str
    rules_version: str
    judged_at: Instant
    outcomes: tuple[CheckOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()


class ScanSummary(Frozen):
    """One line of the history.

    Attributes:
        source: the file it was imported from, None for a scan of our own.
        verifies: it looked only for what remediation items need.
        judged: a judgement is stored; without one the counts say nothing.
        findings: how many findings of each severity the latest judgement has; every severity is there.
    """

    id: str
    site_id: str
    url: str
    started_at: Instant
    finished_at: Instant | None = None
    status: ScanStatus
    source: ImportSource | None = None
    judged: bool = False
    verifies: bool = False
    findings: dict[Severity, int]


def new_scan_id(now: datetime, random: Callable[[int], bytes]) -> str:
    """Return an id that sorts by time and can be read aloud, such as `20261122-1405-7f3a9c` (UTC).

    Args:
        now: with its time zone.
        random: gives that many random bytes, for example `secrets.token_bytes`.
    """
    return f"{now.astimezone(UTC):%Y%m%d-%H%M}-{random(3).hex()}"
