"""The evidence list and its archive: every file named, none twice, no bytes that differ without a reason."""

from __future__ import annotations

import hashlib
import re
import resource
import subprocess
import sys
import unicodedata
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.report.inspection.archive import CHUNK, SUMS, Changed, Member, member_of, write_archive
from secaudit.report.inspection.build import build_inspection, file_places
from secaudit.report.inspection.names import LONGEST, safe_name
from secaudit.report.inspection.tables import inspection_sheet
from secaudit.report.inspection.words import index_words, inspection_words
from secaudit.report.official.pages import official_html
from secaudit.report.workbook import Words
from tests.report.inspection_sample import GONE, KEPT, inspection_inputs, record, records
from tests.report.sample import NOW, PHRASES, VIETNAM

AT = datetime(2026, 11, 22, 14, 5, 30)  # noqa: DTZ001 - an archive has no zones


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Quyết định 12/QĐ-UBND: phê duyệt.pdf", "E1 - Quyết định 12-QĐ-UBND- phê duyệt.pdf"),
        ("../../etc/passwd", "E1 - etc-passwd"),
        ("C:\\Users\\a\\b.docx", "E1 - C--Users-a-b.docx"),
        ("CON", "E1 - CON"),
        ("a<b>|?*\".txt", "E1 - a-b-----.txt"),
        ("tên. ", "E1 - tên"),
        ("\u202egnp.exe", "E1 - gnp.exe"),
        ("a\nb\x00c.pdf", "E1 - a-b-c.pdf"),
        ("", "E1 - -"),
    ],
)  # fmt: skip
def test_names_are_what_every_system_can_unpack(name: str, wanted: str) -> None:
    assert safe_name(name, "E1") == wanted


@given(st.text(max_size=400))
def test_no_name_is_dangerous(name: str) -> None:
    safe = safe_name(name, "E123")
    assert safe.startswith("E123 - ")
    assert len(safe) <= LONGEST
    assert len(safe.encode("utf-8", "surrogatepass")) <= 255
    assert not set('\\/:*?"<>|') & set(safe)
    assert not safe.endswith((" ", "."))
    assert not [letter for letter in safe if unicodedata.category(letter)[0] == "C"]


def test_a_long_name_keeps_its_ending() -> None:
    assert safe_name("ế" * 300 + ".pdf", "E1").endswith("ế.pdf")


def test_the_same_content_is_kept_once_under_its_first_name() -> None:
    places = file_places(records())
    assert places[KEPT] == "bang-chung/E1 - Quyết định 12-QĐ-UBND- phê duyệt.pdf"
    assert len(places) == 4
    inspection = build_inspection(inspection_inputs())
    pieces = {piece.id: piece for piece in inspection.pieces}
    assert pieces["E1"].place == pieces["E2"].place == places[KEPT]
    assert list(pieces) == [f"E{n}" for n in range(1, 8)]


def test_missing_and_changed_files_are_named_and_have_no_place() -> None:
    inspection = build_inspection(inspection_inputs())
    assert [(piece.id, piece.fate, piece.place) for piece in inspection.faults] == [
        ("E3", "missing", ""), ("E4", "changed", ""),
    ]  # fmt: skip
    words = inspection_words(inspection, PHRASES.render)
    assert [line.split()[0] for line in words["faults"]] == ["E3", "E4"]
    assert GONE in words["faults"][0]
    unread = build_inspection(inspection_inputs(fates={}))
    assert {piece.id for piece in unread.faults} == {"E1", "E2", "E3", "E4", "E7"}, "what nobody looked at is missing"


def test_the_list_says_who_when_what_and_where() -> None:
    inspection = build_inspection(inspection_inputs())
    rows = [
        row
        for one in inspection_words(inspection, PHRASES.render)["systems"]
        for entry in one["lists"]
        for group in entry["groups"]
        for row in group["lines"]
    ]
    [first] = [row for row in rows if row["evidence"].startswith("E1 ")]
    assert first["who"] == "Nguyễn Văn Mẫu, 20/11/2026"
    assert "ngày 05/10/2026" in first["evidence"]
    assert "tệp bang-chung/E1 - " in first["evidence"]
    assert "tệp không còn trong kho" in first["evidence"]
    [other] = [row for row in rows if "E6 " in row["evidence"]]
    assert "tệp ket-qua-quet/20261101-aa.json" in other["evidence"]
    assert "nội dung không nằm trong hồ sơ" in other["evidence"]
    assert sum(row["evidence"].startswith("Chưa có bằng chứng") for row in rows) > 5
    [unused] = inspection_words(inspection, PHRASES.render)["others"]
    assert unused["id"] == "E7"


