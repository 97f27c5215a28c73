"""The first sheet: how to fill the workbook in, what each answer means, who signs, and how far one has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from secaudit.export.words import Words
from secaudit.export.workbook.columns import ANSWERS
from secaudit.export.workbook.filling import Filling
from secaudit.export.xlsx import cell_text, lay_out_paper
from secaudit.export.xlsx_height import row_height
from secaudit.i18n import mark
from secaudit.model.assessment import RequirementStatus
from secaudit.model.requirement import Requirement
from secaudit.model.words import AnswerValue

_WIDTHS = (26, 44, 11, 11, 11, 11, 11, 13)
_TEXT = sum(_WIDTHS[1:])
MEANINGS = {
    AnswerValue.MET: mark("Done completely, and there is evidence that can be shown today."),
    AnswerValue.PARTIAL: mark("Done in part, or done by another measure that the source does not name. Say in the "
                              "note what is missing."),
    AnswerValue.NOT_MET: mark("Not done yet. It becomes work to be planned; it is no shame to say so."),
    AnswerValue.NOT_APPLICABLE: mark("The thing that is asked about does not exist here. A reason and a name are "
                                     "needed."),
}  # fmt: skip
STEPS = (
    mark("Fill in the cells with the brown headings only. All other cells are locked, without a password."),
    mark("Column “Answer”: choose from the list. A row without an answer stays unassessed; leave it empty if you do "
         "not know."),
    mark("Column “Evidence”: one piece per line – its number in the program (E1, E2 …), or a link that begins with "
         "https://. Files are taken in by the program first, and then have a number."),
    mark("Column “Date of the evidence”: the day that stands on the document, not the day on which you fill this in. "
         "Write day/month/year, for example 22/11/2026."),
    mark("Column “Answered by”: the name of the person who answers. If you change an answer of somebody else, write "
         "your own name."),
    mark("You may filter rows, hide columns and change widths. To move columns or to sort, unprotect the sheet first "
         "(Review, Unprotect sheet); sort whole rows only."),
    mark("Do not insert formulas, do not merge cells, do not rename headings, do not add requirements."),
    mark("When you are done, save as .xlsx and read it in with “secaudit assess import FILE”. It shows what would "
         "change and asks; an answer that is newer in the program is never overwritten without your word."),
    mark("After reading in, export anew before you go on: this file knows only what stood on the day of the export."),
)  # fmt: skip
SIGNERS = (
    (mark("Who answers"), mark("The person who does the work, or knows it: column “Answered by”.")),
    (mark("On the authority of"), mark("The decision or the person that entitles them, for example the number of the "
                                       "decision of appointment.")),
    (mark("Who assesses"), mark("Who checked the answer against the evidence: column “Assessed by”. “Independent of "
                                "operations” says whether they have no part in running the system (Decree 331/2026, "
                                "Art. 31).")),
    (mark("Who signs"), mark("This workbook is working material and needs no signature. Signed are the documents that "
                             "the program makes from it.")),
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A sheet of rows.

    Attributes:
        group_cells: range of its cells with the group, for formulas.
        answer_cells: range of its cells with the answer.
    """

    name: str
    group_cells: str
    answer_cells: str
    rows: Sequence[tuple[Requirement, RequirementStatus]]


def write_guide(
    sheet: Worksheet, filling: Filling, words: Words, parts: Sequence[Part], formats: Mapping[str, Any],
    colours: Mapping[AnswerValue, Any],
) -> None:  # fmt: skip
    """Fill the first sheet."""
    _Guide(sheet, filling, words, formats, colours).write(parts)


