"""Answers, evidence, and what a requirement counts as once everything is put together."""

from __future__ import annotations

from datetime import date

from secaudit.model.base import Composed, Frozen, Instant, Reason
from secaudit.model.provider import Inherited
from secaudit.model.words import AnswerValue, Responsible, RowState


class Answer(Frozen):
    """What an assessor says of one requirement.

    Attributes:
        reason: needed for `not-applicable`, and to uphold `met` against a contradicting check.
        equivalent: description of an equivalent measure, empty where none is used.
        evidence_date: date of the evidence itself, not of its upload; periods count from it.
        upholds: ids of failing checks, or identities of findings, that the answer explains, with `reason`.
        authority: on whose authority: the person or the document that entitles the one who answers.
        assessor: who assessed, where that is somebody else than the one who answers.
        independent: whether they are independent of operations (Decree 331 Art. 31.2.c); None where nobody said.
        valid_until: last day on which the answer holds, of the evidence or of an exemption.
        evidence: ids of evidence records, in the order in which they were named.
    """

    checklist: str
    requirement: str
    value: AnswerValue
    answered_by: Composed
    answered_at: Instant
    note: Composed = ""
    reason: Composed = ""
    equivalent: Composed = ""
    evidence_date: date | None = None
    upholds: tuple[str, ...] = ()
    authority: Composed = ""
    assessor: Composed = ""
    independent: bool | None = None
    valid_until: date | None = None
    evidence: tuple[str, ...] = ()


class ProfileAnswer(Frozen):
    """What was said of one applicability question.

    Attributes:
        yes: the answer.
        answered_by: who says so; without a name a "no" sets nothing aside.
        reason: in the assessor's own words; where empty the question's `when_no` stands.
    """

    question: str
    yes: bool
    answered_by: Composed
    answered_at: Instant
    reason: Composed = ""


class RequirementStatus(Frozen):
    """What one row of a checklist counts as.

    Attributes:
        counted: mandatory and applicable, so that it goes into the two figures.
        reasons: why the state differs from the answer, as phrases.
        responsible: who does it for this system, by the profile.
        answer: what the assessor said, None where nobody answered.
        due: last day on which the answer holds, by the period of the source or the end of what backs it.
        contradicted_by: identities of findings that speak against the row and that no reason explains.
        upheld: identities of findings that speak against it and that the answer explains with its reason.
        supported_by: checks that passed and speak for it.
        inconclusive: checks that could have informed the row but saw nothing.
        profile_reason: id of the applicability question that sets the row aside, empty otherwise.
        inherited: the provider's statement that the state rests on, None where it rests on the office's own answer.
    """

    requirement: str
    group: str
    counted: bool
    state: RowState
    reasons: tuple[Reason, ...] = ()
    responsible: Responsible = Responsible.SHARED
    answer: Answer | None = None
    due: date | None = None
    contradicted_by: tuple[str, ...] = ()
    upheld: tuple[str, ...] = ()
    supported_by: tuple[str, ...] = ()
    inconclusive: tuple[str, ...] = ()
    profile_reason: str = ""
    inherited: Inherited | None = None

    @property
    def met_by_provider(self) -> bool:
        """Tell whether the row is met, and by what the provider does."""
        return self.state is RowState.MET and self.inherited is not None


class Score(Frozen):
    """The two figures, over applicable mandatory rows. Never show one without the other.

    Attributes:
        applicable: rows that count.
        met: rows that count as met.
        by_state: how many rows are in each state, rows set aside and suggestions included.
        met_by_provider: how many of the met rows that count are met by what a provider does.
    """

    applicable: int
    met: int
    partial: int
    by_state: dict[RowState, int]
    met_by_provider: int = 0

    @property
    def strict(self) -> float | None:
        """Return the share of met rows, 0 to 1; None when no row applies."""
        return self.met / self.applicable if self.applicable else None

    @property
    def progress(self) -> float | None:
        """Return the share with partial rows at half, 0 to 1; None when no row applies."""
        return (self.met + self.partial / 2) / self.applicable if self.applicable else None


class Assessment(Frozen):
    """One checklist judged for one system at a moment."""

    checklist: str
    at: Instant
    rows: tuple[RequirementStatus, ...]
    total: Score
    groups: dict[str, Score]
