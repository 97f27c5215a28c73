"""Small true-to-life facts for the tests of the store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from secaudit.model.assessment import Answer, ProfileAnswer
from secaudit.model.authorisation import Authorisation, PortRange
from secaudit.model.base import Reason
from secaudit.model.history import ProcessMark
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.observation import HttpExchange, HttpVisit, ServiceObservation
from secaudit.model.organisation import Organisation, Site, System
from secaudit.model.scan import Scan, ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import AnswerValue, Outcome, Severity
from secaudit.store.workspace import Workspace

NOW = datetime(2026, 11, 22, 14, 5, 30, 250000, tzinfo=UTC)
TARGET = parse_target("https://xã-mẫu.vn/tin?trang=1")
MARK = ProcessMark(host="may-tinh", pid=4321, started="boot/77")
SYSTEM = System(id="he-thong-1", name="Trang thông tin điện tử xã Mẫu", level=3, operator="Văn phòng UBND")
SITE = Site(id="xa-mau", system="he-thong-1", target=TARGET, allowed_ports=(80, 443))
ORGANISATION = Organisation(
    name="Ủy ban nhân dân xã Mẫu",
    superior="Ủy ban nhân dân tỉnh Mẫu",
    place="xã Mẫu",
    contact_name="Nguyễn Văn A",
    contact_email="vanphong@xamau.example",
    contact_phone="0123 456 789",
    is_sample=True,
)
AUTHORISATION = Authorisation(
    id="p-1",
    hosts=("xa.gov.vn", "*.xa.gov.vn", "203.0.113.0/28"),
    ports=(PortRange(first=1, last=1024),),
    granted_by="Chủ tịch UBND xã",
    document="12/QĐ-UBND ngày 02/11/2026",
    valid_from=NOW,
    valid_until=NOW + timedelta(days=30),
    recorded_at=NOW,
    recorded_by="Trần Thị B",
)
ANSWER = Answer(
    checklist="tcvn-14423-2026-l3",
    requirement="5.1.2.1.a",
    value=AnswerValue.PARTIAL,
    answered_by="Trần Thị B",
    answered_at=NOW,
    note="Đã có dự thảo",
    reason="chờ ký",
    evidence_date=date(2026, 10, 1),
    upholds=("header.server-version",),
)
PROFILE_ANSWER = ProfileAnswer(
    question="wireless", yes=False, answered_by="Trần Thị B", answered_at=NOW, reason="Không có mạng không dây"
)
OUTCOMES = (
    CheckOutcome(check="tls.tls10", result=Outcome.FAIL, target="a:443", place="x", evidence={"suites": ["A", 1]}),
    CheckOutcome(
        check="cert.no-sct",
        result=Outcome.INCONCLUSIVE,
        target="a:443",
        reason=Reason(code="no-https", params={"n": 1}),
    ),
)
FINDINGS = tuple(
    Finding(
        identity=f"{number:016x}",
        check="tls.tls10",
        severity=severity,
        target="a:443",
        place=str(number),
        evidence={"n": number},
    )
    for number, severity in enumerate((Severity.HIGH, Severity.HIGH, Severity.INFO))
)


def make_scan(scan_id: str = "20261122-1405-7f3a9c", started_at: datetime = NOW, **more: object) -> Scan:
    """Return a scan that has just begun."""
    values: dict[str, object] = {
        "id": scan_id,
        "version": "0.1.0",
        "target": TARGET,
        "options": ScanOptions(probes=("http", "tls", "ports"), contact="ộ@x.example"),
        "started_at": started_at,
        "authorisation": "p-1",
        "tools": {"openssl": "3.0"},
    }
    return Scan.model_validate(values | more)


def service(number: int, at: datetime = NOW) -> ServiceObservation:
    """Return a small observation that can be told from others by its number."""
    return ServiceObservation(target=f"a:{number}", at=at, host="a", port=number, banner=f"cổng {number}")


def visit(body: str) -> HttpVisit:
    """Return a visit with a page."""
    page = HttpExchange(url=TARGET.url, status=200, headers=(("Server", "x"), ("server", "ÿ")), body=body, seconds=0.25)
    return HttpVisit(target=TARGET.url, at=NOW, address="203.0.113.5", purpose="page-https", exchanges=(page,))


def register(workspace: Workspace) -> None:
    """Store the sample system and its site."""
    workspace.registry.save_system(SYSTEM)
    workspace.registry.save_site(SITE)


def new_workspace(path: Path) -> Workspace:
    """Return a new workspace with the sample system and site."""
    workspace = Workspace.create(path)
    register(workspace)
    return workspace


def everything(path: Path) -> dict[str, bytes]:
    """Return all files below `path` with their bytes, to see whether anything was touched."""
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}
