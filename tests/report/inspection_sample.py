"""Answers with evidence of every kind, and the evidence list made from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from secaudit.model.base import Text
from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.model.words import AnswerValue
from secaudit.report.inspection.build import InspectionInputs
from secaudit.report.inspection.facts import Attached, InspectionFile, JournalHead
from tests.report.forms_sample import DOCUMENT, ORGANISATION, PAGE, SIGNER
from tests.report.sample import NOW, VIETNAM, answers, assessment, outcomes
from tests.report.sample_rows import main_list

ADDED = datetime(2026, 10, 6, 1, 30, tzinfo=VIETNAM)
KEPT, GONE, SPOILT = "a" * 64, "b" * 64, "c" * 64
OFFICER = InspectionFile(document=DOCUMENT.model_copy(update={"symbol": "DM-UBND", "addressees": ()}), signer=SIGNER)


def record(number: int, **more: Any) -> Evidence:
    """Return a record; without more a file that is kept."""
    values = {"kind": EvidenceKind.FILE, "name": f"tệp {number}.pdf", "sha256": KEPT, "size": 5, "added_at": ADDED,
              "added_by": "Trần Thị Ví Dụ", "dated": date(2026, 10, 5)}  # fmt: skip
    return Evidence(id=f"E{number}", **(values | more))


def records() -> list[Evidence]:
    """Return evidence of every kind: twice the same file, one gone, one changed, a link, a scan, one that is unused."""
    return [
        record(1, name="Quyết định 12/QĐ-UBND: phê duyệt.pdf"),
        record(2, name="bản sao của E1.pdf"),
        record(3, name="biên bản.docx", sha256=GONE),
        record(4, name="ảnh.jpg", sha256=SPOILT, valid_until=date(2026, 11, 1)),
        record(5, kind=EvidenceKind.LINK, name="https://khetre.example/qd", reference="https://khetre.example/qd",
               sha256="", size=0),
        record(6, kind=EvidenceKind.SCAN, name="20261101-aa", reference="20261101-aa", sha256="", size=0),
        record(7, name="không dùng.txt", sha256="d" * 64),
    ]  # fmt: skip


def inspection_inputs(**more: Any) -> InspectionInputs:
    """Return the inputs of a list."""
    checklist = main_list()
    given = answers(checklist)
    met = [key for key, answer in given.items() if answer.value is AnswerValue.MET]
    named = dict(zip(met, (("E1", "E3"), ("E2", "E4"), ("E5", "E6")), strict=False))
    backed = {
        key: answer.model_copy(update={"evidence": named[key]}) if key in named else answer
        for key, answer in given.items()
    }
    values = {
        "organisation": ORGANISATION,
        "systems": [(PAGE, [assessment(checklist, outcomes(), backed)])],
        "checklists": [checklist],
        "evidence": records(),
        "fates": {KEPT: "kept", GONE: "missing", SPOILT: "changed", "d" * 64: "kept"},
        "officer": OFFICER,
        "now": NOW,
        "journal": JournalHead(sequence=7, hash="e" * 64),
        "scans": {"20261101-aa": "ket-qua-quet/20261101-aa.json"},
        "attached": [Attached(place="bao-cao/bao-cao - khetre.html", about=Text(vi="báo cáo", en="report"))],
    }
    return InspectionInputs(**(values | more))
