"""Reading filled-in workbooks: what people do to them, and what strangers might."""

from __future__ import annotations

import random
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from secaudit.app.workbook_plan import read_filled
from secaudit.export.words import Words
from secaudit.export.workbook import container
from secaudit.export.workbook.columns import HEADS
from secaudit.export.workbook.entry import Entry
from secaudit.export.workbook.reading import Filled
from secaudit.model.errors import BadInput
from secaudit.model.words import AnswerValue
from secaudit.store.workspace import Workspace
from tests.export.sample import knowledge
from tests.export.workbook_edit import FIRST_ROW, Editor, exported
from tests.store import facts

ROW, OTHER = "5.1.2.1.a", "5.1.2.1.b"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("xlsx")
    with facts.new_workspace(folder / "w") as workspace:
        workspace.answers.record(facts.SYSTEM.id, facts.ANSWER)
        yield exported(workspace, folder / "a.xlsx")


@pytest.fixture
def edit(original: Path, tmp_path: Path) -> Editor:
    copy = tmp_path / "bảng trả lời.xlsx"
    copy.write_bytes(original.read_bytes())
    return Editor(copy)


def read(path: Path) -> Filled:
    return read_filled(path, knowledge())


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as error:
        read(path)
    return str(error.value)


def entry(filled: Filled, requirement: str) -> Entry:
    return next(row.entry for row in filled.rows if row.requirement == requirement)


def faults(filled: Filled) -> dict[str, str]:
    return {fault.cell: fault.sentence.format(**fault.params) for fault in filled.faults}


def rezipped(path: Path, change: Callable[[str, bytes], bytes | None], **added: bytes) -> Path:
    """Write the parts of a workbook again, each changed or left out."""
    buffer = BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                target.writestr(name, data)
        for name, data in added.items():
            target.writestr(name, data)
    path.write_bytes(buffer.getvalue())
    return path


def test_a_workbook_nobody_touched_says_what_was_exported(original: Path) -> None:
    filled = read(original)
    assert len(filled.rows) == 195
    assert (filled.faults, filled.notices, filled.with_macros) == ([], [], False)
    said = entry(filled, ROW)
    assert (said.value, said.note, said.answered_by) == (AnswerValue.PARTIAL, "Đã có dự thảo", "Trần Thị B")
    assert sum(not row.entry.is_blank for row in filled.rows) == 1


def test_columns_and_rows_in_another_order_hidden_and_new_ones_between(edit: Editor) -> None:
    edit.put(OTHER, value="Đạt", note="xong")
    sheet = edit.sheet
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(1, sheet.max_row)]
    order = list(range(len(HEADS)))
    random.Random(7).shuffle(order)
    body = lines[FIRST_ROW - 1 :]
    random.Random(8).shuffle(body)
    moved = [["của tôi", *(line[place] for place in order)] for line in (*lines[: FIRST_ROW - 1], *body)]
    for number, line in enumerate(moved, 1):
        for column, value in enumerate(line, 1):
            sheet.cell(number, column).value = value
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[50].hidden = True
    filled = read(edit.save())
    assert len(filled.rows) == 195
    assert entry(filled, OTHER) == Entry(value=AnswerValue.MET, note="xong")
    assert entry(filled, ROW).note == "Đã có dự thảo"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_without_the_hidden_keys_the_headings_count_and_without_ids_the_clause(edit: Editor, language: str) -> None:
    edit.put("5.6.2.3-5", value="Đạt")
    words = Words(language)
    for column, head in enumerate(HEADS, 1):
        edit.sheet.cell(4, column).value = words(head.text).upper() + "  "
    edit.sheet.delete_cols(1)
    edit.sheet.delete_rows(1)
    filled = read(edit.save())
    assert len(filled.rows) == 195
    assert entry(filled, "5.6.2.3-5").value is AnswerValue.MET


def test_renamed_headings_do_no_harm_while_the_keys_are_there(edit: Editor) -> None:
    for column in range(1, len(HEADS) + 1):
        edit.sheet.cell(4, column).value = "KẾT QUẢ"
    filled = read(edit.put(OTHER, value="Đạt").save())
    assert entry(filled, OTHER).value is AnswerValue.MET
    assert faults(filled) == {}


def test_a_missing_column_is_named(edit: Editor) -> None:
    edit.sheet.delete_cols(edit.column("note"))
    said = refused(edit.save())
    assert "lacks the columns Ghi chú" in said
    assert edit.sheet.title in said


def test_a_sheet_copied_within_the_workbook_gives_two_rows_for_each_requirement(edit: Editor) -> None:
    name = edit.sheet.title
    edit.book.copy_worksheet(edit.sheet)
    filled = read(edit.save())
    assert filled.rows == []
    assert len(filled.faults) == 195
    assert f"stands in 2 rows ({name}!J5, {name} Copy!J5)" in faults(filled)["J5"]


