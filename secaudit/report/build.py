"""From judged facts to the report model: a pure function, so the same facts give the same report."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath, PureWindowsPath

from secaudit.model.organisation import Organisation, System
from secaudit.model.requirement import Milestone
from secaudit.model.words import Outcome, Severity
from secaudit.report.bounds import bounded
from secaudit.report.clients import client_tables
from secaudit.report.findings import finding_entries, other_outcomes
from secaudit.report.imported import import_entries
from secaudit.report.inputs import ReportInputs
from secaudit.report.model import ProbeEntry, ProfileGap, ReportModel, ScanFacts
from secaudit.report.observed import (
    addresses,
    certificates,
    distinct_texts,
    open_ports,
    port_scans,
    said,
    server_kind,
    tls_versions,
)
from secaudit.report.plan.lines import work_lines
from secaudit.report.priorities import first_things
from secaudit.report.standing import list_entries, overall


def build_report(inputs: ReportInputs) -> ReportModel:
    """Return the combined report of a scan and of the assessments of its system."""
    findings = finding_entries(inputs)
    lists = list_entries(inputs, findings)
    standing = overall(lists)
    scan = _scan_facts(inputs)
    severities = Counter(finding.severity for finding in findings)
    return ReportModel(
        made_at=inputs.now,
        version=inputs.version,
        organisation=inputs.organisation,
        system=inputs.system,
        site=inputs.site,
        gaps=profile_gaps(inputs.organisation, inputs.system),
        scan=scan,
        server=server_kind(inputs.scan),
        standing=standing,
        first_things=first_things(inputs, findings, lists),
        severities={severity: severities[severity] for severity in Severity},
        findings=findings,
        other_outcomes=other_outcomes(inputs),
        port_scans=port_scans(inputs.scan, inputs.phrase),
        ports=open_ports(inputs.scan, inputs.site),
        certificates=certificates(inputs.scan, inputs.phrase),
        tls=tls_versions(inputs.scan, inputs.phrase),
        clients=client_tables(inputs.clients, inputs.phrase),
        imports=import_entries(inputs.imports),
        lists=lists,
        authorisations=tuple(inputs.authorisations),
        deadlines=_deadlines(inputs),
        notices=distinct_texts([checklist.notice for checklist in inputs.checklists]),
        work=work_lines(inputs.register, inputs.checklists),
        evidence=tuple(inputs.evidence),
        pages=tuple(inputs.pages),
        trend=inputs.trend,
    )


def profile_gaps(organisation: Organisation, system: System) -> tuple[ProfileGap, ...]:
    """Return what a document that someone signs would still need."""
    known: dict[ProfileGap, str] = {
        "organisation-name": organisation.name,
        "place": organisation.place,
        "contact-name": organisation.contact_name,
        "contact-channel": organisation.contact_email or organisation.contact_phone,
        "operator": system.operator,
    }
    return tuple(gap for gap, value in known.items() if not value.strip())


def _scan_facts(inputs: ReportInputs) -> ScanFacts:
    scan = inputs.scan
    outcomes = Counter(outcome.result for outcome in inputs.outcomes)
    return ScanFacts(
        id=scan.id,
        version=scan.version,
        url=bounded(scan.target.url),
        display_host=bounded(scan.target.display_host),
        addresses=addresses(scan),
        started_at=scan.started_at,
        finished_at=scan.finished_at,
        status=scan.status,
        profile=scan.options.profile,
        port_engine=scan.options.port_engine,
        resolver=scan.options.resolver,
        certificate_file=_file_name(scan.options.ca_file),
        contact=scan.options.contact,
        time_limit=scan.options.time_limit,
        authorisation=scan.authorisation,
        tools=scan.tools,
        probes=tuple(
            ProbeEntry(
                name=run.name,
                status=run.status,
                seconds=run.seconds,
                fault=said(run.fault, inputs.phrase),
                notes=tuple(text for note in run.notes if (text := said(note, inputs.phrase))),
            )
            for run in scan.runs
        ),
        traffic=scan.traffic,
        checks=len({outcome.check for outcome in inputs.outcomes}),
        outcomes={result: outcomes[result] for result in Outcome},
    )


def _file_name(path: str) -> str:
    """Return the last part of a path of either family: folders of someone's computer are nobody's business."""
    return PureWindowsPath(path).name if "\\" in path else PurePath(path).name


def _deadlines(inputs: ReportInputs) -> tuple[Milestone, ...]:
    known = [*inputs.deadlines, *(m for checklist in inputs.checklists for m in checklist.milestones)]
    distinct = {(m.date, m.text.vi, m.source): m for m in known}
    return tuple(sorted(distinct.values(), key=lambda m: (m.date, m.text.vi)))
