"""A Form 08 and a progress report in which nothing contradicts, to be broken by the tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

from secaudit.assess.portfolio import Page, SystemFacts, portfolio
from secaudit.model.organisation import Organisation, System, SystemKind
from secaudit.model.solution import SolutionRule, Target
from secaudit.model.words import Responsible, Severity
from secaudit.report.annual.build import AnnualInputs
from secaudit.report.annual.facts import AnnualFile, FindingLine, ScanLine
from secaudit.report.form08.build import Form08Inputs
from secaudit.report.form08.facts import Approval, Decision, Examination, Implementation, Party, Review
from secaudit.report.form08.officer import Form08File, OfficerCounts, SystemFields
from secaudit.report.official.letter import Capacity, DocumentFields, Signer
from tests.report.sample import sample_inputs

MADE = datetime(2026, 12, 18, 2, 0, tzinfo=UTC)
ORGANISATION = Organisation(
    name="Ủy ban nhân dân xã Khe Tre",
    superior="Ủy ban nhân dân thành phố Huế",
    place="Khe Tre",
    contact_email="ubnd@khetre.example",
    contact_phone="0234 111 1111",
)
PAGE = System(
    id="trang-tin", name="Trang thông tin điện tử xã Khe Tre", operator="Văn phòng HĐND và UBND", level_basis="proposed"
)
RULE = SolutionRule(
    format="secaudit.solution/1", kinds=(SystemKind.PAGE, SystemKind.PRESS), level=3, strict=100, contradicted=0,
    worst_finding=Severity.HIGH, scan_age_days=90, scan_complete=True,
    targets=(Target(year=2025, share=100), Target(year=2030, share=100)),
)  # fmt: skip
DOCUMENT = DocumentFields(
    number=5, symbol="UBND-VHXH", date=date(2026, 12, 18), addressees=("Bộ Công an",), recipients=("HĐND xã",),
    archive="VT, VHXH",
)  # fmt: skip
SIGNER = Signer(lines=("TM. Ủy ban nhân dân", "Chủ tịch"), name="Trần Văn Đức", capacity=Capacity.HEAD)


def officer() -> Form08File:
    """Return the officer's file for two systems, one of them not in the workspace."""
    return Form08File(
        year=2026,
        as_of=date(2026, 12, 14),
        document=DOCUMENT,
        signer=SIGNER,
        owner=Party(
            representative="Trần Văn Đức", position="Chủ tịch Ủy ban nhân dân xã", address="Thôn 1, xã Khe Tre",
            regulation="Không có",
        ),
        unit=Party(
            name="Phòng Văn hóa - Xã hội", regulation="Quyết định số 03/QĐ-UBND",
            representative="Lê Thị Kim Quỳnh", position="Trưởng phòng",
            address="Thôn 1, xã Khe Tre", phone="0234 222 2222", email="vhxh@khetre.example",
        ),
        counts=OfficerCounts(all_approved_by="Quý II/2027"),
        unit_report_date=date(2026, 12, 10),
        systems=(
            SystemFields(
                id="trang-tin", classified=True, status=Approval.DRAFTING, approval_expected="Quý II/2027",
                implementation_expected="Quý IV/2027", operator_report_date=date(2026, 12, 11),
                article_16_criterion="Không có",
                reviews=(Review(period="Quý III/2026", procedures="Quy chế sao lưu", fixed="Có"),),
            ),
            SystemFields(
                id="mot-cua", name="Hệ thống một cửa", operator="VNPT Huế", level=2, classified=True,
                status=Approval.APPROVED,
                approval_decision=Decision(number="45/QĐ-UBND", date=date(2026, 6, 1), body="UBND thành phố Huế"),
                regulation=Decision(number="12/QĐ-UBND", date=date(2026, 3, 1), body="UBND xã Khe Tre"),
                examinations=(Examination.BEFORE_USE, Examination.PERIODIC),
                operator_report_date=date(2026, 12, 12), article_16_criterion="không có.",
            ),
        ),
    )  # fmt: skip


def form_inputs(given: Form08File | None = None) -> Form08Inputs:
    """Return the inputs of a form in which nothing contradicts."""
    report = sample_inputs(answered=True)
    counting = [one for one, c in zip(report.assessments, report.checklists, strict=True) if c.counts]
    return Form08Inputs(
        organisation=ORGANISATION,
        systems=[PAGE],
        checklists=report.checklists,
        assessments={"trang-tin": counting},
        officer=given or officer(),
        today=date(2026, 12, 18),
        confirmed={"trang-tin": Implementation.SOME, "mot-cua": Implementation.FULL},
    )


def annual_inputs(given: AnnualFile | None = None) -> AnnualInputs:
    """Return the inputs of a progress report over two scans."""
    report = sample_inputs(answered=True)
    counting = [one for one, c in zip(report.assessments, report.checklists, strict=True) if c.counts]
    counts = dict.fromkeys(Severity, 0)
    fates = ("fixed", "fixed", "open", "new", "unknown")
    return AnnualInputs(
        organisation=ORGANISATION,
        systems=[(PAGE, counting)],
        portfolio=portfolio(RULE, [SystemFacts(PAGE, counting[0], (), [Page(date(2026, 10, 20), True)])],
                            date(2026, 10, 28)),
        checklists=report.checklists,
        scans=[
            ScanLine(day=day, page="khetre.example", status="complete", judged=True, counts=counts)
            for day in (date(2026, 1, 5), date(2026, 10, 20))
        ],
        findings=[
            FindingLine(
                page="khetre.example", severity=Severity.HIGH, title=f"Lỗi {n}", fate=fate, action="Sửa cấu hình",
                responsible=Responsible.PROVIDER,
            )
            for n, fate in enumerate(fates)
        ],
        pages=1,
        compared=1,
        officer=given or AnnualFile(
            year=2026, document=DOCUMENT.model_copy(update={"symbol": "BC-UBND", "date": date(2026, 10, 28)}),
            signer=SIGNER, bases=("Căn cứ Kế hoạch số 86/KH-UBND", "Căn cứ Nghị định số 331/2026/NĐ-CP;"),
            threshold=30, difficulties=("Thiếu người.",), proposals=("Đào tạo thêm.",),
        ),
        today=date(2026, 10, 28),
    )  # fmt: skip