def test_two_rows_for_one_requirement_are_named_and_neither_counts(edit: Editor) -> None:
    edit.sheet.cell(300, 1).value = ROW
    edit.sheet.cell(300, edit.column("value")).value = "Đạt"
    filled = read(edit.save())
    assert "J300" in faults(filled)["J5"]
    assert ROW not in {row.requirement for row in filled.rows}
    assert len(filled.rows) == 194


def test_merged_cells_among_the_answers_are_named(edit: Editor) -> None:
    edit.sheet.merge_cells("J6:J8")
    edit.sheet.merge_cells("C20:D20")  # among the texts: no harm
    filled = read(edit.save())
    assert [fault.requirement for fault in filled.faults] == [OTHER, "5.1.2.2.a", "5.1.2.2.b"]
    assert "J6:J8 are merged" in faults(filled)["J6"]
    assert len(filled.rows) == 192


def test_deleted_and_emptied_rows_are_no_answers(edit: Editor) -> None:
    for head in HEADS:
        edit.sheet.cell(5, edit.column(head.key)).value = None
    edit.sheet.delete_rows(10, 5)
    filled = read(edit.save())
    assert filled.faults == []
    assert len(filled.rows) == 195 - 6


def test_an_answer_in_a_row_of_its_own_is_named_and_a_remark_is_not(edit: Editor) -> None:
    last = edit.sheet.max_row
    edit.sheet.cell(last + 1, edit.column("value")).value = "Đạt"
    edit.sheet.cell(last + 3, edit.column("note")).value = "Người lập bảng"
    edit.sheet.cell(last + 4, 1).value = "9.9.9"
    edit.sheet.cell(last + 4, edit.column("value")).value = "Chưa đạt"
    filled = read(edit.save())
    assert set(faults(filled)) == {f"J{last + 1}", f"J{last + 4}"}


def test_texts_sorted_without_their_ids_are_refused(edit: Editor) -> None:
    for line, clause in ((5, "5.1.2.1 b"), (6, "5.1.2.1 a")):
        edit.sheet.cell(line, edit.column("clause")).value = clause
    filled = read(edit.save())
    assert set(faults(filled)) == {"C5", "C6"}
    assert not {ROW, OTHER} & {row.requirement for row in filled.rows}


def test_every_bad_cell_of_a_row_is_named(edit: Editor) -> None:
    edit.put(OTHER, value="được", note="=1+1", evidence_date="11/22/2026", independent="?", valid_until="5/6/2026")
    filled = read(edit.save())
    assert set(faults(filled)) == {edit.place(OTHER, key) for key in ("value", "note", "evidence_date", "independent")}
    [notice] = filled.notices
    assert notice.params == {"typed": "5/6/2026", "day": 5, "month": 6, "year": 2026}


def test_formulas_and_links_to_other_files_are_never_followed(edit: Editor) -> None:
    edit.put(OTHER, value="=[1]Sheet1!A1", note='=WEBSERVICE("http://192.0.2.1/")')
    path = edit.save()
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    rezipped(path, lambda _, data: data, **{"xl/externalLinks/externalLink1.xml": link})
    assert set(faults(read(path))) == {"J6", "K6"}


def test_macros_are_left_alone(edit: Editor) -> None:
    path = rezipped(edit.put(OTHER, value="Đạt").save(edit.path.with_suffix(".xlsm")), lambda _, data: data,
                    **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})  # fmt: skip
    filled = read(path)
    assert filled.with_macros
    assert entry(filled, OTHER).value is AnswerValue.MET


def plain_workbook(path: Path) -> Path:
    book = Workbook()
    book.active.append(["Một", "bảng", "khác"])
    book.save(path)
    return path


def test_a_workbook_of_another_program(tmp_path: Path) -> None:
    assert "not written by `secaudit assess export`" in refused(plain_workbook(tmp_path / "a.xlsx"))


def test_a_workbook_without_its_hidden_sheet(edit: Editor) -> None:
    del edit.book["secaudit"]
    assert "hidden sheet was removed" in refused(edit.save())


def test_a_workbook_without_its_list(edit: Editor) -> None:
    del edit.book[edit.sheet.title]
    assert "No sheet" in refused(edit.save())


