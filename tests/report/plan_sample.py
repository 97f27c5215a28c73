"""A remediation register with work of every state, and the plan made from it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from secaudit.model.base import Text
from secaudit.model.organisation import System
from secaudit.model.remediation import Acceptance, ItemSource, ItemState, Priority, RegisterEntry, RemediationItem
from secaudit.model.words import Responsible, Severity
from secaudit.report.plan.build import PlanInputs
from secaudit.report.plan.facts import RemediationFile
from tests.report.forms_sample import DOCUMENT, ORGANISATION, PAGE, SIGNER
from tests.report.sample import NOW
from tests.report.sample_rows import main_list

OPENED = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
OTHER = System(id="mot-cua", name="Hệ thống một cửa")
OFFICER = RemediationFile(
    document=DOCUMENT.model_copy(update={"symbol": "KH-UBND", "addressees": (), "date": date(2026, 11, 20)}),
    signer=SIGNER,
    bases=("Căn cứ Nghị định số 331/2026/NĐ-CP",),
)


def entry(number: int, title: str, **more: Any) -> RegisterEntry:
    """Return one piece of work; fields of the item and of the entry go in by name."""
    around = {name: more.pop(name) for name in ("action", "overdue", "responsible", "requirements") if name in more}
    item = {
        "id": f"KP{number}", "system": PAGE.id, "source": ItemSource.FINDING, "subject": f"{number:064x}",
        "check": "tls.tls10", "target": "khetre.example:443", "opened_at": OPENED, **more,
    }  # fmt: skip
    return RegisterEntry(item=RemediationItem(**item), title=Text(vi=title, en=f"Work {number}"), **around)


def register() -> list[RegisterEntry]:
    """Return six pieces of work and one that was merged."""
    row = main_list().requirements[0]
    key = f"{main_list().id}:{row.id}"
    return [
        entry(1, "Máy chủ còn chấp nhận TLS 1.0", state=ItemState.ASSIGNED, priority=Priority.HIGH, owner="Lê Văn Ba",
              unit="Công ty Lưu trữ", due=date(2026, 12, 15), cost=5_000_000, severity=Severity.HIGH,
              action=Text(vi="Tắt TLS 1.0, chỉ cho TLS 1.2 và TLS 1.3.", en="Turn TLS 1.0 off."),
              responsible=Responsible.PROVIDER, requirements=(key,)),
        entry(2, "Bộ nhớ đệm mở ra Internet", priority=Priority.URGENT, due=date(2026, 10, 1), overdue=True,
              severity=Severity.CRITICAL, responsible=Responsible.PROVIDER),
        entry(3, "Chưa rà soát rủi ro", source=ItemSource.REQUIREMENT, subject=key, target="", check="",
              unit="Phòng Văn hóa - Xã hội", due=date(2026, 12, 31), requirements=(key,)),
        entry(4, "Mua thiết bị dự phòng", source=ItemSource.HAND, subject="", check="", target="", cost=12_500_000,
              owner="Trần Thị Hai", due=date(2027, 3, 31), priority=Priority.LOW, system=OTHER.id),
        entry(5, "Thiếu bản ghi CAA", state=ItemState.ACCEPTED, accepted=Acceptance(
            by="Trần Văn Đức", reason="Nhà cung cấp tên miền chưa hỗ trợ", until=date(2027, 6, 30), at=OPENED)),
        entry(6, "Thiếu tiêu đề HSTS", state=ItemState.VERIFIED, owner="Lê Văn Ba", cost=0,
              closed_at=datetime(2026, 10, 31, 18, 30, tzinfo=UTC)),
        entry(7, "Trùng với việc khác", state=ItemState.DUPLICATE, duplicate_of="KP1"),
    ]  # fmt: skip


def plan_inputs(officer: RemediationFile | None = None, entries: list[RegisterEntry] | None = None) -> PlanInputs:
    """Return the inputs of a plan."""
    return PlanInputs(
        organisation=ORGANISATION,
        systems=[PAGE, OTHER],
        register=register() if entries is None else entries,
        checklists=[main_list()],
        officer=OFFICER if officer is None else officer,
        now=NOW,
    )
