"""The remediation plan: what stands where, in which order, and what it never claims."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import openpyxl

from secaudit.model.remediation import Priority
from secaudit.report.plan.build import build_plan
from secaudit.report.plan.facts import RemediationFile
from secaudit.report.plan.lines import cost_of, work_lines
from secaudit.report.plan.tables import plan_sheets, plan_table
from secaudit.report.plan.words import plan_words
from secaudit.report.workbook import Book, Words, csv_bytes
from tests.report.plan_sample import entry, plan_inputs, register
from tests.report.sample import NOW, PHRASES, VIETNAM
from tests.report.sample_rows import main_list


def words(**more: object) -> dict[str, object]:
    return plan_words(build_plan(plan_inputs(**more)), PHRASES.render)  # type: ignore[arg-type]


def test_lines_come_by_priority_then_due_date_and_merged_work_is_left_out() -> None:
    lines = work_lines(register(), [main_list()])
    assert [line.id for line in lines] == ["KP2", "KP1", "KP3", "KP5", "KP6", "KP4"]
    assert [line.standing for line in lines] == ["open", "open", "open", "accepted", "closed", "open"]
    same = [entry(n, f"{n}", due=day, priority=Priority.HIGH) for n, day in ((1, None), (2, date(2027, 1, 1)))]
    assert [line.id for line in work_lines(same, [])] == ["KP2", "KP1"], "no date comes last"
    assert cost_of(lines) == (17_500_000, 3)


def test_the_plan_has_owner_unit_due_cost_and_proof() -> None:
    [first, second] = words()["annex_1"]  # type: ignore[misc]
    assert [group["title"] for group in first["priorities"]] == [
        "Ưu tiên: Khẩn cấp",
        "Ưu tiên: Cao",
        "Ưu tiên: Bình thường",
    ]
    urgent, high, normal = (group["lines"][0] for group in first["priorities"])
    assert urgent["who"] == "[chưa giao] (thường do: Nhà cung cấp dịch vụ lưu trữ)"
    assert urgent["due"] == "01/10/2026 (quá hạn)"
    assert (high["who"], high["due"], high["cost"]) == ("Lê Văn Ba, Công ty Lưu trữ", "15/12/2026", "5.000.000")
    assert "Lần quét sau" in high["proof"]
    assert "Biên bản rà soát" in normal["proof"], "the evidence that the requirement asks for"
    assert "ghi tên xác nhận" in second["priorities"][0]["lines"][0]["proof"]


def test_units_are_summed_up_and_what_nobody_has_comes_last() -> None:
    units = words()["units"]
    assert [one["unit"] for one in units] == [  # type: ignore[index]
        "Công ty Lưu trữ", "Phòng Văn hóa - Xã hội", "Trần Thị Hai", "[chưa giao]",
    ]  # fmt: skip
    assert [one["cost"] for one in units] == ["5.000.000", "Chưa ước tính", "12.500.000", "Chưa ước tính"]  # type: ignore[index]
    assert "17.500.000 đồng; còn 2 việc chưa ước tính" in str(words()["cost_line"])


def test_accepted_and_closed_work_stand_apart_by_the_day_of_the_office() -> None:
    made = words()
    [accepted], [closed] = made["annex_2"], made["annex_3"]  # type: ignore[misc]
    assert (accepted["id"], accepted["until"]) == ("KP5", "30/06/2027")
    assert (closed["id"], closed["closed"]) == ("KP6", "01/11/2026"), "18:30 UTC is the next day in Việt Nam"
    later = RemediationFile(period_from=date(2026, 11, 2))
    assert words(officer=later)["annex_3"] == []


def test_a_plan_that_lacks_people_dates_or_work_is_a_draft_and_says_so() -> None:
    plan = build_plan(plan_inputs())
    assert plan.gaps == {"unassigned": 1}
    assert plan.letter.draft
    whole = [one for one in register() if one.item.id != "KP2"]
    assert not build_plan(plan_inputs(entries=whole)).letter.draft
    undated = build_plan(plan_inputs(entries=[entry(1, "x", owner="A")]))
    assert undated.gaps == {"undated": 1}
    empty = build_plan(plan_inputs(entries=[]))
    assert empty.gaps == {"no-work": 1}
    assert "chưa có việc nào" in str(words(entries=[])["standing"])
    assert "đã hoàn thành" not in str(words(entries=[])["standing"])


def test_nobody_is_addressed_so_nothing_is_as_above() -> None:
    recipients = words()["recipients"]
    assert recipients == ["- HĐND xã;", "- Lưu: VT, VHXH."]


def test_the_workbook_has_real_numbers_and_dates() -> None:
    plan, say = build_plan(plan_inputs()), Words("en", VIETNAM)
    book = openpyxl.load_workbook(BytesIO(Book(say, "t", NOW).write(plan_sheets(plan, say))))
    assert book.sheetnames == ["Remediation", "Accepted risks", "Proven done"]
    heads = {cell.value: n for n, cell in enumerate(book["Remediation"][1])}
    rows = list(book["Remediation"].iter_rows(min_row=2, values_only=True))
    assert [row[heads["Work"]] for row in rows] == ["KP2", "KP1", "KP3", "KP4"]
    assert rows[1][heads["Estimate, đồng"]] == 5_000_000
    assert rows[1][heads["Due"]] == datetime(2026, 12, 15)  # noqa: DTZ001 - a spreadsheet has no zones
    assert book["Remediation"].auto_filter.ref


def test_the_csv_holds_all_work_and_no_formula() -> None:
    plan, say = (
        build_plan(plan_inputs(entries=[*register(), entry(9, "=1+1", target="@x", owner="-y")])),
        Words("vi", UTC),
    )
    raw = csv_bytes(plan_table(plan, say), say)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(raw.decode("utf-8-sig"))))
    assert len(rows) == 7
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))]
    assert "'=1+1" in cells
    assert "2026-12-15" in cells
