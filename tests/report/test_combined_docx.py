"""The combined report as a Word document, opened again with another library."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import cycle
from typing import Any

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn

from secaudit.report.build import build_report
from secaudit.report.docx.bars import WIDTH, bar
from secaudit.report.docx.words import combined_words
from secaudit.report.model import ReportModel
from secaudit.report.official.docx import fill_docx
from tests.report.plan_sample import register
from tests.report.sample import sample_inputs
from tests.report.test_hostile import CORPUS, HARMLESS
from tests.report.test_official_documents import swapped

NAMES = {"vi": "combined", "en": "combined-en"}


@cache
def report(answered: bool = True) -> ReportModel:
    return build_report(replace(sample_inputs(answered=answered), register=register()))


@cache
def opened(language: str, answered: bool = True) -> DocumentType:
    return Document(BytesIO(fill_docx(NAMES[language], combined_words(report(answered), language))))


def text_of(document: DocumentType) -> str:
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p")))


@pytest.mark.parametrize("language", NAMES)
def test_every_finding_row_and_piece_of_work_stands_in_it(language: str) -> None:
    model, text = report(), text_of(opened(language))
    for finding in model.findings:
        assert f"{finding.code}. {finding.title.in_language(language)}" in text
    for entry in model.lists:
        for group in entry.groups:
            for row in group.rows:
                assert row.text.in_language(language) in text
    for line in model.work:
        assert line.title.in_language(language) in text
    for left in ("{{", "{%"):
        assert left not in text
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("language", NAMES)
def test_the_paper_is_a4_with_page_numbers_and_heads_that_come_again(language: str) -> None:
    document = opened(language)
    for section in document.sections:
        assert sorted((round(section.page_width.mm), round(section.page_height.mm))) == [210, 297]
    field = document.sections[0].header.paragraphs[0]
    assert "PAGE" in "".join(e.text or "" for e in field._p.iter(qn("w:instrText")))
    with_heads = [table for table in document.tables if table.style is not None and table.style.name == "Table Grid"]
    assert len(with_heads) > 10
    for table in with_heads:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert sum(cell.width.mm for cell in table.rows[0].cells) <= 297 - 45 + 0.5
    titles = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert [title.partition(".")[0] for title in titles] == [str(n) for n in range(1, 11)]
    fonts = {f.get(qn("w:ascii")) for f in document.element.body.iter(qn("w:rFonts"))}
    assert fonts == {"Times New Roman", "Courier New"}


def test_the_figures_are_those_of_the_model() -> None:
    words = combined_words(report(), "en")
    standing = report().standing
    assert standing is not None
    assert f"{standing.met} of {standing.applicable}" in words["verdict"]
    assert [line["count"] for line in words["severities"]] == [str(count) for count in report().severities.values()]
    assert len(words["findings"]) == len(report().findings)
    assert [len(words[f"work_{kind}"]) for kind in ("open", "accepted", "closed")] == [4, 1, 1]
    assert "4 pieces of work are open, of which 1 are late" in words["work_intro"]
    assert "17,500,000 đồng" in words["work_intro"]


def test_without_answers_and_register_nothing_is_claimed() -> None:
    words = combined_words(build_report(sample_inputs(answered=False)), "en")
    assert "nobody has answered yet" in words["verdict"]
    assert words["work_open"] == words["work_closed"] == []
    assert "holds no work" in words["work_intro"]


def test_bars_never_round_to_nothing_or_to_all() -> None:
    assert bar(0, 10) == ""
    assert len(bar(1, 1000)) == 1
    assert len(bar(999, 1000)) == WIDTH - 1
    assert len(bar(10, 10)) == WIDTH


def shape(words: dict[str, Any]) -> Counter[str]:
    """Return how many elements of each kind the document has, but for breaks and the runs that they split."""
    tree = Document(BytesIO(fill_docx("combined", words))).element.body
    inside = {qn(f"w:{name}") for name in ("br", "tab", "r", "t", "rPr", "rFonts", "sz", "b", "i")}
    return Counter(element.tag for element in tree.iter() if element.tag not in inside)


@pytest.mark.parametrize("turn", range(3))
def test_nothing_from_outside_becomes_markup_or_a_field(turn: int) -> None:
    cases = [text for case, text in CORPUS.items() if not case.startswith("long")]
    words = combined_words(report(), "vi")
    hostile = swapped(words, cycle(cases[turn:] + cases[:turn]))
    assert shape(hostile) == shape(swapped(words, cycle([HARMLESS])))
    written = "".join(
        t.text or "" for t in Document(BytesIO(fill_docx("combined", hostile))).element.body.iter(qn("w:t"))
    )
    assert "<script>alert(1)</script>" in written
    assert "{{ 7*7 }}" in written
