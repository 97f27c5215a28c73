"""The workbook, opened again with another library than the one that wrote it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.export.content import Content
from secaudit.export.words import Words
from secaudit.export.xlsx import cell_text, write_xlsx
from secaudit.export.xlsx_height import line_count, row_height
from tests.export.sample import HOSTILE, LANGUAGES, SHIPPED, STANDARD, hostile, row, shipped, small

HEADING = 3


def opened(content: Content) -> Workbook:
    return load_workbook(BytesIO(write_xlsx(content)))


def cells(sheet: Worksheet) -> list[list[str]]:
    """The rows below the heading, group lines left out, as texts."""
    lines = [["" if cell is None else cell for cell in line] for line in sheet.iter_rows(HEADING + 1, values_only=True)]
    return [line for n, line in enumerate(lines, HEADING + 1) if sheet.row_dimensions[n].outlineLevel == 1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("checklist", SHIPPED)
def test_every_row_stands_in_the_workbook_with_its_texts(checklist: str, language: str) -> None:
    content = shipped(checklist, language)
    words = Words(language)
    _, requirements, references, *checks = opened(content)
    rows = content.checklist.requirements
    texts = cells(requirements)
    assert [line[0] for line in texts] == [one.group for one in rows]
    assert [line[1] for line in texts] == [content.label(one) for one in rows]
    assert len({line[1] for line in texts}) == len(rows)
    for line, one in zip(texts, rows, strict=True):
        assert line[2] == one.text.in_language(language)
        assert line[3] == (one.meaning.in_language(language) if one.meaning else "")
        assert one.evidence.in_language(language) in line[4]
        assert not one.example or one.example.in_language(language) in line[4]
        assert words.period(one.period) in line[5]
        assert all(words.threshold(threshold) in line[5] for threshold in one.thresholds)
    looked_up = ["\n".join(line) for line in cells(references)]
    assert len(looked_up) == len(rows)
    for text, one in zip(looked_up, rows, strict=True):
        assert all(clause in text for clauses in one.crosswalk.values() for clause in clauses)
        assert all(point.in_language(language) in text for point in one.provenance.open_points)
        assert text.endswith(one.id)
    links = [(one, link) for one in rows for link in (*one.contradicted_by, *one.supported_by)]
    assert len(checks) == bool(links)
    if links:
        found = [(line[1], line[2], line[5]) for line in cells(checks[0])]
        wanted = [(content.label(one), link.check, link.reason.in_language(language)) for one, link in links]
        assert found == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_periods_and_figures_are_written_in_words(language: str) -> None:
    content = shipped(STANDARD, language)
    by_label = {line[1]: line[5] for line in cells(opened(content).worksheets[1])}
    words = Words(language)
    assert by_label["5.7.2.1 b"] == words.period("P6M")
    assert words.amount(3, "month") in by_label["5.8.2.1 a (8)"]
    assert not any(re.search(r"\bP\d+[YMWD]\b", text) for text in by_label.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("checklist", SHIPPED)
def test_every_sheet_prints_on_a4_with_the_notice_on_every_page(checklist: str, language: str) -> None:
    content = shipped(checklist, language)
    book = opened(content)
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.page_setup.fitToWidth in {None, 1}  # 1 is the default of the format
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$3"
        assert sheet["A1"].value == content.checklist.title.in_language(language)
        assert sheet["A2"].value == content.checklist.notice.in_language(language)
        assert "&P" in str(sheet.oddFooter.right.text)
        assert content.checklist.id in str(sheet.oddFooter.left.text)


def test_tables_have_filters_a_frozen_heading_groups_and_wrapped_texts() -> None:
    content = shipped(STANDARD, "vi")
    _, *tables = opened(content)
    assert len(tables) == 3
    for sheet in tables:
        last = sheet.max_row
        assert sheet.auto_filter.ref == f"A3:{sheet.cell(3, sheet.max_column).column_letter}{last}"
        assert sheet.freeze_panes == "C4"
        assert not sheet.sheet_properties.outlinePr.summaryBelow
        leaders = [n for n in range(4, last + 1) if not sheet.row_dimensions[n].outlineLevel]
        assert [sheet.cell(n, 1).value for n in leaders] == [
            g.id for g in content.checklist.groups if any(sheet.cell(n, 1).value == g.id for n in leaders)
        ]
        assert all(sheet.cell(n, 2).font.bold for n in leaders)
        assert all(sheet.cell(5, column).alignment.wrap_text for column in range(1, sheet.max_column + 1))
        assert all(sheet.column_dimensions[sheet.cell(3, n).column_letter].width >= 6 for n in range(1, 6))
    assert len([n for n in range(4, tables[0].max_row + 1) if not tables[0].row_dimensions[n].outlineLevel]) == 18


@pytest.mark.parametrize("checklist", SHIPPED)
def test_rows_are_tall_enough_and_none_is_taller_than_a_spreadsheet_shows(checklist: str) -> None:
    for language in LANGUAGES:
        for sheet in opened(shipped(checklist, language)):
            heights = [sheet.row_dimensions[n].height for n in range(1, sheet.max_row + 1)]
            assert max(height for height in heights if height) < 400


def test_the_information_names_sources_dates_and_review() -> None:
    content = shipped(STANDARD, "vi")
    known = "\n".join(" ".join(filter(None, line)) for line in opened(content).worksheets[0].values)
    for source in content.checklist.sources:
        assert source.title.vi in known
        assert source.url in known
    for milestone in content.checklist.milestones:
        assert milestone.date.strftime("%d/%m/%Y") in known
        assert milestone.source in known
    assert "22/11/2026" in known
    assert "AGPL-3.0-or-later" in known


def test_hostile_texts_stay_texts() -> None:
    data = write_xlsx(hostile())
    parts = zipfile.ZipFile(BytesIO(data))
    for name in parts.namelist():
        content = parts.read(name)
        assert b"<f>" not in content
        assert b"<f " not in content
        assert b"<hyperlink " not in content
        assert b"externalLink" not in content
    book = load_workbook(BytesIO(data))
    strings = 0
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type in {"s", "n"}
                assert cell.hyperlink is None
                assert cell.value is None or isinstance(cell.value, str)
                strings += cell.value is not None
    assert strings > 100
    shown = [line[2] for line in cells(book.worksheets[1])]
    for text, seen in zip(HOSTILE, shown, strict=True):
        if text.isprintable() and not text.startswith("_x"):
            assert seen == text
    assert shown[5] == "nul[U+0000] chuông[U+0007] thoát[U+001B][31m"


def test_what_looks_like_an_escape_is_kept_to_the_letter() -> None:
    data = write_xlsx(hostile())
    strings = zipfile.ZipFile(BytesIO(data)).read("xl/sharedStrings.xml").decode("utf-8")
    assert "_x005F_x0041_ &lt;/t&gt;" in strings  # ECMA-376, 22.9.2.19: read back as _x0041_


def test_the_same_list_gives_the_same_bytes_and_a_changed_one_others() -> None:
    assert write_xlsx(shipped(STANDARD, "vi")) == write_xlsx(shipped(STANDARD, "vi"))
    one, other = (Content(small((row(1, text),)), "vi") for text in ("Một", "Hai"))
    assert write_xlsx(one) != write_xlsx(other)


def test_a_list_without_checks_has_no_sheet_of_checks() -> None:
    assert len(opened(Content(small((row(1, "Một"),)), "vi")).worksheets) == 3


def test_a_row_with_many_checks_points_to_their_sheet() -> None:
    content = shipped(STANDARD, "vi")
    most = max(content.checklist.requirements, key=lambda one: len(one.contradicted_by))
    assert len(most.contradicted_by) > 12
    line = next(line for line in cells(opened(content).worksheets[2]) if line[-1] == most.id)
    assert any(str(len(most.contradicted_by)) in text and most.contradicted_by[0].check not in text for text in line)


def test_a_cell_is_cut_at_the_limit_of_the_format() -> None:
    assert len(cell_text("a" * 40_000)) == 32_000
    assert cell_text("a" * 32_000) == "a" * 32_000
    assert cell_text("\ud800\x00\uffff") == "[U+D800][U+0000][U+FFFF]"
    assert cell_text("một\nhai\tba") == "một\nhai\tba"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("một", 10, 1),
        ("một\nhai", 10, 2),
        ("mười lăm chữ cái", 9, 2),
        ("x" * 100, 10, 12),
        ("iiiiiiiiiiiiiiiiiiii", 14, 1),
        ("WWWWWWWWWWWWWWWWWWWW", 14, 3),
    ],
)
def test_lines_are_counted_by_the_width_of_letters(text: str, width: float, lines: int) -> None:
    assert line_count(text, width) == lines


def test_a_row_is_as_tall_as_its_tallest_cell() -> None:
    assert row_height([("một", 10), ("một\nhai\nba", 10)]) == row_height([("một\nhai\nba", 10)])
    assert row_height([("a\n" * 500, 10)]) == 409
    assert row_height([]) == row_height([("", 5)])
