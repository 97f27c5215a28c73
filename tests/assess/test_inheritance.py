"""What a provider's profile does to a row, and when it does nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from secaudit.assess.findings import find
from secaudit.assess.inheritance import Circumstances, Offers, covers, objection, offers, rows_digest
from secaudit.assess.judge import judge
from secaudit.model.assessment import Answer, ProfileAnswer, RequirementStatus
from secaudit.model.judgement import CheckOutcome
from secaudit.model.provider import (
    EvidenceReference,
    Extent,
    Fulfilment,
    HeldProfile,
    Holding,
    ProfileRecord,
    ProviderList,
    ProviderProfile,
)
from secaudit.model.requirement import Checklist
from secaudit.model.words import AnswerValue, Nature, Obligation, RowState
from tests.assess.making import (
    FAILED,
    FAILED_IDENTITY,
    LIST,
    NOW,
    QUESTIONS,
    TODAY,
    answer,
    checklist,
    codes,
    row,
)

UNTIL = date(2027, 6, 30)
HOSTS = ("xa.tinh.gov.vn",)
EVIDENCE = (EvidenceReference(name="Biên bản.pdf", sha256="a" * 64, size=9, dated=date(2026, 11, 1)),)


def entry(**changes: Any) -> Fulfilment:
    fields: dict[str, Any] = {
        "requirement": "1.1", "extent": Extent.WHOLE, "how": "Tường lửa của tỉnh", "evidence": EVIDENCE,
        "evidence_date": date(2026, 11, 1),
    }  # fmt: skip
    return Fulfilment(**{**fields, **changes})


def part_of(own: Checklist, *rows: Fulfilment, **changes: Any) -> ProviderList:
    fields: dict[str, Any] = {
        "checklist": LIST, "reviewed": own.reviewed, "rows_sha256": rows_digest(own), "rows": rows or (entry(),),
    }  # fmt: skip
    return ProviderList(**{**fields, **changes})


def held(own: Checklist, *rows: Fulfilment, holding: Holding = Holding.GOOD, **changes: Any) -> HeldProfile:
    fields: dict[str, Any] = {
        "id": "ncc-1", "serial": 2, "provider": "Trung tâm CNTT tỉnh", "issued_at": NOW - timedelta(days=3),
        "valid_until": UNTIL, "hosts": ("tinh.gov.vn",), "lists": (part_of(own, *rows),),
    }  # fmt: skip
    profile = ProviderProfile(**{**fields, **changes})
    record = ProfileRecord(
        role="imported", system="s", profile=profile.id, serial=profile.serial, key="1 2", provider=profile.provider,
        document="", recorded_at=NOW, recorded_by="Lan",
    )  # fmt: skip
    return HeldProfile(holding=holding, profile=profile, record=record)


def circumstances(today: date = TODAY, seen: date | None = None, hosts: tuple[str, ...] = HOSTS) -> Circumstances:
    return Circumstances(hosts=hosts, today=today, seen=seen or today)


def status(
    profiles: Iterable[HeldProfile] | None = None, *, own: Checklist | None = None, answers: Iterable[Answer] = (),
    outcomes: Iterable[CheckOutcome] = (), now: Circumstances | None = None, profile: Iterable[ProfileAnswer] = (),
) -> RequirementStatus:  # fmt: skip
    """The status of the only row, given profiles (by default one that fulfils it)."""
    own = own or checklist(row())
    now = now or circumstances()
    seen = list(outcomes)
    assessment = judge(
        own, outcomes=seen, findings=find(seen, {}), answers=answers, profile=profile, questions=QUESTIONS,
        offers=offers(own, [held(own)] if profiles is None else profiles, now), at=NOW, today=now.today,
    )  # fmt: skip
    return assessment.rows[0]


def test_a_row_that_the_provider_fulfils_is_met_and_says_by_whom() -> None:
    one = status()
    assert (one.state, one.counted, one.answer, one.met_by_provider) == (RowState.MET, True, None, True)
    assert one.inherited is not None
    assert (one.inherited.provider, one.inherited.profile, one.inherited.serial) == ("Trung tâm CNTT tỉnh", "ncc-1", 2)
    assert (one.inherited.until, one.inherited.how) == (UNTIL, "Tường lửa của tỉnh")
    assert (one.inherited.evidence, one.due) == (EVIDENCE, UNTIL)


def test_the_figures_say_how_many_of_the_met_rows_are_the_providers() -> None:
    own = checklist(row("1.1"), row("1.2"), row("1.3"), row("1.4", obligation=Obligation.SUGGESTED))
    rows = [entry(requirement=f"1.{n}") for n in (1, 4)]
    made = judge(own, answers=[answer(requirement="1.2")], offers=offers(own, [held(own, *rows)], circumstances()),
                 at=NOW, today=TODAY)  # fmt: skip
    assert (made.total.applicable, made.total.met, made.total.met_by_provider) == (3, 2, 1)
    assert made.groups["1"].met_by_provider == 1


def test_nothing_is_inherited_without_a_profile() -> None:
    one = status([])
    assert (one.state, one.inherited, one.reasons) == (RowState.UNASSESSED, None, ())


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (AnswerValue.PARTIAL, RowState.PARTIAL),
        (AnswerValue.NOT_MET, RowState.NOT_MET),
        (AnswerValue.NOT_APPLICABLE, RowState.NOT_APPLICABLE),
    ],
)
def test_what_the_office_says_otherwise_wins(value: AnswerValue, state: RowState) -> None:
    one = status(answers=[answer(value, reason="không dùng")])
    assert (one.state, one.inherited) == (state, None)


def test_an_own_answer_met_stays_the_offices() -> None:
    one = status(answers=[answer(AnswerValue.MET)])
    assert (one.state, one.inherited) == (RowState.MET, None)


def test_not_applicable_without_a_reason_stays_unassessed() -> None:
    assert status(answers=[answer(AnswerValue.NOT_APPLICABLE)]).state is RowState.UNASSESSED


def test_a_stale_answer_met_is_renewed_by_the_provider_but_other_stale_ones_are_not() -> None:
    own = checklist(row(period="P6M"))
    old = date(2026, 1, 1)
    one = status(own=own, answers=[answer(evidence_date=old)])
    assert (one.state, one.met_by_provider, one.due) == (RowState.MET, True, date(2027, 5, 1))
    assert status(own=own, answers=[answer(AnswerValue.PARTIAL, evidence_date=old)]).state is RowState.STALE
    in_part = [held(own, entry(extent=Extent.PART))]
    assert status(in_part, own=own, answers=[answer(evidence_date=old)]).state is RowState.STALE


def test_a_fault_seen_overrules_the_provider() -> None:
    one = status(outcomes=[FAILED])
    assert (one.state, one.contradicted_by, codes(one)) == (
        RowState.CONTRADICTED, (FAILED_IDENTITY,), ["row-contradicted"]
    )  # fmt: skip
    assert one.inherited is not None
    assert not one.met_by_provider


def test_a_part_stays_partial_with_what_is_left() -> None:
    own = checklist(row())
    one = status([held(own, entry(extent=Extent.PART, rest="Quản lý tài khoản"))], own=own)
    assert (one.state, one.met_by_provider) == (RowState.PARTIAL, False)
    assert one.inherited is not None
    assert one.inherited.rest == "Quản lý tài khoản"


def test_a_row_set_aside_stays_aside() -> None:
    own = checklist(row(condition="uses-wireless"))
    no = ProfileAnswer(question="uses-wireless", yes=False, answered_by="Lan", answered_at=NOW)
    assert status([held(own)], own=own, profile=[no]).state is RowState.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("dated", "state", "reason"),
    [
        (date(2026, 5, 22), RowState.MET, None),
        (date(2026, 5, 21), RowState.STALE, "row-evidence-old"),
        (None, RowState.STALE, "row-evidence-undated"),
        (date(2026, 11, 23), RowState.STALE, "row-evidence-future"),
    ],
)
def test_periods_count_from_the_providers_evidence(dated: date | None, state: RowState, reason: str | None) -> None:
    own = checklist(row(period="P6M"))
    one = status([held(own, entry(evidence_date=dated))], own=own)
    assert (one.state, codes(one)) == (state, [reason] if reason else [])
    assert one.inherited is not None


def test_a_row_about_rules_must_be_named() -> None:
    own = checklist(row(nature=Nature.MANAGEMENT))
    unnamed, named = held(own), held(own, entry(named=True))
    assert (status([unnamed], own=own).state, codes(status([unnamed], own=own))) == (
        RowState.UNASSESSED, ["provider-not-named"]
    )  # fmt: skip
    assert status([named], own=own).met_by_provider


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"holding": Holding.UNKNOWN_KEY}, "provider-unknown-key"),
        ({"holding": Holding.WITHDRAWN_HERE}, "provider-withdrawn-here"),
        ({"holding": Holding.REPLACED}, "provider-replaced"),
        ({"withdrawn": True}, "provider-withdrawn"),
        ({"valid_until": TODAY - timedelta(days=1)}, "provider-expired"),
        ({"issued_at": NOW + timedelta(days=2)}, "provider-not-yet"),
        ({"hosts": ("khac.gov.vn",)}, "provider-elsewhere"),
    ],
)
def test_a_profile_that_does_not_count_leaves_the_row_as_it_was(changes: dict[str, Any], reason: str) -> None:
    own = checklist(row())
    one = status([held(own, **changes)], own=own)
    assert (one.state, one.inherited, codes(one)) == (RowState.UNASSESSED, None, [reason])
    met = status([held(own, **changes)], own=own, answers=[answer(AnswerValue.NOT_MET)])
    assert (met.state, codes(met)) == (RowState.NOT_MET, [])


@pytest.mark.parametrize("holding", [Holding.BAD_SIGNATURE, Holding.UNREADABLE])
def test_nothing_is_believed_of_a_profile_that_was_changed(holding: Holding) -> None:
    own = checklist(row())
    changed = held(own, holding=holding)
    assert offers(own, [changed], circumstances()) == Offers()
    told = objection(changed, circumstances())
    assert told is not None
    assert told.code == f"provider-{holding}"
    unread = changed.model_copy(update={"profile": None})
    assert offers(own, [unread], circumstances()) == Offers()


@pytest.mark.parametrize(
    "changes",
    [{"reviewed": date(2026, 11, 21)}, {"rows_sha256": "0" * 64}],
    ids=["date", "rows"],
)
def test_another_edition_of_the_list_is_not_inherited(changes: dict[str, Any]) -> None:
    own = checklist(row())
    one = status([held(own, lists=(part_of(own, **changes),))], own=own)
    assert (one.state, codes(one)) == (RowState.UNASSESSED, ["provider-other-edition"])


def test_another_list_says_nothing_and_an_unknown_row_neither() -> None:
    own = checklist(row())
    assert status([held(own, lists=(part_of(own, checklist="other"),))], own=own).reasons == ()
    assert status([held(own, entry(requirement="9.9"))], own=own).state is RowState.UNASSESSED


def test_the_last_day_counts_and_the_next_does_not() -> None:
    assert status(now=circumstances(UNTIL)).met_by_provider
    assert codes(status(now=circumstances(UNTIL + timedelta(days=1)))) == ["provider-expired"]


def test_a_row_may_end_before_its_profile() -> None:
    own = checklist(row())
    ends = [held(own, entry(valid_until=TODAY))]
    first = status(ends, own=own)
    assert (first.met_by_provider, first.due) == (True, TODAY)
    assert codes(status(ends, own=own, now=circumstances(TODAY + timedelta(days=1)))) == ["provider-row-expired"]


def test_a_clock_that_was_set_back_revives_nothing() -> None:
    later = UNTIL + timedelta(days=9)
    one = status(now=circumstances(TODAY, seen=later))
    assert (one.state, codes(one)) == (RowState.UNASSESSED, ["provider-expired-clock"])
    assert status(now=circumstances(TODAY, seen=UNTIL)).met_by_provider  # set back, but nothing had ended


def test_a_day_of_difference_between_two_clocks_is_forgiven() -> None:
    own = checklist(row())
    assert status([held(own, issued_at=NOW + timedelta(days=1))], own=own).met_by_provider


@pytest.mark.parametrize(
    ("suffixes", "host", "inside"),
    [
        (("tinh.gov.vn",), "xa.tinh.gov.vn", True),
        (("tinh.gov.vn",), "tinh.gov.vn", True),
        (("tinh.gov.vn",), "XA.TINH.gov.vn.", True),
        (("tinh.gov.vn",), "xa-tinh.gov.vn", False),
        (("tinh.gov.vn",), "tinh.gov.vn.example", False),
        (("a.vn", "b.vn"), "x.b.vn", True),
    ],
)
def test_names_are_compared_by_labels(suffixes: tuple[str, ...], host: str, inside: bool) -> None:
    assert covers(suffixes, host) is inside


def test_every_page_of_the_system_must_lie_where_the_profile_says() -> None:
    assert status(now=circumstances(hosts=("a.tinh.gov.vn", "b.tinh.gov.vn"))).met_by_provider
    assert codes(status(now=circumstances(hosts=("a.tinh.gov.vn", "b.com")))) == ["provider-elsewhere"]
    assert codes(status(now=circumstances(hosts=()))) == ["provider-elsewhere"]
    own = checklist(row())
    assert status([held(own, hosts=())], own=own, now=circumstances(hosts=())).met_by_provider


def test_of_two_profiles_the_whole_one_and_then_the_longer_one_stands() -> None:
    own = checklist(row())
    in_part = held(own, entry(extent=Extent.PART), id="ncc-part", valid_until=UNTIL + timedelta(days=99))
    short = held(own, id="ncc-short", valid_until=UNTIL - timedelta(days=9))
    for several in ([in_part, short, held(own)], [held(own), short, in_part]):
        one = status(several, own=own)
        assert one.inherited is not None
        assert one.inherited.profile == "ncc-1"
    expired = held(own, valid_until=TODAY - timedelta(days=1))
    kept = status([in_part, expired], own=own)
    assert (kept.state, codes(kept)) == (RowState.PARTIAL, [])


def test_the_digest_of_a_list_depends_on_its_rows_and_their_order() -> None:
    lists = [checklist(row("1.1"), row("1.2")), checklist(row("1.2"), row("1.1")), checklist(row("1.1"))]
    assert len({rows_digest(one) for one in lists}) == 3
    assert rows_digest(lists[0]) == rows_digest(checklist(row("1.1", period="P1Y"), row("1.2")))


def test_dates_are_days_in_the_time_zone_of_the_file() -> None:
    own = checklist(row())
    evening = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert status([held(own, issued_at=evening)], own=own).met_by_provider
