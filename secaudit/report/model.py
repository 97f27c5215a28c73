"""The report model: everything a writer (HTML, PDF, DOCX, XLSX, JSON) needs, and nothing of how it looks.

Data is language-neutral or a `Text` in both languages; a writer picks the language. Strings that a scanned server
sent are bounded in length but otherwise raw: every writer escapes them for its own format.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from secaudit.model.assessment import Answer
from secaudit.model.authorisation import Authorisation
from secaudit.model.base import Frozen, Instant, Text
from secaudit.model.evidence import Evidence
from secaudit.model.organisation import Organisation, Site, System
from secaudit.model.provider import Inherited
from secaudit.model.requirement import Fix, Milestone, Source, Threshold
from secaudit.model.traffic import Traffic
from secaudit.model.words import (
    Nature,
    Obligation,
    Outcome,
    PortEngine,
    ProbeStatus,
    Profile,
    Responsible,
    RowState,
    ScanStatus,
    Severity,
)
from secaudit.report.clients_model import ClientTable
from secaudit.report.imports_model import ImportEntry
from secaudit.report.observed_model import CertificateEntry, PortEntry, PortScanEntry, TlsEntry
from secaudit.report.plan.lines import WorkLine
from secaudit.report.trend.facts import Trend

SCHEMA = "secaudit.report/1"
Scalar = str | int | float | bool | None
ServerKind = Literal["nginx", "apache", "iis", ""]
ProfileGap = Literal["organisation-name", "place", "contact-name", "contact-channel", "operator"]
ListRole = Literal["standard", "duties", "advisory", "former"]
ThingKind = Literal["findings", "group"]


class EvidenceLine(Frozen):
    """One fact that shows a finding.

    Attributes:
        key: name of the fact as the check gave it; writers have words for it.
        values: what was seen, each text bounded.
        omitted: how many further values were left out.
    """

    key: str
    values: tuple[Scalar, ...]
    omitted: int = 0


class RequirementRef(Frozen):
    """A requirement that a finding speaks against.

    Attributes:
        why: how the fault bears on the requirement.
        counts: the row goes into the 100 % figure.
    """

    checklist: str
    requirement: str
    clause: str
    text: Text
    why: Text
    counts: bool
    responsible: Responsible


class FindingEntry(Frozen):
    """One finding with its words.

    Attributes:
        code: the first digits of the identity, unique in this report, for people to refer to.
        area: first part of the check's id.
        fixes: by server kind, `provider` for what to ask the hosting provider.
        responsible: who usually repairs it.
    """

    code: str
    identity: str
    check: str
    area: str
    severity: Severity
    target: str
    place: str
    title: Text
    explanation: Text | None
    risk: Text | None
    remediation: Text | None
    fixes: dict[str, Fix]
    references: tuple[str, ...]
    evidence: tuple[EvidenceLine, ...]
    requirements: tuple[RequirementRef, ...]
    unmapped: Text | None
    responsible: Responsible


class FirstThing(Frozen):
    """One of the few things to do first.

    Attributes:
        kind: `findings` of one area, put right together, or a `group` of requirements to answer and close.
        subject: area of checks, or id of the group.
        count: findings or requirements that it concerns.
        why: why it stands where it stands.
        titles: the faults, each once, or the group's title.
        actions: how to repair them, each once.
        codes: findings that it closes.
    """

    kind: ThingKind
    subject: str
    responsible: Responsible
    count: int
    why: Text | None = None
    severity: Severity | None = None
    titles: tuple[Text, ...] = ()
    actions: tuple[Text, ...] = ()
    codes: tuple[str, ...] = ()
    requirements: tuple[RequirementRef, ...] = ()


class CheckEntry(Frozen):
    """Outcomes of one check that are no findings: all of one result and one reason.

    Attributes:
        reason: why it is inconclusive or not applicable, None for a pass.
    """

    check: str
    area: str
    result: Outcome
    title: Text
    targets: tuple[str, ...]
    reason: Text | None = None


class ProbeEntry(Frozen):
    """How one probe went; `seconds` is wall time."""

    name: str
    status: ProbeStatus
    seconds: float
    fault: Text | None = None
    notes: tuple[Text, ...] = ()


class ScanFacts(Frozen):
    """The scan behind the report.

    Attributes:
        outcomes: number of outcomes by result.
        checks: number of different checks that were judged.
        certificate_file: name (without folder) of the file with extra trust anchors, empty for none.
        authorisation: id of the record, or `loopback`.
        traffic: what was sent and received, None where nobody knows.
    """

    id: str
    version: str
    url: str
    display_host: str
    addresses: tuple[str, ...]
    started_at: Instant
    finished_at: Instant | None
    status: ScanStatus
    profile: Profile
    port_engine: PortEngine
    resolver: str
    certificate_file: str
    contact: str
    time_limit: float
    authorisation: str
    tools: dict[str, str]
    probes: tuple[ProbeEntry, ...]
    traffic: Traffic | None = None
    checks: int
    outcomes: dict[Outcome, int]


class SystemPage(Frozen):
    """One page of the system, whether this report speaks of it or not.

    Attributes:
        scan: id of the scan that speaks for it, None where it was never scanned.
        complete: all probes of that scan could look.
    """

    url: str
    display_host: str
    scan: str | None = None
    scanned_at: Instant | None = None
    complete: bool = False


class Standing(Frozen):
    """The figures of a list, a group, or all lists that count.

    Attributes:
        applicable: mandatory rows that apply.
        states: number of counted rows by state.
        unanswered: counted rows that nobody has answered.
        unanswered_against: those of them that a finding speaks against.
        strict: share of met rows, 0 to 1, None when no row applies.
        progress: share with partial rows at half, 0 to 1.
        suggested: rows that the source only suggests.
        set_aside: mandatory rows that do not apply.
        overdue: counted rows whose evidence had to be renewed before the report's date.
        met_by_provider: how many of the met rows a provider fulfils.
    """

    applicable: int
    met: int
    partial: int
    states: dict[RowState, int]
    unanswered: int
    unanswered_against: int
    strict: float | None
    progress: float | None
    suggested: int
    set_aside: int
    overdue: int
    met_by_provider: int = 0


class RowFinding(Frozen):
    """A finding that speaks against a row."""

    code: str
    severity: Severity
    title: Text


class RequirementRow(Frozen):
    """One row of a checklist with its status.

    Attributes:
        set_aside: why the row does not apply by the applicability profile.
        reasons: why the state differs from the answer.
        upheld: findings that speak against the row and that the answer explains.
        supported_by, inconclusive: titles of checks.
        overdue: the evidence had to be renewed before the report's date.
        inherited: the provider's statement that the state rests on.
    """

    requirement: str
    clause: str
    text: Text
    meaning: Text | None
    evidence: Text
    nature: Nature
    obligation: Obligation
    responsible: Responsible
    period: str
    deadline: Text | None
    thresholds: tuple[Threshold, ...]
    state: RowState
    counted: bool
    answer: Answer | None
    due: date | None
    overdue: bool
    set_aside: Text | None
    reasons: tuple[Text, ...]
    against: tuple[RowFinding, ...]
    upheld: tuple[RowFinding, ...]
    supported_by: tuple[Text, ...]
    inconclusive: tuple[Text, ...]
    open_points: tuple[Text, ...]
    inherited: Inherited | None = None


class GroupEntry(Frozen):
    """A group of rows with its figures."""

    id: str
    title: Text
    standing: Standing
    rows: tuple[RequirementRow, ...]


class ListEntry(Frozen):
    """One checklist judged.

    Attributes:
        role: `standard` counts; `duties` have figures of their own; `advisory` and `former` lists have none.
        counts: its rows go into the 100 % figure.
        judged_at: when it was judged.
    """

    id: str
    title: Text
    level: int | None
    role: ListRole
    counts: bool
    notice: Text
    reviewed: date
    sources: tuple[Source, ...]
    judged_at: Instant
    standing: Standing
    groups: tuple[GroupEntry, ...]


class ReportModel(Frozen):
    """The combined report of one system's page.

    Attributes:
        made_at: when the report was made; its time zone is the one that all times are shown in.
        version: version of the program that made the report.
        gaps: what the organisation's profile lacks; any makes the report a draft.
        server: kind of web server that was seen, empty when unknown.
        standing: over all lists that count; None when no list was judged.
        authorisations: records that covered the scan.
        deadlines: dates of the law, ascending.
        notices: what must stand wherever requirement texts are shown.
        work: the remediation register of the system, most urgent first.
        evidence: what the answers name as evidence.
        pages: all pages of the system; empty in a report of an older version, which did not say.
        trend: how the page developed; None in a report that was not asked for it.
    """

    schema_: Literal["secaudit.report/1"] = Field(default="secaudit.report/1", alias="schema")
    kind: Literal["combined"] = "combined"
    made_at: Instant
    version: str
    organisation: Organisation
    system: System
    site: Site
    gaps: tuple[ProfileGap, ...]
    scan: ScanFacts
    server: ServerKind
    standing: Standing | None
    first_things: tuple[FirstThing, ...]
    severities: dict[Severity, int]
    findings: tuple[FindingEntry, ...]
    other_outcomes: tuple[CheckEntry, ...]
    port_scans: tuple[PortScanEntry, ...]
    ports: tuple[PortEntry, ...]
    certificates: tuple[CertificateEntry, ...]
    tls: tuple[TlsEntry, ...]
    clients: tuple[ClientTable, ...] = ()
    imports: tuple[ImportEntry, ...] = ()
    lists: tuple[ListEntry, ...]
    authorisations: tuple[Authorisation, ...]
    deadlines: tuple[Milestone, ...]
    notices: tuple[Text, ...] = ()
    work: tuple[WorkLine, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    pages: tuple[SystemPage, ...] = ()
    trend: Trend | None = None

    @property
    def is_draft(self) -> bool:
        """Tell whether something that a signed document needs is missing."""
        return bool(self.gaps)


def report_json(model: ReportModel) -> dict[str, Any]:
    """Return the report as JSON-ready data; its `schema` field is `secaudit.report/1`."""
    return model.model_dump(mode="json", by_alias=True)
