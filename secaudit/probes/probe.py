"""What a probe is, and what it is given."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from secaudit.model.base import Reason
from secaudit.model.observation import Observation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target
from secaudit.probes.gate import Gate


class ProbeFailed(Exception):
    """A probe that cannot go on as a whole; what it yielded before stands.

    Attributes:
        reason: why, for the officer.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def _ignore(*_: object) -> None:
    return None


@dataclass(frozen=True)
class ProbeContext:
    """The edge, passed in: network gate, clock, and where to say what is being done.

    Attributes:
        gate: must be asked before every connection.
        options: how to look.
        clock: gives the current time with zone.
        say: tells the live progress what is being done now (a phrase code with parameters).
        note: keeps something the officer should know of how the look was made (stands in the report).
        keep_raw: keeps a tool's own result, by name, for later judging.
        stop: set when the scan is being cancelled; long loops look at it.
    """

    gate: Gate
    options: ScanOptions
    clock: Callable[[], datetime]
    say: Callable[[Reason], None] = _ignore
    note: Callable[[Reason], None] = _ignore
    keep_raw: Callable[[str, bytes], None] = _ignore
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class PlannedStep:
    """One line of `--plan`: what would be sent where, and about how many connections."""

    probe: str
    target: str
    what: Reason
    connections: int


class Probe(Protocol):
    """Looks at one target and yields what it sees as it sees it, so that a killed scan loses nothing."""

    name: str

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        """Return what `run` would send; sends nothing itself."""

    def run(self, target: Target, context: ProbeContext) -> Iterator[Observation]:
        """Yield observations. One that could not look carries a fault instead of raising.

        Raises:
            ProbeFailed: the probe as a whole could not work.
        """