def test_a_workbook_of_a_newer_program(edit: Editor) -> None:
    edit.book["secaudit"]["B1"] = "secaudit.workbook/2"
    edit.book["secaudit"]["B2"] = "9.0"
    assert "newer secaudit (9.0)" in refused(edit.save())


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "no Excel workbook"),
        (b"Yeu cau;Tra loi\n", "no Excel workbook"),
        (b"PK\x03\x04" + b"\0" * 50, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format .xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_other_files(tmp_path: Path, data: bytes, complaint: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    assert complaint in refused(path)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "không có.xlsx")
    assert "cannot be read" in refused(tmp_path)


def test_a_file_cut_off_anywhere_is_refused(original: Path, tmp_path: Path) -> None:
    data = original.read_bytes()
    path = tmp_path / "a.xlsx"
    for size in range(100, len(data) - 1, len(data) // 40):
        path.write_bytes(data[:size])
        assert "damaged" in refused(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_part_is_refused_or_read_but_never_a_crash(
    original: Path, tmp_path: Path, data: st.DataObject
) -> None:
    with zipfile.ZipFile(original) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    name = data.draw(st.sampled_from(names))
    position = data.draw(st.integers(0, 3000))
    new = data.draw(st.binary(max_size=8))
    path = tmp_path / "a.xlsx"
    path.write_bytes(original.read_bytes())
    rezipped(path, lambda part, old: old[:position] + new + old[position + 4 :] if part == name else old)
    try:
        filled = read(path)
    except BadInput as error:
        assert str(path) in str(error)
    else:
        assert {row.requirement for row in filled.rows} <= set(filled.identity.rows)


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet2.xml",
                                  "[Content_Types].xml"])  # fmt: skip
def test_a_part_that_is_not_there(edit: Editor, name: str) -> None:
    assert refused(rezipped(edit.path, lambda part, data: None if part == name else data))


def test_without_styles_a_day_is_a_number_and_named(edit: Editor) -> None:
    path = rezipped(edit.path, lambda part, data: None if part == "xl/styles.xml" else data)
    assert "the number 46296" in faults(read(path))[edit.place(ROW, "evidence_date")]


def test_entities_are_refused(edit: Editor) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def with_entities(name: str, data: bytes) -> bytes:
        return data.replace(b"?>", b"?>" + bomb, 1) if name == "xl/sharedStrings.xml" else data

    assert "damaged" in refused(rezipped(edit.path, with_entities))


def test_a_bomb_is_refused_before_it_is_unpacked(edit: Editor) -> None:
    path = rezipped(edit.path, lambda _, data: data, **{"xl/media/image1.png": b"\0" * 100_000_000})
    assert path.stat().st_size < 1_000_000
    begun = time.perf_counter()
    assert "95 MB unpacked" in refused(path)
    assert time.perf_counter() - begun < 1


def test_a_bomb_that_lies_about_its_size_is_refused(edit: Editor) -> None:
    path = rezipped(edit.path, lambda _, data: data, **{"xl/worksheets/sheet9.xml": b" " * 60_000_000})
    data = path.read_bytes()
    path.write_bytes(data.replace((60_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    assert "damaged" in refused(path)


@pytest.mark.parametrize("empty", [b"<c/>", b"<row/>"])
def test_millions_of_empty_cells_are_refused_before_they_are_made(edit: Editor, empty: bytes) -> None:
    def filled(name: str, data: bytes) -> bytes:
        return (
            data.replace(b"<sheetData>", b"<sheetData><row>" + empty * 2_000_000 + b"</row>")
            if "sheet2" in name
            else data
        )

    path = rezipped(edit.path, filled)
    assert path.stat().st_size < 200_000
    begun = time.perf_counter()
    assert "far more cells" in refused(path)
    assert time.perf_counter() - begun < 2


def test_a_file_that_another_program_keeps_to_itself(edit: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_: Path) -> bytes:
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert "Close it in the spreadsheet program" in refused(edit.path)


def test_a_file_too_large_to_be_ours_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(container.LARGEST_FILE + 1)
    assert "20 MB" in refused(path)


def test_a_value_at_the_end_of_the_sheet_is_read_over(edit: Editor) -> None:
    edit.sheet.cell(1_048_576, 3).value = "lỡ tay"
    path = edit.put(OTHER, value="Đạt").save()
    assert entry(read(path), OTHER).value is AnswerValue.MET


def test_a_dimension_that_lies_is_not_believed(edit: Editor) -> None:
    def vast(name: str, data: bytes) -> bytes:
        return data.replace(b'<dimension ref="A1:T199"', b'<dimension ref="A1:XFD1048576"')

    path = rezipped(edit.save(), vast)
    assert len(read(path).rows) == 195


def test_a_value_far_to_the_right_is_refused(edit: Editor) -> None:
    edit.sheet.cell(6, 16_384).value = "lỡ tay"
    assert "more than 400 columns wide" in refused(edit.save())


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    """Texts that spreadsheets treat in ways of their own come back as the comparison expects them."""
    nasty = '_x0041_ =1+1 _x005F_ _x000D_ "<&>\r\nhai\ttab  x005F_\x07'
    with facts.new_workspace(tmp_path / "w") as workspace:
        _record(workspace, nasty)
        filled = read(exported(workspace, tmp_path / "a.xlsx", "en", by_group=True))
    from secaudit.export.workbook.entry import content_mark

    row = next(row for row in filled.rows if row.requirement == ROW)
    assert content_mark(row.entry) == filled.identity.rows[ROW].mark.content
    assert row.entry.note.startswith("_x0041_ =1+1")


def _record(workspace: Workspace, text: str) -> None:
    said = {"note": text, "reason": text * 2, "authority": "00123", "assessor": "-5", "independent": False}
    workspace.answers.record(facts.SYSTEM.id, facts.ANSWER.model_copy(update=said))
