"""Where every system of a workspace stands: latest scans of its sites, and every checklist judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.app.judge import JudgedScan, assess_system, latest_judged
from secaudit.app.knowledge import Knowledge
from secaudit.model.assessment import Assessment
from secaudit.model.judgement import Finding
from secaudit.model.organisation import Site, System
from secaudit.store.workspace import Workspace


@dataclass(frozen=True)
class SystemStatus:
    """One system now.

    Attributes:
        sites: each site with its latest judged scan, None where it was never scanned.
        target: the assessment whose strict figure is measured against 100 %; None where no list of that kind ships.
    """

    system: System
    sites: Sequence[tuple[Site, JudgedScan | None]]
    assessments: Sequence[Assessment]
    target: Assessment | None

    @property
    def findings(self) -> list[Finding]:
        """Return the findings of all latest scans."""
        return [finding for _, judged in self.sites if judged for finding in judged.findings]


def system_statuses(workspace: Workspace, knowledge: Knowledge, now: datetime) -> list[SystemStatus]:
    """Return the status of every system, in the order in which they were recorded."""
    counting = {checklist.id for checklist in knowledge.checklists if checklist.counts}
    all_sites = workspace.registry.sites()
    statuses = []
    for system in workspace.registry.systems():
        sites = [(site, latest_judged(workspace, site, knowledge)) for site in all_sites if site.system == system.id]
        judged = [one for _, one in sites if one is not None]
        assessments = assess_system(workspace, system, judged, knowledge, now)
        target = next((assessment for assessment in assessments if assessment.checklist in counting), None)
        statuses.append(SystemStatus(system, sites, assessments, target))
    return statuses
