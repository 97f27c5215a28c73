"""An inspection: joins answers, evidence and reports, and writes the archive that opens without this program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from secaudit.app.files import write_stream
from secaudit.app.judge import JudgedScan, judge_scan, latest_judged
from secaudit.app.knowledge import Knowledge
from secaudit.app.report import report_model
from secaudit.app.scan_json import scan_json
from secaudit.app.status import SystemStatus, system_statuses
from secaudit.model.base import Text
from secaudit.model.errors import BadInput, StoreError, message
from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.report.html import render_html
from secaudit.report.inspection.archive import Changed, Member, member_of, write_archive
from secaudit.report.inspection.build import InspectionInputs, build_inspection
from secaudit.report.inspection.facts import Attached, Fate, Inspection, InspectionFile, JournalHead
from secaudit.report.inspection.names import safe_name
from secaudit.report.inspection.tables import inspection_sheet
from secaudit.report.inspection.words import index_words, inspection_words
from secaudit.report.official.docx import fill_docx
from secaudit.report.official.pages import official_html
from secaudit.report.workbook import Book, Words, csv_bytes
from secaudit.report.xlsx import write_workbook
from secaudit.store.evidence_files import digest_of
from secaudit.store.workspace import Workspace

_FAILURE = message(
    "The archive could not be written to {path} ({detail}). Free space, close the file in other programs or choose "
    "another place with --output."
)
_MEANWHILE = message("The file {place} changed while the archive was written; nothing was kept. Try again.")
_LIST = {
    "danh-muc-bang-chung.docx": Text(vi="danh mục bằng chứng, bản Word", en="evidence list as a Word document"),
    "danh-muc-bang-chung.xlsx": Text(vi="danh mục bằng chứng, bảng tính", en="evidence list as a workbook"),
    "danh-muc-bang-chung.csv": Text(vi="danh mục bằng chứng, dạng CSV", en="evidence list as CSV"),
    "nhat-ky.json": Text(vi="bút toán mới nhất của nhật ký", en="newest entry of the journal"),
}


@dataclass(frozen=True)
class Gathered:
    """Everything of an archive that is at hand before it is written.

    Attributes:
        made: reports and scans by their place.
        files: kept evidence files by SHA-256.
    """

    inspection: Inspection
    made: Mapping[str, bytes]
    files: Mapping[str, Path]


def gather(workspace: Workspace, knowledge: Knowledge, officer: InspectionFile, now: datetime) -> Gathered:
    """Return the evidence list with the reports of the latest scans. Every kept file is read and held to its sum."""
    statuses = system_statuses(workspace, knowledge, now)
    evidence = workspace.evidence.list()
    files = {one.sha256: workspace.evidence.path_of(one) for one in evidence if one.kind is EvidenceKind.FILE}
    made: dict[str, bytes] = {}
    attached = []
    for place, about, data in (*_reports(workspace, statuses, knowledge, now), *_scans(workspace, evidence, knowledge)):
        made[place] = data
        attached.append(Attached(place=place, about=about))
    sequence, digest = workspace.journal.head()
    inspection = build_inspection(
        InspectionInputs(
            organisation=workspace.registry.organisation(),
            systems=[(status.system, status.assessments) for status in statuses],
            checklists=knowledge.checklists,
            evidence=evidence,
            fates={digest: _fate(path, digest) for digest, path in files.items()},
            officer=officer,
            now=now.astimezone(),
            journal=JournalHead(sequence=sequence, hash=digest) if sequence else None,
            scans={_scan_of(place): place for place in made if place.startswith(_SCANS)},
            attached=[*(Attached(place=place, about=about) for place, about in _LIST.items()), *attached],
        )
    )
    return Gathered(inspection, made, files)


_SCANS = "ket-qua-quet/"


def _scan_of(place: str) -> str:
    return place.removeprefix(_SCANS).removesuffix(".json")


def _fate(path: Path, digest: str) -> Fate:
    found = digest_of(path)
    return "kept" if found == digest else "changed" if found or path.exists() else "missing"


def _reports(
    workspace: Workspace, statuses: Sequence[SystemStatus], knowledge: Knowledge, now: datetime
) -> Iterator[tuple[str, Text, bytes]]:
    """Give the combined report of each page's latest scan."""
    for status in statuses:
        for site, _ in status.sites:
            judged = latest_judged(workspace, site, knowledge)
            if judged is None:
                continue
            model = report_model(workspace, status.system, site, judged, status.assessments, knowledge, now)
            name = safe_name(site.target.display_host, "bao-cao")
            host = site.target.display_host
            page = Text(vi=f"báo cáo kiểm tra trang {host}", en=f"report on the page {host}")
            book = Text(vi=f"báo cáo kiểm tra trang {host}, bảng tính", en=f"report on the page {host}, workbook")
            yield f"bao-cao/{name}.html", page, render_html(model, "vi").encode("utf-8")
            yield f"bao-cao/{name}.xlsx", book, write_workbook(model, "vi")


