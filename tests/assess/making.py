"""Small checklists, answers and outcomes for the tests of judging."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from secaudit.assess.findings import find
from secaudit.assess.judge import judge
from secaudit.checklist.profile import Questionnaire
from secaudit.model.assessment import Answer, Assessment, ProfileAnswer, RequirementStatus
from secaudit.model.base import Text
from secaudit.model.judgement import CheckOutcome, finding_identity
from secaudit.model.requirement import (
    CheckLink,
    Checklist,
    CheckText,
    Group,
    Provenance,
    Question,
    Requirement,
)
from secaudit.model.words import AnswerValue, Nature, Outcome, Severity

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
T = Text(vi="câu", en="text")
LIST = "own-list"
QUESTIONS = Questionnaire(
    (
        Question(id="uses-wireless", text=T, when_no=T),
        Question(id="without-reason", text=T),
    )
)


def row(row_id: str = "1.1", **changes: Any) -> Requirement:
    """A mandatory row that `tls.sslv3` contradicts and `tls.no-tls12` supports."""
    fields: dict[str, Any] = {
        "clause": row_id,
        "group": row_id.split(".", maxsplit=1)[0],
        "text": T,
        "evidence": T,
        "nature": Nature.TECHNICAL,
        "contradicted_by": (CheckLink(check="tls.sslv3", reason=T),),
        "supported_by": (CheckLink(check="tls.no-tls12", reason=T),),
        "provenance": Provenance(sources=("X",), confirmed="primary", reviewed=date(2026, 11, 22)),
    }
    return Requirement(id=row_id, **{**fields, **changes})


def checklist(*rows: Requirement) -> Checklist:
    groups = dict.fromkeys(r.group for r in rows)
    return Checklist(
        format="secaudit.checklist/1",
        id=LIST,
        title=T,
        counts=True,
        notice=T,
        reviewed=date(2026, 11, 22),
        groups=tuple(Group(id=g, title=T, rows=sum(r.group == g for r in rows)) for g in groups),
        requirements=rows,
    )


def answer(value: AnswerValue = AnswerValue.MET, requirement: str = "1.1", **changes: Any) -> Answer:
    fields: dict[str, Any] = {"checklist": LIST, "answered_by": "Lan", "answered_at": NOW}
    return Answer(requirement=requirement, value=value, **{**fields, **changes})


def outcome(check: str, result: Outcome, target: str = "xa.gov.vn:443", place: str = "") -> CheckOutcome:
    return CheckOutcome(check=check, result=result, target=target, place=place)


FAILED = outcome("tls.sslv3", Outcome.FAIL)
FAILED_IDENTITY = finding_identity("tls.sslv3", "xa.gov.vn:443", "")


def text(check: str, severity: Severity, **changes: Any) -> CheckText:
    return CheckText(id=check, severity=severity, title=T, explanation=T, risk=T, remediation=T, **changes)


def assessed(
    *rows: Requirement,
    answers: list[Answer] | None = None,
    outcomes: list[CheckOutcome] | None = None,
    profile: list[ProfileAnswer] | None = None,
    today: date = TODAY,
) -> Assessment:
    seen = outcomes or []
    return judge(
        checklist(*(rows or (row(),))),
        outcomes=seen,
        findings=find(seen, {}),
        answers=answers or [],
        profile=profile or [],
        questions=QUESTIONS,
        at=NOW,
        today=today,
    )


def status(
    requirement: Requirement | None = None,
    *,
    answers: list[Answer] | None = None,
    outcomes: list[CheckOutcome] | None = None,
    profile: list[ProfileAnswer] | None = None,
    today: date = TODAY,
) -> RequirementStatus:
    """The status of a single row."""
    rows = (requirement or row(),)
    return assessed(*rows, answers=answers, outcomes=outcomes, profile=profile, today=today).rows[0]


def codes(one: RequirementStatus) -> list[str]:
    return [reason.code for reason in one.reasons]
