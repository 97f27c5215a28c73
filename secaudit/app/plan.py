"""The remediation plan: joins the register with what the officer adds."""

from __future__ import annotations

from datetime import datetime

from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation import register
from secaudit.report.plan.build import PlanInputs, build_plan
from secaudit.report.plan.facts import Plan, RemediationFile
from secaudit.store.workspace import Workspace


def remediation_plan(workspace: Workspace, knowledge: Knowledge, officer: RemediationFile, now: datetime) -> Plan:
    """Return the plan of a workspace."""
    return build_plan(
        PlanInputs(
            organisation=workspace.registry.organisation(),
            systems=workspace.registry.systems(),
            register=register(workspace, knowledge, now),
            checklists=knowledge.checklists,
            officer=officer,
            now=now.astimezone(),
        )
    )
