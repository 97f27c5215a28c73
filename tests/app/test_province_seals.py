"""Seals beside the reports that communes send: what was altered does not count, and nothing passes for signed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from secaudit.app.knowledge import Knowledge
from secaudit.app.portfolio import rule_in_force
from secaudit.app.province import province_from_files
from secaudit.app.sealing import seal_report
from secaudit.app.sealing_signature import SealingKey
from secaudit.report.province.facts import Province, SealState, SystemState
from secaudit.report.province.html import render_province
from secaudit.store.workspace import Workspace
from tests.app.sealing_sample import NOW as SEALED_AT
from tests.app.sealing_sample import chain, key
from tests.province_files import NOW, write_communes
from tests.report.tree import read_html

KNOWLEDGE = Knowledge()
CERTIFIED, BARE = SealingKey(key("rsa"), chain("rsa")), SealingKey(key("ed25519"))


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files: signed with a certificate, sealed without a signature, not sealed."""
    root = tmp_path_factory.mktemp("seals")
    write_communes(root / "nhan", 3, root / "base")
    with Workspace.create(root / "w") as workspace:
        for name, signing in (("xa-000", CERTIFIED), ("xa-001", None)):
            file = root / "nhan" / f"{name}.json"
            seal_report(workspace, KNOWLEDGE, "combined", [file], None, SEALED_AT, signing)
    return root / "nhan"


@pytest.fixture
def folder(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready, tmp_path / "nhận qua thư"))


def made(folder: Path) -> Province:
    return province_from_files(folder, KNOWLEDGE, rule_in_force(folder, KNOWLEDGE), "", NOW)


def states(province: Province) -> dict[str, SystemState]:
    return {one.state.source: one.state for one in province.systems}


def test_what_is_sealed_signed_or_neither_is_told_apart(folder: Path) -> None:
    province = made(folder)
    assert province.unused == (), "a manifest is no report that could not be read"
    assert {name: state.sealed for name, state in states(province).items()} == {
        "xa-000.json": SealState.SIGNED, "xa-001.json": SealState.UNSIGNED, "xa-002.json": SealState.UNSEALED,
    }  # fmt: skip
    assert states(province)["xa-000.json"].signers == ("Trần Thị B (CA Thử)",)
    assert states(province)["xa-001.json"].signers == ()
    assert [province.seals[state] for state in SealState] == [1, 1, 0, 1]
    words = read_html(render_province(province, "en")).by_id("overview").words
    assert "sealed and signed: 1; sealed, not signed: 1; not sealed: 1" in " ".join(words.split())


def altered(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"level": 3', b'"level": 4', 1))


def spoilt(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def forged(path: Path) -> None:
    """Write another file's hash into the manifest, as canonical as before."""
    digest = b'"sha256":"'
    raw = path.read_bytes()
    at = raw.index(digest, raw.index(b'"files":')) + len(digest)
    path.write_bytes(raw[:at] + (b"0" if raw[at : at + 1] != b"0" else b"1") + raw[at + 1 :])


@pytest.mark.parametrize(
    ("name", "damage", "words"),
    [
        ("xa-000.json", altered, "The file is NOT what was sealed"),
        ("xa-001.json", altered, "The file is NOT what was sealed"),
        ("xa-000.seal.json", spoilt, "The signature"),
        ("xa-001.seal.json", spoilt, "The seal"),
        ("xa-000.seal.json", forged, "The signature"),
        ("xa-001.seal.json", forged, "The file is NOT what was sealed"),
        ("xa-000.seal.json.sig", spoilt, "The signature"),
        ("xa-000.seal.json.p7s", spoilt, "The signature"),
    ],
)
def test_a_file_whose_seal_does_not_hold_is_left_out_and_named(
    folder: Path, name: str, damage: Callable[[Path], None], words: str
) -> None:
    before = (folder / name).read_bytes()
    damage(folder / name)
    assert (folder / name).read_bytes() != before
    province = made(folder)
    report = f"{name.split('.', maxsplit=1)[0]}.json"
    [left] = province.unused
    assert left.name == report
    assert left.why.en.startswith(words)
    assert report not in states(province)
    assert len(province.systems) == 2


def test_a_signature_of_somebody_else_shows_their_name_and_never_the_right_one(folder: Path, tmp_path: Path) -> None:
    report = folder / "xa-000.json"
    altered(report)
    with Workspace.create(tmp_path / "khác") as workspace:
        seal_report(workspace, KNOWLEDGE, "combined", [report], None, SEALED_AT, BARE)
    state = states(made(folder))["xa-000.json"]
    [signer] = state.signers
    assert state.sealed is SealState.SIGNED
    assert "Trần" not in signer
    assert len(signer.split()) == 8, "a fingerprint"


def test_a_renamed_file_still_finds_its_seal_by_content(folder: Path) -> None:
    (folder / "xa-000.json").rename(folder / "Báo cáo của xã.json")
    assert states(made(folder))["Báo cáo của xã.json"].sealed is SealState.SIGNED


def test_a_seal_without_its_report_is_named(folder: Path) -> None:
    altered(folder / "xa-001.json")
    (folder / "xa-001.json").rename(folder / "khác.json")
    province = made(folder)
    assert [file.name for file in province.unused] == ["xa-001.seal.json"]
    assert states(province)["khác.json"].sealed is SealState.UNSEALED, "nothing proves where it comes from"


def test_a_seal_of_the_web_page_alone_says_nothing_of_the_data(folder: Path, tmp_path: Path) -> None:
    page = folder / "xa-002.html"
    page.write_text("<p>x</p>", encoding="utf-8")
    with Workspace.create(tmp_path / "w") as workspace:
        seal_report(workspace, KNOWLEDGE, "combined", [page], None, SEALED_AT, None)
    province = made(folder)
    assert province.unused == ()
    assert states(province)["xa-002.json"].sealed is SealState.UNSEALED


def test_a_seal_of_a_newer_program_is_not_taken_for_checked(folder: Path) -> None:
    seal = folder / "xa-001.seal.json"
    seal.write_bytes(seal.read_bytes().replace(b"secaudit.seal/1", b"secaudit.seal/2"))
    [left] = made(folder).unused
    assert (left.name, "newer secaudit" in left.why.en) == ("xa-001.json", True)


def test_a_signature_of_an_unknown_kind_is_marked_and_not_called_signed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from secaudit.app import sealing_check
    from secaudit.model.seal import SignatureCheck, SignatureState

    unknown = SignatureCheck(file="x.p7s", state=SignatureState.UNKNOWN)
    monkeypatch.setattr(sealing_check, "check_signature", lambda *_: [unknown])
    assert states(made(folder))["xa-000.json"].sealed is SealState.UNCHECKED


def test_a_certificate_that_had_ended_is_said(folder: Path, tmp_path: Path) -> None:
    from datetime import timedelta

    ended = SealingKey(key("rsa"), chain("rsa", SEALED_AT - timedelta(days=2)))
    with Workspace.create(tmp_path / "w") as workspace:
        seal_report(workspace, KNOWLEDGE, "combined", [folder / "xa-002.json"], None, SEALED_AT, ended)
    province = made(folder)
    assert states(province)["xa-002.json"].seals[0].expired
    assert "the certificate was not valid when it was sealed" in render_province(province, "en")
