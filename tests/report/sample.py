"""A realistic sample: a commune's page with faults of every severity, with and without answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from secaudit.assess.judge import judge
from secaudit.assess.priorities import first_things
from secaudit.checklist.phrases import load_phrases
from secaudit.checklist.profile import Questionnaire
from secaudit.model.assessment import Answer, Assessment, ProfileAnswer
from secaudit.model.authorisation import Authorisation, PortRange
from secaudit.model.base import Json, Reason, Text
from secaudit.model.judgement import CheckOutcome, Finding, finding_identity
from secaudit.model.observation import (
    Certificate,
    CertificateObservation,
    CipherSuite,
    HttpExchange,
    HttpVisit,
    Observation,
    PortLook,
    PortScanObservation,
    PortState,
    ServiceObservation,
    TlsObservation,
    TlsVersion,
    TrustLook,
    VersionLook,
)
from secaudit.model.organisation import Organisation, Site, System
from secaudit.model.requirement import Checklist, Milestone
from secaudit.model.scan import ProbeRun, Scan, ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import AnswerValue, Outcome, ProbeStatus, ScanStatus
from secaudit.report.inputs import ReportInputs
from tests.report.sample_rows import QUESTIONS, advisory_list, main_list
from tests.report.sample_texts import check_texts

ROOT = Path(__file__).parents[2]
VIETNAM = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=VIETNAM)
AT = datetime(2026, 11, 22, 6, 41, tzinfo=UTC)
HOST = "xamau.tinhmau.gov.vn"
ADDRESS = "203.0.113.10"
TARGET = parse_target(f"https://{HOST}/")
PAGE = f"https://{HOST}/"

FAILS: list[tuple[str, str, str, dict[str, Json]]] = [
    ("port.cache", f"{HOST}:6379", "6379", {"service": "redis", "product": "Redis", "version": "6.0.16"}),
    ("port.ftp", f"{HOST}:21", "21", {"service": "ftp", "banner": "220 (vsFTPd 3.0.3)"}),
    ("tls.tls10", f"{HOST}:443", "", {"suites": ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"]}),
    ("tls.tls11", f"{HOST}:443", "", {"suites": ["TLS_RSA_WITH_AES_128_CBC_SHA"]}),
    ("cert.incomplete-chain", f"{HOST}:443", "", {"subject": f"CN={HOST}", "issuer": "CN=Lab Intermediate"}),
    ("http.no-https-redirect", f"http://{HOST}/", "", {"status": 200, "url": f"http://{HOST}/"}),
    ("cert.expires-soon", f"{HOST}:443", "", {"not_after": "2026-12-08T23:59:59Z", "days_left": 16}),
    ("tls.cipher-3des", f"{HOST}:443", "", {"suites": ["TLS_RSA_WITH_3DES_EDE_CBC_SHA"]}),
    ("header.hsts-missing", PAGE, "", {"url": PAGE, "status": 200}),
    ("header.csp-missing", PAGE, "", {"url": PAGE, "status": 200}),
    ("cookie.no-secure", PAGE, "PHPSESSID", {"cookie": "PHPSESSID", "value": "PHPSESSID=…; path=/"}),
    ("port.ssh", f"{HOST}:22", "22", {"service": "ssh", "banner": "SSH-2.0-OpenSSH_8.4p1 Debian-5+deb11u3"}),
    ("header.nosniff-missing", PAGE, "", {"url": PAGE}),
    ("cookie.no-httponly", PAGE, "PHPSESSID", {"cookie": "PHPSESSID"}),
    ("header.server-version", PAGE, "", {"value": "nginx/1.18.0 (Ubuntu)"}),
]
PASSES = ("tls.no-tls12", "tls.heartbleed", "cert.expired", "cert.weak-key", "port.telnet")
UNCLEAR = {
    "tls.robot": Reason(code="connect-timeout", params={"host": HOST, "port": 443, "seconds": 5}),
    "http.trace-enabled": Reason(code="connect-timeout", params={"host": HOST, "port": 443, "seconds": 5}),
    "port.database": Reason(code="tool-missing", params={"tool": "nmap"}),
}
MOOT = {"cookie.samesite-none-insecure": Reason(code="no-page")}


PHRASES = load_phrases(ROOT / "checklists")


def outcomes() -> list[CheckOutcome]:
    """Return outcomes of every result."""
    failed = [
        CheckOutcome(check=check, result=Outcome.FAIL, target=target, place=place, evidence=evidence)
        for check, target, place, evidence in FAILS
    ]
    passed = [CheckOutcome(check=check, result=Outcome.PASS, target=f"{HOST}:443") for check in PASSES]
    unclear = [
        CheckOutcome(check=check, result=Outcome.INCONCLUSIVE, target=f"{HOST}:443", reason=reason)
        for check, reason in UNCLEAR.items()
    ]
    moot = [
        CheckOutcome(check=check, result=Outcome.NOT_APPLICABLE, target=PAGE, reason=reason)
        for check, reason in MOOT.items()
    ]
    return failed + passed + unclear + moot


def findings(from_outcomes: list[CheckOutcome]) -> list[Finding]:
    """Return the findings of the outcomes that failed."""
    texts = check_texts()
    return [
        Finding(
            identity=finding_identity(outcome.check, outcome.target, outcome.place),
            check=outcome.check,
            severity=texts[outcome.check].severity,
            target=outcome.target,
            place=outcome.place,
            evidence=outcome.evidence,
        )
        for outcome in from_outcomes
        if outcome.result is Outcome.FAIL
    ]


def observations() -> tuple[Observation, ...]:
    """Return what the probes saw."""
    suite = CipherSuite(name="TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", key_bits=128)
    weak = CipherSuite(name="TLS_RSA_WITH_AES_128_CBC_SHA", key_bits=128)
    looks = {
        TlsVersion.SSL_2_0: (), TlsVersion.SSL_3_0: (), TlsVersion.TLS_1_0: (weak,) * 2, TlsVersion.TLS_1_1: (weak,),
        TlsVersion.TLS_1_2: (suite,) * 8,
    }  # fmt: skip
    unseen = VersionLook(
        version=TlsVersion.TLS_1_3,
        fault=Reason(code="connect-timeout", params={"host": HOST, "port": 443, "seconds": 5}),
    )
    tls = TlsObservation(
        target=f"{HOST}:443", at=AT, address=ADDRESS, host=HOST, port=443, sni=HOST,
        versions=(*(VersionLook(version=v, accepted=s, offered=40) for v, s in looks.items()), unseen),
    )  # fmt: skip
    certificate = Certificate(
        subject=f"CN={HOST}", issuer="CN=Lab Intermediate, O=secaudit lab", serial="01", sha256="ab" * 32,
        not_before=datetime(2025, 12, 9, tzinfo=UTC), not_after=datetime(2026, 12, 8, 23, 59, 59, tzinfo=UTC),
        key_type="RSA", key_bits=2048, signature_hash="sha256", names=(HOST, f"www.{HOST}"), sct_count=2,
    )  # fmt: skip
    chain = CertificateObservation(
        target=f"{HOST}:443", at=AT, address=ADDRESS, host=HOST, port=443, sni=HOST, chain=(certificate,),
        hostname_matches=True, trust=(TrustLook(store="Mozilla", trusted=False, error="unable to get local issuer"),
                                      TrustLook(store="Windows", trusted=True)),
    )  # fmt: skip
    visit = HttpVisit(
        target=PAGE, at=AT, address=ADDRESS, purpose="page-https",
        exchanges=(
            HttpExchange(url=PAGE, address=ADDRESS, status=200, headers=(("Server", "nginx/1.18.0 (Ubuntu)"),)),
        ),
    )  # fmt: skip
    ports = PortScanObservation(
        target=HOST, at=AT, address=ADDRESS, host=HOST, tried=tuple(range(1, 1051)), seconds=1.4,
        found=tuple(PortLook(port=p, state=PortState.OPEN) for p in (21, 22, 80, 443, 6379))
        + tuple(PortLook(port=p, state=PortState.FILTERED) for p in range(500, 512)),
    )  # fmt: skip
    services = (
        _service(21, "ftp", "vsftpd", "3.0.3", "nmap"),
        _service(22, "ssh", "OpenSSH", "8.4p1", "banner"),
        _service(80, "http", "nginx", "1.18.0", "site"),
        _service(443, "https", "nginx", "1.18.0", "site"),
        _service(6379, "redis", "", "", "number"),
    )
    return (tls, chain, visit, ports, *services)


def _service(port: int, service: str, product: str, version: str, method: str) -> ServiceObservation:
    return ServiceObservation.model_validate(
        {"target": f"{HOST}:{port}", "at": AT, "address": ADDRESS, "host": HOST, "port": port, "service": service,
         "product": product, "version": version, "method": method}
    )  # fmt: skip


def scan() -> Scan:
    """Return a finished scan with one probe that partly failed."""
    return Scan(
        id="01KAMAU0000000000000000001",
        version="0.1.0",
        target=TARGET,
        options=ScanOptions(contact="cntt@xamau.tinhmau.gov.vn"),
        started_at=AT,
        finished_at=AT + timedelta(seconds=47),
        status=ScanStatus.COMPLETE,
        runs=(
            ProbeRun(name="http", status=ProbeStatus.OK, seconds=3.2),
            ProbeRun(name="tls", status=ProbeStatus.OK, seconds=46.8),
            ProbeRun(
                name="ports",
                status=ProbeStatus.OK,
                seconds=9.1,
                notes=(Reason(code="tool-missing", params={"tool": "nmap"}),),
            ),
        ),
        observations=observations(),
        authorisation="A-2026-01",
        tools={"sslyze": "6.3.1", "OpenSSL": "3.0.15"},
    )


def answers(checklist: Checklist) -> dict[str, Answer]:
    """Return answers of every value, one contradicted, one out of date, two left unanswered."""
    met, partial, not_met, moot = (
        AnswerValue.MET,
        AnswerValue.PARTIAL,
        AnswerValue.NOT_MET,
        AnswerValue.NOT_APPLICABLE,
    )
    said: dict[str, tuple[AnswerValue, dict[str, object]]] = {
        "5.1.2.1.b": (met, {"evidence_date": date(2026, 3, 2), "note": "Biên bản số 12/BB-UBND."}),
        "5.1.2.2.c": (partial, {"evidence_date": date(2026, 10, 5), "note": "Mới rà soát phần trang tin."}),
        "5.2.2.2.a": (met, {"evidence_date": date(2026, 1, 15)}),
        "5.4.2.1.d": (met, {"evidence_date": date(2026, 9, 1)}),
        "5.4.2.4.b": (met, {"note": "Trang đã có https."}),
        "5.6.2.1.d": (met, {"evidence_date": date(2026, 8, 20)}),
        "5.7.2.1.b": (met, {"evidence_date": date(2026, 11, 22)}),
        "5.8.2.1.a-1": (not_met, {"note": "Chưa có quy định lưu nhật ký."}),
        "5.11.2.3.a": (met, {"equivalent": "Nhà cung cấp sao lưu hằng ngày sang trung tâm dữ liệu thứ hai."}),
        "5.12.2.2.b": (
            moot,
            {"reason": "Trang đặt tại trung tâm dữ liệu của tỉnh; xã không có mạng máy chủ riêng."},
        ),
        "5.14.2.2.d": (met, {"evidence_date": date(2026, 6, 12)}),
    }
    return {
        row: Answer.model_validate(
            {"checklist": checklist.id, "requirement": row, "value": value, "answered_by": "Nguyễn Văn Mẫu",
             "answered_at": datetime(2026, 11, 20, 9, 0, tzinfo=VIETNAM)} | extra
        )
        for row, (value, extra) in said.items()
    }  # fmt: skip


def assessment(checklist: Checklist, judged: list[CheckOutcome], given: Mapping[str, Answer]) -> Assessment:
    """Judge a list; with answers the profile says that the network has no DHCP."""
    no_dhcp = ProfileAnswer(question="uses-dhcp", yes=False, answered_by="Nguyễn Văn Mẫu", answered_at=NOW)
    return judge(
        checklist,
        outcomes=judged,
        findings=findings(judged),
        answers=given.values(),
        profile=[no_dhcp] if given else [],
        questions=Questionnaire(tuple(QUESTIONS.values())),
        at=NOW,
        today=NOW.date(),
    )


def sample_inputs(*, answered: bool) -> ReportInputs:
    """Return the inputs of the sample report, with answers or with none."""
    judged = outcomes()
    found = findings(judged)
    lists = [main_list(), advisory_list()]
    given = answers(lists[0]) if answered else {}
    judged_lists = [assessment(checklist, judged, given if checklist.counts else {}) for checklist in lists]
    return ReportInputs(
        organisation=Organisation(
            name="Ủy ban nhân dân xã Mẫu",
            place="Xã Mẫu",
            contact_name="Trần Thị Ví Dụ",
            contact_email="cntt@xamau.tinhmau.gov.vn",
            contact_phone="0234 000 0000",
            is_sample=True,
        ),
        system=System(id="trang-tin", name="Trang thông tin điện tử xã Mẫu", operator="Văn phòng HĐND và UBND xã Mẫu"),
        site=Site(id="chinh", system="trang-tin", target=TARGET),
        scan=scan(),
        outcomes=judged,
        findings=found,
        texts=check_texts(),
        phrase=PHRASES.render,
        checklists=lists,
        assessments=judged_lists,
        priorities=first_things(found, judged_lists[:1], check_texts()),
        questions=QUESTIONS,
        authorisations=[
            Authorisation(
                id="A-2026-01",
                hosts=(HOST,),
                ports=(PortRange(first=1, last=65535),),
                granted_by="Chủ tịch UBND xã Mẫu",
                document="Công văn số 15/UBND-VP ngày 02/11/2026",
                valid_from=datetime(2026, 11, 2, tzinfo=VIETNAM),
                valid_until=datetime(2026, 12, 31, 23, 59, tzinfo=VIETNAM),
                recorded_at=datetime(2026, 11, 3, 8, 30, tzinfo=VIETNAM),
                recorded_by="Trần Thị Ví Dụ",
            )
        ],
        deadlines=[
            Milestone(
                date=date(2026, 12, 20),
                text=Text(
                    vi="Đơn vị chuyên trách và đơn vị vận hành gửi báo cáo năm cho chủ quản "
                    "(số liệu từ 15/12 năm trước đến 14/12).",
                    en="Security unit and operator send the annual report to the owner (data from 15 December of the "
                    "year before to 14 December).",
                ),
                source="Nghị định 331/2026/NĐ-CP, Điều 35.3, 35.4.a",
            ),
            Milestone(
                date=date(2026, 12, 25),
                text=Text(
                    vi="Chủ quản gửi báo cáo năm cho Bộ Công an.",
                    en="The owner sends the annual report to the Ministry of Public Security.",
                ),
                source="Nghị định 331/2026/NĐ-CP, Điều 35.4.b",
            ),
            Milestone(
                date=date(2026, 11, 1),
                text=Text(
                    vi="Báo cáo kết quả thực hiện kế hoạch (Kế hoạch 86/KH-UBND).",
                    en="Report on carrying out the plan (Plan 86/KH-UBND).",
                ),
                source="Kế hoạch 86/KH-UBND, phần III.1",
            ),
        ],
        now=NOW,
    )


def empty_profile(inputs: ReportInputs) -> ReportInputs:
    """Return the inputs with nothing known of the office."""
    return replace(inputs, organisation=Organisation(), system=System(id="trang-tin", name=""))
