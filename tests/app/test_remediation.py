"""The register beside scans and answers: caught up with, never doubled, never behind a newer word."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.app.answers import Statement, record_answer
from secaudit.app.judge import JudgedScan, latest_judged, latest_look
from secaudit.app.knowledge import Knowledge
from secaudit.app.questions import record_profile
from secaudit.app.remediation import Author, register, tally
from secaudit.app.remediation_follow import catch_up, follow_judged, follow_statuses
from secaudit.app.remediation_work import Edit, add_by_hand, change, merge
from secaudit.app.rows import find_row
from secaudit.app.verifications import with_verifications
from secaudit.assess.findings import find
from secaudit.model.assessment import Answer, RequirementStatus
from secaudit.model.errors import BadInput
from secaudit.model.judgement import CheckOutcome
from secaudit.model.remediation import ItemChange, ItemState
from secaudit.model.scan import ProbeRun, ScanOptions
from secaudit.model.words import PROBES, AnswerValue, Outcome, ProbeStatus, Responsible, RowState, ScanStatus
from secaudit.remedy.rescan import put_in, rescans
from secaudit.store import integrity
from secaudit.store.workspace import Workspace
from tests.remedy.making import item
from tests.store import facts

NOW = datetime.now(UTC)
KNOWLEDGE = Knowledge()
FAIL, PASS, BLIND = Outcome.FAIL, Outcome.PASS, Outcome.INCONCLUSIVE
HOST = "xn--x-mu-bla1c.vn:443"
STANDARD = "tcvn-14423-2026-l3"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with facts.new_workspace(tmp_path / "w") as opened:
        yield opened


def outcome(result: Outcome, check: str = "tls.tls10") -> CheckOutcome:
    return CheckOutcome(check=check, result=result, target=HOST)


def scanned(
    workspace: Workspace, name: str, *outcomes: CheckOutcome, minutes: int = 0, failed: tuple[str, ...] = (),
    **options: object,
) -> JudgedScan:  # fmt: skip
    """Store a scan that has ended, and return it as judged."""
    wanted = ScanOptions.model_validate({"probes": PROBES, **options})
    scan = facts.make_scan(name, started_at=NOW + timedelta(minutes=minutes), options=wanted)
    workspace.scans.begin(scan, facts.SITE.id, facts.MARK)
    for probe in wanted.probes:
        status = ProbeStatus.FAILED if probe in failed else ProbeStatus.OK
        workspace.scans.finish_probe(name, ProbeRun(name=probe, status=status))
    workspace.scans.finish(name, ScanStatus.COMPLETE, NOW, {}, None)
    return JudgedScan(workspace.scans.load(name), outcomes, find(outcomes, KNOWLEDGE.texts))


def follow(workspace: Workspace, judged: JudgedScan) -> None:
    follow_judged(workspace, facts.SITE, judged, KNOWLEDGE, NOW)


def states(workspace: Workspace) -> list[tuple[str, ItemState]]:
    return [(one.id, one.state) for one in workspace.remediation.items()]


def test_the_register_as_it_is_read(workspace: Workspace) -> None:
    follow(workspace, scanned(workspace, "s1", outcome(FAIL), outcome(FAIL, "header.csp-missing")))
    second, first = register(workspace, KNOWLEDGE, NOW, facts.SYSTEM.id)  # the graver one came first
    assert first.title.en == KNOWLEDGE.texts["tls.tls10"].title.en
    assert first.requirements[0].startswith(f"{STANDARD}:5.4")
    assert first.item.group == f"{STANDARD}:5.4"
    assert first.responsible in Responsible
    assert (second.requirements, second.responsible, second.item.group) == ((), None, "")
    assert register(workspace, KNOWLEDGE, NOW, "khác") == []
    later = NOW + timedelta(days=400)
    assert [entry.overdue for entry in register(workspace, KNOWLEDGE, later)] == [True, True]
    assert vars(tally(workspace.remediation.items(), later)) == {"open": 2, "overdue": 2, "accepted": 0}


def test_a_scan_closes_what_its_probes_prove_and_nothing_else(workspace: Workspace) -> None:
    both = (outcome(FAIL), outcome(FAIL, "header.csp-missing"))
    follow(workspace, scanned(workspace, "s1", *both))
    passed = (outcome(PASS), outcome(PASS, "header.csp-missing"))
    follow(workspace, scanned(workspace, "s2", *passed, minutes=1, failed=("tls",)))
    assert states(workspace) == [("KP1", ItemState.VERIFIED), ("KP2", ItemState.OPEN)]
    follow(workspace, scanned(workspace, "s3", *passed, minutes=2, probes=("http",)))
    assert states(workspace)[1] == ("KP2", ItemState.OPEN)
    follow(workspace, scanned(workspace, "s4", *passed, minutes=3, probes=("tls",)))
    assert states(workspace)[1] == ("KP2", ItemState.VERIFIED)
    follow(workspace, scanned(workspace, "s5", *both, minutes=4))
    assert states(workspace) == [("KP1", ItemState.REOPENED), ("KP2", ItemState.REOPENED)]
    assert list(integrity.faults(workspace)) == []


def test_a_clock_that_was_set_back_changes_no_order(workspace: Workspace) -> None:
    follow(workspace, scanned(workspace, "s1", outcome(FAIL)))
    follow(workspace, scanned(workspace, "s2", outcome(PASS), minutes=-60 * 24 * 365))
    assert states(workspace) == [("KP1", ItemState.VERIFIED)]


def test_scans_that_come_in_late_do_not_undo_a_newer_one(workspace: Workspace) -> None:
    first, second = (scanned(workspace, name, outcome(result)) for name, result in (("s1", FAIL), ("s2", FAIL)))
    follow(workspace, first)
    slow = scanned(workspace, "s3", outcome(FAIL), minutes=1)
    follow(workspace, scanned(workspace, "s4", outcome(PASS), minutes=2))
    follow(workspace, slow)
    follow(workspace, second)
    assert states(workspace) == [("KP1", ItemState.VERIFIED)]


def test_many_at_once_open_one_item(workspace: Workspace) -> None:
    judged = [scanned(workspace, f"s{number}", outcome(FAIL), minutes=number) for number in range(8)]
    threads = [threading.Thread(target=follow, args=(workspace, one)) for one in judged]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(workspace.remediation.items()) == 1
    assert [event.kind for event in workspace.remediation.events()] == ["opened"]


def test_what_a_killed_process_left_is_caught_up_with(workspace: Workspace) -> None:
    scanned(workspace, "s1")  # stored and never followed; its observations fail the name of the page
    answer = facts.ANSWER.model_copy(update={"value": AnswerValue.NOT_MET, "upholds": ()})
    workspace.answers.record(facts.SYSTEM.id, answer)
    catch_up(workspace, KNOWLEDGE, NOW)
    found = {one.subject or one.check: one.source.value for one in workspace.remediation.items()}
    assert f"{STANDARD}:{answer.requirement}" in found
    assert "finding" in found.values()
    head = workspace.journal.head()
    catch_up(workspace, KNOWLEDGE, NOW)
    assert workspace.journal.head() == head
    [gap] = [one for one in workspace.remediation.items() if one.source.value == "requirement"]
    assert gap.opened_by == "secaudit"


def test_an_answer_that_somebody_has_replaced_is_left_to_them(workspace: Workspace) -> None:
    answer = Answer(checklist=STANDARD, requirement="5.1.2.1.a", value=AnswerValue.NOT_MET, answered_by="Lan",
                    answered_at=NOW)  # fmt: skip
    workspace.answers.record(facts.SYSTEM.id, answer)
    workspace.answers.record(facts.SYSTEM.id, answer.model_copy(update={"value": AnswerValue.MET}))
    stale = RequirementStatus(requirement="5.1.2.1.a", group="5.1", counted=True, state=RowState.NOT_MET, answer=answer)
    assert follow_statuses(workspace, KNOWLEDGE, facts.SYSTEM, [(STANDARD, stale)], NOW) == []
    advice = stale.model_copy(update={"answer": None})
    assert follow_statuses(workspace, KNOWLEDGE, facts.SYSTEM, [("tcvn-11930-2017-l3", advice)], NOW) == []


def test_a_question_that_sets_rows_aside_closes_their_items(workspace: Workspace) -> None:
    checklist = next(one for one in KNOWLEDGE.checklists if one.id == STANDARD)
    row = next(row for row in checklist.requirements if row.condition and KNOWLEDGE.profile.sets_aside(row.condition))
    _, found = find_row(KNOWLEDGE, row.id)
    said = Statement(value=AnswerValue.NOT_MET, name="Lan")
    record_answer(workspace, KNOWLEDGE, facts.SYSTEM, checklist, found, said, NOW, "root")
    assert states(workspace) == [("KP1", ItemState.OPEN)]
    record_profile(
        workspace, KNOWLEDGE, facts.SYSTEM, {row.condition: False}, name="Lan", reason="không có", now=NOW
    )  # fmt: skip
    assert states(workspace) == [("KP1", ItemState.VERIFIED)]
    assert workspace.remediation.events()[-1].by == "Lan"


def test_what_no_longer_applies_is_confirmed_by_a_person_and_what_a_scan_can_tell_is_not(workspace: Workspace) -> None:
    scanned(workspace, "s1")
    gone = {"site": facts.SITE.id, "seen_at": NOW, "seen_in": "s1", "looked_in": "s1", "system": facts.SYSTEM.id}
    made = [item(id="", subject="a", check="integrity.changed", **gone), item(id="", subject="b", **gone)]
    workspace.remediation.change(lambda *_: [ItemChange(item=one) for one in made])
    author = Author("Lan", NOW)
    sure = Edit(state=ItemState.VERIFIED, comment="đã xem, không còn nữa")
    with pytest.raises(BadInput, match="Only a rescan proves KP2"):
        change(workspace, KNOWLEDGE, "KP2", sure, author)
    with pytest.raises(BadInput, match="Say what was seen"):
        change(workspace, KNOWLEDGE, "KP1", Edit(state=ItemState.VERIFIED), author)
    assert change(workspace, KNOWLEDGE, "KP1", sure, author).state is ItemState.VERIFIED
    assert workspace.remediation.events("KP1")[-1].by == "Lan"


def test_work_by_hand_that_stands_for_a_fault_waits_for_its_proof(workspace: Workspace) -> None:
    author = Author("Lan", NOW)
    hand = add_by_hand(workspace, KNOWLEDGE, facts.SYSTEM, Edit(title="Thay máy chủ"), "", author)
    follow(workspace, scanned(workspace, "s1", outcome(FAIL)))
    merge(workspace, "KP2", hand.id, author)
    sure = Edit(state=ItemState.VERIFIED, comment="đã thay")
    with pytest.raises(BadInput, match="also stands for KP2"):
        change(workspace, KNOWLEDGE, hand.id, sure, author)
    follow(workspace, scanned(workspace, "s2", outcome(PASS), minutes=1))
    assert workspace.remediation.get(hand.id).state is ItemState.OPEN  # the work itself nobody has confirmed
    assert change(workspace, KNOWLEDGE, hand.id, sure, author).state is ItemState.VERIFIED
    follow(workspace, scanned(workspace, "s3", outcome(FAIL), minutes=2))
    assert states(workspace) == [("KP1", ItemState.REOPENED), ("KP2", ItemState.DUPLICATE)]


def needs(check: str) -> tuple[str, ...]:
    if check == "unknown":
        raise KeyError(check)
    return ("tls",) if check.startswith("tls") else ("http", "crawl")


def test_a_rescan_sends_only_what_the_items_need_and_as_widely_as_before() -> None:
    options = {
        "s1": ScanOptions(profile="quick", https_port=8443, time_limit=30),
        "s2": ScanOptions(profile="full", https_port=8443),
        "s3": ScanOptions(https_port=9443),
    }
    wanted = [
        item(seen_in="s1"), item(id="KP2", check="cookie.no-secure", seen_in="s2"), item(id="KP3", seen_in="s3"),
        item(id="KP4", check="unknown"), item(id="KP5", seen_in="lost"),
    ]  # fmt: skip
    first, second = rescans(wanted, options, needs)
    assert (first.items, second.items) == (("KP1", "KP2"), ("KP3",))
    assert (first.options.probes, second.options.probes) == (("http", "tls", "crawl"), ("tls",))
    assert (first.options.profile, first.options.time_limit, first.options.verifies) == ("full", 120.0, True)


@pytest.mark.parametrize(
    ("later", "failed", "profile", "expected"),
    [
        ([outcome(PASS)], (), "standard", [PASS]),
        ([outcome(BLIND)], (), "standard", [FAIL]),
        ([outcome(PASS)], ("tls",), "standard", [FAIL]),
        ([outcome(PASS)], (), "quick", [FAIL]),
        ([outcome(FAIL), outcome(BLIND)], (), "standard", [FAIL, FAIL]),
    ],
)
def test_what_was_looked_at_again_replaces_only_what_it_proves(
    later: list[CheckOutcome], failed: tuple[str, ...], profile: str, expected: list[Outcome]
) -> None:
    runs = tuple(
        ProbeRun(name=name, status=ProbeStatus.FAILED if name in failed else ProbeStatus.OK) for name in PROBES
    )
    scan = facts.make_scan(options=ScanOptions(profile=profile), runs=runs)
    merged = put_in([outcome(FAIL)], later, scan, ScanOptions(), needs)
    assert [one.result for one in merged] == expected


def test_a_scan_for_verification_does_not_speak_for_the_site_alone(workspace: Workspace) -> None:
    whole = scanned(workspace, "s1", outcome(FAIL, "header.csp-missing"))
    scanned(workspace, "s2", minutes=1, probes=("tls",), verifies=True)
    assert [line.id for line in workspace.scans.summaries()] == ["s1"]
    assert [line.id for line in workspace.scans.summaries(verifications=True)] == ["s2", "s1"]
    assert [line.verifies for line in workspace.scans.summaries(verifications=True)] == [True, False]
    assert workspace.scans.resolve("latest") == "s1"
    assert workspace.scans.resolve("s2") == "s2"
    assert workspace.looks.verifications(facts.SITE.id, "s1") == ["s2"]
    assert workspace.looks.verifications(facts.SITE.id, "s1", before=NOW - timedelta(days=1)) == []
    assert workspace.looks.verifications(facts.SITE.id, "s2") == []
    merged = with_verifications(workspace, "s1", whole.outcomes, ["s2"])
    assert merged == list(whole.outcomes)  # it saw nothing
    assert [head.id for head in workspace.looks.heads(facts.SITE.id, count=5)] == ["s1"]
    look = latest_look(workspace, facts.SITE, KNOWLEDGE, NOW)
    assert look is not None
    assert look.scan.id == "s1"
    latest = latest_judged(workspace, facts.SITE, KNOWLEDGE)
    assert latest is not None
    assert latest.scan.id == "s1"
