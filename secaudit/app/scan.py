"""One scan of one site: permission, probes, and every fact stored the moment it is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.app.events import Watcher
from secaudit.app.runner import run_probes
from secaudit.app.scope import require_permission
from secaudit.app.tools import tools_used
from secaudit.model.observation import (
    DnsObservation,
    ExposureObservation,
    FileLook,
    HttpVisit,
    Observation,
    PortScanObservation,
    PortState,
    TlsObservation,
)
from secaudit.model.organisation import Site
from secaudit.model.scan import ProbeRun, Scan, ScanOptions
from secaudit.model.target import Target
from secaudit.model.words import ProbeStatus, ScanStatus
from secaudit.probes.gate import Gate
from secaudit.probes.probe import PlannedStep, Probe
from secaudit.probes.registry import make_probe
from secaudit.store.process import current_process
from secaudit.store.workspace import Workspace
from secaudit.version import VERSION


@dataclass(frozen=True)
class _StoreSink:
    """Stores what a running scan sees."""

    workspace: Workspace
    scan_id: str

    def observation(self, seen: Observation) -> None:
        self.workspace.scans.add_observation(self.scan_id, seen)

    def raw(self, name: str, data: bytes) -> None:
        self.workspace.scans.add_raw(self.scan_id, name, data)

    def ended(self, run: ProbeRun) -> None:
        self.workspace.scans.finish_probe(self.scan_id, run)


def plan_scan(target: Target, options: ScanOptions) -> list[PlannedStep]:
    """Return what a scan would send where; sends nothing."""
    return [step for name in options.probes for step in make_probe(name).plan(target, options)]


def scan_site(
    workspace: Workspace,
    site: Site,
    options: ScanOptions,
    gate: Gate,
    clock: Callable[[], datetime],
    watcher: Watcher,
    scan_id: str,
    probes: Sequence[Probe] | None = None,
) -> Scan:
    """Scan one site and return the scan as stored.

    An interruption marks the scan as such before it is passed on; what was seen stays stored.

    Raises:
        NotAuthorised: no permission covers the site.
        Incomplete: the site's name does not resolve.
        StoreError: the workspace cannot be written.
        KeyboardInterrupt: the officer stopped it.
    """
    authorisation = require_permission(gate, site.target)
    scan = Scan(
        id=scan_id, version=VERSION, target=site.target, options=options, started_at=clock(),
        authorisation=authorisation,
    )  # fmt: skip
    workspace.scans.begin(scan, site.id, current_process())
    watcher.scan_started(scan)
    chosen = probes if probes is not None else (make_probe(name) for name in options.probes)
    status = ScanStatus.INTERRUPTED
    try:
        runs = run_probes(chosen, site.target, options, gate, clock, _StoreSink(workspace, scan_id), watcher)
        complete = all(run.status is ProbeStatus.OK for run in runs)
        status = ScanStatus.COMPLETE if complete else ScanStatus.INCOMPLETE
    finally:
        workspace.scans.finish(scan_id, status, clock(), tools_used(options.probes), gate.traffic())
    return workspace.scans.load(scan_id)


def was_reached(scan: Scan) -> bool:
    """Tell whether the page answered at all; for a scan of ports or DNS only, whether the host or its zone did."""
    chosen = set(scan.options.probes)
    if {"http", "tls", "crawl", "disclosure", "exposure"} & chosen:
        return any(_page_answered(seen) for seen in scan.observations)
    if chosen == {"dns"} and scan.target.is_address:
        return True  # an address has no name to ask about, and nothing was to be reached
    return any(_host_answered(seen) for seen in scan.observations)


def _page_answered(seen: Observation) -> bool:
    if isinstance(seen, HttpVisit):
        return any(exchange.status for exchange in seen.exchanges)
    return isinstance(seen, TlsObservation | FileLook | ExposureObservation) and seen.fault is None


def _host_answered(seen: Observation) -> bool:
    if isinstance(seen, DnsObservation):
        return seen.fault is None
    if not isinstance(seen, PortScanObservation):
        return False
    silent = sum(look.state is PortState.FILTERED for look in seen.found)
    return len(seen.tried) > silent
