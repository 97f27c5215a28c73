"""`report --seal` and `verify REPORT` as an officer meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from secaudit.model.words import ScanStatus
from secaudit.store.process import current_process
from secaudit.store.workspace import Workspace
from tests.app.sealing_sample import p12, pem
from tests.cli.running import Run, as_json, refused
from tests.store import facts


@pytest.fixture
def ready(run: Run, tmp_path: Path) -> Run:
    """The program in a folder with a workspace that holds one scan, and a PKCS#12 file."""
    with facts.new_workspace(tmp_path / "secaudit-data") as workspace:
        scan = facts.make_scan()
        workspace.scans.begin(scan, facts.SITE.id, current_process())
        workspace.scans.add_observation(scan.id, facts.service(22))
        workspace.scans.finish(scan.id, ScanStatus.COMPLETE, facts.NOW, {})
    (tmp_path / "cks.p12").write_bytes(p12("rsa"))
    (tmp_path / "mk.txt").write_text("mật khẩu\r\n", encoding="utf-8")
    (tmp_path / "khoa.pem").write_bytes(pem("ed25519"))
    return run


def test_several_formats_in_one_seal(ready: Run) -> None:
    made = as_json(ready, "report", "--format", "html,json,xlsx", "--seal")
    manifest = json.loads(Path(made["seal"]["manifest"]).read_text(encoding="utf-8"))
    assert [one["name"] for one in manifest["files"]] == [Path(file).name for file in made["files"]]
    assert (manifest["schema"], manifest["report"], made["seal"]["signatures"]) == ("secaudit.seal/1", "combined", [])
    for file in made["files"]:
        found = as_json(ready, "verify", file)
        assert (found["sound"], found["manifest_state"], found["workspace"]) == (True, "noted", "own")
    assert as_json(ready, "verify")["sound"]
    Path(made["files"][1]).write_text("khác", encoding="utf-8")
    found = as_json(ready, "verify", made["seal"]["manifest"], code=1)
    assert [one["state"] for one in found["files"]] == ["unchanged", "changed", "unchanged"]


def test_a_seal_with_a_certificate_and_what_is_said_of_it(ready: Run) -> None:
    signed = ("report", "--format", "html", "--output", "bc.html", "--seal", "--pkcs12", "cks.p12")
    assert "passphrase is missing or wrong" in refused(ready, *signed)
    assert not Path("bc.html").exists()  # nothing is written before the key is unlocked
    code, out, _ = ready(*signed, "--passphrase-file", "mk.txt", "--lang", "en")
    assert (code, "bc.seal.json.p7s" in out, "SHA-256 of the seal" in out) == (0, True, True)
    code, out, _ = ready("verify", "bc.html", "--lang", "en")
    assert code == 0
    for words in ("bc.html: unchanged", "good, by Trần Thị B (issued by CA Thử", "still stands in its place",
                  "Answers and other records: the same"):  # fmt: skip
        assert words in out
    code, out, _ = ready("verify", "bc.html", "--workspace", "none", "--lang", "en")
    assert (code, "There is no workspace at hand" in out) == (0, True)
    Path("bc.seal.json.p7s").write_bytes(b"x")
    code, out, _ = ready("verify", "bc.html", "--lang", "en")
    assert (code, "bc.seal.json.p7s: BAD" in out, "bc.seal.json.sig: good" in out) == (1, True, True)


def test_a_seal_with_a_key_of_ones_own(ready: Run) -> None:
    ready("report", "--format", "json", "--output", "bc.json", "--seal", "--key", "khoa.pem")
    found = as_json(ready, "verify", "bc.json")
    [one] = found["signatures"]
    assert (one["state"], one["signer"]["name"], len(one["signer"]["key"].split())) == ("good", "", 8)
    manifest = Path("bc.seal.json")
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"combined"', '"form08"'), encoding="utf-8")
    code, out, _ = ready("verify", "bc.json", "--lang", "en")
    assert (code, "SEAL WAS CHANGED" in out, "sig: BAD" in out) == (1, True, True)


def test_other_kinds_of_report_are_sealed_too(ready: Run) -> None:
    made = as_json(ready, "report", "annual", "--format", "json", "--seal")
    manifest = json.loads(Path(made["seal"]["manifest"]).read_text(encoding="utf-8"))
    assert (manifest["report"], len(manifest["data"]["scans"])) == ("annual", 1)


def test_without_seal_nothing_is_sealed_and_wrong_use_is_named(ready: Run) -> None:
    made = as_json(ready, "report", "--format", "json", "--output", "bc.json")
    assert "seal" not in made
    assert "no seal beside" in refused(ready, "verify", "bc.json")
    assert "add --seal" in refused(ready, "report", "--key", "khoa.pem")
    assert "not both" in refused(ready, "report", "--seal", "--key", "khoa.pem", "--pkcs12", "cks.p12")
    assert "no private key" in refused(ready, "report", "--seal", "--key", "bc.json")
    assert "does not exist" in refused(ready, "report", "--seal", "--pkcs12", "none.p12")
    assert "without a file" in refused(ready, "verify", "bc.json", "--noted-hash", "0" * 64)
    assert "cannot be read" in refused(ready, "verify", "none.html")


def test_a_seal_that_stands_elsewhere(ready: Run, tmp_path: Path) -> None:
    ready("report", "--format", "json", "--output", "bc.json", "--seal")
    (tmp_path / "lưu").mkdir()
    kept = Path("bc.seal.json").rename(tmp_path / "lưu" / "niêm phong quý IV.json")
    assert as_json(ready, "verify", "bc.json", "--seal-file", str(kept))["sound"]
    alone = as_json(ready, "verify", "--seal-file", str(kept), code=1)
    assert [one["state"] for one in alone["files"]] == ["missing"]


def test_the_answers_go_on_and_that_is_no_fault(ready: Run) -> None:
    ready("report", "--format", "json", "--output", "bc.json", "--seal")
    ready("assess", "set", "5.12.2.1.b", "--answer", "met", "--name", "Lan")
    found = as_json(ready, "verify", "bc.json")
    assert (found["sound"], found["data"]["records"], found["journal"]) == (
        True, "superseded", {"holds": True, "faults": []}
    )  # fmt: skip


def test_workspaces_are_told_apart(ready: Run, tmp_path: Path) -> None:
    ready("report", "--format", "json", "--output", "bc.json", "--seal")
    facts.new_workspace(tmp_path / "khac").close()
    assert as_json(ready, "verify", "bc.json", "--workspace", "khac")["workspace"] == "other"
    with Workspace.open(tmp_path / "secaudit-data") as workspace:
        assert [entry.kind for entry in workspace.journal.entries("report.seal")] == ["report.seal"]
