"""What every row of a checklist counts as, from answers, evidence dates and what was seen from outside.

The rules, in the order in which they are asked:

1. A row whose applicability question was answered "no", by somebody with a name, is set aside. Without a name it
   still applies.
2. Nobody has answered: unassessed. Findings that speak against the row are listed with it; the state stays
   "unassessed", because "contradicted" says that somebody claimed otherwise. Both count as not met.
3. "Not applicable" without a reason or a name counts as unassessed.
4. "Met" and "not applicable" are overruled by a finding that contradicts the row (a fault that can be seen shows
   that the row applies), unless the answer upholds it by check or finding, with a reason and a name: contradicted.
   "Partial" and "not met" admit the gap already and stay; the findings are listed.
5. Where the source sets a period, "met" and "partial" need evidence dated within it, counted to the same day of
   the later month inclusive: otherwise stale. With or without a period, evidence dated after the day of the
   assessment does not count, and neither does an answer after the last day of what backs it ("not applicable" by
   an exemption that ended included); the earlier of the two ends is when the row falls due.
6. "Met" by an equivalent measure counts as partial where the source names no such measure for the row: something
   is in place, and the strict figure does not move.
7. Where nobody at the office has answered, or its "met" has gone stale, what a provider's valid profile says of the
   row is judged as an answer would be, by rules 4 and 5: a finding contradicts it, its evidence ages. An answer of
   the office stands otherwise: who runs the page knows best what the provider does not do there. A part that the
   provider does is partial. A profile that does not count any more leaves the row as it was, and the reason is listed.

A pass never changes a state; it is listed as support.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from secaudit.assess.inheritance import NO_OFFERS, Offers
from secaudit.assess.outside import Looks, OutsideLook, explains
from secaudit.assess.period import add_period
from secaudit.assess.score import group_scores, score
from secaudit.checklist.profile import Questionnaire
from secaudit.model.assessment import Answer, Assessment, ProfileAnswer, RequirementStatus
from secaudit.model.base import Reason
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.provider import Inherited
from secaudit.model.requirement import Checklist, Requirement
from secaudit.model.words import AnswerValue, Obligation, RowState

_NO_QUESTIONS = Questionnaire(())
_CLAIMS = {AnswerValue.MET, AnswerValue.NOT_APPLICABLE}
_BACKED = {AnswerValue.MET, AnswerValue.PARTIAL}


@dataclass(frozen=True)
class _Verdict:
    """A state, when its evidence falls due, and why it is not what the answer says."""

    state: RowState
    due: date | None = None
    reasons: tuple[Reason, ...] = ()
    inherited: Inherited | None = None


def judge(
    checklist: Checklist,
    *,
    outcomes: Iterable[CheckOutcome] = (),
    findings: Iterable[Finding] = (),
    answers: Iterable[Answer] = (),
    profile: Iterable[ProfileAnswer] = (),
    questions: Questionnaire = _NO_QUESTIONS,
    offers: Offers = NO_OFFERS,
    looks: Looks | None = None,
    at: datetime,
    today: date,
) -> Assessment:
    """Return the checklist judged for one system.

    Args:
        checklist: what to judge; advisory and former lists too, though nobody shows a figure for them.
        outcomes: results of all checks, of the latest complete look at each site.
        findings: the failures among them; those whose risk was accepted still belong here.
        answers: of this and other checklists; the latest one of a row stands.
        profile: answers to applicability questions; the latest one of a question stands.
        questions: the questionnaire, for who does a row and whether "no" sets rows aside.
        offers: what providers do for the system, of this checklist.
        looks: outcomes and findings put in order before, for several lists of one system; instead of both.
        at: moment of the assessment, kept with it.
        today: the local day, from which evidence is aged.
    """
    looks = looks or Looks(outcomes, findings)
    said = {
        answer.requirement: answer
        for answer in sorted(answers, key=lambda a: a.answered_at)
        if answer.checklist == checklist.id
    }
    known = {answer.question: answer for answer in sorted(profile, key=lambda a: a.answered_at)}
    yes_no = {question: answer.yes for question, answer in known.items()}
    rows = []
    for row in checklist.requirements:
        answer = said.get(row.id)
        look = looks.at(row, answer)
        aside, unsigned = _set_aside(row, known, questions)
        if aside:
            verdict = _Verdict(RowState.NOT_APPLICABLE, None, aside)
        else:
            verdict = _with_provider(row, answer, look, today, offers)
        rows.append(
            RequirementStatus(
                requirement=row.id,
                group=row.group,
                counted=row.obligation is Obligation.MANDATORY and verdict.state is not RowState.NOT_APPLICABLE,
                state=verdict.state,
                reasons=(*unsigned, *verdict.reasons),
                responsible=questions.responsible(checklist.id, row, yes_no),
                answer=answer,
                due=verdict.due,
                contradicted_by=look.contradicted_by,
                upheld=look.upheld,
                supported_by=look.supported_by,
                inconclusive=look.inconclusive,
                profile_reason=row.condition if aside else "",
                inherited=verdict.inherited,
            )
        )
    return Assessment(checklist=checklist.id, at=at, rows=tuple(rows), total=score(rows), groups=group_scores(rows))


def orphans(checklist: Checklist, answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Return answers to rows that the checklist does not (or no longer) have, so that none is lost unseen."""
    ids = {row.id for row in checklist.requirements}
    return tuple(a for a in answers if a.checklist == checklist.id and a.requirement not in ids)


