"""What a report is made from: plain values that other rooms have read, judged or recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from secaudit.model.assessment import Assessment, ProfileAnswer
from secaudit.model.authorisation import Authorisation
from secaudit.model.base import Reason, Text
from secaudit.model.clients import EndpointClients
from secaudit.model.evidence import Evidence
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.organisation import Organisation, Site, System
from secaudit.model.remediation import RegisterEntry
from secaudit.model.requirement import Checklist, CheckText, Milestone, Question
from secaudit.model.scan import Scan
from secaudit.model.words import Severity
from secaudit.report.model import SystemPage
from secaudit.report.observed import Phrase
from secaudit.report.trend.facts import Trend
from secaudit.version import VERSION


class Ranked(Protocol):
    """One of the things to do first, as the assessing room ranks them.

    `kind` is `findings` (then `subject` is their area) or `group` (then it is the group's id); `findings` are
    identities, `requirements` are `checklist:row`.
    """

    @property
    def kind(self) -> Literal["findings", "group"]:
        """What it is about."""

    @property
    def subject(self) -> str:
        """Area of checks, or id of a group."""

    @property
    def reason(self) -> Reason:
        """Why it stands where it stands."""

    @property
    def severity(self) -> Severity | None:
        """The gravest of the findings."""

    @property
    def findings(self) -> tuple[str, ...]:
        """Identities of the findings."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """Rows that it touches."""


@dataclass(frozen=True)
class ReportInputs:
    """Everything that `build_report` looks at.

    Attributes:
        outcomes: all outcomes of the scan; findings: those that failed, with severity.
        texts: words of the checks by id.
        phrase: gives the wording of a reason in a language.
        checklists: lists in the order in which they are to be shown.
        priorities: what to do first, ranked.
        assessments: one per list that was judged; a list without one is left out.
        questions, profile: the applicability questions and what was said of them, for why a row is set aside.
        authorisations: records that covered the scan.
        deadlines: dates of the law and of plans, beside the milestones of the lists.
        imports: scans imported from other tools.
        register: the system's remediation register.
        evidence: what the answers name as evidence.
        pages: all pages of the system.
        trend: how the page developed up to this scan.
        clients: which browsers, telephones and programs can connect, by endpoint.
        now: when the report is made; its time zone is the one that times are shown in.
    """

    organisation: Organisation
    system: System
    site: Site
    scan: Scan
    outcomes: Sequence[CheckOutcome]
    findings: Sequence[Finding]
    texts: Mapping[str, CheckText]
    phrase: Phrase
    checklists: Sequence[Checklist]
    assessments: Sequence[Assessment]
    now: datetime
    priorities: Sequence[Ranked] = ()
    questions: Mapping[str, Question] = field(default_factory=dict)
    profile: Mapping[str, ProfileAnswer] = field(default_factory=dict)
    authorisations: Sequence[Authorisation] = ()
    deadlines: Sequence[Milestone] = ()
    imports: Sequence[Scan] = ()
    register: Sequence[RegisterEntry] = ()
    evidence: Sequence[Evidence] = ()
    pages: Sequence[SystemPage] = ()
    trend: Trend | None = None
    clients: Sequence[EndpointClients] = ()
    version: str = VERSION

    def title(self, check: str) -> Text:
        """Return the title of a check; a check that the texts no longer know goes by its id."""
        text = self.texts.get(check)
        return text.title if text else Text(vi=check, en=check)
