"""Building blocks of Word templates laid out by Decree 30/2020, Annex I: A4, margins, Times New Roman, head, foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
PAPER = (210, 297)
MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 15}
"""Millimetres; Annex I, I.3: top and bottom 20-25, left 30-35, right 15-20."""
BODY = 13
"""Points; goes with 12 for the nation's name (Annex I, V, note 1)."""


def new_document(title: str) -> DocumentType:
    """Return an empty portrait document whose page numbers begin to show on page 2."""
    document = Document()
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "secaudit", title, ""
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(0), Pt(0), 1.0
    _lay_out(document.sections[0], wide=False)
    number_pages(document.sections[0], hide_first=True)
    return document


def own_headings(document: DocumentType, levels: Sequence[int]) -> None:
    """Give the heading styles, which make Word's navigation pane, the document's own face and colour."""
    for level in levels:
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.color.rgb = FONT, RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            if name.endswith("Theme"):
                del fonts.attrib[name]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)


def new_section(document: DocumentType, *, wide: bool, restart: bool = False) -> Section:
    """Begin a section on a new page; `restart` begins its page numbers at 1, not shown there."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _lay_out(section, wide=wide)
    section.different_first_page_header_footer = restart
    section.header.is_linked_to_previous = True
    kind = section._sectPr.find(qn("w:pgNumType"))
    if kind is not None:
        section._sectPr.remove(kind)
    if restart:
        numbers = OxmlElement("w:pgNumType")
        numbers.set(qn("w:start"), "1")
        section._sectPr.append(numbers)
    return section


def _lay_out(section: Section, *, wide: bool) -> None:
    width, height = (PAPER[1], PAPER[0]) if wide else PAPER
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for name, value in MARGINS.items():
        setattr(section, name, Mm(value))
    section.header_distance, section.footer_distance = Mm(10), Mm(10)


def number_pages(section: Section, *, hide_first: bool) -> None:
    """Put the page number in the middle of the top margin (Annex I, I.7)."""
    section.different_first_page_header_footer = hide_first
    paragraph = section.header.paragraphs[0]
    paragraph.style.font.size = Pt(BODY)
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def write(
    where: DocumentType | _Cell, text: str, *, size: float = BODY, bold: bool = False, italic: bool = False,
    align: ALIGN = ALIGN.LEFT, before: float = 0, after: float = 0, indent: float = 0, keep: bool = False,
) -> Paragraph:  # fmt: skip
    """Add a paragraph. `indent` is the first line's, in millimetres; `before` and `after` are points."""
    first_of_cell = isinstance(where, _Cell) and len(where.paragraphs) == 1 and not where.paragraphs[0].runs
    fresh = first_of_cell and not where.paragraphs[0].text
    paragraph = where.paragraphs[0] if fresh else where.add_paragraph()  # type: ignore[union-attr]
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after, layout.keep_with_next = Pt(before), Pt(after), keep
    layout.first_line_indent = Mm(indent)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    return paragraph


def add_run(paragraph: Paragraph, text: str, *, size: float = BODY) -> None:
    """Add plain text to a paragraph that began in another face."""
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), FONT


def body(where: DocumentType, text: str, **how: Any) -> Paragraph:
    """Add a paragraph of running text: justified, first line 10 mm in, 6 points apart (Annex I, II.6.e)."""
    return write(where, text, align=ALIGN.JUSTIFY, indent=10, after=6, **how)


def draw_line(where: DocumentType | _Cell, inset: float) -> None:
    """Draw a solid line below the last paragraph, `inset` millimetres from both edges of the column."""
    paragraph = write(where, "")
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(inset)
    layout.line_spacing_rule, layout.line_spacing, layout.space_before = WD_LINE_SPACING.EXACTLY, Pt(3), Pt(2)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def plain_table(where: DocumentType, widths: Sequence[float], rows: int) -> Table:
    """Add a table without borders or cell margins, for things that stand side by side."""
    table = where.add_table(rows=rows, cols=len(widths))
    _fix_widths(table, widths, margin=0)
    return table


def ruled_table(where: DocumentType, heads: Sequence[str], widths: Sequence[float], *, size: float) -> Table:
    """Add a table with borders whose head row comes again on every page."""
    table = where.add_table(rows=1, cols=len(widths))
    table.style = "Table Grid"
    _fix_widths(table, widths, margin=1.2)
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        write(cell, head, size=size, bold=True, align=ALIGN.CENTER)
    repeat(table, 0)
    return table


