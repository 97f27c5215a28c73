"""Running the ports probe and its checks in tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from secaudit.checks import port as _rules  # noqa: F401 - registers the rules
from secaudit.checks import registry
from secaudit.checks.registry import Verdict
from secaudit.checks.view import View
from secaudit.model.authorisation import Authorisation
from secaudit.model.base import Reason
from secaudit.model.observation import Observation, PortScanObservation, ServiceObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome
from secaudit.probes.gate import Gate, system_resolver
from secaudit.probes.ports.probe import PortsProbe
from secaudit.probes.probe import ProbeContext, ProbeFailed

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass
class Scanned:
    """What one run of the probe brought."""

    url: str
    options: ScanOptions
    gate: Gate
    seen: list[Observation] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    said: list[Reason] = field(default_factory=list)
    raw: dict[str, bytes] = field(default_factory=dict)
    failure: Reason | None = None

    @property
    def scans(self) -> list[PortScanObservation]:
        """Return the scans over TCP."""
        return self._over("tcp")

    @property
    def udp(self) -> list[PortScanObservation]:
        """Return the scans over UDP."""
        return self._over("udp")

    def _over(self, protocol: str) -> list[PortScanObservation]:
        return [o for o in self.seen if isinstance(o, PortScanObservation) and o.protocol == protocol]

    @property
    def services(self) -> dict[int, ServiceObservation]:
        """Return the services over TCP by port."""
        return {o.port: o for o in self.seen if isinstance(o, ServiceObservation) and o.protocol == "tcp"}

    @property
    def open_ports(self) -> list[int]:
        return sorted({look.port for s in self.scans for look in s.found if look.state == "open"})

    def failing(self) -> set[str]:
        """Return the exact set of failing checks."""
        return failing(judge(self.view()))

    def view(self) -> View:
        return View(parse_target(self.url), self.options, NOW, self.seen, {})


def scan(
    url: str, *, records: Sequence[Authorisation] = (), resolver: Any = system_resolver, context: Any = None,
    **options: Any,
) -> Scanned:  # fmt: skip
    """Run the ports probe against `url`."""
    chosen = ScanOptions(**options)
    gate = Gate(records, lambda: NOW, resolver)
    result = Scanned(url, chosen, gate)
    edge = ProbeContext(
        gate=gate, options=chosen, clock=lambda: NOW, say=result.said.append, note=result.notes.append,
        keep_raw=result.raw.__setitem__, **(context or {}),
    )  # fmt: skip
    try:
        for observation in PortsProbe().run(parse_target(url), edge):
            result.seen.append(observation)
    except ProbeFailed as failed:
        result.failure = failed.reason
    return result


def judge(view: View) -> dict[str, list[Verdict]]:
    """Return the verdicts of every check of ports."""
    rules = {check: rule for check, rule in registry._RULES.items() if check.startswith("port.")}
    return {check: list(rule(view)) for check, rule in rules.items()}


def failing(verdicts: dict[str, list[Verdict]]) -> set[str]:
    return {check for check, given in verdicts.items() if any(v.result is Outcome.FAIL for v in given)}