class _Guide:
    def __init__(
        self, sheet: Worksheet, filling: Filling, words: Words, formats: Mapping[str, Any],
        colours: Mapping[AnswerValue, Any],
    ) -> None:  # fmt: skip
        self._sheet, self._filling, self._words = sheet, filling, words
        self._formats, self._colours = formats, colours
        self._line = 0

    def write(self, parts: Sequence[Part]) -> None:
        sheet, filling, words = self._sheet, self._filling, self._words
        content = filling.content
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        self._wide(words(mark("Self-assessment workbook")), "title", 26)
        self._wide(content.say(content.checklist.notice), "notice")
        facts = [
            (mark("System"), filling.system.name),
            (mark("Organisation"), filling.organisation.name),
            (mark("Operator"), filling.system.operator),
            (mark("Checklist"), f"{content.say(content.checklist.title)} ({content.checklist.id})"),
            (mark("Exported"), filling.at.astimezone().strftime("%H:%M %d/%m/%Y")),
            (mark("Rows"), words(mark("{rows} of {all} requirements"), rows=len(filling.rows),
                                 all=len(content.checklist.requirements))),
        ]  # fmt: skip
        for label, text in facts:
            if text:
                self._pair(words(label), text)
        self._title(mark("How to fill it in"))
        for number, step in enumerate(STEPS, 1):
            self._pair(str(number), words(step))
        self._title(mark("What each answer means"))
        for value, meaning in MEANINGS.items():
            self._pair(words(ANSWERS[value]), words(meaning), self._colours[value])
        self._title(mark("Who stands for what"))
        for who, what in SIGNERS:
            self._pair(words(who), words(what))
        self._title(mark("How far you have come"))
        self._progress(parts)
        lay_out_paper(sheet, words, content.checklist.id)
        sheet.set_portrait()
        sheet.fit_to_pages(1, 1)
        sheet.hide_gridlines(2)
        sheet.protect("", {"select_locked_cells": True, "format_columns": True, "format_rows": True})

    def _wide(self, text: str, form: str, height: float | None = None) -> None:
        self._sheet.merge_range(self._line, 0, self._line, len(_WIDTHS) - 1, "", self._formats[form])
        self._sheet.write_string(self._line, 0, cell_text(text), self._formats[form])
        self._sheet.set_row(self._line, height or row_height([(text, sum(_WIDTHS))]))
        self._line += 1

    def _title(self, text: str) -> None:
        self._line += 1
        for column in range(len(_WIDTHS)):
            self._sheet.write_blank(self._line, column, None, self._formats["group"])
        self._sheet.write_string(self._line, 0, self._words(text), self._formats["group"])
        self._line += 1

    def _pair(self, label: str, text: str, colour: Any = None) -> None:
        sheet, line, last = self._sheet, self._line, len(_WIDTHS) - 1
        sheet.write_string(line, 0, cell_text(label), self._formats["label"])
        if colour is not None:
            sheet.conditional_format(line, 0, line, 0, {"type": "no_blanks", "format": colour})
        sheet.merge_range(line, 1, line, last, "", self._formats["cell"])
        sheet.write_string(line, 1, cell_text(text), self._formats["cell"])
        sheet.set_row(line, row_height([(label, _WIDTHS[0]), (text, _TEXT)]))
        self._line += 1

    def _progress(self, parts: Sequence[Part]) -> None:
        """Count the answers by formulas, so that the sheet shows how far one has come while filling in."""
        words, sheet = self._words, self._sheet
        heads = [mark("Group"), mark("Title"), mark("Rows"), *ANSWERS.values(), mark("Not answered yet")]
        for column, head in enumerate(heads):
            sheet.write_string(self._line, column, words(head), self._formats["head"])
        sheet.set_row(self._line, row_height((words(head), 9.5) for head in heads))
        first = self._line + 1
        titles = {group.id: self._filling.content.say(group.title) for group in self._filling.content.checklist.groups}
        totals: Counter[str] = Counter()
        for group, title in titles.items():
            own = [(part, [status for row, status in part.rows if row.group == group]) for part in parts]
            part, rows = next(((part, rows) for part, rows in own if rows), (None, []))
            if part is None:
                continue
            self._line += 1
            counts = Counter(status.answer.value for status in rows if status.answer)
            totals.update({"rows": len(rows), **{value.value: count for value, count in counts.items()}})
            self._count_line(part, group, title, len(rows), counts)
        self._line += 1
        sheet.write_string(self._line, 0, words(mark("Together")), self._formats["label"])
        sheet.write_blank(self._line, 1, None, self._formats["label"])
        open_rows = totals["rows"] - sum(totals[value.value] for value in ANSWERS)
        sums = [totals["rows"], *(totals[value.value] for value in ANSWERS), open_rows]
        for column, value in enumerate(sums, 2):
            cells = f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(self._line - 1, column)}"
            sheet.write_formula(self._line, column, f"=SUM({cells})", self._formats["label"], value)
        self._line += 1

    def _count_line(
        self, part: Part, group: str, title: str, rows: int, counts: Mapping[AnswerValue, int]
    ) -> None:  # fmt: skip
        sheet, line, form = self._sheet, self._line, self._formats["cell"]
        sheet.write_string(line, 0, cell_text(group), form)
        sheet.write_string(line, 1, cell_text(title), form)
        sheet.set_row(line, row_height([(title, _WIDTHS[1])]))
        # Compared letter by letter: to a spreadsheet program 5.1 and 5.10 are the same number.
        in_group = 'EXACT({},"{}")'.format(part.group_cells, group.replace('"', '""'))
        sheet.write_formula(line, 2, f"=SUMPRODUCT(--{in_group})", form, rows)
        for column, (value, word) in enumerate(ANSWERS.items(), 3):
            chosen = f'{part.answer_cells}="{self._words(word)}"'
            sheet.write_formula(line, column, f"=SUMPRODUCT({in_group}*({chosen}))", form, counts.get(value, 0))
        answers = f"{xl_rowcol_to_cell(line, 3)}:{xl_rowcol_to_cell(line, 6)}"
        left = f"={xl_rowcol_to_cell(line, 2)}-SUM({answers})"
        sheet.write_formula(line, 7, left, form, rows - sum(counts.values()))
