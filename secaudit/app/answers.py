"""Answers to requirements: what was typed is checked for sense, kept with its evidence, and judged at once."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime

from secaudit.app.evidence import check_days, take_in_all
from secaudit.app.judge import assess_checklist, latest_look
from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation_follow import follow_statuses
from secaudit.model.assessment import Answer, Assessment, RequirementStatus
from secaudit.model.errors import BadInput, message
from secaudit.model.evidence import Evidence
from secaudit.model.organisation import System
from secaudit.model.requirement import Checklist, Requirement
from secaudit.model.words import AnswerValue
from secaudit.store.workspace import Workspace


@dataclass(frozen=True)
class Statement:
    """What an assessor says now; None (or nothing) where they said nothing of it.

    Without a value the answer that stands is completed: what is said replaces, upheld checks and evidence are
    added, the rest stays; whoever completes it is the one who answers from then on. With a value a new answer
    begins, and nothing of the old one is carried over.

    Attributes:
        name: who says so; the account's name counts where none is needed.
        evidence: files, links, `scan:ID` or ids of records, as typed.
    """

    value: AnswerValue | None = None
    name: str | None = None
    note: str | None = None
    reason: str | None = None
    equivalent: str | None = None
    evidence: tuple[str, ...] = ()
    evidence_date: date | None = None
    valid_until: date | None = None
    authority: str | None = None
    assessor: str | None = None
    independent: bool | None = None
    upholds: tuple[str, ...] = ()


class Unfit(BadInput):
    """A statement that lacks what it needs.

    Attributes:
        field: the field of `Statement` that is at fault.
    """

    def __init__(self, sentence: str, field: str, **params: object) -> None:
        super().__init__(sentence, **params)
        self.field = field


@dataclass(frozen=True)
class Said:
    """A statement, with the answer that held when it was made."""

    row: Requirement
    statement: Statement
    before: Answer | None


@dataclass(frozen=True)
class Recorded:
    """An answer that was stored.

    Attributes:
        status: what the row counts as now.
        evidence: records that the answer names.
        earlier_than: newest time among the answers before, where the clock was set back; None otherwise.
    """

    answer: Answer
    status: RequirementStatus
    evidence: Sequence[Evidence]
    earlier_than: datetime | None


def assess_one(
    workspace: Workspace, knowledge: Knowledge, system: System, checklist: Checklist, now: datetime
) -> Assessment:
    """Judge one checklist for one system by the latest scans of its sites."""
    sites = [site for site in workspace.registry.sites() if site.system == system.id]
    judged = [one for site in sites if (one := latest_look(workspace, site, knowledge, now)) is not None]
    return assess_checklist(workspace, system, checklist, judged, knowledge, now)


def current_answer(workspace: Workspace, system: System, checklist: Checklist, row: Requirement) -> Answer | None:
    """Return the answer that holds for a row, None where there is none."""
    history = workspace.answers.history(system.id, row.id, checklist.id)
    return history[-1] if history else None


def record_answer(
    workspace: Workspace, knowledge: Knowledge, system: System, checklist: Checklist, row: Requirement,
    said: Statement, now: datetime, account: str,
) -> Recorded:  # fmt: skip
    """Store an answer with its evidence and return what the row counts as now; the remediation register follows.

    Args:
        said: what was said.
        now: time of the answer; its local day is today.
        account: name that stands where none was said.

    Raises:
        BadInput: the statement makes no sense (see `checked`), or its evidence cannot be taken in.
        StoreError: the workspace cannot be written.
    """
    before = current_answer(workspace, system, checklist, row)
    seen = _status(assess_one(workspace, knowledge, system, checklist, now), row) if said.upholds else None
    speaking = speaking_against(row, seen)
    said = checked(said, before, row, speaking, now.astimezone().date())
    records = take_in_all(
        workspace, said.evidence, dated=said.evidence_date, valid_until=said.valid_until,
        by=said.name or account, now=now,
    )  # fmt: skip
    answer = compose(checklist, row, said, before, records, now, account)
    earlier_than = workspace.answers.record(system.id, answer)
    status = _status(assess_one(workspace, knowledge, system, checklist, now), row)
    follow_statuses(workspace, knowledge, system, [(checklist.id, status)], now, answer.answered_by)
    named = [workspace.evidence.get(evidence_id) for evidence_id in answer.evidence]
    return Recorded(answer, status, named, earlier_than)


def record_answers(
    workspace: Workspace, checklist: Checklist, system: System, said: Sequence[Said], now: datetime, account: str,
    **beside: str,
) -> list[str]:  # fmt: skip
    """Store several answers with their evidence, all or none. Each statement was `checked` before.

    Args:
        said: statements with a value, each with the answer that held when it was made.
        now: time of the answers.
        account: name that stands where none was said.
        beside: more to be said in the journal.

    Returns:
        The requirements that somebody answered otherwise meanwhile. Where there are some, no answer was stored.

    Raises:
        BadInput: evidence cannot be taken in; no answer was stored.
        StoreError: the workspace cannot be written.
    """
    answers = []
    for one in said:
        words = one.statement
        records = take_in_all(
            workspace, words.evidence, dated=words.evidence_date, valid_until=words.valid_until,
            by=words.name or account, now=now,
        )  # fmt: skip
        answers.append((compose(checklist, one.row, words, one.before, records, now, account), one.before))
    return workspace.answers.record_many(system.id, answers, **beside)


def speaking_against(row: Requirement, seen: RequirementStatus | None) -> set[str]:
    """Return the checks that can speak against a row, and the findings that do by its status."""
    linked = {link.check for link in row.contradicted_by}
    return linked | {*seen.contradicted_by, *seen.upheld} if seen else linked


def checked(said: Statement, before: Answer | None, row: Requirement, speaking: Set[str], today: date) -> Statement:
    """Return the statement, stripped, or refuse it.

    Args:
        said: what was said.
        before: the answer that holds until now.
        row: the requirement.
        speaking: checks that can speak against it, and findings that do.
        today: the local day.

    Raises:
        BadInput: nothing to complete; "not applicable" or an upheld check without reason and name; a check that
            does not speak against the row; evidence dated in the future, or valid until before its date.
    """
    kept = before if said.value is None else None
    value = said.value or (kept.value if kept else None)
    if value is None:
        raise BadInput(message("{id} has no answer yet. Give one with --answer."), id=row.id)
    texts = {name: text.strip() for name in ("name", "note", "reason", "equivalent", "authority", "assessor")
             if (text := getattr(said, name)) is not None}  # fmt: skip
    said = replace(said, **texts)
    reason = said.reason if said.reason is not None else (kept.reason if kept else "")
    if value is AnswerValue.NOT_APPLICABLE and not (reason and said.name):
        raise Unfit(message("“Not applicable” needs a reason and a name: --reason and --name."), "reason")
    upholds = (*(kept.upholds if kept else ()), *said.upholds)
    if upholds and not (reason and said.name):
        raise Unfit(
            message("To uphold an answer against a check takes a reason and a name: --reason and --name."), "reason"
        )
    for upheld in said.upholds:
        if upheld not in speaking:
            raise BadInput(
                message("{check} does not speak against {id}; these do: {checks}."),
                check=upheld, id=row.id, checks=", ".join(sorted(speaking)) or "–",
            )  # fmt: skip
    dated = said.evidence_date or (kept.evidence_date if kept else None)
    check_days(dated, said.valid_until or (kept.valid_until if kept else None), today)
    return said


def compose(
    checklist: Checklist, row: Requirement, said: Statement, before: Answer | None, records: Sequence[Evidence],
    now: datetime, account: str,
) -> Answer:  # fmt: skip
    """Return the answer to be stored, of a statement that was `checked`, with its evidence taken in.

    Dates that were not said come from its new evidence: the newest date of it, and the earliest end, so that the
    answer holds as long as all of it does.
    """
    kept = before if said.value is None else None
    dates = [record.dated for record in records if record.dated]
    ends = [record.valid_until for record in records if record.valid_until]
    fresh: dict[str, object] = {
        "note": said.note,
        "reason": said.reason,
        "equivalent": said.equivalent,
        "authority": said.authority,
        "assessor": said.assessor,
        "independent": said.independent,
        "evidence_date": said.evidence_date or (max(dates) if dates else None),
        "valid_until": said.valid_until or (min(ends) if ends else None),
    }
    stays = kept.model_dump(exclude={"answered_by", "answered_at"}) if kept else {}
    old_evidence, old_upholds = (kept.evidence, kept.upholds) if kept else ((), ())
    return Answer.model_validate(
        {
            "value": said.value,
            **stays,
            **{name: value for name, value in fresh.items() if value is not None},
            "checklist": checklist.id,
            "requirement": row.id,
            "answered_by": said.name or account,
            "answered_at": now,
            "evidence": tuple(dict.fromkeys((*old_evidence, *(record.id for record in records)))),
            "upholds": tuple(dict.fromkeys((*old_upholds, *said.upholds))),
        }
    )


def _status(assessment: Assessment, row: Requirement) -> RequirementStatus:
    return next(status for status in assessment.rows if status.requirement == row.id)
