"""Own Word templates: every faulty one is refused in one sentence that names the field and the line."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from jinja2.sandbox import SandboxedEnvironment

from secaudit.model.errors import BadInput
from secaudit.report.build import build_report
from secaudit.report.docx.words import combined_words
from secaudit.report.official.docx import fill_docx, shipped_template
from secaudit.report.official.field_list import field_list
from secaudit.report.official.fields import ABOUT, known_fields, listed
from secaudit.report.official.template_check import unknown_fields
from tests.report.sample import sample_inputs
from tests.report.test_official_documents import WORDS

ALL: dict[str, Callable[[], dict[str, Any]]] = {
    **WORDS,
    "combined": lambda: combined_words(build_report(sample_inputs(answered=True)), "vi"),
}
FIELDS = {"body": "đơn vị", "findings": {ABOUT: "phát hiện", "code": "mã", "fixes": {ABOUT: "cách sửa", "text": "lời"}}}


def unknown(*lines: str) -> list[tuple[str, str, tuple[str, ...]]]:
    found = unknown_fields("\n".join(lines), FIELDS, SandboxedEnvironment())
    return [(field.name, field.line, field.near) for field in found]


def test_an_unknown_field_comes_with_its_line_and_the_nearest_names() -> None:
    assert unknown("<w:p>Tên:</w:p>", "<w:p>Đơn vị <w:r>{{ bdy }}</w:r></w:p>") == [
        ("bdy", "Đơn vị {{ bdy }}", ("body",))
    ]
    assert unknown("{{ zzz }}") == [("zzz", "{{ zzz }}", ())]


def test_the_fields_of_a_list_are_known_inside_it_only() -> None:
    assert unknown("{% for one in findings %}{{ one.code }}{{ loop.index }}", "{{ one.cod }}{% endfor %}") == [
        ("one.cod", "{{ one.cod }}{% endfor %}", ("code",))
    ]
    nested = "{% for one in findings %}{% for fix in one.fixes %}{{ fix.txt }}{% endfor %}{% endfor %}"
    assert [name for name, *_ in unknown(nested)] == ["fix.txt"]
    assert [name for name, *_ in unknown("{% for one in findings %}{% endfor %}{{ one.code }}")] == ["one"]
    assert unknown("{% set name = body %}{{ name|upper }}{% if findings|length > 2 %}{% endif %}") == []


def names_of(value: Any) -> Any:
    """Return the names of the fields of words, with those of the lines of their lists; None where nothing is inside."""
    if isinstance(value, Mapping):
        return {name: names_of(inner) for name, inner in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return names_of(value[0])
    return None


def same(known: Mapping[str, Any], words: Mapping[str, Any], where: str) -> None:
    assert set(known) - {ABOUT} == set(words), where
    for name, inner in words.items():
        if inner is not None:
            assert isinstance(known[name], Mapping), f"{where}.{name}"
            same(known[name], inner, f"{where}.{name}")


@pytest.mark.parametrize("kind", ALL)
def test_the_list_of_fields_names_what_the_words_have_and_no_more(kind: str) -> None:
    fields = known_fields(kind)
    same(fields, names_of(ALL[kind]()), kind)
    assert all(meaning for _, meaning in listed(fields))
    page = Document(BytesIO(field_list(kind)))
    [table] = page.tables
    assert [tuple(cell.text for cell in row.cells) for row in table.rows[1:]] == list(listed(fields))


@pytest.mark.parametrize("name", [*ALL, "combined-en"])
def test_every_shipped_template_passes_as_an_own_one(name: str) -> None:
    words = ALL[name.partition("-")[0]]()
    assert fill_docx(name, words, shipped_template(name)) == fill_docx(name, words)


def refused(own: Any, folder: Path) -> str:
    own.save(str(folder / "own.docx"))
    with pytest.raises(BadInput) as error:
        fill_docx("form08", WORDS["form08"](), folder / "own.docx")
    assert error.value.exit_code == 2
    return str(error.value)


def test_a_template_with_unknown_fields_names_them(tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("Kinh phí: {{ budget }}")
    own.sections[0].footer.paragraphs[0].text = "{{ yaer }}"
    assert "budget ở dòng" in refused(own, tmp_path) or "budget in the line" in refused(own, tmp_path)
    only_footer = Document()
    only_footer.sections[0].footer.paragraphs[0].text = "{{ yaer }}"
    sentence = refused(only_footer, tmp_path)
    assert "yaer" in sentence
    assert "year" in sentence


def test_a_field_split_over_runs_is_read_whole(tmp_path: Path) -> None:
    own = Document()
    paragraph = own.add_paragraph("")
    for piece in ("{", "{ bo", "dy }", "}"):
        paragraph.add_run(piece).bold = piece != "dy }"
    own.save(str(tmp_path / "own.docx"))
    made = Document(BytesIO(fill_docx("form08", WORDS["form08"](), tmp_path / "own.docx")))
    assert made.paragraphs[0].text == "ỦY BAN NHÂN DÂN XÃ KHE TRE"


@pytest.mark.parametrize(
    "lines",
    [
        ["{% for row in rows %}"],
        ["{% if body %}", "{{ body }}"],
        ["{{ body"],
        ["{{ body | }}"],
        ["Mở {{ body", "đóng }} ở đoạn khác"],
        ["{% for row in rows %}", "{{ row.cells[0] }", "{% endfor %}"],
        ["{% include 'x' %}"],
    ],
)
def test_a_broken_template_is_one_sentence(lines: list[str], tmp_path: Path) -> None:
    own = Document()
    for line in lines:
        own.add_paragraph(line)
    own.save(str(tmp_path / "own.docx"))
    try:
        fill_docx("form08", WORDS["form08"](), tmp_path / "own.docx")
    except BadInput as error:
        assert "own.docx" in str(error)
        assert "\n" not in str(error)
    else:  # Word shows a lone brace as it is
        assert lines == ["{% for row in rows %}", "{{ row.cells[0] }", "{% endfor %}"]


@pytest.mark.parametrize("raw", [b"", b"{\\rtf1 abc}", b"PK\x03\x04broken"])
def test_what_is_no_word_document_is_refused(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.docx").write_bytes(raw)
    with pytest.raises(BadInput, match=r"own\.docx"):
        fill_docx("form08", WORDS["form08"](), tmp_path / "own.docx")
    with zipfile.ZipFile(tmp_path / "own.docx", "w") as other:
        other.writestr("hello.txt", "x")
    with pytest.raises(BadInput, match=r"own\.docx"):
        fill_docx("form08", WORDS["form08"](), tmp_path / "own.docx")
