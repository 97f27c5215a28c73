"""The draft of a protection plan: joins what is stored of one system with what the officer adds."""

from __future__ import annotations

from datetime import datetime

from secaudit.app.judge import latest_judged
from secaudit.app.knowledge import Knowledge
from secaudit.app.report import report_model
from secaudit.app.status import SystemStatus, system_statuses
from secaudit.assess.level import level_of
from secaudit.model.errors import BadInput, message
from secaudit.report.model import ReportModel
from secaudit.report.protection.build import ProtectionInputs, build_protection
from secaudit.report.protection.facts import LevelFacts, Protection, ProtectionFile, SeenPage
from secaudit.store.workspace import Workspace


def protection_draft(workspace: Workspace, knowledge: Knowledge, officer: ProtectionFile, now: datetime) -> Protection:
    """Return the draft for one system.

    Raises:
        BadInput: the file names a system that is not there, or none where there are several.
    """
    status = _chosen(system_statuses(workspace, knowledge, now), officer.system)
    models = [
        report_model(workspace, status.system, site, judged, status.assessments, knowledge, now)
        for site, _ in status.sites
        if (judged := latest_judged(workspace, site, knowledge)) is not None
    ]
    return build_protection(
        ProtectionInputs(
            organisation=workspace.registry.organisation(),
            system=status.system,
            checklists=knowledge.checklists,
            assessments=status.assessments,
            evidence={record.id: record for record in workspace.evidence.list()},
            findings={finding.identity: finding.title for model in models for finding in model.findings},
            officer=officer,
            today=now.astimezone().date(),
            sheet=_level(workspace, knowledge, status.system.id),
            pages=[_seen(model) for model in models],
        )
    )


def _chosen(statuses: list[SystemStatus], wanted: str) -> SystemStatus:
    known = ", ".join(status.system.id for status in statuses) or "-"
    if not wanted and len(statuses) == 1:
        return statuses[0]
    for status in statuses:
        if status.system.id == wanted:
            return status
    if not wanted:
        raise BadInput(
            message("Name the system in the field system of the file (--profile-file); known are: {known}."),
            known=known,
        )
    raise BadInput(message("There is no system {id}; the systems of this report are: {known}."), id=wanted, known=known)


def _level(workspace: Workspace, knowledge: Knowledge, system: str) -> LevelFacts | None:
    record = workspace.levels.current(system)
    if record is None:
        return None
    result = level_of(knowledge.level_sheet, record.answers, record.plan)
    return LevelFacts(
        level=result.level,
        criteria=tuple((criterion.article, criterion.text) for criterion in result.criteria),
        plan=record.plan if result.by_plan else "",
        answered_by=record.answered_by,
        day=record.answered_at.astimezone().date(),
    )


def _seen(model: ReportModel) -> SeenPage:
    ports = (" ".join(filter(None, (f"{port.port}/{port.protocol}", port.service))) for port in model.ports)
    return SeenPage(
        host=model.scan.display_host,
        day=model.scan.started_at.astimezone().date(),
        status=model.scan.status,
        severities=model.severities,
        ports=tuple(dict.fromkeys(ports)),
        versions=tuple(dict.fromkeys(look.version.value for look in model.tls if look.version and look.accepted)),
    )
