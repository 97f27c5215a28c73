"""Sealed reports: every change of report, manifest, journal and data is named for what it is."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from secaudit.app.knowledge import Knowledge
from secaudit.app.sealing import Sealed, seal_report
from secaudit.app.sealing_check import ManifestState, Verified, verify_report
from secaudit.app.sealing_signature import SealingKey
from secaudit.model.errors import BadInput
from secaudit.model.seal import DataState, FileState, SignatureState
from secaudit.model.words import ScanStatus
from secaudit.store.chain import canonical
from secaudit.store.process import current_process
from secaudit.store.workspace import Workspace
from tests.app.sealing_sample import NOW, chain, key
from tests.store import facts
from tests.store.test_journal import tamper

KNOWLEDGE = Knowledge()
KEY = SealingKey(key("rsa"), chain("rsa"))
SCAN = "20261122-1405-7f3a9c"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with facts.new_workspace(tmp_path / "dữ liệu") as opened:
        opened.scans.begin(facts.make_scan(SCAN), facts.SITE.id, current_process())
        opened.scans.add_observation(SCAN, facts.service(22))
        opened.scans.finish(SCAN, ScanStatus.COMPLETE, facts.NOW, {})
        opened.scans.save_judgement(SCAN, "0.1.0", facts.OUTCOMES, facts.FINDINGS, facts.NOW)
        opened.answers.record(facts.SYSTEM.id, facts.ANSWER)
        yield opened


@pytest.fixture
def report(tmp_path: Path) -> list[Path]:
    """Two files of one report, in a folder of their own."""
    folder = tmp_path / "báo cáo"
    folder.mkdir()
    files = [folder / f"Báo cáo quý IV.{ending}" for ending in ("html", "pdf")]
    for file in files:
        file.write_bytes(f"<p>{file.name}</p>".encode() * 50)
    return files


def seal(workspace: Workspace, report: list[Path], *, signed: bool = True, scan: str | None = SCAN) -> Sealed:
    return seal_report(workspace, KNOWLEDGE, "combined", report, scan, NOW, KEY if signed else None)


def verify(path: Path, workspace: Workspace | None = None, seal_path: Path | None = None) -> Verified:
    return verify_report(path, seal_path, workspace, KNOWLEDGE)


def flipped(path: Path, position: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[position] ^= 0x20
    path.write_bytes(raw)


def test_what_was_sealed_is_sound(workspace: Workspace, report: list[Path]) -> None:
    sealed = seal(workspace, report)
    assert sealed.manifest.name == "Báo cáo quý IV.seal.json"
    assert [path.name for path in sealed.signatures] == [f"{sealed.manifest.name}{end}" for end in (".sig", ".p7s")]
    for path in (*report, sealed.manifest):
        found = verify(path, workspace)
        assert (found.sound, found.state, found.own) == (True, ManifestState.NOTED, True)
        assert {one.state for one in found.signatures} == {SignatureState.GOOD}
    assert [one.state for one in found.files] == [FileState.UNCHANGED] * 2  # the manifest speaks of both
    assert found.data is not None
    assert (found.data.scans, found.data.records) == ({SCAN: DataState.SAME}, DataState.SAME)
    assert set(found.data.checklists.values()) == {DataState.SAME}
    assert found.data.holds
    assert found.seal is not None
    assert found.seal.data.scans[0].observations == 1
    assert found.seal.data.scans[0].judgement is not None


def test_without_a_workspace_only_file_and_signature_are_told(workspace: Workspace, report: list[Path]) -> None:
    seal(workspace, report)
    found = verify(report[0])
    assert (found.sound, found.state, found.at_hand, found.data) == (True, ManifestState.SIGNED, False, None)
    seal(workspace, report, signed=False)
    found = verify(report[0])
    assert (found.sound, found.state, list(found.signatures)) == (True, ManifestState.UNPROVEN, [])


def test_another_workspace_says_nothing_of_the_data(workspace: Workspace, report: list[Path], tmp_path: Path) -> None:
    seal(workspace, report)
    with facts.new_workspace(tmp_path / "khác") as other:
        found = verify(report[0], other)
    assert (found.sound, found.at_hand, found.own, found.data) == (True, True, False, None)


def test_every_region_of_the_report_is_covered(workspace: Workspace, report: list[Path]) -> None:
    seal(workspace, report)
    whole = report[0].read_bytes()
    for position in (0, 1, len(whole) // 2, len(whole) - 1):
        flipped(report[0], position)
        assert [one.state for one in verify(report[0], workspace).files] == [FileState.CHANGED]
        assert not verify(report[0]).sound
        report[0].write_bytes(whole)
    for changed in (whole[:-1], whole + b" ", b""):
        report[0].write_bytes(changed)
        assert not verify(report[0]).sound
    states = {one.name: one.state for one in verify(report[0].with_name("Báo cáo quý IV.seal.json")).files}
    assert states == {report[0].name: FileState.CHANGED, report[1].name: FileState.UNCHANGED}


@pytest.mark.parametrize("signed", [True, False])
def test_every_byte_of_the_manifest_is_covered(workspace: Workspace, report: list[Path], signed: bool) -> None:
    manifest = seal(workspace, report, signed=signed).manifest
    raw = manifest.read_bytes()
    for position in range(0, len(raw), 31):
        flipped(manifest, position)
        found = verify(manifest)  # without the workspace only a signature can tell
        broken = {one.state for one in found.signatures} == {SignatureState.BAD}
        assert broken is signed
        assert not (found.sound and signed)
        manifest.write_bytes(raw)
    position = raw.index(b'"size":') + len(b'"size":')
    manifest.write_bytes(raw[:position] + b"9" + raw[position:])
    here = verify(manifest, workspace)
    assert (here.state, here.sound) == (ManifestState.CHANGED, False)


@pytest.mark.parametrize("change", [lambda raw: raw[:-1], lambda raw: raw + b"\n", lambda raw: b" " + raw])
def test_white_space_and_a_doubled_key_are_changes_too(
    workspace: Workspace, report: list[Path], change: object
) -> None:
    manifest = seal(workspace, report, signed=False).manifest
    raw = manifest.read_bytes()
    manifest.write_bytes(change(raw))  # type: ignore[operator]
    assert verify(manifest).state is ManifestState.CHANGED
    manifest.write_bytes(raw.replace(b'"program":', b'"program":"9","program":'))
    assert verify(manifest).state is ManifestState.CHANGED


def test_a_manifest_that_somebody_wrote_anew_is_not_this_workspaces(workspace: Workspace, report: list[Path]) -> None:
    manifest = seal(workspace, report, signed=False).manifest
    report[0].write_bytes(b"another report")
    data = json.loads(manifest.read_bytes())
    data["files"][0].update(sha256=hashlib.sha256(b"another report").hexdigest(), size=14)
    manifest.write_text(canonical(data) + "\n", encoding="utf-8")
    assert verify(report[0]).state is ManifestState.UNPROVEN
    found = verify(report[0], workspace)
    assert (found.state, found.sound) == (ManifestState.CHANGED, False)


@pytest.mark.parametrize("ending", [".sig", ".p7s"])
def test_a_broken_signature_beside_a_good_one_is_a_fault(workspace: Workspace, report: list[Path], ending: str) -> None:
    manifest = seal(workspace, report).manifest
    manifest.with_name(manifest.name + ending).write_bytes(b"{}")
    found = verify(report[0], workspace)
    assert sorted(one.state for one in found.signatures) == [SignatureState.BAD, SignatureState.GOOD]
    assert not found.sound


def test_an_old_signature_does_not_stay_beside_a_new_seal(workspace: Workspace, report: list[Path]) -> None:
    first = seal(workspace, report)
    seal(workspace, report, signed=False)
    assert not any(path.exists() for path in first.signatures)
    assert verify(report[0], workspace).sound


def test_a_report_is_found_under_another_name_and_a_strange_one_is_not(
    workspace: Workspace, report: list[Path]
) -> None:
    sealed = seal(workspace, report)
    renamed = report[0].rename(report[0].with_name("Gửi huyện.html"))
    [one] = verify(renamed, workspace).files
    assert (one.state, one.name, one.found_as) == (FileState.UNCHANGED, "Báo cáo quý IV.html", "Gửi huyện.html")
    elsewhere = report[0].parent.parent / "lạ.html"
    elsewhere.write_bytes(b"x")
    with pytest.raises(BadInput, match="no seal beside"):
        verify(elsewhere)
    assert [one.state for one in verify(elsewhere, None, sealed.manifest).files] == [FileState.CHANGED]
    assert [one.state for one in verify(sealed.manifest).files] == [FileState.MISSING, FileState.UNCHANGED]
    with pytest.raises(BadInput, match="cannot be read"):
        verify(report[0].parent / "none.pdf")


def test_a_name_in_a_manifest_never_leads_out_of_its_folder(workspace: Workspace, report: list[Path]) -> None:
    manifest = seal(workspace, report, signed=False).manifest
    secret = report[0].parent.parent / "bí mật.txt"
    secret.write_bytes(b"x")
    data = json.loads(manifest.read_bytes())
    for name in ("../bí mật.txt", "..\\bí mật.txt", str(secret), "..", "", "C:bí mật.txt", "a\0b"):
        data["files"][0]["name"] = name
        manifest.write_text(canonical(data) + "\n", encoding="utf-8")
        assert verify(manifest).files[0].state is FileState.MISSING


@pytest.mark.parametrize(
    ("raw", "state"),
    [(b"", ManifestState.CHANGED), (b"{}\n", ManifestState.CHANGED), (b"[" * 9999, ManifestState.CHANGED)],
)
def test_a_manifest_that_cannot_be_read_proves_nothing(tmp_path: Path, raw: bytes, state: ManifestState) -> None:
    manifest = tmp_path / "x.seal.json"
    manifest.write_bytes(raw)
    found = verify(manifest)
    assert (found.state, found.sound, found.seal) == (state, False, None)
    manifest.write_bytes(b'{"schema":"secaudit.seal/2"}\n')
    with pytest.raises(BadInput, match="newer secaudit"):
        verify(manifest)


def test_answers_that_went_on_are_no_fault_and_the_journal_proves_what_they_were(
    workspace: Workspace, report: list[Path]
) -> None:
    seal(workspace, report)
    later = facts.ANSWER.model_copy(update={"answered_at": facts.NOW + timedelta(days=40), "note": "đã ký"})
    workspace.answers.record(facts.SYSTEM.id, later)
    found = verify(report[0], workspace)
    assert found.data is not None
    assert (found.sound, found.data.records) == (True, DataState.SUPERSEDED)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE observation SET body = replace(body, '22', '23')",
        "DELETE FROM observation",
        "UPDATE finding SET severity = 'info'",
        "DELETE FROM judgement",
        "UPDATE scan SET url = 'https://khac.vn/'",
    ],
)
def test_a_scan_that_was_changed_is_named(workspace: Workspace, report: list[Path], statement: str) -> None:
    seal(workspace, report)
    with closing(sqlite3.connect(workspace.path / "secaudit.db")) as connection, connection:
        connection.execute(statement)
    found = verify(report[0], workspace)
    assert found.data is not None
    assert (found.sound, found.data.scans) == (False, {SCAN: DataState.CHANGED})


def test_a_scan_that_is_gone_is_named(workspace: Workspace, report: list[Path]) -> None:
    seal(workspace, report)
    with closing(sqlite3.connect(workspace.path / "secaudit.db")) as connection, connection:
        connection.execute("DELETE FROM scan")
    found = verify(report[0], workspace)
    assert found.data is not None
    assert (found.sound, found.data.scans) == (False, {SCAN: DataState.MISSING})


def test_a_journal_that_was_cut_or_changed_is_named(workspace: Workspace, report: list[Path]) -> None:
    seal(workspace, report)
    tamper(workspace, "UPDATE answer SET note = 'khác'")
    changed = verify(report[0], workspace).data
    assert changed is not None
    assert (changed.holds, [fault.code for fault in changed.faults], changed.sound) == (True, ["row-changed"], False)
    assert changed.records is DataState.CHANGED
    tamper(workspace, "DELETE FROM journal WHERE sequence > 2")
    cut = verify(report[0], workspace)
    assert cut.data is not None
    assert (cut.data.holds, cut.data.records, cut.sound) == (False, DataState.CHANGED, False)
    assert cut.state is ManifestState.CHANGED  # the entry of the sealing is gone as well


def test_without_a_scan_named_the_newest_of_every_page_stands(workspace: Workspace, report: list[Path]) -> None:
    newer, running = "20261123-1405-000001", "20261124-1405-000002"
    for scan_id, days in ((newer, 1), (running, 2)):
        scan = facts.make_scan(scan_id, facts.NOW + timedelta(days=days))
        workspace.scans.begin(scan, facts.SITE.id, current_process())
    workspace.scans.finish(newer, ScanStatus.COMPLETE, facts.NOW + timedelta(days=1), {})
    seal(workspace, report, scan=None)
    found = verify(report[0], workspace)
    assert found.seal is not None
    assert [(one.id, one.observations, one.judgement) for one in found.seal.data.scans] == [(newer, 0, None)]
    assert found.sound
