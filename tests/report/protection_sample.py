"""One system with answers, a level sheet and a scan, and the draft of its protection plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from secaudit.checklist.loader import Library
from secaudit.model.base import Text
from secaudit.model.requirement import Checklist
from secaudit.model.words import ScanStatus, Severity
from secaudit.report.protection.build import DECREE, ProtectionInputs
from secaudit.report.protection.facts import LevelFacts, ProtectionFile, SeenPage
from tests.report.forms_sample import DOCUMENT, ORGANISATION, PAGE, SIGNER
from tests.report.inspection_sample import records
from tests.report.sample import NOW, answers, assessment, findings, outcomes
from tests.report.sample_rows import main_list

PARTS = {"5.1.2.1.b": ("29.2.d",), "5.1.2.2.c": ("29.2.d", "29.2.c"), "5.4.2.4.b": ("29.2.b",)}
OFFICER = ProtectionFile(
    document=DOCUMENT.model_copy(update={"symbol": "PA-UBND", "addressees": ()}), signer=SIGNER,
    unit="Phòng Văn hóa - Xã hội", parts={"d": ("Đánh giá rủi ro mỗi năm một lần.",)},
)  # fmt: skip


def checklist() -> Checklist:
    """Return the sample list with the parts of the plan that its rows feed."""
    plain = main_list()
    rows = (
        row.model_copy(update={"crosswalk": {DECREE: PARTS[row.id]} if row.id in PARTS else {}})
        for row in plain.requirements
    )
    return plain.model_copy(update={"requirements": tuple(rows)})


def protection_inputs(**more: Any) -> ProtectionInputs:
    """Return the inputs of a draft."""
    own = checklist()
    given = answers(own)
    given["5.1.2.2.c"] = given["5.1.2.2.c"].model_copy(update={"evidence": ("E1",)})
    judged = outcomes()
    decree = next(one for one in Library().all() if one.id == DECREE)
    values = {
        "organisation": ORGANISATION,
        "system": PAGE,
        "checklists": [own, decree.model_copy(update={"requirements": ()})],
        "assessments": [assessment(own, judged, given)],
        "evidence": {one.id: one for one in records()},
        "findings": {one.identity: Text(vi=f"Lỗi {one.check}", en=one.check) for one in findings(judged)},
        "officer": OFFICER,
        "today": NOW.date(),
        "sheet": LevelFacts(
            level=2, criteria=(("12.2.a", Text(vi="Hệ thống nội bộ", en="Internal system")),), plan="Kế hoạch 86",
            answered_by="Nguyễn Văn Mẫu", day=date(2026, 11, 1),
        ),
        "pages": [
            SeenPage(
                host="khetre.example", day=date(2026, 11, 2), status=ScanStatus.INCOMPLETE,
                severities=dict.fromkeys(Severity, 1), ports=("443/tcp https",), versions=("TLSv1.2",),
            )
        ],
    }  # fmt: skip
    return ProtectionInputs(**(values | more))
