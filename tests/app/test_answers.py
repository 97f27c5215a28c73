"""Answers as an officer gives them: what makes no sense is refused, the rest is kept and judged at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from secaudit.app.answers import Recorded, Statement, record_answer
from secaudit.app.evidence import give_back, take_in
from secaudit.app.knowledge import Knowledge
from secaudit.app.questions import apply_level, parse_settings, record_level, record_profile
from secaudit.app.rows import choose_system, find_row, find_rows
from secaudit.model.errors import BadInput
from secaudit.model.evidence import EvidenceKind
from secaudit.model.organisation import System
from secaudit.model.words import AnswerValue, RowState
from secaudit.store.workspace import Workspace
from tests.checklist.conftest import DATA
from tests.store import facts

MET, PARTIAL, NOT_APPLICABLE = AnswerValue.MET, AnswerValue.PARTIAL, AnswerValue.NOT_APPLICABLE
HALF_YEARLY = "5.7.2.1.b"
"""A row of the standard with a period of six months."""
TODAY = facts.NOW.astimezone().date()


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge(DATA)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with facts.new_workspace(tmp_path / "w") as opened:
        yield opened


def say(
    workspace: Workspace, knowledge: Knowledge, requirement: str, now: datetime = facts.NOW, **said: Any
) -> Recorded:
    checklist, row = find_row(knowledge, requirement)
    return record_answer(
        workspace, knowledge, facts.SYSTEM, checklist, row, Statement(**said), now, "tài khoản"
    )  # fmt: skip


@pytest.fixture
def document(tmp_path: Path) -> str:
    file = tmp_path / "Báo cáo quét.pdf"
    file.write_bytes(b"%PDF-1.7")
    return str(file)


def test_an_answer_keeps_everything_that_was_said(workspace: Workspace, knowledge: Knowledge, document: str) -> None:
    done = say(
        workspace, knowledge, HALF_YEARLY, value=MET, name=" Trần Thị B ", note="quét tháng 10", authority="12/QĐ-UBND",
        assessor="Sở", independent=True, evidence=(document, "https://xa.vn/bao-cao"), evidence_date=date(2026, 10, 1),
        valid_until=date(2027, 1, 1),
    )  # fmt: skip
    [stored] = workspace.answers.current(facts.SYSTEM.id)
    assert stored == done.answer
    assert (stored.answered_by, stored.authority, stored.assessor, stored.independent) == (
        "Trần Thị B", "12/QĐ-UBND", "Sở", True,
    )  # fmt: skip
    assert stored.evidence == ("E1", "E2")
    assert [one.kind for one in done.evidence] == [EvidenceKind.FILE, EvidenceKind.LINK]
    assert {(one.dated, one.valid_until) for one in done.evidence} == {(date(2026, 10, 1), date(2027, 1, 1))}
    assert (done.status.state, done.status.due) == (RowState.MET, date(2027, 1, 1))


def test_the_account_stands_where_no_name_is_needed(workspace: Workspace, knowledge: Knowledge) -> None:
    assert say(workspace, knowledge, "5.1.2.1.a", value=PARTIAL).answer.answered_by == "tài khoản"


@pytest.mark.parametrize(
    ("requirement", "said", "complaint"),
    [
        ("5.1.2.1.a", {}, "no answer yet"),
        ("5.1.2.1.a", {"note": "x"}, "no answer yet"),
        ("5.1.2.1.a", {"value": NOT_APPLICABLE}, "needs a reason and a name"),
        ("5.1.2.1.a", {"value": NOT_APPLICABLE, "reason": "vì", "name": " "}, "needs a reason and a name"),
        ("5.1.2.1.a", {"value": NOT_APPLICABLE, "reason": " ", "name": "Lan"}, "needs a reason and a name"),
        ("5.1.2.1.a", {"value": MET, "evidence_date": TODAY + timedelta(days=1)}, "in the future"),
        ("5.1.2.1.a", {"value": MET, "evidence_date": date(2026, 10, 2), "valid_until": date(2026, 10, 1)},
         "before its own date"),
        ("5.1.2.1.a", {"value": MET, "evidence": ("missing.pdf",)}, "no file"),
        ("5.1.2.1.a", {"value": MET, "evidence": ("E9",)}, "no evidence E9"),
        ("5.1.2.1.a", {"value": MET, "evidence": ("scan:xyz",)}, "scan"),
        ("5.1.2.1.a", {"value": MET, "evidence": ("https://",)}, "link"),
        ("5.1.2.1.a", {"value": MET, "evidence": ("https://xa vn/",)}, "link"),
        ("5.1.2.1.a", {"value": MET, "upholds": ("tls.sslv3",)}, "reason and a name"),
        ("5.1.2.1.a", {"value": MET, "upholds": ("tls.sslv3",), "reason": "vì", "name": "Lan"},
         "does not speak against"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_nothing_is_kept(
    workspace: Workspace, knowledge: Knowledge, requirement: str, said: dict[str, Any], complaint: str
) -> None:
    before = workspace.journal.head()
    with pytest.raises(BadInput, match=complaint):
        say(workspace, knowledge, requirement, **said)
    assert workspace.journal.head() == before


def test_a_check_that_speaks_against_the_row_may_be_upheld(workspace: Workspace, knowledge: Knowledge) -> None:
    row = next(
        row for row in find_rows(knowledge, None, None)[1] if {link.check for link in row.contradicted_by}
    )  # fmt: skip
    check = row.contradicted_by[0].check
    done = say(workspace, knowledge, row.id, value=MET, name="Lan", reason="đã cách ly", upholds=(check,))
    assert done.answer.upholds == (check,)


def test_an_equivalent_measure_counts_as_partial_where_none_is_allowed(
    workspace: Workspace, knowledge: Knowledge
) -> None:
    rows = find_rows(knowledge, None, None)[1]
    refused = next(row for row in rows if not row.equivalent and not row.period and not row.condition)
    allowed = next(row for row in rows if row.equivalent and not row.period and not row.condition)
    done = say(workspace, knowledge, refused.id, value=MET, equivalent="VPN của tỉnh")
    assert (done.answer.value, done.status.state) == (MET, RowState.PARTIAL)
    assert [reason.code for reason in done.status.reasons] == ["row-equivalent-not-allowed"]
    assert say(workspace, knowledge, allowed.id, value=MET, equivalent="VPN của tỉnh").status.state is RowState.MET


def test_an_answer_is_completed_without_a_value_and_begun_anew_with_one(
    workspace: Workspace, knowledge: Knowledge, document: str
) -> None:
    say(workspace, knowledge, HALF_YEARLY, value=MET, name="Lan", note="một", evidence=("https://xa.vn/1",))
    done = say(workspace, knowledge, HALF_YEARLY, evidence=(document,), evidence_date=date(2026, 10, 1))
    assert (done.answer.value, done.answer.note, done.answer.evidence) == (MET, "một", ("E1", "E2"))
    assert done.answer.answered_by == "tài khoản"  # who completes it answers for it
    anew = say(workspace, knowledge, HALF_YEARLY, value=PARTIAL)
    assert (anew.answer.note, anew.answer.evidence, anew.answer.evidence_date) == ("", (), None)
    checklist, row = find_row(knowledge, HALF_YEARLY)
    assert len(workspace.answers.history(facts.SYSTEM.id, row.id, checklist.id)) == 3


def test_dates_come_from_the_evidence_where_none_is_said(workspace: Workspace, knowledge: Knowledge) -> None:
    for name, dated, until in (("1", date(2026, 3, 1), date(2027, 5, 1)), ("2", date(2026, 9, 1), None)):
        take_in(workspace, f"https://xa.vn/{name}", dated=dated, valid_until=until, by="Lan", now=facts.NOW)
    done = say(workspace, knowledge, HALF_YEARLY, value=MET, evidence=("E1", "e2", "E1"))
    assert (done.answer.evidence, done.answer.evidence_date, done.answer.valid_until) == (
        ("E1", "E2"), date(2026, 9, 1), date(2027, 5, 1),
    )  # fmt: skip
    assert done.status.due == date(2027, 3, 1)


def test_a_scan_brings_its_own_date(workspace: Workspace, knowledge: Knowledge) -> None:
    workspace.scans.begin(facts.make_scan("20261122-1405-7f3a9c"), facts.SITE.id, facts.MARK)
    done = say(workspace, knowledge, HALF_YEARLY, value=MET, evidence=("scan:20261122",))
    assert done.evidence[0].reference == "20261122-1405-7f3a9c"
    assert done.answer.evidence_date == TODAY


def test_a_clock_set_back_keeps_the_order_and_is_told(workspace: Workspace, knowledge: Knowledge) -> None:
    assert say(workspace, knowledge, "5.1.2.1.a", value=MET).earlier_than is None
    behind = say(workspace, knowledge, "5.1.2.1.a", now=facts.NOW - timedelta(days=2), value=PARTIAL)
    assert behind.earlier_than == facts.NOW
    assert behind.status.answer == behind.answer
    assert behind.status.state is RowState.PARTIAL


def test_a_kept_file_is_given_back_under_its_name(workspace: Workspace, document: str, tmp_path: Path) -> None:
    one = take_in(workspace, document, dated=None, valid_until=None, by="Lan", now=facts.NOW)
    (tmp_path / "ra").mkdir()
    written = give_back(workspace, one.id, tmp_path / "ra")
    assert (written.name, written.read_bytes()) == ("Báo cáo quét.pdf", b"%PDF-1.7")
    with pytest.raises(BadInput, match="there already"):
        give_back(workspace, one.id, tmp_path / "ra")
    link = take_in(workspace, "http://xa.vn", dated=None, valid_until=None, by="Lan", now=facts.NOW)
    with pytest.raises(BadInput, match="not a file"):
        give_back(workspace, link.id, tmp_path)


def test_systems_and_rows_are_found_as_people_name_them(workspace: Workspace, knowledge: Knowledge) -> None:
    assert choose_system(workspace, None) == facts.SYSTEM
    with pytest.raises(BadInput, match="no system 'x'"):
        choose_system(workspace, "x")
    workspace.registry.save_system(System(id="he-thong-2", name="Hai"))
    with pytest.raises(BadInput, match="several systems"):
        choose_system(workspace, None)
    assert choose_system(workspace, "he-thong-2").name == "Hai"
    for typed in ("5.7.2.1.b", " 5.7.2.1 b", "5.7.2.1.B", "tcvn-14423-2026-l3:5.7.2.1.b"):
        checklist, row = find_row(knowledge, typed)
        assert (checklist.id, row.id) == ("tcvn-14423-2026-l3", "5.7.2.1.b")
    with pytest.raises(BadInput, match="Several requirements"):
        find_row(knowledge, "5.7.2.2")
    with pytest.raises(BadInput, match="no group or requirement"):
        find_row(knowledge, "9.9")
    other = next(checklist for checklist in knowledge.checklists if checklist.role == "duties")
    with pytest.raises(BadInput, match=f"{other.id}:"):
        find_row(knowledge, other.requirements[0].id)
    assert len(find_rows(knowledge, None, None)[1]) == 195
    assert len(find_rows(knowledge, "5.7", None)[1]) == 7
    assert [row.id for row in find_rows(knowledge, other.id, other.requirements[0].id)[1]] == [other.requirements[0].id]
    with pytest.raises(BadInput, match="no checklist"):
        find_rows(knowledge, "nothing", "5.7")


def test_the_profile_is_recorded_with_a_name(workspace: Workspace, knowledge: Knowledge) -> None:
    known = [question.id for question in knowledge.profile.questions]
    answers = parse_settings(["uses-wireless=không", "own-servers=YES"], known)
    with pytest.raises(BadInput, match="--name"):
        record_profile(workspace, knowledge, facts.SYSTEM, answers, name=" ", reason="", now=facts.NOW)
    record_profile(workspace, knowledge, facts.SYSTEM, answers, name="Lan", reason="", now=facts.NOW)
    said = workspace.profile.current(facts.SYSTEM.id)
    assert {name: one.yes for name, one in said.items()} == {"uses-wireless": False, "own-servers": True}
    for wrong in ("uses-wireless", "nothing=yes", "uses-wireless=maybe", "=no"):
        with pytest.raises(BadInput):
            parse_settings([wrong], known)


def test_the_level_is_stored_with_the_system_unless_approved(workspace: Workspace, knowledge: Knowledge) -> None:
    answers = {"online-service": False, "non-public-information": False, "state-secrets": False}
    with pytest.raises(BadInput, match="--name"):
        record_level(workspace, knowledge, facts.SYSTEM, answers, plan="", name="", now=facts.NOW)
    half = record_level(workspace, knowledge, facts.SYSTEM, answers, plan="86/KH", name="Lan", now=facts.NOW)
    with pytest.raises(BadInput, match="shared-infrastructure"):
        apply_level(workspace, facts.SYSTEM, half)
    answers["shared-infrastructure"] = False
    whole = record_level(workspace, knowledge, facts.SYSTEM, answers, plan="86/KH", name="Lan", now=facts.NOW)
    stored = apply_level(workspace, facts.SYSTEM.model_copy(update={"level": 1}), whole)
    assert (stored.level, stored.level_basis) == (3, "voluntary")
    assert workspace.registry.systems() == [stored]
    assert len(workspace.levels.history(facts.SYSTEM.id)) == 2
    with pytest.raises(BadInput, match="approved"):
        apply_level(workspace, stored.model_copy(update={"level_basis": "approved"}), whole)
