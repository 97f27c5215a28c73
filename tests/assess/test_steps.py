"""The few steps that would raise the figure most: what closes a row, the order, and what is never promised."""

from __future__ import annotations

from secaudit.assess.findings import find
from secaudit.assess.steps import Step, next_steps
from secaudit.model.judgement import CheckOutcome
from secaudit.model.requirement import CheckLink, Requirement
from secaudit.model.words import AnswerValue, Nature, Obligation, Outcome, Responsible
from tests.assess.making import FAILED, TODAY, T, answer, assessed, checklist, outcome, row

HEADER = CheckLink(check="header.hsts-missing", reason=T)
TLS = CheckLink(check="tls.sslv3", reason=T)


def steps(*rows: Requirement, said: list[object] | None = None, seen: list[CheckOutcome] | None = None) -> list[Step]:
    judged = assessed(*rows, answers=said or [], outcomes=seen or [])  # type: ignore[arg-type]
    return list(next_steps(checklist(*rows), judged, find(seen or [], {}), count=9))


def brief(found: list[Step]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(step.kind, step.subject, step.requirements) for step in found]


def test_one_fix_closes_every_claim_that_only_its_area_contradicts() -> None:
    rows = [row("1.1"), row("1.2"), row("2.1", contradicted_by=(TLS, HEADER)), row("2.2", contradicted_by=(HEADER,))]
    said = [answer(requirement=one.id) for one in rows]
    seen = [FAILED, outcome("header.hsts-missing", Outcome.FAIL)]
    found = steps(*rows, said=said, seen=seen)
    # Both areas stand in the way of 2.1: it closes with the second of them.
    assert brief(found) == [("fix", "tls", ("1.1", "1.2")), ("fix", "header", ("2.1", "2.2"))]
    assert found[0].checks == ("tls.sslv3",)
    assert [(step.met, step.applicable, step.strict) for step in found] == [(2, 4, 0.5), (4, 4, 1.0)]
    assert [step.unassessed for step in found] == [0, 0]


def test_a_row_that_nobody_claims_needs_its_work_beside_the_fix() -> None:
    found = steps(row("1.1"), row("1.2", contradicted_by=()), seen=[FAILED])
    assert brief(found) == [("configure", "1", ("1.2",)), ("fix", "tls", ("1.1",))]
    assert [step.unassessed for step in found] == [1, 1]


def test_management_rows_of_a_group_are_one_step_and_the_providers_rows_one_request() -> None:
    papers = [row(f"1.{n}", nature=Nature.MANAGEMENT) for n in range(3)]
    theirs = [row(f"{n}.1", responsible=Responsible.PROVIDER) for n in range(2, 7)]
    found = steps(*papers, *theirs, row("9.1", obligation=Obligation.SUGGESTED))
    assert brief(found) == [
        ("confirm", "provider", ("2.1", "3.1", "4.1", "5.1", "6.1")),
        ("document", "1", ("1.0", "1.1", "1.2")),
    ]
    assert found[-1].strict == 1.0


def test_evidence_out_of_date_is_renewed_and_what_is_met_needs_nothing() -> None:
    old = answer(requirement="1.1", evidence_date=TODAY.replace(year=2020))
    rows = [row("1.1", period="P6M"), row("1.2"), row("1.3")]
    said = [old, answer(requirement="1.2"), answer(AnswerValue.PARTIAL, "1.3")]
    assert brief(steps(*rows, said=said)) == [("renew", "1", ("1.1",)), ("configure", "1", ("1.3",))]
    stale_and_contradicted = steps(rows[0], said=[old], seen=[FAILED])
    assert brief(stale_and_contradicted) == [("fix", "tls", ()), ("renew", "1", ("1.1",))]


def test_a_stand_in_that_the_source_does_not_allow_is_not_closed_by_a_fix() -> None:
    found = steps(row("1.1"), said=[answer(equivalent="biện pháp khác")], seen=[FAILED])
    assert brief(found) == [("fix", "tls", ()), ("configure", "1", ("1.1",))]


def test_at_most_so_many_steps_and_none_when_all_is_met() -> None:
    rows = [row(f"{n}.1") for n in range(1, 9)]
    assert len(next_steps(checklist(*rows), assessed(*rows), (), count=3)) == 3
    assert steps(row("1.1"), said=[answer()]) == []
