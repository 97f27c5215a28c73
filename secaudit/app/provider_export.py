"""Writing what a provider fulfils, from its own answers, as one signed file for every office that it hosts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from secaudit.app.answers import assess_one
from secaudit.app.key_files import fingerprint, raw_public
from secaudit.app.knowledge import Knowledge
from secaudit.app.provider_file import read_stranger, sign
from secaudit.app.rows import find_row, find_rows
from secaudit.assess.inheritance import rows_digest
from secaudit.model.assessment import RequirementStatus
from secaudit.model.base import Reason
from secaudit.model.errors import BadInput, message
from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.model.organisation import System
from secaudit.model.provider import (
    EvidenceReference,
    Extent,
    Fulfilment,
    ProfileRecord,
    ProviderList,
    ProviderProfile,
)
from secaudit.model.requirement import Checklist, Requirement
from secaudit.model.words import Nature, Responsible, RowState
from secaudit.store.workspace import Workspace
from secaudit.version import VERSION

_BINDING = ("standard", "duties")
_DOES = {Responsible.PROVIDER, Responsible.SHARED}
_ALL_OF_IT = {Responsible.PROVIDER, Responsible.OPERATOR}
_REFUSED = {
    "provider-export-not-met": message(
        "{id} cannot be put into the profile: it is not answered as met or partly met, or the answer does not count "
        "any more."
    ),
    "provider-export-no-how": message(
        "{id} cannot be put into the profile: its answer does not say how it is done. Add a --note to it, or use --how."
    ),
}


@dataclass(frozen=True)
class Selection:
    """Which rows go into a profile, as typed.

    Attributes:
        groups: all answered rows of these groups, the office's own duties left out.
        requirements: these rows, named one by one.
        parts: rows of which the provider does a part, with what is left to the office (may be empty).
        wholes: rows that are usually shared and of which the provider does all.
        how: what is said of a row whose answer has no note.
    """

    groups: Sequence[str] = ()
    requirements: Sequence[str] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    wholes: Sequence[str] = ()
    how: str = ""

    @property
    def everything(self) -> bool:
        """Tell whether nothing was chosen, so that every row that can be is taken."""
        return not (self.groups or self.requirements or self.parts or self.wholes)


@dataclass(frozen=True)
class Heading:
    """What stands at the head of a profile.

    Attributes:
        profile_id: None for the one that was issued last with this key, or a new one.
        serial: None for the next.
    """

    provider: str
    contact: str
    valid_until: date
    hosts: Sequence[str] = ()
    profile_id: str | None = None
    serial: int | None = None


@dataclass(frozen=True)
class Skipped:
    """A row that was wanted and is not in the profile."""

    checklist: str
    requirement: str
    why: Reason


@dataclass(frozen=True)
class Issued:
    """A profile that was signed."""

    profile: ProviderProfile
    document: str
    fingerprint: str
    skipped: Sequence[Skipped] = ()


def issue(
    workspace: Workspace, knowledge: Knowledge, system: System, heading: Heading, selection: Selection,
    key: Ed25519PrivateKey, now: datetime, by: str,
) -> Issued:  # fmt: skip
    """Sign what the answers of a system say and keep it among the issued profiles.

    Raises:
        BadInput: a name, a day, a host or a chosen row makes no sense, or nothing would be in it.
    """
    if heading.valid_until <= now.astimezone().date():
        raise BadInput(message("The profile must be valid for longer than today; check --until."))
    lists, skipped = [], list[Skipped]()
    named = _named(knowledge, selection)
    for checklist in knowledge.checklists:
        wanted = dict(_wanted(knowledge, checklist, selection, named))
        if not wanted:
            continue
        rows, left = _rows(workspace, knowledge, system, checklist, wanted, selection, now)
        skipped += left
        if rows:
            lists.append(
                ProviderList(
                    checklist=checklist.id, reviewed=checklist.reviewed, rows_sha256=rows_digest(checklist), rows=rows
                )
            )
    if not lists:
        raise BadInput(
            message("No row can be put into the profile: answer them first with `secaudit assess set`, with a note "
                    "that says how they are fulfilled.")
        )  # fmt: skip
    profile = _headed(workspace, system, heading, key, now).model_copy(update={"lists": tuple(lists)})
    return _signed(workspace, system, profile, key, now, by, skipped)


def issue_withdrawal(
    workspace: Workspace, system: System, heading: Heading, reason: str, key: Ed25519PrivateKey, now: datetime, by: str
) -> Issued:
    """Sign that a profile is taken back.

    Raises:
        BadInput: nothing was issued with this key, or the reason is missing.
    """
    if not reason.strip():
        raise BadInput(message("Say why with --reason."))
    if heading.profile_id is None and not _issued(workspace, system, key):
        raise BadInput(message("No profile was issued from here with this key; name it with --profile-id."))
    profile = _headed(workspace, system, heading, key, now)
    profile = profile.model_copy(update={"withdrawn": True, "reason": reason.strip()})
    return _signed(workspace, system, profile, key, now, by, ())


def _named(knowledge: Knowledge, selection: Selection) -> set[tuple[str, str]]:
    typed = (*selection.requirements, *selection.parts, *selection.wholes)
    return {(checklist.id, row.id) for checklist, row in (find_row(knowledge, one) for one in typed)}


def _wanted(
    knowledge: Knowledge, checklist: Checklist, selection: Selection, named: set[tuple[str, str]]
) -> Iterator[tuple[str, bool]]:
    """Give the ids of the rows that are wanted, and whether each was named."""
    grouped = set()
    for typed in selection.groups:
        listed, rows = find_rows(knowledge, typed, None)
        if listed is checklist:
            grouped |= {row.id for row in rows if row.responsible is not Responsible.OWNER}
    for row in checklist.requirements:
        is_named = (checklist.id, row.id) in named
        everything = selection.everything and checklist.role in _BINDING
        if is_named or row.id in grouped or everything:
            yield row.id, is_named


def _rows(
    workspace: Workspace, knowledge: Knowledge, system: System, checklist: Checklist, wanted: Mapping[str, bool],
    selection: Selection, now: datetime,
) -> tuple[tuple[Fulfilment, ...], list[Skipped]]:  # fmt: skip
    evidence = {record.id: record for record in workspace.evidence.list()}
    judged = {status.requirement: status for status in assess_one(workspace, knowledge, system, checklist, now).rows}
    parts = {_key(knowledge, typed): rest for typed, rest in selection.parts.items()}
    wholes = {_key(knowledge, typed) for typed in selection.wholes}
    found, skipped = [], []
    for row in checklist.requirements:
        if row.id not in wanted:
            continue
        status, key, named = judged[row.id], (checklist.id, row.id), wanted[row.id]
        why = _unfit(row, status, named, selection)
        if why is None:
            found.append(_fulfilment(row, status, evidence, key in wholes, parts.get(key), named, selection.how))
        elif named:
            raise BadInput(_REFUSED[why.code], id=f"{checklist.id}:{row.id}")
        elif status.answer is not None:
            skipped.append(Skipped(checklist.id, row.id, why))
    return tuple(found), skipped


def _key(knowledge: Knowledge, typed: str) -> tuple[str, str]:
    checklist, row = find_row(knowledge, typed)
    return checklist.id, row.id


def _unfit(row: Requirement, status: RequirementStatus, named: bool, selection: Selection) -> Reason | None:
    """Return why a row cannot be in a profile, None where it can."""
    answer = status.answer
    if answer is None or status.state not in (RowState.MET, RowState.PARTIAL):
        return Reason(code="provider-export-not-met")
    if not named and selection.everything and status.responsible not in _DOES:
        return Reason(code="provider-export-not-the-providers")
    if not named and row.nature is Nature.MANAGEMENT:
        return Reason(code="provider-export-management")
    if not (answer.note or answer.equivalent or selection.how).strip():
        return Reason(code="provider-export-no-how")
    return None


def _fulfilment(
    row: Requirement, status: RequirementStatus, evidence: Mapping[str, Evidence], whole: bool, rest: str | None,
    named: bool, how: str,
) -> Fulfilment:  # fmt: skip
    answer = status.answer
    assert answer is not None  # `_unfit` has seen to it
    does_all = status.state is RowState.MET and rest is None and (whole or status.responsible in _ALL_OF_IT)
    return Fulfilment(
        requirement=row.id,
        extent=Extent.WHOLE if does_all else Extent.PART,
        how=(answer.note or answer.equivalent or how).strip(),
        rest=(rest or "").strip(),
        named=named,
        evidence_date=answer.evidence_date,
        valid_until=answer.valid_until,
        evidence=tuple(_reference(evidence[one]) for one in answer.evidence if one in evidence),
    )


def _reference(record: Evidence) -> EvidenceReference:
    return EvidenceReference(
        name=record.name, sha256=record.sha256, size=record.size, dated=record.dated, valid_until=record.valid_until,
        reference=record.reference if record.kind is EvidenceKind.LINK else "",
    )  # fmt: skip


def _issued(workspace: Workspace, system: System, key: Ed25519PrivateKey) -> list[ProfileRecord]:
    mine = fingerprint(raw_public(key.public_key()))
    return [one for one in workspace.providers.records("issued") if (one.key, one.system) == (mine, system.id)]


def _headed(
    workspace: Workspace, system: System, heading: Heading, key: Ed25519PrivateKey, now: datetime
) -> ProviderProfile:
    before = _issued(workspace, system, key)
    profile_id = heading.profile_id or (before[-1].profile if before else f"ncc-{uuid.uuid4().hex[:8]}")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{2,63}", profile_id):
        raise BadInput(
            message("The profile's id {id!r} may have small letters, digits and hyphens only."), id=profile_id
        )
    if not heading.provider.strip():
        raise BadInput(message("Say who the provider is with --provider."))
    last = max((one.serial for one in before if one.profile == profile_id), default=0)
    serial = heading.serial if heading.serial is not None else last + 1
    if serial <= last:
        raise BadInput(message("Edition {last} was issued already; the next one needs a higher number."), last=last)
    return ProviderProfile(
        id=profile_id, serial=serial, provider=heading.provider.strip(), contact=heading.contact.strip(),
        issued_at=now.replace(microsecond=0), valid_until=heading.valid_until,
        hosts=tuple(dict.fromkeys(_host(typed) for typed in heading.hosts)), program=VERSION,
    )  # fmt: skip


def _host(typed: str) -> str:
    """Return a name as ASCII; what a person types may begin with `*.` or a dot.

    Raises:
        BadInput: it is no name.
    """
    import idna

    try:
        return idna.encode(typed.strip().removeprefix("*").strip(".").lower(), uts46=True).decode("ascii")
    except idna.IDNAError:
        raise BadInput(message("{typed!r} is no name of a host, for example tinh.gov.vn."), typed=typed) from None


def _signed(
    workspace: Workspace, system: System, profile: ProviderProfile, key: Ed25519PrivateKey, now: datetime, by: str,
    skipped: Sequence[Skipped],
) -> Issued:  # fmt: skip
    document = sign(profile, key)
    # Held against its own schema: an office must not be the first to find a fault.
    found = read_stranger(document.encode("utf-8"), "–")
    record = ProfileRecord(
        role="issued", system="", profile=profile.id, serial=profile.serial, key=found.fingerprint,
        provider=profile.provider, document=document, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    workspace.providers.record(record, [system.id])
    return Issued(found.profile, document, found.fingerprint, skipped)
