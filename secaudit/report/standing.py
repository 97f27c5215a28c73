"""The lists with the status of every row, and their figures. Judging is done before; here it is only laid out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from secaudit.model.assessment import Assessment, RequirementStatus, Score
from secaudit.model.base import Text
from secaudit.model.requirement import Checklist, Requirement
from secaudit.model.words import Obligation, RowState
from secaudit.report.findings import titles
from secaudit.report.inputs import ReportInputs
from secaudit.report.model import FindingEntry, GroupEntry, ListEntry, RequirementRow, RowFinding, Standing
from secaudit.report.observed import said

Against = Mapping[str, RowFinding]


def list_entries(inputs: ReportInputs, findings: Sequence[FindingEntry]) -> tuple[ListEntry, ...]:
    """Return the judged lists: those that count, then other duties, then the rest, each in the order given."""
    against = {f.identity: RowFinding(code=f.code, severity=f.severity, title=f.title) for f in findings}
    judged = {assessment.checklist: assessment for assessment in inputs.assessments}
    shown = sorted((c for c in inputs.checklists if c.id in judged), key=lambda c: (not c.counts, c.role != "duties"))
    return tuple(_list(inputs, checklist, judged[checklist.id], against) for checklist in shown)


def overall(lists: Iterable[ListEntry]) -> Standing | None:
    """Return the figures over all lists that count together, or None when none was judged."""
    counted = [entry for entry in lists if entry.counts]
    if not counted:
        return None
    rows = [row for entry in counted for group in entry.groups for row in group.rows]
    score = Score(
        applicable=sum(entry.standing.applicable for entry in counted),
        met=sum(entry.standing.met for entry in counted),
        partial=sum(entry.standing.partial for entry in counted),
        by_state={},
    )
    return _standing(rows, score)


def _list(inputs: ReportInputs, checklist: Checklist, assessment: Assessment, against: Against) -> ListEntry:
    status = {row.requirement: row for row in assessment.rows}
    rows: dict[str, list[RequirementRow]] = {group.id: [] for group in checklist.groups}
    for requirement in checklist.requirements:
        row = _row(inputs, requirement, status.get(requirement.id) or _unjudged(requirement), against)
        rows.setdefault(requirement.group, []).append(row)
    group_titles = {group.id: group.title for group in checklist.groups}
    return ListEntry(
        id=checklist.id,
        title=checklist.title,
        level=checklist.level,
        role=checklist.role,
        counts=checklist.counts,
        notice=checklist.notice,
        reviewed=checklist.reviewed,
        sources=checklist.sources,
        judged_at=assessment.at,
        standing=_standing([row for group in rows.values() for row in group], assessment.total),
        groups=tuple(
            GroupEntry(
                id=group,
                title=group_titles.get(group, Text(vi=group, en=group)),
                standing=_standing(group_rows, assessment.groups.get(group, _NOTHING)),
                rows=tuple(group_rows),
            )
            for group, group_rows in rows.items()
            if group_rows
        ),
    )


def _unjudged(requirement: Requirement) -> RequirementStatus:
    """Return the status of a row that the assessment does not know, so that no row vanishes from the report."""
    return RequirementStatus(
        requirement=requirement.id, group=requirement.group, counted=False, state=RowState.UNASSESSED,
        responsible=requirement.responsible,
    )  # fmt: skip


_NOTHING = Score(applicable=0, met=0, partial=0, by_state={})


def _standing(rows: Sequence[RequirementRow], score: Score) -> Standing:
    counted = [row for row in rows if row.counted]
    states = Counter(row.state for row in counted)
    unanswered = [row for row in counted if row.answer is None and row.inherited is None]
    mandatory = [row for row in rows if row.obligation is Obligation.MANDATORY]
    return Standing(
        applicable=score.applicable,
        met=score.met,
        partial=score.partial,
        states={state: states[state] for state in RowState if states[state]},
        unanswered=len(unanswered),
        unanswered_against=sum(bool(row.against) for row in unanswered),
        strict=score.strict,
        progress=score.progress,
        suggested=len(rows) - len(mandatory),
        set_aside=sum(not row.counted for row in mandatory),
        overdue=sum(row.overdue for row in counted),
        met_by_provider=sum(row.inherited is not None for row in counted if row.state is RowState.MET),
    )


def _row(inputs: ReportInputs, requirement: Requirement, status: RequirementStatus, against: Against) -> RequirementRow:
    return RequirementRow(
        requirement=requirement.id,
        clause=requirement.clause,
        text=requirement.text,
        meaning=requirement.meaning,
        evidence=requirement.evidence,
        nature=requirement.nature,
        obligation=requirement.obligation,
        responsible=status.responsible,
        period=requirement.period,
        deadline=requirement.deadline,
        thresholds=requirement.thresholds,
        state=status.state,
        counted=status.counted,
        answer=status.answer,
        due=status.due,
        overdue=_past(status.due, inputs.now.date()),
        set_aside=_why_set_aside(inputs, status.profile_reason),
        reasons=tuple(text for reason in status.reasons if (text := said(reason, inputs.phrase))),
        against=tuple(against[identity] for identity in status.contradicted_by if identity in against),
        upheld=tuple(against[identity] for identity in status.upheld if identity in against),
        supported_by=titles(inputs, status.supported_by),
        inconclusive=titles(inputs, status.inconclusive),
        open_points=requirement.provenance.open_points,
        inherited=status.inherited,
    )


def _past(due: date | None, today: date) -> bool:
    return due is not None and due < today


def _why_set_aside(inputs: ReportInputs, question: str) -> Text | None:
    if not question:
        return None
    answer = inputs.profile.get(question)
    if answer and answer.reason:
        return Text(vi=answer.reason, en=answer.reason)
    known = inputs.questions.get(question)
    if known is None:
        return Text(vi=question, en=question)
    return known.when_no or known.text
