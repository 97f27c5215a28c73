"""Reads the combined reports that communes send: only what the overview needs, and only what agrees with itself.

The files come by e-mail, from other versions of the program and through many hands. Fields that this version does not
know are passed over; every text is bounded; a file whose figures contradict its own rows does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from secaudit.model.base import Instant, Reason, Text
from secaudit.model.organisation import SystemKind
from secaudit.model.words import Profile, Responsible, RowState, ScanStatus, Severity
from secaudit.report.bounds import bounded
from secaudit.report.province.facts import Fault, FileSeal, GroupFigure, PageLook, SystemState

MOST_BYTES = 32 * 1024 * 1024
"""A combined report has less than one megabyte."""
CLOCK_SLACK = timedelta(days=1)
"""How far a sender's clock may be ahead; a file from the future would always be the newest."""
Name = Annotated[str, Field(max_length=2000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _System(_Part):
    id: Name
    name: Name = ""
    kind: SystemKind | None = None
    level: int = Field(ge=1, le=5)
    operator: Name = ""


class _Office(_Part):
    name: Name = ""
    superior: Name = ""
    is_sample: bool = False


class _Scan(_Part):
    id: Name
    url: Name
    display_host: Name
    addresses: tuple[Name, ...] = ()
    started_at: Instant
    status: ScanStatus
    profile: Profile


class _Words(_Part):
    vi: str
    en: str

    def text(self) -> Text:
        return Text(vi=bounded(self.vi, 600), en=bounded(self.en, 600))


class _Finding(_Part):
    check: Annotated[str, Field(pattern=r"^[a-z0-9]+(\.[a-z0-9-]+)+$", max_length=80)]
    severity: Severity
    title: _Words
    remediation: _Words | None = None
    responsible: Responsible = Responsible.SHARED


class _Standing(_Part):
    applicable: int = Field(ge=0)
    met: int = Field(ge=0)
    partial: int = Field(ge=0)


class _Row(_Part):
    requirement: Annotated[str, Field(max_length=80)]
    against: tuple[dict[str, Any], ...]
    counted: bool
    state: RowState
    answer: dict[str, Any] | None = None


class _Group(_Part):
    id: Annotated[str, Field(max_length=60)]
    title: _Words
    standing: _Standing
    rows: tuple[_Row, ...]


class _List(_Part):
    id: Annotated[str, Field(max_length=80)]
    counts: bool
    groups: tuple[_Group, ...] = ()


class _Page(_Part):
    display_host: Name


class _Report(_Part):
    schema_: Literal["secaudit.report/1"] = Field(alias="schema")
    kind: Literal["combined"]
    made_at: Instant
    organisation: _Office
    system: _System
    scan: _Scan
    standing: _Standing | None
    severities: dict[Severity, int]
    findings: Annotated[tuple[_Finding, ...], Field(max_length=20_000)]
    lists: tuple[_List, ...]
    pages: Annotated[tuple[_Page, ...], Field(max_length=2000)] = ()


@dataclass(frozen=True)
class SentRow:
    """A requirement that counts, as a file has it; `against`: a scan speaks against it."""

    group: str
    state: RowState
    against: bool


@dataclass(frozen=True)
class Sent:
    """One file: what it says of one page of a system.

    Attributes:
        pages: hosts of all pages that the system has by this file; empty where it does not say.
        rows: the requirements that count, by group and id.
    """

    state: SystemState
    pages: tuple[str, ...]
    rows: Mapping[tuple[str, str], SentRow]

    def sealed_by(self, seal: FileSeal) -> Sent:
        """Return the same with what its seal says."""
        return replace(self, state=self.state.model_copy(update={"seals": (seal,)}))


class Unusable(Exception):
    """A file that does not count; `why` is a phrase of `checklists/phrases/province.yaml`."""

    def __init__(self, code: str, **params: str | int | float) -> None:
        super().__init__(code)
        self.why = Reason(code=f"province-{code}", params=params)


def read_report(data: bytes, source: str, now: datetime, wanted: Collection[str]) -> Sent:
    """Return what a combined report says of one page of a system.

    Args:
        data: content of the file.
        source: its name, for people.
        now: the present moment.
        wanted: the requirements of the lists that count, as `checklist:id`.

    Raises:
        Unusable: it is no such report, is dated in the future, or contradicts itself.
    """
    if len(data) > MOST_BYTES:
        raise Unusable("file-too-large", megabytes=MOST_BYTES // 1024**2)
    report = _read(data)
    if report.made_at > now + CLOCK_SLACK or report.scan.started_at > now + CLOCK_SLACK:
        raise Unusable("file-from-the-future", date=f"{max(report.made_at, report.scan.started_at):%d/%m/%Y}")
    _check(report)
    counting = [group for one in report.lists if one.counts for group in one.groups]
    rows = [row for group in counting for row in group.rows if row.counted]
    scan = report.scan
    seen = scan.status in (ScanStatus.COMPLETE, ScanStatus.INCOMPLETE)
    look = PageLook(
        url=bounded(scan.url), host=bounded(scan.display_host, 120), scan=bounded(scan.id, 60), at=scan.started_at,
        status=scan.status, profile=scan.profile, addresses=tuple(bounded(one, 60) for one in scan.addresses[:16]),
    )  # fmt: skip
    standing = report.standing
    said = {f"{one.id}:{row.requirement}" for one in report.lists if one.counts for g in one.groups for row in g.rows}
    pages = tuple(dict.fromkeys(bounded(page.display_host, 120) for page in report.pages))
    state = SystemState(
        office=bounded(report.organisation.name, 160),
        superior=bounded(report.organisation.superior, 160),
        system=bounded(report.system.id, 80),
        name=bounded(report.system.name or report.system.id, 160),
        kind=report.system.kind,
        level=report.system.level,
        operator=bounded(report.system.operator, 160),
        made_at=report.made_at,
        looks=(look,) if seen else (),
        unseen=() if seen else (look.host,),
        pages_named=bool(pages),
        missing=len(set(wanted) - said),
        assessed=any(row.state is not RowState.UNASSESSED for row in rows),
        against=sum(bool(row.against) for row in rows),
        findings=dict(Counter(finding.severity for finding in report.findings)),
        applicable=standing.applicable if standing else 0,
        met=standing.met if standing else 0,
        partial=standing.partial if standing else 0,
        unanswered=sum(row.answer is None for row in rows),
        contradicted=sum(row.state is RowState.CONTRADICTED for row in rows),
        faults=_faults(report.findings) if seen else (),
        groups=tuple(
            GroupFigure(id=bounded(group.id, 40), title=group.title.text(), **group.standing.model_dump())
            for group in counting
        ),
        source=bounded(source, 160),
        is_sample=report.organisation.is_sample,
    )
    held = {
        (group.id, row.requirement): SentRow(bounded(group.id, 40), row.state, bool(row.against))
        for group in counting
        for row in group.rows
        if row.counted
    }
    return Sent(state, pages, held)


def _read(data: bytes) -> _Report:
    try:
        return _Report.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "json_invalid":
            raise Unusable("file-no-json") from None
        if where in ("", "schema", "kind"):
            raise Unusable("file-no-report") from None
        raise Unusable("file-field", field=bounded(where, 80)) from None


def _check(report: _Report) -> None:
    """Hold the figures against the rows, and the counts against the findings."""
    for one in report.lists:
        for group in one.groups:
            states = Counter(row.state for row in group.rows if row.counted)
            counted = (states.total(), states[RowState.MET], states[RowState.PARTIAL])
            if one.counts and counted != (group.standing.applicable, group.standing.met, group.standing.partial):
                raise Unusable("file-figures", group=bounded(group.id, 40))
    sums = [
        sum(getattr(group.standing, name) for one in report.lists if one.counts for group in one.groups)
        for name in ("applicable", "met", "partial")
    ]
    total = report.standing
    if sums != ([total.applicable, total.met, total.partial] if total else [0, 0, 0]):
        raise Unusable("file-total")
    found = Counter(finding.severity for finding in report.findings)
    if any(found[severity] != count for severity, count in report.severities.items()):
        raise Unusable("file-counts")


def _faults(findings: tuple[_Finding, ...]) -> tuple[Fault, ...]:
    places = Counter(finding.check for finding in findings)
    first = {finding.check: finding for finding in reversed(findings)}
    faults = [
        Fault(
            check=check, severity=one.severity, title=one.title.text(),
            action=one.remediation.text() if one.remediation else None, responsible=one.responsible,
            places=places[check],
        )
        for check, one in first.items()
    ]  # fmt: skip
    return tuple(sorted(faults, key=lambda fault: (fault.severity.rank, fault.check)))