def test_the_table_has_a_row_for_each_piece_and_for_each_row_without() -> None:
    inspection = build_inspection(inspection_inputs())
    rows = list(inspection_sheet(inspection, Words("vi", VIETNAM)).rows)
    wide = {len(row) for row in rows}
    assert len(wide) == 1
    requirements = sum(len(entry.rows) for one in inspection.systems for entry in one.lists)
    assert len(rows) == requirements + 3 + 1
    assert [row[8] for row in rows if row[8]] == ["E1", "E3", "E2", "E4", "E5", "E6", "E7"]


def test_the_index_links_to_every_file_and_to_nothing_else() -> None:
    inspection = build_inspection(inspection_inputs())
    page = official_html("inspection-index", index_words(inspection, PHRASES.render))
    links = {unquote(link) for link in re.findall(r'href="([^"]*)"', page)}
    places = {piece.place for piece in inspection.pieces if piece.place} | {one.place for one in inspection.attached}
    assert links == places | {SUMS, "https://khetre.example/qd"}
    assert "<script" not in page
    assert 'src="' not in page
    assert "e" * 64 in page


def archive(*members: Member) -> bytes:
    target = BytesIO()
    write_archive(target, members, AT)
    return target.getvalue()


def test_the_archive_opens_with_utf8_names_and_its_sums_hold(tmp_path: Path) -> None:
    place = "bang-chung/E1 - Quyết định.pdf"
    raw = archive(member_of("index.html", b"<p>"), Member(place, 3, lambda: BytesIO(b"abc"), packed=False))
    with zipfile.ZipFile(BytesIO(raw)) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == ["index.html", place, SUMS]
        entries = {entry.filename: entry for entry in opened.infolist()}
        assert entries[place].flag_bits & 0x800, "UTF-8 names, as Windows Explorer needs them"
        assert {entry.compress_type for entry in entries.values()} == {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        opened.extractall(tmp_path)
    done = subprocess.run(["sha256sum", "-c", SUMS], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    sums = (tmp_path / SUMS).read_text(encoding="utf-8")
    assert f"{hashlib.sha256(b'abc').hexdigest()}  {place}\n" in sums


def test_the_same_content_gives_the_same_bytes() -> None:
    members = [member_of("a.txt", b"a" * 1000), Member("b", 2, lambda: BytesIO(b"bb"), packed=False)]
    assert archive(*members) == archive(*members)


def test_a_file_that_changed_on_the_way_is_refused() -> None:
    with pytest.raises(Changed, match="b"):
        archive(Member("b", 2, lambda: BytesIO(b"xx"), hashlib.sha256(b"bb").hexdigest()))


class Endless:
    """A stream of zeros of a given length that is never whole in memory."""

    def __init__(self, size: int) -> None:
        self._left = size

    def __enter__(self) -> Endless:
        return self

    def __exit__(self, *error: Any) -> None:
        pass

    def read(self, size: int) -> bytes:
        taken = min(size, self._left)
        self._left -= taken
        return bytes(taken)


class Sink(BytesIO):
    """Counts what is written and keeps nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.place = self.length = 0

    def write(self, data: Any) -> int:
        self.place += len(data)
        self.length = max(self.length, self.place)
        return len(data)

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = 0) -> int:
        self.place = offset if whence == 0 else self.length + offset
        return self.place


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="measures memory by POSIX")
def test_a_file_of_five_gigabytes_is_streamed_in_bounded_memory() -> None:
    size = 5 * 1024**3
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sink = Sink()
    opened: Any = lambda: Endless(size)  # noqa: E731
    write_archive(sink, [Member("bang-chung/E1 - video.mp4", size, opened, packed=False)], AT)
    assert sink.length > size
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * CHUNK / 1024


def test_without_evidence_the_index_says_so_and_the_last_day_of_validity_still_counts() -> None:
    inspection = build_inspection(inspection_inputs(evidence=[], fates={}))
    assert inspection.pieces == ()
    page = official_html("inspection-index", index_words(inspection, PHRASES.render))
    assert "Chưa có bằng chứng nào." in page
    expired = build_inspection(inspection_inputs(evidence=[record(4, valid_until=NOW.date())], fates={KEPT: "kept"}))
    assert not expired.pieces[0].expired, "the last day still counts"
    assert isinstance(expired.made_at, datetime)
