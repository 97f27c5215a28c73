"""The main job in one go: scan a page, judge it, write the combined report."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.app.events import Watcher
from secaudit.app.judge import JudgedScan, assess_system, judge_scan, keep_judgement
from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation import Tally, tally
from secaudit.app.remediation_follow import catch_up, follow_judged
from secaudit.app.scan import scan_site
from secaudit.app.scope import ON_THE_WAY, new_authorisation
from secaudit.app.setup import site_of
from secaudit.model.assessment import Assessment
from secaudit.model.budgets import BUDGETS
from secaudit.model.history import new_scan_id
from secaudit.model.organisation import Site, System
from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target
from secaudit.probes.gate import Gate, Resolver, system_resolver
from secaudit.store.process import is_alive
from secaudit.store.workspace import Workspace

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Permission:
    """A permission given on the way with `--authorised-by`."""

    granted_by: str
    document: str = ""
    recorded_by: str = ""


@dataclass(frozen=True)
class AuditResult:
    """What one audit gives: the judged scan, the system judged against every checklist, its remediation register."""

    system: System
    site: Site
    judged: JudgedScan
    assessments: Sequence[Assessment]
    remediation: Tally


def record_on_the_way(workspace: Workspace, target: Target, permission: Permission, now: datetime) -> None:
    """Record a permission for one host for the next 24 hours.

    Raises:
        BadInput: nobody is named.
    """
    workspace.scope.add(
        new_authorisation(
            hosts=[target.host], ports=[], granted_by=permission.granted_by, document=permission.document,
            valid_from=now, valid_until=now + ON_THE_WAY, recorded_by=permission.recorded_by, now=now,
            new_id=lambda: secrets.token_hex(4),
        )
    )  # fmt: skip


def scan_and_judge(
    workspace: Workspace, target: Target, options: ScanOptions, knowledge: Knowledge, clock: Clock, watcher: Watcher,
    permission: Permission | None = None, resolver: Resolver = system_resolver,
) -> tuple[Site, JudgedScan]:  # fmt: skip
    """Scan one page, judge what was seen, store both, and bring the remediation register up to date.

    Raises:
        NotAuthorised: no permission covers the page.
        Incomplete: the name does not resolve.
        StoreError: the workspace cannot be written.
    """
    workspace.scans.mark_interrupted(is_alive, clock())
    if permission is not None:
        record_on_the_way(workspace, target, permission, clock())
    site = site_of(workspace, target)
    if site.allowed_ports:
        options = options.model_copy(update={"allowed_ports": site.allowed_ports})
    if site.baseline is not None:
        options = options.model_copy(update={"baseline": site.baseline})
    gate = Gate(workspace.scope.list(), clock, resolver, BUDGETS[options.profile])
    scan = scan_site(workspace, site, options, gate, clock, watcher, new_scan_id(clock(), secrets.token_bytes))
    judged = judge_scan(scan, knowledge)
    keep_judgement(workspace, judged, clock())
    follow_judged(workspace, site, judged, knowledge, clock())
    return site, judged


def audit(
    workspace: Workspace, target: Target, options: ScanOptions, knowledge: Knowledge, clock: Clock, watcher: Watcher,
    permission: Permission | None = None, resolver: Resolver = system_resolver,
) -> AuditResult:  # fmt: skip
    """Scan and judge one page and assess its system. Raises what `scan_and_judge` raises."""
    site, judged = scan_and_judge(workspace, target, options, knowledge, clock, watcher, permission, resolver)
    system = next(system for system in workspace.registry.systems() if system.id == site.system)
    catch_up(workspace, knowledge, clock())
    assessments = assess_system(workspace, system, [judged], knowledge, clock())
    return AuditResult(system, site, judged, assessments, tally(workspace.remediation.items(system.id), clock()))
