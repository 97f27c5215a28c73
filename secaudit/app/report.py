"""The combined report: joins what is stored and judged, and writes it to a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from secaudit.app.clients import clients_of
from secaudit.app.files import write_whole
from secaudit.app.importing import imports_of
from secaudit.app.judge import JudgedScan
from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation import register
from secaudit.app.trend import system_past, system_trend
from secaudit.assess.priorities import first_things
from secaudit.checklist.calendar import upcoming
from secaudit.model.assessment import Assessment
from secaudit.model.errors import message
from secaudit.model.evidence import Evidence
from secaudit.model.organisation import Site, System
from secaudit.model.words import ScanStatus
from secaudit.report.bounds import bounded
from secaudit.report.build import build_report
from secaudit.report.inputs import ReportInputs
from secaudit.report.model import ReportModel, SystemPage
from secaudit.store.workspace import Workspace


def report_model(
    workspace: Workspace, system: System, site: Site, judged: JudgedScan, assessments: Sequence[Assessment],
    knowledge: Knowledge, now: datetime,
) -> ReportModel:  # fmt: skip
    """Return the report model of one scan and the assessments of its system."""
    binding = {checklist.id for checklist in knowledge.checklists if checklist.role in ("standard", "duties")}
    bound = [assessment for assessment in assessments if assessment.checklist in binding]
    past = system_past(workspace, system, [site], knowledge, judged.scan.started_at, now, [judged])
    covering = [record for record in workspace.scope.list() if record.id == judged.scan.authorisation]
    return build_report(
        ReportInputs(
            organisation=workspace.registry.organisation(),
            system=system,
            site=site,
            scan=judged.scan,
            outcomes=judged.outcomes,
            findings=judged.findings,
            texts=knowledge.texts,
            phrase=knowledge.render,
            checklists=knowledge.checklists,
            assessments=assessments,
            priorities=first_things(judged.findings, bound, knowledge.texts),
            questions=knowledge.questions,
            profile=workspace.profile.current(system.id),
            authorisations=covering,
            deadlines=upcoming(knowledge.calendar, now.astimezone().date()),
            imports=imports_of(workspace, site),
            register=register(workspace, knowledge, now, system.id),
            evidence=_named(workspace, assessments),
            pages=[
                _page(workspace, one, judged, site) for one in workspace.registry.sites() if one.system == system.id
            ],
            trend=system_trend(workspace, past, assessments, now.astimezone()),
            clients=clients_of(judged.scan),
            now=now.astimezone(),
        )
    )


def _page(workspace: Workspace, page: Site, judged: JudgedScan, site: Site) -> SystemPage:
    """Return a page with the scan that speaks for it: the one reported, of other pages the one that `status` takes."""
    scan = judged.scan if page.id == site.id else next(iter(workspace.looks.heads(page.id)), None)
    return SystemPage(
        url=bounded(page.target.url),
        display_host=bounded(page.target.display_host),
        scan=scan.id if scan else None,
        scanned_at=scan.started_at if scan else None,
        complete=scan is not None and scan.status is ScanStatus.COMPLETE,
    )


def _named(workspace: Workspace, assessments: Sequence[Assessment]) -> list[Evidence]:
    """Return the records that the answers name as evidence, in the order in which they were added."""
    named = {key for one in assessments for row in one.rows if row.answer for key in row.answer.evidence}
    return [record for record in workspace.evidence.list() if record.id in named]


def default_report_path(workspace: Path, judged: JudgedScan, extension: str) -> Path:
    """Return where a report goes when nobody says otherwise: readable, and never over another scan's."""
    host = "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in judged.scan.target.host)
    return workspace / "reports" / f"bao-cao-{host}-{judged.scan.id}.{extension}"


def write_text(path: Path, text: str) -> Path:
    """Write a report of text whole or not at all, and return its absolute path.

    Raises:
        BadInput: the folder cannot be written, the disk is full, or the file is open in another program.
    """
    return write_report(path, text.encode("utf-8"))


def write_report(path: Path, data: bytes) -> Path:
    """Write a report whole or not at all, and return its absolute path.

    Raises:
        BadInput: the folder cannot be written, the disk is full, or the file is open in another program.
    """
    failure = message(
        "The report could not be written to {path} ({detail}). The scan is stored: free space, close the file "
        "in other programs or choose another place with --output, then run `secaudit report`."
    )
    return write_whole(path, data, failure)
