"""First seen, proved gone, back again: only a check that passed ends a finding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from secaudit.assess.findings import find
from secaudit.assess.lives import lives
from secaudit.assess.past import answers_at, profile_at
from secaudit.model.assessment import Answer, ProfileAnswer
from secaudit.model.base import Reason
from secaudit.model.judgement import CheckOutcome
from secaudit.model.past import FindingLife, Look
from secaudit.model.words import AnswerValue, Outcome

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def look(day: int, result: Outcome | None, target: str = "xa.example:443") -> Look:
    """Return a scan `day` days after the first in which the check said `result`, or did not run."""
    reason = Reason(code="connect-timeout") if result is Outcome.INCONCLUSIVE else None
    said = [CheckOutcome(check="tls.tls10", result=result, target=target, reason=reason)] if result else []
    found = find(said, {})
    return Look(at=BEGIN + timedelta(days=day), scan=str(day), outcomes=tuple(said), findings=found)


def only(looks: list[Look]) -> FindingLife:
    [life] = lives(looks)
    return life


def test_a_pass_proves_the_end_and_gives_the_time_to_fix() -> None:
    life = only([look(0, Outcome.FAIL), look(10, Outcome.FAIL), look(31, Outcome.PASS)])
    assert (life.state, life.back) == ("fixed", False)
    assert life.last_seen == BEGIN + timedelta(days=10)
    assert life.time_to_fix == timedelta(days=31)


def test_a_scan_that_could_not_look_proves_nothing() -> None:
    for blind in (Outcome.INCONCLUSIVE, None):
        life = only([look(0, Outcome.FAIL), look(9, blind)])
        assert life.state == "unproven"
        assert life.ended is None
        assert life.time_to_fix is None
        assert life.open_at(BEGIN + timedelta(days=20))


def test_what_was_unproven_ends_later_by_proof_or_is_seen_again() -> None:
    fixed = only([look(0, Outcome.FAIL), look(9, Outcome.INCONCLUSIVE), look(20, Outcome.PASS)])
    assert (fixed.state, fixed.time_to_fix) == ("fixed", timedelta(days=20))
    seen = only([look(0, Outcome.FAIL), look(9, Outcome.INCONCLUSIVE), look(20, Outcome.FAIL)])
    assert (seen.state, seen.first_seen, seen.back) == ("open", BEGIN, False)


def test_a_check_that_does_not_apply_any_more_is_no_repair() -> None:
    life = only([look(0, Outcome.FAIL), look(9, Outcome.NOT_APPLICABLE)])
    assert life.state == "no-longer-applies"
    assert life.time_to_fix is None
    assert not life.open_at(BEGIN + timedelta(days=9))


def test_a_fault_that_comes_back_begins_anew() -> None:
    first, second = lives([look(0, Outcome.FAIL), look(5, Outcome.PASS), look(9, Outcome.FAIL)])
    assert (first.state, first.time_to_fix) == ("fixed", timedelta(days=5))
    assert (second.state, second.back, second.first_seen) == ("open", True, BEGIN + timedelta(days=9))


def test_the_order_in_which_scans_are_given_does_not_matter() -> None:
    looks = [look(0, Outcome.FAIL), look(5, Outcome.PASS), look(9, Outcome.FAIL)]
    assert lives(reversed(looks)) == lives(looks)


def test_answers_count_from_their_moment_and_the_last_recorded_holds() -> None:
    def said(value: AnswerValue, day: int) -> Answer:
        at = BEGIN + timedelta(days=day)
        return Answer(checklist="a", requirement="1", value=value, answered_by="Lan", answered_at=at)

    recorded = [said(AnswerValue.NOT_MET, 1), said(AnswerValue.PARTIAL, 8), said(AnswerValue.MET, 5)]
    values = {day: [one.value for one in answers_at(recorded, BEGIN + timedelta(days=day))] for day in (0, 1, 6, 9)}
    assert values[0] == []
    assert values[1] == [AnswerValue.NOT_MET]
    assert values[6] == [AnswerValue.MET]
    assert values[9] == [AnswerValue.MET], "the last one recorded, though its clock was behind"


def test_the_profile_counts_likewise() -> None:
    earlier = ProfileAnswer(question="uses-dhcp", yes=True, answered_by="Lan", answered_at=BEGIN)
    later = ProfileAnswer(question="uses-dhcp", yes=False, answered_by="Lan", answered_at=BEGIN + timedelta(days=3))
    assert profile_at([earlier, later], BEGIN + timedelta(days=1)) == [earlier]
    assert profile_at([earlier, later], BEGIN + timedelta(days=3)) == [later]