def _scans(
    workspace: Workspace, evidence: Sequence[Evidence], knowledge: Knowledge
) -> Iterator[tuple[str, Text, bytes]]:
    """Give each scan that is evidence, as the outside contract's JSON."""
    for scan_id in dict.fromkeys(one.reference for one in evidence if one.kind is EvidenceKind.SCAN):
        try:
            judged = judge_scan(workspace.scans.load(scan_id), knowledge)
        except StoreError:
            continue  # its row then names no place
        about = Text(vi=f"kết quả quét {scan_id}", en=f"scan {scan_id}")
        yield f"{_SCANS}{scan_id}.json", about, _scan_bytes(judged, knowledge)


def _scan_bytes(judged: JudgedScan, knowledge: Knowledge) -> bytes:
    data = scan_json(
        judged.scan, judged.outcomes, judged.findings, knowledge.texts, knowledge.requirements_of,
        lambda reason: knowledge.render(reason, "vi"),
    )  # fmt: skip
    return _json(data)


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def write_inspection(path: Path, gathered: Gathered, knowledge: Knowledge, template: Path | None) -> Path:
    """Write the archive and return its absolute path.

    Raises:
        BadInput: it cannot be written, or a file changed meanwhile; nothing is left behind then.
    """
    members = list(_members(gathered, knowledge, template))

    def write(stream: BinaryIO) -> None:
        write_archive(stream, members, gathered.inspection.made_at)

    try:
        return write_stream(path, write, _FAILURE)
    except Changed as error:
        raise BadInput(_MEANWHILE, place=str(error)) from None


def _members(gathered: Gathered, knowledge: Knowledge, template: Path | None) -> Iterator[Member]:
    inspection = gathered.inspection
    say = Words("vi", inspection.made_at.tzinfo or UTC)
    words = inspection_words(inspection, knowledge.render)
    sheet = [inspection_sheet(inspection, say)]
    index = official_html("inspection-index", index_words(inspection, knowledge.render))
    journal = inspection.journal.model_dump() if inspection.journal else None
    yield member_of("index.html", index.encode("utf-8"))
    yield member_of("danh-muc-bang-chung.docx", fill_docx("inspection", words, template))
    yield member_of("danh-muc-bang-chung.xlsx", Book(say, str(words["summary"]), inspection.made_at).write(sheet))
    yield member_of("danh-muc-bang-chung.csv", csv_bytes(inspection_sheet(inspection, say), say))
    yield member_of("nhat-ky.json", _json({"schema": "secaudit.journal-head/1", "head": journal}))
    for place, data in gathered.made.items():
        yield member_of(place, data)
    there = {piece.sha256: piece for piece in inspection.pieces if piece.fate == "kept" and piece.sha256}
    for digest, piece in there.items():
        yield Member(piece.place, piece.size, partial(_opened, gathered.files[digest]), digest, packed=False)


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")
