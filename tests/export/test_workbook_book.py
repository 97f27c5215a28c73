"""The workbook as it is written: what is open, what is locked, what prints, and that texts stay texts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from secaudit.app.answers import assess_one
from secaudit.export.words import Words
from secaudit.export.workbook.book import HEAD, KEYS, write_workbook
from secaudit.export.workbook.columns import HEADS, PREFIX, WRITABLE
from secaudit.export.workbook.filling import Filling
from secaudit.model.words import AnswerValue
from secaudit.store.workspace import Workspace
from tests.export.sample import HOSTILE, LANGUAGES, STANDARD, hostile, knowledge
from tests.export.workbook_edit import Editor, exported, filling
from tests.store import facts


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with facts.new_workspace(tmp_path / "w") as opened:
        opened.answers.record(facts.SYSTEM.id, facts.ANSWER)
        yield opened


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_stands_in_the_list_with_its_texts_and_its_answer(
    workspace: Workspace, tmp_path: Path, language: str
) -> None:
    edit = Editor(exported(workspace, tmp_path / "a.xlsx", language))
    words = Words(language)
    rows = knowledge().checklist(STANDARD).requirements
    assert edit.book.sheetnames == [words("Instructions"), words("Answers"), "secaudit"]
    lines = list(edit.sheet.iter_rows(HEAD + 2, values_only=True))
    assert [line[0] for line in lines] == [row.id for row in rows]
    assert [line[edit.column("text") - 1] for line in lines] == [row.text.in_language(language) for row in rows]
    answered = lines[0]
    assert answered[edit.column("value") - 1] == words("Partly met")
    assert answered[edit.column("note") - 1] == facts.ANSWER.note
    assert answered[edit.column("evidence_date") - 1] == datetime(2026, 10, 1)  # noqa: DTZ001
    assert sum(line[edit.column("value") - 1] is not None for line in lines) == 1
    heads = [cell.value for cell in edit.sheet[HEAD + 1]]
    assert heads == [words(head.text) for head in HEADS]


def test_only_the_cells_to_be_filled_in_are_open_and_there_is_no_password(workspace: Workspace, tmp_path: Path) -> None:
    edit = Editor(exported(workspace, tmp_path / "a.xlsx"))
    sheet = edit.sheet
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not sheet.protection.autoFilter  # not forbidden
    assert sheet.protection.sort  # forbidden: with locked texts it would tear answers from their requirements
    writable = {edit.column(head.key) for head in WRITABLE}
    for line in (HEAD + 1, HEAD + 2, sheet.max_row):
        for column in range(1, len(HEADS) + 1):
            opened = not sheet.cell(line, column).protection.locked
            assert opened == (column in writable and line > HEAD + 1)
    assert sheet.row_dimensions[KEYS + 1].hidden
    assert sheet.column_dimensions["A"].hidden
    assert [cell.value for cell in sheet[KEYS + 1]] == [PREFIX + head.key for head in HEADS]
    assert edit.book["secaudit"].sheet_state == "veryHidden"


def test_lists_to_choose_from_days_filters_and_print(workspace: Workspace, tmp_path: Path) -> None:
    edit = Editor(exported(workspace, tmp_path / "a.xlsx"))
    sheet = edit.sheet
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["J5:J199"].formula1 == '"Đạt,Một phần,Chưa đạt,Không áp dụng"'
    assert rules["T5:T199"].type == "list"
    assert {rules[cells].type for cells in ("O5:O199", "P5:P199")} == {"date"}
    assert sheet.cell(5, edit.column("evidence_date")).number_format == "dd/mm/yyyy"
    assert sheet.cell(5, edit.column("note")).number_format == "@"
    assert sheet.auto_filter.ref == "A4:T199"
    assert sheet.freeze_panes == "E5"
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_title_cols == "$A:$C"
    assert "&P" in str(sheet.oddFooter.right.text)
    notice = knowledge().checklist(STANDARD).notice.vi
    assert notice in str(sheet.oddHeader.left.text)
    assert max(sheet.row_dimensions[n].height or 0 for n in range(1, sheet.max_row + 1)) < 409


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sheet_says_how_and_counts_by_formulas(workspace: Workspace, tmp_path: Path, language: str) -> None:
    path = exported(workspace, tmp_path / "a.xlsx", language)
    words = Words(language)
    book = load_workbook(path)
    said = "\n".join(str(cell) for line in book.worksheets[0].values for cell in line if cell is not None)
    assert knowledge().checklist(STANDARD).notice.in_language(language) in said
    for sentence in (
        "Fill in the cells with the brown headings only. All other cells are locked, without a password.",
    ):
        assert words(sentence) in said
    counted = [line for line in book.worksheets[0].values if str(line[2]).startswith("=")]
    assert [line[0] for line in counted][:-1] == [group.id for group in knowledge().checklist(STANDARD).groups]
    assert "EXACT(" in str(counted[0][2])  # 5.1 and 5.10 are the same number to a spreadsheet
    values = [line for line in load_workbook(path, data_only=True).worksheets[0].values if line[0] == "5.1"]
    assert values[0][2:] == (11, 0, 1, 0, 0, 10)


def test_one_sheet_for_each_group(workspace: Workspace, tmp_path: Path) -> None:
    book = load_workbook(exported(workspace, tmp_path / "a.xlsx", by_group=True))
    groups = knowledge().checklist(STANDARD).groups
    sheets = book.worksheets[1:-1]
    assert len(sheets) == len(groups)
    for sheet, group in zip(sheets, groups, strict=True):
        assert sheet.title.startswith(group.id)
        assert sheet.max_row - HEAD - 1 == group.rows
    ids = [sheet.cell(line, 1).value for sheet in sheets for line in range(HEAD + 2, sheet.max_row + 1)]
    assert ids == [row.id for row in knowledge().checklist(STANDARD).requirements]


def test_a_group_and_open_rows_alone(workspace: Workspace, tmp_path: Path) -> None:
    workspace.answers.record(facts.SYSTEM.id, facts.ANSWER.model_copy(update={
        "requirement": "5.7.2.2-1", "value": AnswerValue.NOT_APPLICABLE, "reason": "không có",
    }))  # fmt: skip
    group = Editor(exported(workspace, tmp_path / "a.xlsx", group="5.7"))
    assert group.sheet.max_row - HEAD - 1 == 7
    left = Editor(exported(workspace, tmp_path / "b.xlsx", group="5.7", open_only=True))
    ids = [left.sheet.cell(line, 1).value for line in range(HEAD + 2, left.sheet.max_row + 1)]
    assert len(ids) == 6
    assert "5.7.2.2-1" not in ids


def test_hostile_texts_stay_texts(workspace: Workspace) -> None:
    content = hostile()
    checklist = content.checklist
    for row, text in zip(checklist.requirements, HOSTILE, strict=True):
        said = {name: text for name in ("note", "reason", "equivalent", "answered_by", "authority", "assessor")}
        answer = facts.ANSWER.model_copy(update={"checklist": checklist.id, "requirement": row.id, **said})
        workspace.answers.record(facts.SYSTEM.id, answer)
    statuses = assess_one(workspace, knowledge(), facts.SYSTEM, checklist, facts.NOW).rows
    system = facts.SYSTEM.model_copy(update={"name": HOSTILE[0]})
    organisation = facts.ORGANISATION.model_copy(update={"name": HOSTILE[1] + "&\"'"})
    rows = list(zip(checklist.requirements, statuses, strict=True))
    data = write_workbook(Filling(content, system, organisation, rows, "o", facts.NOW))
    parts = zipfile.ZipFile(BytesIO(data))
    for name in parts.namelist():
        assert b"externalLink" not in parts.read(name)
        assert b"<hyperlink " not in parts.read(name)
    book = load_workbook(BytesIO(data))
    for sheet in book.worksheets[1:]:
        assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    written = {cell.value for line in book.worksheets[1].iter_rows() for cell in line}
    assert {text for text in HOSTILE if text.isprintable() and not text.startswith("_x")} <= written
    formulas = [cell.value for line in book.worksheets[0].iter_rows() for cell in line if cell.data_type == "f"]
    assert all(str(formula).startswith(("=SUM", "=C")) for formula in formulas)


def test_a_group_whose_name_no_sheet_may_have(workspace: Workspace) -> None:
    made = filling(workspace, by_group=True)
    groups = tuple(
        group.model_copy(update={"title": group.title.model_copy(update={"vi": "Ai? [là] */\\: 'ai' " * 5})})
        for group in made.content.checklist.groups
    )
    checklist = made.content.checklist.model_copy(update={"groups": groups})
    odd = replace(made, content=replace(made.content, checklist=checklist))
    names = load_workbook(BytesIO(write_workbook(odd))).sheetnames
    assert len(set(names)) == len(groups) + 2
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_days_are_days(workspace: Workspace, tmp_path: Path) -> None:
    answer = facts.ANSWER.model_copy(update={"valid_until": date(2027, 1, 31)})
    workspace.answers.record(facts.SYSTEM.id, answer)
    edit = Editor(exported(workspace, tmp_path / "a.xlsx"))
    cell = edit.sheet[edit.place("5.1.2.1.a", "valid_until")]
    assert cell.is_date
    assert cell.value == datetime(2027, 1, 31)  # noqa: DTZ001
