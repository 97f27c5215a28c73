"""Periodic work: scanning what is due, once, whoever calls and however often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.app.audit import Clock, scan_and_judge
from secaudit.app.events import Watcher
from secaudit.app.judge import JudgedScan, assess_system
from secaudit.app.knowledge import Knowledge
from secaudit.app.report import default_report_path, report_model, write_text
from secaudit.model.errors import NotAuthorised, SecauditError, StoreError
from secaudit.model.history import ProcessMark, ScanSummary
from secaudit.model.organisation import Site
from secaudit.model.scan import ScanOptions
from secaudit.model.schedule import PeriodicRun, RunState, Schedule
from secaudit.model.words import PROBES, ScanStatus
from secaudit.probes.resolver import resolver_at
from secaudit.schedule.cadence import is_due, last_slot
from secaudit.store.process import current_process, is_alive
from secaudit.store.workspace import Workspace

_ENDED = (ScanStatus.COMPLETE, ScanStatus.INCOMPLETE)


@dataclass(frozen=True)
class Turn:
    """What became of one page that was due.

    Attributes:
        judged: its scan, None where there could be none.
        error: why not.
        report: path of the report that was written, empty for none.
    """

    site: Site
    judged: JudgedScan | None = None
    error: SecauditError | None = None
    report: str = ""


Say = Callable[[SecauditError], str]
"""Makes a sentence of an error, in the language of the schedule."""


def due_sites(workspace: Workspace, schedule: Schedule, now: datetime) -> list[Site]:
    """Return the pages whose turn has come and that nobody is scanning."""
    slot = last_slot(schedule, now.astimezone())
    return [
        site
        for site in workspace.registry.sites()
        if _may(workspace, site, slot, now)(*workspace.schedule.turn(site.id, slot))
    ]


def run_due(
    workspace: Workspace, schedule: Schedule, knowledge: Knowledge, clock: Clock, watcher: Callable[[], Watcher],
    say: Say,
) -> list[Turn]:  # fmt: skip
    """Scan every page that is due, one after the other, and write its report. Safe to run twice at once.

    A page that cannot be scanned (permission expired, name unknown) is named and does not keep the others from it.

    Raises:
        StoreError: the workspace cannot be written.
    """
    slot = last_slot(schedule, clock().astimezone())
    mark = current_process()
    turns = []
    for site in workspace.registry.sites():
        now = clock()
        if not workspace.schedule.take_turn(site.id, slot, now, mark, _may(workspace, site, slot, now)):
            continue
        try:
            turn = _scan(workspace, site, schedule, knowledge, clock, watcher())
        except StoreError:
            raise
        except SecauditError as error:
            workspace.schedule.end_turn(site.id, slot, fault=say(error))
            turns.append(Turn(site, error=error))
            continue
        workspace.schedule.end_turn(site.id, slot, scan=turn.judged.scan.id if turn.judged else "")
        turns.append(turn)
    return turns


def _scan(
    workspace: Workspace, site: Site, schedule: Schedule, knowledge: Knowledge, clock: Clock, watcher: Watcher
) -> Turn:
    options = _options(workspace, site, schedule)
    _, judged = scan_and_judge(
        workspace, site.target, options, knowledge, clock, watcher, None, resolver_at(options.resolver)
    )
    if not schedule.report:
        return Turn(site, judged)
    from secaudit.report.html import render_html

    system = next(system for system in workspace.registry.systems() if system.id == site.system)
    assessments = assess_system(workspace, system, [judged], knowledge, clock())
    model = report_model(workspace, system, site, judged, assessments, knowledge, clock())
    path = write_text(default_report_path(workspace.path, judged, "html"), render_html(model, schedule.language))
    return Turn(site, judged, report=str(path))


def _options(workspace: Workspace, site: Site, schedule: Schedule) -> ScanOptions:
    """Return the options of the page's latest scan (ports, resolver, trust anchors), with all probes."""
    own = ended_scans(workspace, site)
    before = workspace.scans.load(own[0].id).options if own else ScanOptions()
    return before.model_copy(
        update={"profile": schedule.profile, "probes": PROBES, "allowed_ports": (), "baseline": None}
    )


def ended_scans(workspace: Workspace, site: Site) -> Sequence[ScanSummary]:
    """Return the page's own scans that ended by themselves, newest first."""
    return [s for s in workspace.scans.summaries(site.id) if s.source is None and s.status in _ENDED]


def _may(
    workspace: Workspace, site: Site, slot: datetime, now: datetime
) -> Callable[[PeriodicRun | None, ProcessMark | None], bool]:
    # A scan that began after now was made before the clock was set back; it says nothing of this period.
    scanned = [s.started_at for s in ended_scans(workspace, site) if s.started_at <= now]

    def may(run: PeriodicRun | None, owner: ProcessMark | None) -> bool:
        running = run is not None and run.state is RunState.RUNNING and owner is not None and is_alive(owner)
        return is_due(slot, scanned, run, still_running=running)

    return may


def being_scanned(workspace: Workspace, slot: datetime) -> bool:
    """Tell whether a page is being scanned for this planned moment by a process that is alive."""
    turns = (workspace.schedule.turn(site.id, slot) for site in workspace.registry.sites())
    return any(
        run is not None and run.state is RunState.RUNNING and owner is not None and is_alive(owner)
        for run, owner in turns
    )


def worst_exit(turns: Sequence[Turn]) -> int:
    """Return the contract's exit code: 4 not authorised before 3 not complete before 0."""
    if any(isinstance(turn.error, NotAuthorised) for turn in turns):
        return 4
    failed = any(turn.error is not None or (turn.judged and turn.judged.scan.status is not ScanStatus.COMPLETE)
                 for turn in turns)  # fmt: skip
    return 3 if failed else 0
