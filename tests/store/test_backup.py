"""Backup and restore: one consistent archive, restored whole or not at all."""

from __future__ import annotations

import json
import shutil
import stat
import threading
import zipfile
from pathlib import Path

import pytest

from secaudit.model.errors import BadInput
from secaudit.store import integrity
from secaudit.store.backup import MANIFEST, Manifest, back_up
from secaudit.store.restore import restore
from secaudit.store.workspace import Workspace
from tests.store import facts
from tests.store.test_evidence import record, write
from tests.store.test_journal import tamper


@pytest.fixture
def full(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace with something of every kind of file."""
    workspace.registry.save_organisation(facts.ORGANISATION)
    workspace.scans.begin(facts.make_scan("s"), facts.SITE.id, facts.MARK)
    workspace.scans.add_raw("s", "nmap.xml", b"<nmaprun/>")
    for number in range(3):
        kept = workspace.evidence.keep(write(tmp_path, f"Quyết định {number}.pdf", f"số {number}".encode() * 999))
        workspace.evidence.add(record(kept))
    write(workspace.path / "reports", "báo cáo.html", b"<html>")
    write(workspace.path, "solution.yaml", "strict: 90 # theo họp xã".encode())
    workspace.answers.record(facts.SYSTEM.id, facts.ANSWER.model_copy(update={"evidence": ("E1", "E3")}))
    return workspace


@pytest.fixture
def archive(full: Workspace, tmp_path: Path) -> Path:
    back_up(full, tmp_path / "sao lưu.zip", facts.NOW)
    return tmp_path / "sao lưu.zip"


def rebuilt(archive: Path, change: dict[str, bytes | None], extra: dict[str, bytes] | None = None) -> Path:
    """Write the archive anew with changed (None: without) and additional members."""
    target = archive.with_name("đổi.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = change.get(entry.filename, old.read(entry))
            if content is not None:
                new.writestr(entry.filename, content)
        for name, content in (extra or {}).items():
            new.writestr(zipfile.ZipInfo(name), content)
    return target


def manifest_of(archive: Path) -> dict[str, object]:
    with zipfile.ZipFile(archive) as packed:
        found: dict[str, object] = json.loads(packed.read(MANIFEST))
        return found


def refused(archive: Path, folder: Path, complaint: str) -> None:
    before = sorted(entry.name for entry in folder.parent.iterdir())
    with pytest.raises(BadInput, match=complaint):
        restore(archive, folder)
    assert sorted(entry.name for entry in folder.parent.iterdir()) == before


def test_what_is_restored_is_what_was_there(full: Workspace, archive: Path, tmp_path: Path) -> None:
    manifest, faults = restore(archive, tmp_path / "mới")
    assert faults == ()
    assert (manifest.journal_sequence, manifest.journal_hash) == full.journal.head()
    with Workspace.open(tmp_path / "mới") as again:
        assert again.journal.entries() == full.journal.entries()
        assert again.answers.current(facts.SYSTEM.id) == full.answers.current(facts.SYSTEM.id)
        assert again.evidence.list() == full.evidence.list()
        for one in again.evidence.list():
            assert again.evidence.path_of(one).read_bytes() == full.evidence.path_of(one).read_bytes()
        assert again.scans.raw("s", "nmap.xml") == b"<nmaprun/>"
        assert (again.path / "reports" / "báo cáo.html").read_bytes() == b"<html>"
        again.answers.record(facts.SYSTEM.id, facts.ANSWER)  # the chain goes on
        assert list(integrity.faults(again)) == []


def test_the_manifest_tells_every_file_and_nothing_else_is_left(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        assert packed.namelist()[-1] == MANIFEST
        manifest = Manifest.model_validate_json(packed.read(MANIFEST))
        assert {file.path for file in manifest.files} | {MANIFEST} == set(packed.namelist())
        assert {file.path: file.size for file in manifest.files} == {
            entry.filename: entry.file_size for entry in packed.infolist() if entry.filename != MANIFEST
        }
    assert not [entry for entry in tmp_path.iterdir() if entry.name.startswith(".")]


def test_a_backup_never_overwrites(full: Workspace, archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(BadInput, match="there already"):
        back_up(full, archive, facts.NOW)
    assert archive.read_bytes() == before


def test_a_backup_that_cannot_be_written_is_told(full: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "tệp")
    with pytest.raises(BadInput, match="could not be written"):
        back_up(full, tmp_path / "tệp" / "b.zip", facts.NOW)


def test_a_backup_made_while_others_write_is_one_state(full: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()

    def work(name: str) -> None:
        number = 0
        with Workspace.open(full.path) as mine:
            while not stop.is_set():
                number += 1
                kept = mine.evidence.keep(write(tmp_path / name, "a.txt", f"{name}{number}".encode()))
                one = mine.evidence.add(record(kept))
                mine.answers.record(facts.SYSTEM.id, facts.ANSWER.model_copy(update={"evidence": (one.id,)}))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    try:
        sequences = [back_up(full, tmp_path / f"{n}.zip", facts.NOW).journal_sequence for n in range(5)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert sequences == sorted(sequences)
    assert sequences[-1] > sequences[0]  # they did write meanwhile
    for number, sequence in enumerate(sequences):
        manifest, faults = restore(tmp_path / f"{number}.zip", tmp_path / f"w{number}")
        assert (manifest.missing, faults) == ((), ())
        with Workspace.open(tmp_path / f"w{number}") as again:
            assert again.journal.head()[0] == sequence
    assert list(integrity.faults(full)) == []


def test_a_missing_evidence_file_is_told_in_backup_and_restore(full: Workspace, tmp_path: Path) -> None:
    lost = full.evidence.path_of(full.evidence.get("E2"))
    lost.unlink()
    manifest = back_up(full, tmp_path / "b.zip", facts.NOW)
    assert manifest.missing == (lost.relative_to(full.path).as_posix(),)
    _, faults = restore(tmp_path / "b.zip", tmp_path / "mới")
    assert [fault.code for fault in faults] == ["evidence-missing"]


def test_a_workspace_with_a_changed_row_is_restored_as_it_was(full: Workspace, tmp_path: Path) -> None:
    tamper(full, "UPDATE answer SET note = 'x'")
    back_up(full, tmp_path / "b.zip", facts.NOW)
    _, faults = restore(tmp_path / "b.zip", tmp_path / "mới")
    assert [fault.code for fault in faults] == ["row-changed"]


def test_restoring_never_overwrites(full: Workspace, archive: Path, tmp_path: Path) -> None:
    before = facts.everything(full.path)
    refused(archive, full.path, "not empty")
    assert facts.everything(full.path) == before
    refused(archive, write(tmp_path / "x", "tệp"), "not empty")
    (tmp_path / "trống").mkdir()
    restore(archive, tmp_path / "trống")
    assert Workspace.exists(tmp_path / "trống")


@pytest.mark.parametrize("position", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_flipped_byte_anywhere_is_refused_or_harmless(archive: Path, tmp_path: Path, position: float) -> None:
    content = bytearray(archive.read_bytes())
    content[int(len(content) * position)] ^= 0xFF
    archive.write_bytes(content)
    try:
        restore(archive, tmp_path / "mới")
    except BadInput:
        assert not (tmp_path / "mới").exists()
    else:  # a byte of the archive's own bookkeeping that means nothing (a time, an attribute)
        with Workspace.open(tmp_path / "mới") as again:
            assert list(integrity.faults(again)) == []


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.95])
def test_a_truncated_archive_is_refused(archive: Path, tmp_path: Path, share: float) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * share)])
    refused(archive, tmp_path / "mới", "not a backup")


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "missing.zip", tmp_path / "mới", "cannot be opened")
    refused(tmp_path, tmp_path / "mới", "cannot be opened")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a.txt", "a")
    refused(tmp_path / "other.zip", tmp_path / "mới", "not a backup")


def test_a_changed_or_missing_or_foreign_member_is_refused(archive: Path, tmp_path: Path) -> None:
    names = [str(file["path"]) for file in manifest_of(archive)["files"]]  # type: ignore[index]
    evidence = next(name for name in names if name.startswith("evidence/"))
    refused(rebuilt(archive, {evidence: b"other"}), tmp_path / "mới", "damaged")
    refused(rebuilt(archive, {evidence: None}), tmp_path / "mới", "damaged")
    refused(rebuilt(archive, {}, {"evidence/ab/more": b"x"}), tmp_path / "mới", "damaged")
    refused(rebuilt(archive, {MANIFEST: b"{}"}), tmp_path / "mới", "not a backup")


@pytest.mark.parametrize(
    "name",
    [
        "../ngoài.txt", "evidence/../../ngoài.txt", "/etc/x", "C:/x", "evidence\\..\\..\\x", "evidence/a:b",
        "evidence/con", "evidence/./x", "evidence//x", "khác/x", "secaudit.db-wal", "evidence/x.", "evidence/a\x07",
        "evidence", "",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(archive: Path, tmp_path: Path, name: str) -> None:
    manifest = manifest_of(archive)
    manifest["files"] = [*manifest["files"], {"path": name, "size": 1, "sha256": "0" * 64}]  # type: ignore[misc]
    changed = rebuilt(archive, {MANIFEST: json.dumps(manifest).encode()}, {name: b"x"})
    refused(changed, tmp_path / "mới", "damaged|not a backup")
    assert not (tmp_path.parent / "ngoài.txt").exists()


def test_a_link_and_a_member_that_stands_there_twice_are_refused(archive: Path, tmp_path: Path) -> None:
    names = [str(file["path"]) for file in manifest_of(archive)["files"]]  # type: ignore[index]
    evidence = next(name for name in names if name.startswith("evidence/"))
    changed = rebuilt(archive, {evidence: None})
    with zipfile.ZipFile(changed, "a") as packed:
        link = zipfile.ZipInfo(evidence)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    refused(changed, tmp_path / "mới", "damaged")
    shutil.copy(archive, tmp_path / "hai.zip")
    with zipfile.ZipFile(tmp_path / "hai.zip", "a") as packed:
        packed.writestr(evidence.upper(), b"x")
    refused(tmp_path / "hai.zip", tmp_path / "mới", "damaged")


def test_a_backup_of_a_newer_program_is_refused(archive: Path, tmp_path: Path) -> None:
    manifest = manifest_of(archive) | {"revision": 999, "version": "9.9"}
    refused(rebuilt(archive, {MANIFEST: json.dumps(manifest).encode()}), tmp_path / "mới", "newer secaudit")


def test_a_journal_cut_off_in_the_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    manifest = manifest_of(archive) | {"journal_hash": "a" * 64}
    refused(rebuilt(archive, {MANIFEST: json.dumps(manifest).encode()}), tmp_path / "mới", "damaged")
