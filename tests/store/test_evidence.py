"""Evidence files: kept once, byte for byte, whatever happens to the original."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from secaudit.model.errors import BadInput, StoreError
from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.store import evidence_files, faults, integrity
from secaudit.store.evidence_files import Kept, original_name
from secaudit.store.media_type import HEAD, media_type
from secaudit.store.workspace import Workspace
from tests.store import facts
from tests.store.conftest import mounted_small_disk

CONTENT = b"%PDF-1.7 " + "quyết định".encode()
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def write(folder: Path, name: str, content: bytes = CONTENT) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def record(kept: Kept, **more: object) -> Evidence:
    values = {"id": "", "kind": EvidenceKind.FILE, "name": kept.name, "sha256": kept.sha256, "size": kept.size,
              "media_type": kept.media_type, "added_at": facts.NOW, "added_by": "Lan"}  # fmt: skip
    return Evidence.model_validate(values | more)


def files_in(workspace: Workspace) -> list[str]:
    return sorted(f.name for f in (workspace.path / "evidence").rglob("*") if f.is_file())


def codes(workspace: Workspace) -> list[str]:
    return sorted(fault.code for fault in integrity.faults(workspace))


def test_the_same_bytes_are_kept_once_whatever_their_names(workspace: Workspace, tmp_path: Path) -> None:
    sources = [write(tmp_path, name) for name in ("a.pdf", "Quyết định số 12 (bản ký).PDF", "b/c/a.pdf")]
    kept = [workspace.evidence.keep(source) for source in sources]
    assert [one.name for one in kept] == ["a.pdf", "Quyết định số 12 (bản ký).PDF", "a.pdf"]
    assert {(one.sha256, one.size, one.media_type) for one in kept} == {(DIGEST, len(CONTENT), "application/pdf")}
    assert files_in(workspace) == [DIGEST]
    assert workspace.evidence.files.path(DIGEST).read_bytes() == CONTENT
    assert [source.read_bytes() for source in sources] == [CONTENT] * 3


def test_a_record_that_says_the_same_is_not_made_twice(workspace: Workspace, tmp_path: Path) -> None:
    kept = workspace.evidence.keep(write(tmp_path, "a.pdf"))
    first = workspace.evidence.add(record(kept))
    assert workspace.evidence.add(record(kept, added_by="Bình")) == first
    dated = workspace.evidence.add(record(kept, dated=date(2026, 10, 1)))
    assert [first.id, dated.id] == ["E1", "E2"]
    assert workspace.evidence.list() == [first, dated]
    assert workspace.evidence.get(" e2 ") == dated
    for wrong in ("E3", "2", "E", "E0", "x", "E" + "9" * 30):
        with pytest.raises(BadInput, match="no evidence"):
            workspace.evidence.get(wrong)


def test_one_piece_backs_many_requirements_and_must_exist(workspace: Workspace, tmp_path: Path) -> None:
    kept = workspace.evidence.add(record(workspace.evidence.keep(write(tmp_path, "a.pdf"))))
    for requirement in ("5.1.2.1.a", "5.1.2.1.b"):
        answer = facts.ANSWER.model_copy(update={"requirement": requirement, "evidence": (kept.id,)})
        workspace.answers.record(facts.SYSTEM.id, answer)
    assert [answer.evidence for answer in workspace.answers.current(facts.SYSTEM.id)] == [("E1",), ("E1",)]
    with pytest.raises(BadInput, match="no evidence E7"):
        workspace.answers.record(facts.SYSTEM.id, facts.ANSWER.model_copy(update={"evidence": ("E1", "E7")}))
    assert len(workspace.answers.history(facts.SYSTEM.id, "5.1.2.1.a")) == 1


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (unicodedata.normalize("NFD", "Biên bản họp.docx"), "Biên bản họp.docx"),
        ("C:\\Users\\Lan\\ảnh chụp.png", "ảnh chụp.png"),
        ("../../etc/passwd", "passwd"),
        ("a\tb\n\x1b[31m.txt", "ab[31m.txt"),
        (os.fsdecode(b"b\xe1o c\xe1o.txt"), "b\ufffdo c\ufffdo.txt"),
        ("\x00", "?"),
    ],
)
def test_names_are_shown_as_people_write_them(typed: str, shown: str) -> None:
    assert original_name(typed) == shown


@pytest.mark.skipif(sys.platform == "win32", reason="names that only POSIX systems know")
def test_a_name_that_is_not_utf8_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    name = os.fsdecode(b"b\xe1o c\xe1o.txt")
    kept = workspace.evidence.add(record(workspace.evidence.keep(write(tmp_path, name))))
    assert kept.name == "b\ufffdo c\ufffdo.txt"


def test_what_is_no_file_is_refused_and_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    wrong = {
        tmp_path / "missing.pdf": "no file",
        tmp_path / "a.pdf" / "b.pdf": "no file",
        tmp_path: "not a file",
        write(tmp_path, "trống.pdf", b""): "empty",
        tmp_path / "a\x00b": "could not be read",
    }
    write(tmp_path, "a.pdf")
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        wrong |= {tmp_path / "pipe": "not a file", Path("/dev/zero"): "not a file"}
    for source, complaint in wrong.items():
        with pytest.raises(BadInput, match=complaint):
            workspace.evidence.keep(source)
    assert files_in(workspace) == []


def while_copying(monkeypatch: pytest.MonkeyPatch, act: object) -> None:
    """Make something happen after the first piece was read."""
    real = evidence_files._pieces

    def pieces(stream: object, source: Path) -> Iterator[bytes]:
        for number, piece in enumerate(real(stream, source)):
            yield piece
            if number == 0:
                act(source)

    monkeypatch.setattr(evidence_files, "_pieces", pieces)


def appended(source: Path) -> None:
    with source.open("ab") as stream:
        stream.write(b"more")


def overwritten(source: Path) -> None:
    before = source.stat()
    source.write_bytes(b"x" * before.st_size)
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


def emptied(source: Path) -> None:
    source.write_bytes(b"")


def replaced(source: Path) -> None:
    other = source.with_name("khác")
    other.write_bytes(b"x" * source.stat().st_size)
    other.replace(source)


def removed(source: Path) -> None:
    source.unlink()


@pytest.mark.parametrize("act", [appended, overwritten, emptied, replaced, removed], ids=lambda act: act.__name__)
def test_a_file_that_changes_or_disappears_meanwhile_is_refused(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: object
) -> None:
    source = write(tmp_path, "a.pdf", CONTENT * 200_000)
    while_copying(monkeypatch, act)
    with pytest.raises(BadInput, match="changed or disappeared"):
        workspace.evidence.keep(source)
    assert files_in(workspace) == []


def test_a_read_only_source_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    source = write(tmp_path / "đọc", "a.pdf")
    source.chmod(0o444)
    source.parent.chmod(0o555)
    assert workspace.evidence.keep(source).sha256 == DIGEST
    source.parent.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="the permission bits of POSIX")
def test_a_source_that_may_not_be_read_is_refused(unprivileged: Path) -> None:
    with facts.new_workspace(unprivileged / "w") as workspace:
        source = write(unprivileged, "a.pdf")
        source.chmod(0)
        with pytest.raises(BadInput, match="could not be read"):
            workspace.evidence.keep(source)
        assert files_in(workspace) == []


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "đĩa"
    disk.mkdir()
    if not mounted_small_disk(disk):
        pytest.skip("needs the right to mount")
    try:
        with facts.new_workspace(disk / "w") as workspace:
            with pytest.raises(StoreError) as caught:
                workspace.evidence.keep(write(tmp_path, "a.pdf", os.urandom(1_500_000)))
            assert caught.value.message == faults.FULL
            assert files_in(workspace) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


SPARSE = """
import resource, sys
from pathlib import Path
from secaudit.store.evidence_files import EvidenceFiles
files = EvidenceFiles(Path(sys.argv[2]))
def kilobytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
resident = kilobytes("VmRSS")
# Nothing may be mapped beyond what is there now and 64 MB, so that reading it whole would fail at once.
resource.setrlimit(resource.RLIMIT_AS, ((kilobytes("VmSize") + 65536) * 1024,) * 2)
kept = files.keep(Path(sys.argv[1]))
print(kept.sha256, kept.size, kilobytes("VmHWM") - resident)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")
def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    size = 400 * 1024 * 1024
    source = tmp_path / "lớn.bin"
    with source.open("wb") as stream:
        stream.truncate(size)
    done = subprocess.run(
        [sys.executable, "-c", SPARSE, str(source), str(tmp_path / "evidence")],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    digest, kept_size, grown = done.stdout.split()
    zeros = hashlib.sha256()
    for _ in range(400):
        zeros.update(bytes(1024 * 1024))
    assert (digest, int(kept_size)) == (zeros.hexdigest(), size)
    assert int(grown) < 16 * 1024  # kilobytes
    (tmp_path / "evidence" / digest[:2] / digest).unlink()


def test_verify_names_what_is_changed_missing_and_foreign(workspace: Workspace, tmp_path: Path) -> None:
    kept = [
        workspace.evidence.add(record(workspace.evidence.keep(write(tmp_path, f"{n}.pdf", f"{n}".encode()))))
        for n in range(3)
    ]
    assert codes(workspace) == []
    workspace.evidence.path_of(kept[0]).write_bytes(b"9")
    workspace.evidence.path_of(kept[1]).unlink()
    write(workspace.path / "evidence", "ghi chú.txt")
    write(workspace.path / "evidence" / "ab", "ab" + "0" * 62)
    found = list(integrity.faults(workspace))
    assert sorted(one.code for one in found) == [
        "evidence-changed", "evidence-foreign", "evidence-foreign", "evidence-missing",
    ]  # fmt: skip
    named = {one.code: one.params.get("evidence") for one in found}
    assert named["evidence-changed"] == "E1 0.pdf"
    assert named["evidence-missing"] == "E2 1.pdf"


def test_adding_a_damaged_file_again_heals_it(workspace: Workspace, tmp_path: Path) -> None:
    source = write(tmp_path, "a.pdf")
    one = workspace.evidence.add(record(workspace.evidence.keep(source)))
    workspace.evidence.path_of(one).write_bytes(b"x" * len(CONTENT))
    assert codes(workspace) == ["evidence-changed"]
    workspace.evidence.keep(source)
    assert codes(workspace) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_kept_file_turned_into_a_link_is_told(workspace: Workspace, tmp_path: Path) -> None:
    source = write(tmp_path, "a.pdf")
    one = workspace.evidence.add(record(workspace.evidence.keep(source)))
    workspace.evidence.path_of(one).unlink()
    workspace.evidence.path_of(one).symlink_to(source)
    assert codes(workspace) == ["evidence-changed"]


def test_what_a_killed_copy_left_is_no_fault(workspace: Workspace, tmp_path: Path) -> None:
    write(workspace.path / "evidence", "0123.new")
    workspace.evidence.keep(write(tmp_path, "a.pdf"))  # killed before its record was written
    assert codes(workspace) == []
    assert [one.code for one in integrity.leftovers(workspace)] == ["evidence-left"] * 2


def test_a_lost_result_of_a_tool_is_told(workspace: Workspace) -> None:
    workspace.scans.begin(facts.make_scan("s"), facts.SITE.id, facts.MARK)
    workspace.scans.add_raw("s", "nmap.xml", b"<nmaprun/>")
    assert codes(workspace) == []
    [file] = (workspace.path / "raw").rglob("*.gz")
    file.unlink()
    assert codes(workspace) == ["raw-result-lost"]


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.txt", CONTENT, "application/pdf"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.DOCX", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.zip", b"PK\x03\x04", "application/zip"),
        ("a.pdf", b"PK\x03\x04", "application/zip"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-excel"),
        ("a.csv", "họ tên,năm".encode(), "text/csv"),
        ("a.csv", b"\xff\xfea\x00", "text/csv"),
        ("ghi chú", "ghi chú".encode(), "text/plain"),
        ("a.txt", ("a" * (HEAD - 1) + "ệ").encode()[:HEAD], "text/plain"),
        ("a.txt", b"\x00\x01", "application/octet-stream"),
        ("a.txt", b"\xe1o c\xe1o", "application/octet-stream"),
    ],
)
def test_the_media_type_is_told_by_content_first(name: str, head: bytes, kind: str) -> None:
    assert media_type(name, head) == kind
