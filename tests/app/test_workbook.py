"""Reading a workbook in: what changes, what conflicts, what is refused, and two people at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from secaudit.app.answers import Statement, record_answer
from secaudit.app.evidence import take_in
from secaudit.app.knowledge import Knowledge
from secaudit.app.rows import find_row
from secaudit.app.workbook_export import export_workbook
from secaudit.app.workbook_import import Imported, store_plan
from secaudit.app.workbook_plan import Choices, Plan, plan_import
from secaudit.export.workbook.compare import Fate
from secaudit.model.assessment import Answer
from secaudit.model.errors import BadInput
from secaudit.model.organisation import System
from secaudit.model.requirement import Requirement
from secaudit.model.words import AnswerValue
from secaudit.store.workspace import Workspace
from tests.export.sample import STANDARD, knowledge
from tests.export.workbook_edit import Editor, exported, filling
from tests.store import facts

ROW, OTHER, THIRD = "5.1.2.1.a", "5.1.2.1.b", "5.1.2.2.a"
LATER = facts.NOW + timedelta(hours=1)
CHOICES = Choices(account="tài khoản")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with facts.new_workspace(tmp_path / "w") as opened:
        say(opened, ROW, value=AnswerValue.PARTIAL, name="Trần Thị B", note="Đã có dự thảo", authority="12/QĐ")
        yield opened


@pytest.fixture
def edit(workspace: Workspace, tmp_path: Path) -> Editor:
    return Editor(exported(workspace, tmp_path / "a.xlsx"))


def say(workspace: Workspace, requirement: str, now: datetime = facts.NOW, **said: Any) -> Answer:
    checklist, row = find_row(knowledge(), requirement)
    return record_answer(
        workspace, knowledge(), facts.SYSTEM, checklist, row, Statement(**said), now, "tài khoản"
    ).answer  # fmt: skip


def planned(workspace: Workspace, edit: Editor, choices: Choices = CHOICES, system: str | None = None) -> Plan:
    return plan_import(workspace, knowledge(), edit.save(), system, choices, LATER)


def stored(workspace: Workspace, edit: Editor, choices: Choices = CHOICES) -> Imported:
    plan = planned(workspace, edit, choices)
    assert plan.faults == ()
    return store_plan(workspace, plan, choices, LATER)


def answer(workspace: Workspace, requirement: str) -> Answer:
    return workspace.answers.history(facts.SYSTEM.id, requirement, STANDARD)[-1]


def faults(plan: Plan) -> dict[str, str]:
    return {fault.cell: fault.sentence.format(**fault.params) for fault in plan.faults}


def test_what_was_filled_in_is_stored_together(workspace: Workspace, edit: Editor) -> None:
    edit.put(ROW, note="Đã ký", value="Đạt", answered_by="Lan")
    edit.put_text(OTHER, reason="=không có")
    edit.put(OTHER, value="Không áp dụng", answered_by="Lan", independent="không",
             assessor="Bình", authority="00123", valid_until=date(2027, 6, 1))  # fmt: skip
    edit.put(THIRD, value="Đạt", evidence="https://xa.vn/a\nhttps://xa.vn/b", evidence_date="01/11/2026")
    plan = planned(workspace, edit)
    assert [(change.row.id, change.fields) for change in plan.changes] == [
        (ROW, ("value", "note", "answered_by")),
        (OTHER, ("value", "reason", "valid_until", "answered_by", "authority", "assessor", "independent")),
        (THIRD, ("value", "evidence", "evidence_date", "answered_by")),
    ]
    assert workspace.evidence.list() == []  # nothing is written by planning
    head = workspace.journal.head()[0]
    assert store_plan(workspace, plan, CHOICES, LATER) == Imported((ROW, OTHER, THIRD), ())
    said = answer(workspace, OTHER)
    assert (said.value, said.reason, said.independent) == (AnswerValue.NOT_APPLICABLE, "=không có", False)
    assert (said.valid_until, said.assessor, said.authority) == (date(2027, 6, 1), "Bình", "00123")
    third = answer(workspace, THIRD)
    assert third.evidence == ("E1", "E2")
    assert (third.answered_by, third.evidence_date) == ("tài khoản", date(2026, 11, 1))
    assert [record.dated for record in workspace.evidence.list()] == [date(2026, 11, 1)] * 2
    first = answer(workspace, ROW)
    assert (first.authority, first.note, first.answered_at) == ("12/QĐ", "Đã ký", LATER)
    entries = workspace.journal.entries()[head:]
    assert [entry.kind for entry in entries] == ["evidence.add"] * 2 + ["answer.set"] * 3
    assert all('"workbook":"a.xlsx"' in entry.payload for entry in entries[2:])


def test_read_in_twice_changes_nothing_the_second_time(workspace: Workspace, edit: Editor) -> None:
    edit.put(THIRD, value="Đạt", evidence="https://xa.vn/a", evidence_date="01/11/2026")
    edit.put(OTHER, value="Chưa đạt")
    stored(workspace, edit)
    plan = planned(workspace, edit)
    assert (plan.changes, plan.conflicts, plan.faults) == ((), (), ())
    assert plan.counts == {Fate.UNCHANGED: 193, Fate.SAME: 2}


def test_what_a_new_export_says_is_unchanged(workspace: Workspace, edit: Editor, tmp_path: Path) -> None:
    edit.put(OTHER, value="Một phần", note="x" * 40_000, evidence="https://xa.vn/a")
    stored(workspace, edit)
    fresh = Editor(exported(workspace, tmp_path / "b.xlsx", "en"))
    plan = planned(workspace, fresh)
    assert plan.counts == {Fate.UNCHANGED: 195}


def test_a_newer_answer_is_never_overwritten_without_a_word(workspace: Workspace, edit: Editor) -> None:
    edit.put(ROW, value="Đạt").put(OTHER, value="Đạt")
    say(workspace, ROW, LATER, value=AnswerValue.NOT_MET, name="Bình")
    say(workspace, THIRD, LATER, value=AnswerValue.MET)  # not touched in the sheet: theirs stands
    plan = planned(workspace, edit)
    [conflict] = plan.conflicts
    assert (conflict.row.id, conflict.cell) == (ROW, "J5")
    assert (conflict.before.value, conflict.before.answered_by) == (AnswerValue.NOT_MET, "Bình")
    assert store_plan(workspace, plan, CHOICES, LATER).written == (OTHER,)
    assert answer(workspace, ROW).value is AnswerValue.NOT_MET
    assert answer(workspace, THIRD).value is AnswerValue.MET
    wilful = replace(CHOICES, prefer_sheet=True)
    assert stored(workspace, edit, wilful).written == (ROW,)
    assert answer(workspace, ROW).value is AnswerValue.MET
    assert len(workspace.answers.history(facts.SYSTEM.id, ROW, STANDARD)) == 3


def test_two_plans_made_before_either_was_stored(workspace: Workspace, edit: Editor, tmp_path: Path) -> None:
    """The second one leaves out what the first has written meanwhile, and nothing else."""
    mine = planned(workspace, edit.put(ROW, value="Đạt").put(OTHER, value="Đạt"))
    edit.put(OTHER, value="Chưa đạt").put(THIRD, value="Chưa đạt").put(ROW, value="Một phần")
    edit.path = tmp_path / "b.xlsx"
    theirs = planned(workspace, edit)
    assert store_plan(workspace, mine, CHOICES, LATER).written == (ROW, OTHER)
    assert store_plan(workspace, theirs, CHOICES, LATER) == Imported((THIRD,), (OTHER,))
    assert answer(workspace, OTHER).value is AnswerValue.MET


def test_many_people_importing_at_once_overwrite_nobody(workspace: Workspace, edit: Editor, tmp_path: Path) -> None:
    words = ["Đạt", "Một phần", "Chưa đạt"]
    paths = []
    for number, word in enumerate(words):
        edit.put(ROW, value=word, note=f"người {number}").put(OTHER, value=word, note=f"người {number}")
        paths.append(edit.save(tmp_path / f"{number}.xlsx"))
    begin = threading.Barrier(len(paths))
    results: dict[int, tuple[Plan, Imported]] = {}

    def person(number: int) -> None:
        with Workspace.open(workspace.path) as own:
            plan = plan_import(own, knowledge(), paths[number], None, CHOICES, LATER)
            begin.wait()
            results[number] = (plan, store_plan(own, plan, CHOICES, LATER))

    threads = [threading.Thread(target=person, args=(number,)) for number in range(len(paths))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    winners = [number for number, (_, done) in results.items() if done.written]
    assert len(winners) == 1
    for number, (_, done) in results.items():
        assert done == (Imported((ROW, OTHER), ()) if number in winners else Imported((), (ROW, OTHER)))
    assert len(workspace.answers.history(facts.SYSTEM.id, ROW, STANDARD)) == 2
    assert {answer(workspace, one).note for one in (ROW, OTHER)} == {f"người {winners[0]}"}


def test_emptied_and_deleted_rows_take_nothing_back(workspace: Workspace, edit: Editor) -> None:
    edit.put(ROW, value=None)
    edit.sheet.delete_rows(edit.line(OTHER), 2)
    plan = planned(workspace, edit)
    assert (plan.changes, plan.conflicts, plan.faults) == ((), (), ())
    assert (plan.counts[Fate.EMPTIED], plan.left_out) == (1, 2)


def test_what_an_answer_needs_is_asked_for_where_it_is_missing(workspace: Workspace, edit: Editor) -> None:
    edit.put(OTHER, value="Không áp dụng", answered_by="Lan").put(THIRD, value="Không áp dụng", reason="vì")
    edit.put(ROW, note="sửa", value=None)
    edit.put("5.1.2.2.b", value="Đạt", evidence_date=date(2027, 1, 1))
    edit.put("5.1.2.2.c", value="Đạt", evidence="E7\nscan:x\nhttps://")
    plan = planned(workspace, edit)
    assert plan.changes == ()
    said = faults(plan)
    assert "needs a reason and a name" in said[edit.place(OTHER, "reason")]
    assert "needs a reason and a name" in said[edit.place(THIRD, "answered_by")]
    assert "no answer is chosen" in said[edit.place(ROW, "value")]
    assert "future" in said[edit.place("5.1.2.2.b", "evidence_date")]
    evidence = edit.place("5.1.2.2.c", "evidence")
    assert sum(fault.cell == evidence for fault in plan.faults) == 3
    named = planned(workspace, edit, replace(CHOICES, name="Lan"))
    assert THIRD in {change.row.id for change in named.changes}


def test_good_rows_can_be_stored_beside_bad_ones(workspace: Workspace, edit: Editor) -> None:
    plan = planned(workspace, edit.put(OTHER, value="được").put(THIRD, value="Đạt"))
    assert store_plan(workspace, plan, CHOICES, LATER).written == (THIRD,)
    assert len(plan.faults) == 1
    assert workspace.answers.history(facts.SYSTEM.id, OTHER, STANDARD) == []


def test_files_are_taken_only_from_the_folder_that_was_named(
    workspace: Workspace, edit: Editor, tmp_path: Path
) -> None:
    folder = tmp_path / "bằng chứng"
    folder.mkdir()
    (folder / "Báo cáo, bản 2.pdf").write_bytes(b"%PDF-1.7")
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"key")
    edit.put(OTHER, value="Đạt", evidence="Báo cáo, bản 2.pdf")
    edit.put(THIRD, value="Đạt", evidence=f"{secret}\n../secret.txt")
    without = faults(planned(workspace, edit))
    assert set(without) == {edit.place(OTHER, "evidence"), edit.place(THIRD, "evidence")}
    plan = planned(workspace, edit, replace(CHOICES, folder=folder))
    assert [fault.cell for fault in plan.faults] == [edit.place(THIRD, "evidence")] * 2
    store_plan(workspace, plan, replace(CHOICES, folder=folder), LATER)
    [record] = workspace.evidence.list()
    assert (record.name, record.size) == ("Báo cáo, bản 2.pdf", 8)
    again = planned(workspace, edit.put(THIRD, value=None, evidence=None), replace(CHOICES, folder=folder))
    assert again.counts[Fate.SAME] == 1
    with pytest.raises(BadInput, match="cannot be read"):
        planned(workspace, edit, replace(CHOICES, folder=tmp_path / "không có"))


def test_days_come_from_the_evidence_and_are_the_same_afterwards(workspace: Workspace, edit: Editor) -> None:
    take_in(workspace, "https://xa.vn/a", dated=date(2026, 5, 1), valid_until=date(2027, 5, 1), by="B", now=facts.NOW)
    stored(workspace, edit.put(OTHER, value="Đạt", evidence="E1"))
    said = answer(workspace, OTHER)
    assert (said.evidence_date, said.valid_until) == (date(2026, 5, 1), date(2027, 5, 1))
    assert planned(workspace, edit).counts[Fate.SAME] == 1


def test_checks_that_were_explained_stay_so_while_the_answer_stays(workspace: Workspace, tmp_path: Path) -> None:
    checklist = knowledge().checklist(STANDARD)
    row = next(row for row in checklist.requirements if row.contradicted_by)
    check = row.contradicted_by[0].check
    say(workspace, row.id, value=AnswerValue.MET, name="Lan", reason="đã chặn", upholds=(check,))
    edit = Editor(exported(workspace, tmp_path / "b.xlsx"))
    stored(workspace, edit.put(row.id, note="thêm"))
    assert answer(workspace, row.id).upholds == (check,)
    refused = planned(workspace, Editor(exported(workspace, tmp_path / "c.xlsx")).put(row.id, reason=None))
    assert "stands against a check" in faults(refused)[edit.place(row.id, "reason")]
    stored(workspace, Editor(exported(workspace, tmp_path / "d.xlsx")).put(row.id, value="Một phần"))
    assert answer(workspace, row.id).upholds == ()


def test_a_long_text_that_was_not_touched_keeps_its_end(workspace: Workspace, tmp_path: Path) -> None:
    whole = "a" * 39_000
    say(workspace, OTHER, value=AnswerValue.PARTIAL, note=whole)
    stored(workspace, Editor(exported(workspace, tmp_path / "b.xlsx")).put(OTHER, value="Đạt"))
    assert answer(workspace, OTHER).note == whole


def test_rows_that_keep_a_name_though_they_changed_are_pointed_out(workspace: Workspace, edit: Editor) -> None:
    assert planned(workspace, edit.put(ROW, value="Đạt")).borrowed == (ROW,)
    assert planned(workspace, edit.put(ROW, answered_by="Lan")).borrowed == ()


def test_a_workbook_of_another_workspace_or_system_is_refused(
    workspace: Workspace, edit: Editor, tmp_path: Path
) -> None:
    with facts.new_workspace(tmp_path / "khác") as other, pytest.raises(BadInput, match="another workspace"):
        planned(other, edit)
    workspace.registry.save_system(System(id="he-thong-2", name="Cổng thứ hai"))
    assert planned(workspace, edit, system="he-thong-1").system.id == "he-thong-1"
    with pytest.raises(BadInput, match="not for he-thong-2"):
        planned(workspace, edit, system="he-thong-2")
    machine = edit.book["secaudit"]
    machine["B5"] = "he-thong-9"
    with pytest.raises(BadInput, match="does not have"):
        planned(workspace, edit)
    machine["B3"] = "tcvn-99999-2030-l3"
    with pytest.raises(BadInput, match="tcvn-99999-2030-l3"):
        planned(workspace, edit)


class Revised(Knowledge):
    """The shipped lists, in which one requirement asks for something else now and another is gone."""

    @property
    def checklists(self) -> Any:
        return tuple(
            checklist.model_copy(update={"requirements": tuple(map(self._revised, checklist.requirements))})
            if checklist.id == STANDARD
            else checklist
            for checklist in knowledge().checklists
        )

    @staticmethod
    def _revised(row: Requirement) -> Requirement:
        new = {OTHER: {"period": "P1D"}, THIRD: {"id": "5.1.2.2.z"}}
        return row.model_copy(update=new.get(row.id, {}))


def test_answers_to_requirements_that_have_changed_since_are_refused_and_the_others_taken(
    workspace: Workspace, edit: Editor
) -> None:
    edit.put(ROW, value="Đạt").put(OTHER, value="Đạt").put(THIRD, value="Đạt")
    plan = plan_import(workspace, Revised(knowledge().root), edit.save(), None, CHOICES, LATER)
    assert [change.row.id for change in plan.changes] == [ROW]
    said = faults(plan)
    assert "has changed since the export" in said[edit.place(OTHER, "text")]
    assert f"no requirement {THIRD} any more" in said[edit.place(THIRD, "value")]


def test_a_workbook_that_is_open_elsewhere_is_read_and_said_so(workspace: Workspace, edit: Editor) -> None:
    assert not planned(workspace, edit).open_elsewhere
    edit.path.with_name(".~lock.a.xlsx#").write_text("Lan", encoding="utf-8")
    assert planned(workspace, edit).open_elsewhere


def test_after_a_backup_was_restored_nothing_is_mistaken_for_unchanged(
    workspace: Workspace, edit: Editor, tmp_path: Path
) -> None:
    from secaudit.store.backup import back_up
    from secaudit.store.restore import restore

    back_up(workspace, tmp_path / "b.zip", datetime.now(UTC))
    say(workspace, OTHER, LATER, value=AnswerValue.MET)
    late = Editor(exported(workspace, tmp_path / "late.xlsx")).put(OTHER, value="Chưa đạt")
    restore(tmp_path / "b.zip", tmp_path / "restored")
    with Workspace.open(tmp_path / "restored") as restored:
        plan = plan_import(restored, knowledge(), late.save(), None, CHOICES, LATER)
    [conflict] = plan.conflicts
    assert (conflict.row.id, conflict.before) == (OTHER, None)


def test_a_workbook_that_is_there_already_is_not_replaced(workspace: Workspace, tmp_path: Path) -> None:
    made = filling(workspace)
    path = export_workbook(made, tmp_path / "a" / "b.xlsx")
    path.write_bytes(b"x")
    with pytest.raises(BadInput, match="exists already"):
        export_workbook(made, path)
    export_workbook(made, path, overwrite=True)
    assert path.read_bytes()[:2] == b"PK"
    with pytest.raises(BadInput, match=r"must end in \.xlsx"):
        export_workbook(made, tmp_path / "a.csv")
    with pytest.raises(BadInput, match="no group"):
        filling(workspace, group="9.9")