def repeat(table: Table, row: int) -> None:
    """Let a row come again on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[row]._tr.get_or_add_trPr().append(mark)


def add_row(
    table: Table, texts: Sequence[str], *, size: float, centred: Sequence[int] = (), bold: bool = False
) -> None:
    """Add a row that is never split between two pages; `centred` are columns counted from 0."""
    row = table.add_row()
    whole = OxmlElement("w:cantSplit")
    whole.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(whole)
    for n, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        write(cell, text, size=size, bold=bold, align=ALIGN.CENTER if n in centred else ALIGN.LEFT)


def band(table: Table, text: str, *, size: float) -> None:
    """Add a row of one cell over the whole width."""
    row = table.add_row()
    first = row.cells[0].merge(row.cells[-1])
    write(first, text, size=size, bold=True, keep=True)


def control(table: Table, tag: str) -> None:
    """Add a row that holds nothing but a template statement and vanishes when the template is filled."""
    row = table.add_row()
    write(row.cells[0], "{%tr " + tag + " %}", size=8)


def statement(where: DocumentType, tag: str) -> None:
    """Add a paragraph that holds nothing but a template statement and vanishes when the template is filled."""
    write(where, "{%p " + tag + " %}", size=8)


def section(document: DocumentType, title: str) -> None:
    """Write the title of a section, which stays with what follows."""
    body(document, title, bold=True, keep=True)


def paragraphs(document: DocumentType, name: str, **how: Any) -> None:
    """Write a list of texts as paragraphs, one each."""
    statement(document, f"for line in {name}")
    body(document, "{{ line }}", **how)
    statement(document, "endfor")


def rows(table: Table, name: str, one: str, fields: Sequence[str], *, size: float) -> None:
    """Write a row that comes once for each line of a list; its first column is a number."""
    control(table, f"for {one} in {name}")
    add_row(table, ["{{ " + f"{one}.{field}" + " }}" for field in fields], size=size, centred=(0,))
    control(table, "endfor")


def notices(document: DocumentType) -> None:
    """Write what must stand wherever requirement texts are shown."""
    statement(document, "for notice in notices")
    write(document, "{{ notice }}", size=11, italic=True, align=ALIGN.JUSTIFY, before=6)
    statement(document, "endfor")


def _fix_widths(table: Table, widths: Sequence[float], margin: float) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    properties = table._tbl.tblPr
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(round(margin * 56.7)))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties.append(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def head(document: DocumentType, *, subject: bool) -> None:
    """Write the head: bodies and number on the left, nation, motto, place and date on the right.

    A letter has its subject under the number (`subject`); a document with a name of its own has not.
    """
    statement(document, "if mark")
    write(document, "{{ mark }}", size=13, bold=True, align=ALIGN.CENTER, after=6)
    statement(document, "endif")
    table = plain_table(document, (73, 3, 89), 2)
    left, _, right = table.rows[0].cells
    write(left, "{{ superior }}", size=12, align=ALIGN.CENTER)
    write(left, "{{ body }}", size=12, bold=True, align=ALIGN.CENTER)
    draw_line(left, 24)
    write(right, "{{ nation }}", size=12, bold=True, align=ALIGN.CENTER)
    write(right, "{{ motto }}", size=13, bold=True, align=ALIGN.CENTER)
    draw_line(right, 15)
    left, _, right = table.rows[1].cells
    write(left, "{{ number_line }}", size=13, align=ALIGN.CENTER, before=6)
    if subject:
        write(left, "{{ subject }}", size=12, align=ALIGN.CENTER, before=6)
    write(right, "{{ date_line }}", size=13, italic=True, align=ALIGN.CENTER, before=6)


def addressees(document: DocumentType) -> None:
    """Write `Kính gửi`: one addressee on the same line, several on lines of their own (Annex I, II.9)."""
    statement(document, "if addressee")
    write(document, "Kính gửi: {{ addressee }}", align=ALIGN.CENTER, before=18, after=12)
    statement(document, "else")
    write(document, "Kính gửi:", before=18).paragraph_format.left_indent = Mm(35)
    statement(document, "for line in addressees")
    write(document, "{{ line }}").paragraph_format.left_indent = Mm(57)
    statement(document, "endfor")
    write(document, "", size=6)
    statement(document, "endif")


def foot(document: DocumentType, *, wide: bool = False) -> None:
    """Write `Nơi nhận` on the left and the signature block on the right, level with it."""
    write(document, "", size=6)
    table = plain_table(document, (142, 110) if wide else (75, 90), 1)
    left, right = table.rows[0].cells
    write(left, "Nơi nhận:", size=12, bold=True, italic=True)
    for tag in ("{%p for line in recipients %}", "{{ line }}", "{%p endfor %}"):
        write(left, tag, size=11)
    write(right, "{%p for line in signature_lines %}", size=8)
    write(right, "{{ line }}", bold=True, align=ALIGN.CENTER, keep=True)
    write(right, "{%p endfor %}", size=8)
    for _ in range(4):  # room for signature and seal
        write(right, "", align=ALIGN.CENTER, keep=True)
    write(right, "{{ signer_name }}", bold=True, align=ALIGN.CENTER)
    whole = OxmlElement("w:cantSplit")
    table.rows[0]._tr.get_or_add_trPr().append(whole)


def annex(document: DocumentType, number: str, title: str, reference: str) -> None:
    """Begin an annex: its number, its title, to which document it belongs (Annex I, III.1)."""
    write(document, f"Phụ lục {number}", size=14, bold=True, align=ALIGN.CENTER, keep=True)
    write(document, title, bold=True, align=ALIGN.CENTER, keep=True)
    write(document, reference, italic=True, align=ALIGN.CENTER, after=10, keep=True)