def _set_aside(
    row: Requirement, known: dict[str, ProfileAnswer], questions: Questionnaire
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Return why the row is set aside, and why a "no" does not do so; both empty where the row simply applies."""
    answer = known.get(row.condition) if row.condition else None
    if answer is None or answer.yes:
        return (), ()
    params: dict[str, str | int | float] = {"question": row.condition}
    explained = questions.sets_aside(row.condition) or answer.reason.strip()
    if answer.answered_by.strip() and explained:
        return (Reason(code="row-set-aside", params=params),), ()
    return (), (Reason(code="row-set-aside-unsigned", params=params),)


def _with_provider(row: Requirement, answer: Answer | None, look: OutsideLook, today: date, offers: Offers) -> _Verdict:
    """Return what the office's own answer comes to, or what a provider's statement does where it may stand in."""
    own = _judged(row, answer, look, today)
    stale_claim = answer is not None and answer.value is AnswerValue.MET and own.state is RowState.STALE
    if answer is not None and not stale_claim:
        return own
    offer = offers.by_row.get(row.id)
    if offer is None:
        return replace(own, reasons=(*own.reasons, *offers.lapsed.get(row.id, ())))
    claimed = _judged(row, offer.claim, look, today)
    if stale_claim and claimed.state is not RowState.MET:
        return own
    return replace(claimed, inherited=offer.inherited)


def _judged(row: Requirement, answer: Answer | None, look: OutsideLook, today: date) -> _Verdict:
    seen = _counted("row-seen-failing", look.contradicted_by)
    if answer is None:
        return _Verdict(RowState.UNASSESSED, reasons=seen)
    if answer.value is AnswerValue.NOT_APPLICABLE and not explains(answer):
        return _Verdict(RowState.UNASSESSED, reasons=(Reason(code="row-not-applicable-unexplained"), *seen))
    due, stale = _aged(row, answer, today)
    upheld = _counted("row-upheld", look.upheld)
    if look.contradicted_by and answer.value in _CLAIMS:
        contradicted = _counted("row-contradicted", look.contradicted_by)
        return _Verdict(RowState.CONTRADICTED, due, (*contradicted, *upheld, *stale))
    if stale:
        return _Verdict(RowState.STALE, due, (*stale, *upheld, *seen))
    if answer.value is AnswerValue.MET and answer.equivalent.strip() and not row.equivalent:
        return _Verdict(RowState.PARTIAL, due, (Reason(code="row-equivalent-not-allowed"), *upheld))
    return _Verdict(RowState(answer.value.value), due, (*upheld, *seen))


def _counted(code: str, findings: tuple[str, ...]) -> tuple[Reason, ...]:
    return (Reason(code=code, params={"count": len(findings)}),) if findings else ()


def _aged(row: Requirement, answer: Answer, today: date) -> tuple[date | None, tuple[Reason, ...]]:
    """Return the last day on which the answer holds, None where it has none, and why it no longer counts."""
    if answer.value is AnswerValue.NOT_MET:
        return None, ()
    if answer.valid_until is not None and answer.valid_until < today:
        return answer.valid_until, (_dated("row-evidence-expired", answer.valid_until),)
    if answer.value not in _BACKED:
        return answer.valid_until, ()
    if answer.evidence_date is not None and answer.evidence_date > today:
        return None, (_dated("row-evidence-future", answer.evidence_date),)
    if not row.period:
        return answer.valid_until, ()
    if answer.evidence_date is None:
        return None, (Reason(code="row-evidence-undated"),)
    due = add_period(answer.evidence_date, row.period)
    if due < today:
        return due, (_dated("row-evidence-old", due),)
    return min(due, answer.valid_until or due), ()


def _dated(code: str, day: date) -> Reason:
    return Reason(code=code, params={"date": day.isoformat()})
