"""The life of items: what scans, answers and days make of them, and what never happens whatever the order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secaudit.model.remediation import Acceptance, ItemSource, ItemState, Priority, RemediationItem
from secaudit.model.words import Outcome, RowState, Severity
from secaudit.remedy import life
from secaudit.remedy.follow import GAPS, SETTLED, end_acceptances, follow_rows, follow_scan, members
from tests.remedy.making import (
    CHECK,
    IDENTITY,
    NOW,
    OCCASION,
    POLICY,
    TODAY,
    applied,
    item,
    look,
    on,
    row,
    said,
)

FAIL, PASS, BLIND = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
ORDER = {f"s{number}": number + 1 for number in range(100)}


def follow(items: list[RemediationItem], day: int, *outcomes: object, **more: object) -> list[RemediationItem]:
    """Return the register after a scan on a day."""
    seen = look(*outcomes, scan=f"s{day}", at=NOW + timedelta(days=day), **more)  # type: ignore[arg-type]
    return applied(items, follow_scan(items, "ht", seen, {CHECK: "c:5.4"}, ORDER, on(day)))


def kinds(items: list[RemediationItem], day: int, *outcomes: object) -> list[str]:
    seen = look(*outcomes, scan=f"s{day}", at=NOW + timedelta(days=day))  # type: ignore[arg-type]
    changes = follow_scan(items, "ht", seen, {}, ORDER, on(day))
    return [event.kind for change in changes for event in change.events]


def test_a_new_finding_opens_an_item_with_a_day_by_its_severity() -> None:
    [made] = follow([], 1, said(FAIL))
    assert (made.subject, made.state, made.severity, made.group) == (IDENTITY, ItemState.OPEN, Severity.HIGH, "c:5.4")
    assert made.due == TODAY + timedelta(days=31)  # 30 days from the day after
    assert (made.site, made.seen_in, made.opened_by) == ("trang", "s1", life.PROGRAM)
    assert len(follow([made], 2, said(FAIL))) == 1
    assert kinds([made], 2, said(FAIL)) == []


@pytest.mark.parametrize(("severity", "count"), [(Severity.LOW, 1), (Severity.INFO, 0)])
def test_information_alone_is_no_work(severity: Severity, count: int) -> None:
    assert len(follow([], 1, said(FAIL), severity=severity)) == count


def test_proof_closes_and_a_fault_that_is_back_reopens_with_a_new_day() -> None:
    [closed] = follow([item(owner="Lan", state=ItemState.ASSIGNED)], 5, said(PASS))
    assert (closed.state, closed.closed_at) == (ItemState.VERIFIED, NOW + timedelta(days=5))
    assert follow([closed], 6, said(BLIND)) == [closed]
    [back] = follow([closed], 40, said(FAIL))
    assert (back.state, back.reopened, back.closed_at, back.cleared_at) == (ItemState.REOPENED, 1, None, None)
    assert (back.owner, back.due) == ("Lan", TODAY + timedelta(days=70))
    [again] = follow([back], 41, said(PASS))
    assert (again.state, again.reopened) == (ItemState.VERIFIED, 1)


def test_what_somebody_calls_done_waits_for_proof_and_is_taken_back_by_a_later_look() -> None:
    done = item(state=ItemState.DONE, done_at=NOW + timedelta(days=2), owner="Lan")
    assert follow([done], 1, said(FAIL))[0].state is ItemState.DONE  # the scan began before
    assert follow([done], 3, said(BLIND)) == [done]
    [open_again] = follow([done], 3, said(FAIL))
    assert (open_again.state, open_again.done_at) == (ItemState.ASSIGNED, None)
    assert kinds([done], 3, said(FAIL)) == ["not-verified"]
    assert kinds([done], 3, said(PASS)) == ["verified"]


def test_an_older_look_never_undoes_a_newer_one() -> None:
    [closed] = follow([item()], 5, said(PASS))
    assert follow([closed], 3, said(FAIL)) == [closed]
    [back] = follow([closed], 6, said(FAIL))
    assert follow([back], 4, said(PASS)) == [back]


def test_an_accepted_risk_stays_accepted_until_its_day_and_ends_by_itself() -> None:
    acceptance = Acceptance(by="Chủ tịch", reason="chờ", until=TODAY + timedelta(days=10), at=NOW)
    accepted = life.accept(item(owner="Lan"), acceptance).item
    assert follow([accepted], 5, said(FAIL))[0].state is ItemState.ACCEPTED
    assert follow([accepted], 5, said(PASS))[0].state is ItemState.VERIFIED
    assert life.effective(accepted, acceptance.until).state is ItemState.ACCEPTED
    assert not life.is_overdue(accepted.model_copy(update={"due": TODAY}), acceptance.until)
    after = acceptance.until + timedelta(days=1)
    assert life.effective(accepted, after).state is ItemState.ASSIGNED
    assert life.is_overdue(accepted.model_copy(update={"due": TODAY}), after)
    assert end_acceptances([accepted], on(10)) == []
    [ended] = end_acceptances([accepted], on(11))
    assert (ended.item.state, ended.events[0].kind) == (ItemState.ASSIGNED, "acceptance-ended")
    assert ended.item.accepted == acceptance  # who had accepted it stays known
    assert kinds([accepted], 20, said(PASS)) == ["acceptance-ended", "verified"]


def test_an_item_that_stands_for_others_closes_only_when_all_are_proven() -> None:
    other = item(id="KP2", subject="zweites", check="tls.tls11", severity=Severity.CRITICAL, due=date(2026, 11, 29),
                 priority=Priority.URGENT)  # fmt: skip
    goes, stays = life.merge(other, item(), NOW, "Lan")
    assert (stays.item.severity, stays.item.due, stays.item.priority) == (
        Severity.CRITICAL, date(2026, 11, 29), Priority.URGENT
    )  # fmt: skip
    register = applied([item(), other], [goes, stays])
    half = follow(register, 2, said(PASS))
    assert [one.state for one in half] == [ItemState.OPEN, ItemState.DUPLICATE]
    assert half[0].cleared_at is not None
    whole = follow(half, 3, said(PASS), said(PASS, check="tls.tls11"))
    assert [one.state for one in whole] == [ItemState.VERIFIED, ItemState.DUPLICATE]
    seen = look(said(FAIL, check="tls.tls11"), scan="s4", at=NOW + timedelta(days=4))
    fault = seen.faults.popitem()[1].model_copy(update={"identity": "zweites"})  # type: ignore[attr-defined]
    seen.faults["zweites"] = fault  # type: ignore[index]
    back = applied(whole, follow_scan(whole, "ht", seen, {}, ORDER, on(4)))
    assert [one.state for one in back] == [ItemState.REOPENED, ItemState.DUPLICATE]
    assert len(back) == 2


def test_a_chain_or_a_circle_of_duplicates_has_an_end() -> None:
    chain = [item(), item(id="KP2", subject="b", duplicate_of="KP1"), item(id="KP3", subject="c", duplicate_of="KP2")]
    assert [one.id for one in members(chain)["KP1"]] == ["KP1", "KP2", "KP3"]
    circle = [item(duplicate_of="KP2"), item(id="KP2", subject="b", duplicate_of="KP1")]
    assert sum(len(group) for group in members(circle).values()) == 2


@pytest.mark.parametrize("state", list(RowState))
def test_which_rows_open_items_and_which_close_them(state: RowState) -> None:
    opened = follow_rows([], "ht", [("c", row(state))], OCCASION)
    assert bool(opened) is (state in GAPS)
    mine = item(source=ItemSource.REQUIREMENT, subject="c:5.1.a", check="", target="")
    [after] = applied([mine], follow_rows([mine], "ht", [("c", row(state))], OCCASION))
    assert (after.state is ItemState.VERIFIED) is (state in SETTLED)


def test_rows_that_nobody_answered_or_that_do_not_count_open_nothing() -> None:
    assert follow_rows([], "ht", [("c", row(RowState.NOT_MET, answered=False))], OCCASION) == []
    assert follow_rows([], "ht", [("c", row(RowState.NOT_MET, counted=False))], OCCASION) == []


def test_the_gap_of_a_requirement_has_a_weight_and_comes_back_with_the_answer() -> None:
    [made] = applied([], follow_rows([], "ht", [("c", row(RowState.PARTIAL))], OCCASION))
    assert (made.subject, made.group, made.severity) == ("c:5.1.a", "c:5.1", POLICY.gap_partial)
    [graver] = applied([made], follow_rows([made], "ht", [("c", row(RowState.NOT_MET))], OCCASION))
    assert (graver.id, graver.severity) == (made.id, POLICY.gap_not_met)
    [met] = applied([graver], follow_rows([graver], "ht", [("c", row(RowState.MET))], OCCASION))
    assert met.state is ItemState.VERIFIED
    [back] = applied([met], follow_rows([met], "ht", [("c", row(RowState.NOT_MET))], OCCASION))
    assert (back.state, back.reopened) == (ItemState.REOPENED, 1)
    done = life.done(made, NOW + timedelta(days=1), "Lan").item
    assert follow_rows([done], "ht", [("c", row(RowState.PARTIAL))], OCCASION) == []  # the answer is older
    later = row(RowState.PARTIAL, at=NOW + timedelta(days=2))
    [taken_back] = follow_rows([done], "ht", [("c", later)], OCCASION)
    assert [event.kind for event in taken_back.events] == ["not-verified"]


ACTIONS = st.one_of(
    st.tuples(st.just("scan"), st.sampled_from([FAIL, PASS, BLIND, Outcome.NOT_APPLICABLE, None])),
    st.tuples(st.just("old scan"), st.sampled_from([FAIL, PASS])),
    st.tuples(st.sampled_from(["assign", "done", "accept", "take up"]), st.none()),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ACTIONS, max_size=14))
def test_whatever_happens_one_item_stays_one_and_only_proof_closes_it(actions: list[tuple[str, object]]) -> None:
    register: list[RemediationItem] = []
    truth: Outcome | None = None
    for day, (action, outcome) in enumerate(actions, start=1):
        if action == "scan":
            register = follow(register, day, *([said(outcome)] if outcome else []))  # type: ignore[arg-type]
            truth = outcome if outcome in (FAIL, PASS) else truth  # type: ignore[assignment]
        elif action == "old scan" and register:
            register = follow(register, 0, said(outcome))  # type: ignore[arg-type]
        elif register:
            now, [one] = NOW + timedelta(days=day), register
            if action == "assign":
                register = [life.assign(one, now, "Lan", owner="Minh", unit=None).item]
            elif one.state is ItemState.VERIFIED:
                continue
            elif action == "done":
                register = [life.done(one, now, "Lan").item]
            elif action == "accept":
                until = TODAY + timedelta(days=day + 2)
                register = [life.accept(one, Acceptance(by="CT", reason="chờ", until=until, at=now)).item]
            else:
                register = [life.take_up_again(one, now, "Lan").item]
        assert len(register) <= 1
        for one in register:
            closed = one.state is ItemState.VERIFIED
            assert closed == (one.closed_at is not None)
            assert not closed or truth is PASS
            assert closed or truth is not PASS or action == "old scan" or one.state is not ItemState.REOPENED
            assert (one.done_at is not None) == (one.state is ItemState.DONE)
            assert one.due is not None
