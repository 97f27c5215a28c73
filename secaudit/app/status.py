"""Where every system of a workspace stands: latest scans of its sites, and every checklist judged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from secaudit.app.judge import Look, assess_system, latest_look
from secaudit.app.knowledge import Knowledge
from secaudit.model.assessment import Assessment
from secaudit.model.judgement import Finding
from secaudit.model.organisation import Site, System
from secaudit.store.workspace import Workspace

WITH_FIGURES = ("standard", "duties")
"""Roles of the checklists of which a figure is shown."""


@dataclass(frozen=True)
class SystemStatus:
    """One system at a moment.

    Attributes:
        sites: each site with the scan that speaks for it, judged; None where it was never scanned.
        target: the assessment whose strict figure is measured against 100 %; None where no list of that kind ships.
    """

    system: System
    sites: Sequence[tuple[Site, Look | None]]
    assessments: Sequence[Assessment]
    target: Assessment | None

    @cached_property
    def findings(self) -> list[Finding]:
        """Return the findings of the scans that speak for its sites."""
        return [finding for _, look in self.sites if look for finding in look.findings]


def system_statuses(
    workspace: Workspace, knowledge: Knowledge, now: datetime, roles: Collection[str] | None = None
) -> list[SystemStatus]:
    """Return the status of every system, by id.

    Args:
        roles: judge only the checklists of these roles; None for all.
    """
    sites = workspace.standing.sites()
    systems = workspace.standing.systems()
    return [status_of(workspace, system, sites, knowledge, now, roles=roles) for system in systems]


def status_of(
    workspace: Workspace, system: System, sites: Sequence[Site], knowledge: Knowledge, now: datetime,
    before: datetime | None = None, roles: Collection[str] | None = None,
) -> SystemStatus:  # fmt: skip
    """Return where a system stands, or stood at the moment `before`, by the rules of today.

    Args:
        sites: all sites of the workspace; those of other systems are left out.
        now: the present; what has to be judged anew is stored with it.
        before: judge by the scans that were over and the answers that held then, as of that day.
        roles: judge only the checklists of these roles; None for all.
    """
    looks = [(site, latest_look(workspace, site, knowledge, now, before)) for site in sites if site.system == system.id]
    judged = [look for _, look in looks if look is not None]
    assessments = assess_system(workspace, system, judged, knowledge, before or now, before, roles)
    counting = {checklist.id for checklist in knowledge.checklists if checklist.counts}
    target = next((assessment for assessment in assessments if assessment.checklist in counting), None)
    return SystemStatus(system, looks, assessments, target)
