"""Every kind of output: how it is made with hostile words, and who reads it.

A new kind joins with one line in `KINDS`, a new command of the terminal with one line in `COMMANDS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from secaudit.export.as_json import write_json
from secaudit.export.ciso_assistant import write_library
from secaudit.export.content import Content as ListContent
from secaudit.export.oscal import write_catalog, write_profile
from secaudit.export.xlsx import write_xlsx
from secaudit.i18n import catalogue
from secaudit.model.remediation import RegisterEntry
from secaudit.model.schedule import MailSettings
from secaudit.notify.digest import subject, text
from secaudit.notify.smtp import compose
from secaudit.report.annual.build import build_annual
from secaudit.report.annual.words import annual_words
from secaudit.report.build import build_report
from secaudit.report.docx.words import combined_words
from secaudit.report.form08.build import build_form
from secaudit.report.form08.words import form_words
from secaudit.report.html import render_html
from secaudit.report.inspection.build import build_inspection
from secaudit.report.inspection.tables import inspection_sheet
from secaudit.report.inspection.words import index_words, inspection_words
from secaudit.report.model import ReportModel, report_json
from secaudit.report.official.docx import fill_docx
from secaudit.report.official.pages import official_html
from secaudit.report.pdf import pdf_bytes
from secaudit.report.plan.build import build_plan
from secaudit.report.plan.tables import plan_sheets, plan_table
from secaudit.report.plan.words import plan_words
from secaudit.report.programs.content import Content
from secaudit.report.programs.writers import WRITERS
from secaudit.report.protection.build import build_protection
from secaudit.report.protection.words import protection_words
from secaudit.report.province.facts import Province
from secaudit.report.province.html import render_province
from secaudit.report.province.workbook import write_province_workbook
from secaudit.report.workbook import Book, Words, csv_bytes
from secaudit.report.xlsx import write_workbook
from tests.hostile import readers
from tests.hostile.places import Choose, filled
from tests.hostile.readers import Seen
from tests.notify.test_digest import FULL
from tests.report.forms_sample import MADE, annual_inputs, form_inputs
from tests.report.inspection_sample import inspection_inputs
from tests.report.plan_sample import plan_inputs
from tests.report.protection_sample import protection_inputs
from tests.report.sample import NOW, PHRASES, ROOT, VIETNAM, sample_inputs
from tests.report.sample_rows import main_list
from tests.report.test_programs import work
from tests.report.test_province import built, fault, state

Files = dict[str, bytes]


@dataclass(frozen=True)
class Kind:
    """One kind of output.

    Attributes:
        make: from what to put where to the files of it.
        read: the reader of each file by the end of its name, `""` for all.
        slow: takes more than a second for one document.
        room: share of the strings that find a place in it at once.
    """

    make: Callable[[Choose], Files]
    read: dict[str, Callable[[bytes], Seen]]
    slow: bool = False
    room: float = 0.5

    def reader(self, name: str) -> Callable[[bytes], Seen]:
        """Return who reads the file of that name."""
        return next(read for end, read in self.read.items() if name.endswith(end))


@cache
def _sample() -> ReportModel:
    return build_report(sample_inputs(answered=True))


def report(choose: Choose) -> ReportModel:
    """Return the combined report with hostile words in every place, findings of other tools included."""
    return filled(_sample(), choose)


def content(choose: Choose) -> Content:
    """Return what the writers for programs get."""
    register: list[RegisterEntry] = [filled(work(_sample().findings[0].identity), choose)]
    return Content(report(choose), "vi", register)


def _page(choose: Choose) -> str:
    return render_html(report(choose), "vi", templates=ROOT / "reports/html", translations=catalogue("report", "vi"))


def _data(choose: Choose) -> bytes:
    return (json.dumps(report_json(report(choose)), ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _program(name: str) -> Callable[[Choose], Files]:
    return lambda choose: WRITERS[name](content(choose))


@cache
def _form() -> Any:
    return build_form(form_inputs())


@cache
def _annual() -> Any:
    return build_annual(annual_inputs())


@cache
def _plan() -> Any:
    return build_plan(plan_inputs())


@cache
def _inspection() -> Any:
    return build_inspection(inspection_inputs())


@cache
def _protection() -> Any:
    return build_protection(protection_inputs())


_TABLE_WORDS = Words("vi", VIETNAM)


def _plan_tables(choose: Choose) -> Files:
    plan = filled(_plan(), choose)
    return {
        "xlsx": Book(_TABLE_WORDS, "x", NOW).write(plan_sheets(plan, _TABLE_WORDS)),
        "csv": csv_bytes(plan_table(plan, _TABLE_WORDS), _TABLE_WORDS),
    }


def _inspection_tables(choose: Choose) -> Files:
    sheet = inspection_sheet(filled(_inspection(), choose), _TABLE_WORDS)
    rows = replace(sheet, rows=list(sheet.rows))
    return {"xlsx": Book(_TABLE_WORDS, "x", NOW).write([rows]), "csv": csv_bytes(rows, _TABLE_WORDS)}


def _inspection_index(choose: Choose) -> Files:
    words = index_words(filled(_inspection(), choose), PHRASES.render)
    return {"html": official_html("inspection-index", words).encode("utf-8")}


def _form_words(choose: Choose) -> dict[str, Any]:
    return form_words(filled(_form(), choose))


def _annual_words(choose: Choose) -> dict[str, Any]:
    return annual_words(filled(_annual(), choose), PHRASES.render)


def _official(name: str, words: Callable[[Choose], dict[str, Any]]) -> dict[str, Kind]:
    def page(choose: Choose) -> str:
        return official_html(name, words(choose))

    return {
        f"{name}-docx": Kind(lambda choose: {"docx": fill_docx(name, words(choose))}, {"": readers.docx}, slow=True),
        f"{name}-html": Kind(lambda choose: {"html": page(choose).encode("utf-8")}, {"": readers.html}),
        f"{name}-pdf": Kind(
            lambda choose: {"pdf": pdf_bytes(page(choose), made_at=MADE, attachments={})}, {"": readers.pdf}, slow=True
        ),
    }


def _list(choose: Choose) -> ListContent:
    return ListContent(filled(main_list(), choose), "vi", {}, {}, {})


@cache
def _many() -> Province:
    faults = [fault("tls.tls10"), fault("port.ftp")]
    return built(state("a", faults), state("b", faults), state("c", scanned=False))


def _many_page(choose: Choose) -> str:
    return render_province(filled(_many(), choose), "vi")


def _digest(choose: Choose) -> bytes:
    settings = MailSettings(host="127.0.0.1", sender="a@xa.example", recipients=("b@xa.example",))
    news = filled(FULL, choose)
    return compose(settings, subject(news), text(news), MADE, "x@secaudit").as_bytes()


KINDS: dict[str, Kind] = {
    "html": Kind(lambda choose: {"html": _page(choose).encode("utf-8")}, {"": readers.html}),
    "pdf": Kind(
        lambda choose: {"pdf": pdf_bytes(_page(choose), made_at=NOW, attachments={})}, {"": readers.pdf}, slow=True
    ),
    "xlsx": Kind(lambda choose: {"xlsx": write_workbook(report(choose), "vi")}, {"": readers.xlsx}),
    "json": Kind(lambda choose: {"json": _data(choose)}, {"": readers.plain_json}),
    "oscal": Kind(_program("oscal"), {"": readers.oscal}),
    "sarif": Kind(_program("sarif"), {"": readers.sarif}),
    "csv": Kind(_program("csv"), {"": readers.table}),
    "ics": Kind(_program("ics"), {"": readers.calendar}),
    "ciso-assistant": Kind(_program("ciso-assistant"), {"": readers.xlsx}),
    "docx": Kind(
        lambda choose: {"docx": fill_docx("combined", combined_words(report(choose), "vi"))},
        {"": readers.docx},
        slow=True,
    ),
    **_official("remediation", lambda choose: plan_words(filled(_plan(), choose), PHRASES.render)),
    **_official("inspection", lambda choose: inspection_words(filled(_inspection(), choose), PHRASES.render)),
    **_official("protection", lambda choose: protection_words(filled(_protection(), choose), PHRASES.render)),
    "remediation-tables": Kind(_plan_tables, {"xlsx": readers.xlsx, "csv": readers.table}),
    "inspection-tables": Kind(_inspection_tables, {"xlsx": readers.xlsx, "csv": readers.table}),
    "inspection-index": Kind(_inspection_index, {"": readers.archive_page}),
    **_official("form08", _form_words),
    **_official("annual", _annual_words),
    "list-xlsx": Kind(lambda choose: {"xlsx": write_xlsx(_list(choose))}, {"": readers.xlsx}),
    "list-json": Kind(lambda choose: {"json": write_json(_list(choose))}, {"": readers.plain_json}),
    "list-oscal": Kind(
        lambda choose: {"c.json": write_catalog(_list(choose)), "p.json": write_profile(_list(choose), "c.json")},
        {"": readers.oscal},
    ),
    "province-html": Kind(lambda choose: {"html": _many_page(choose).encode("utf-8")}, {"": readers.html}),
    "province-xlsx": Kind(
        lambda choose: {"xlsx": write_province_workbook(filled(_many(), choose), "vi")}, {"": readers.xlsx}, room=0.3
    ),
    "digest": Kind(lambda choose: {"eml": _digest(choose)}, {"": readers.mail}, room=0.2),
    "list-ciso-assistant": Kind(lambda choose: {"yaml": write_library(_list(choose))}, {"": readers.yaml}),
}
