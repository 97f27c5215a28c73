"""A workspace with years of scans and answers behind it, generated: the same every time, nothing sent anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from secaudit.app.knowledge import Knowledge
from secaudit.app.rows import counting_checklist
from secaudit.app.rules import rules_version
from secaudit.assess.findings import find
from secaudit.model.assessment import Answer
from secaudit.model.base import Reason
from secaudit.model.judgement import CheckOutcome
from secaudit.model.observation import Certificate, CertificateObservation
from secaudit.model.organisation import Organisation, Site, System
from secaudit.model.scan import ProbeRun, Scan, ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import AnswerValue, Outcome, ProbeStatus, Profile, ScanStatus
from secaudit.store.workspace import Workspace
from secaudit.version import VERSION

FIRST = datetime(2024, 10, 7, 2, 30, tzinfo=UTC)
OFFICE = Organisation(
    name="Ủy ban nhân dân xã Khe Tre", superior="Ủy ban nhân dân thành phố Huế", place="Khe Tre",
    contact_name="Lê Thị Kim Quỳnh", contact_email="cntt@khetre.example",
)  # fmt: skip
FAULTS = (
    "port.cache", "port.ftp", "expose.env", "tls.tls10", "tls.tls11", "cert.incomplete-chain", "tls.cipher-3des",
    "http.no-https-redirect", "header.hsts-missing", "header.csp-missing", "cookie.no-secure", "port.ssh",
    "header.nosniff-missing", "cookie.no-httponly", "header.server-version", "dns.no-caa", "mail.spf-missing",
)  # fmt: skip


def outcomes(host: str, failing: Sequence[str], unclear: Sequence[str] = ()) -> list[CheckOutcome]:
    """Return an outcome of each of `FAULTS`: those that fail, those that nobody can tell, the rest passes."""
    said = []
    for check in FAULTS:
        result = Outcome.FAIL if check in failing else Outcome.INCONCLUSIVE if check in unclear else Outcome.PASS
        reason = Reason(code="connect-timeout", params={"host": host, "port": 443, "seconds": 5})
        said.append(
            CheckOutcome(
                check=check, result=result, target=f"{host}:443", evidence={"host": host},
                reason=reason if result is Outcome.INCONCLUSIVE else None,
            )
        )  # fmt: skip
    return said


def add_scan(
    workspace: Workspace, site: Site, at: datetime, said: Sequence[CheckOutcome], knowledge: Knowledge, *,
    ends: datetime | None = None, status: ScanStatus = ScanStatus.COMPLETE, profile: Profile = Profile.STANDARD,
    rules: str = rules_version(),
) -> str:  # fmt: skip
    """Store a scan that ended, with a certificate that ends at `ends` and what the rules say; return its id."""
    scan_id = f"{at:%Y%m%d-%H%M}-{site.id}"
    host, address = site.target.host, "203.0.113.10"
    certificate = Certificate(
        subject=f"CN={host}", issuer="CN=Lab", serial="01", sha256="ab" * 32, not_before=FIRST,
        not_after=ends or FIRST + timedelta(days=400), key_type="RSA", key_bits=2048, signature_hash="sha256",
        names=(host,),
    )  # fmt: skip
    shown = CertificateObservation(
        target=f"{host}:443", at=at, address=address, host=host, port=443, sni=host, chain=(certificate,),
        hostname_matches=True,
    )  # fmt: skip
    scan = Scan(
        id=scan_id, version=VERSION, target=site.target, options=ScanOptions(profile=profile), started_at=at,
        finished_at=at + timedelta(seconds=47), status=status, authorisation="A-1", observations=(shown,),
        runs=(ProbeRun(name="tls", status=ProbeStatus.OK, seconds=4.0),),
    )  # fmt: skip
    workspace.scans.add_whole(scan, site.id, {})
    workspace.scans.save_judgement(scan_id, rules, said, find(said, knowledge.texts), at)
    return scan_id


def answer(requirement: str, value: AnswerValue, at: datetime, dated: date | None = None) -> Answer:
    """Return an answer of the list that counts."""
    return Answer(
        checklist="tcvn-14423-2026-l3", requirement=requirement, value=value, answered_by="Lê Thị Kim Quỳnh",
        answered_at=at, evidence_date=dated or at.date(), reason="Đã kiểm tra lại cùng nhà cung cấp.",
    )  # fmt: skip


def add_system(workspace: Workspace, number: int = 1, host: str = "khetre.example") -> tuple[System, Site]:
    """Store a system with one page."""
    system = System(id=f"he-thong-{number}", name=f"Trang thông tin điện tử {host}", operator="Văn phòng")
    site = Site(id=f"trang-{number}", system=system.id, target=parse_target(f"https://{host}/"))
    workspace.registry.save_system(system)
    workspace.registry.save_site(site)
    return system, site


def failing_in(month: int) -> list[str]:
    """Return what fails in that month of the story: fewer and fewer, one comes back in the eighth."""
    gone = min(month, 10)
    return [*FAULTS[gone:], *(FAULTS[3:4] if month == 8 else ())]


def with_history(folder: Path, *, scans: int = 13, every: timedelta = timedelta(days=30)) -> Workspace:
    """Return a workspace whose page gets better from scan to scan, as more and more rows are answered."""
    workspace, knowledge = Workspace.create(folder), Knowledge()
    workspace.registry.save_organisation(OFFICE)
    system, site = add_system(workspace)
    rows = [row for row in counting_checklist(knowledge).requirements]
    for number in range(scans):
        at = FIRST + every * number
        story = number * 13 // scans
        ends = FIRST + timedelta(days=210 if at < FIRST + timedelta(days=200) else 560)
        add_scan(
            workspace, site, at, outcomes(site.target.host, failing_in(story)), knowledge, ends=ends,
            profile=Profile.STANDARD if number else Profile.QUICK,
        )  # fmt: skip
        for row in rows[number * len(rows) // scans : (number + 1) * len(rows) // scans][::2]:
            value = AnswerValue.PARTIAL if row.id.endswith("b") else AnswerValue.MET
            workspace.answers.record(system.id, answer(row.id, value, at + timedelta(hours=3)))
    return workspace
