"""`secaudit verify`, `backup` and `restore` at the prompt."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ready(run: Run, tmp_path: Path) -> Run:
    """The program with a workspace of one answer with evidence."""
    (tmp_path / "Báo cáo.pdf").write_bytes(b"%PDF-1.7")
    run("init", "--organisation", "Ủy ban nhân dân xã Thử", "--url", "xa-thu.tinh.gov.vn")
    code, _, err = run("assess", "set", "5.1.2.1.a", "--answer", "met", "--evidence", "Báo cáo.pdf")
    assert code == 0, err
    return run


def evidence_file(folder: str = "secaudit-data") -> Path:
    [file] = [file for file in (Path(folder) / "evidence").rglob("*") if file.is_file()]
    return file


def test_a_sound_workspace_passes_and_names_its_newest_hash(ready: Run) -> None:
    code, out, _ = ready("verify", "--json")
    found = json.loads(out)
    assert (code, found["sound"], found["faults"], found["leftovers"]) == (0, True, [], [])
    head = found["journal"]["hash"]
    assert ready("verify", "--noted-hash", head)[0] == 0
    ready("assess", "set", "5.1.2.1.b", "--answer", "not-met")
    assert ready("verify", "--noted-hash", head)[0] == 0  # an earlier one still stands in the chain
    code, out, _ = ready("verify", "--noted-hash", "a" * 64, "--lang", "en")
    assert code == 1
    assert "a" * 64 in out


def test_every_fault_is_named_and_ends_with_1(ready: Run) -> None:
    evidence_file().write_bytes(b"khac")
    (Path("secaudit-data") / "evidence" / "la.txt").write_text("x", encoding="utf-8")
    with closing(sqlite3.connect("secaudit-data/secaudit.db")) as connection, connection:
        connection.execute("UPDATE answer SET value = 'partial'")
    code, out, _ = ready("verify", "--json")
    found = json.loads(out)
    assert (code, found["sound"]) == (1, False)
    assert sorted(one["code"] for one in found["faults"]) == ["evidence-changed", "evidence-foreign", "row-changed"]
    code, out, _ = ready("verify", "--lang", "en")
    assert code == 1
    for words in ("E1 Báo cáo.pdf", "la.txt", "Table answer"):
        assert words in out


def test_a_backup_is_restored_elsewhere(ready: Run) -> None:
    code, out, err = ready("backup", "sao-luu.zip", "--json")
    assert code == 0, err
    assert json.loads(out)["missing"] == []
    code, out, err = ready("restore", "sao-luu.zip", "--workspace", "moi", "--json")
    assert code == 0, err
    assert json.loads(out)["faults"] == []
    assert ready("verify", "--workspace", "moi")[0] == 0
    before = ready("assess", "history", "5.1.2.1.a", "--json")[1]
    assert ready("assess", "history", "5.1.2.1.a", "--workspace", "moi", "--json")[1] == before
    code, _, err = ready("assess", "evidence", "export", "E1", "ra.pdf", "--workspace", "moi")
    assert code == 0, err
    assert Path("ra.pdf").read_bytes() == b"%PDF-1.7"


def test_a_missing_file_is_told_by_backup_and_restore(ready: Run) -> None:
    evidence_file().unlink()
    code, out, _ = ready("backup", "sao-luu.zip", "--lang", "en")
    assert code == 1
    assert "Missing from the workspace" in out
    code, out, _ = ready("restore", "sao-luu.zip", "--workspace", "moi", "--lang", "en")
    assert code == 1
    assert "E1 Báo cáo.pdf" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["backup", "secaudit-data/secaudit.db"], "there already"),
        (["backup", "Báo cáo.pdf/x.zip"], "could not be written"),
        (["restore", "missing.zip", "--workspace", "moi"], "cannot be opened"),
        (["restore", "Báo cáo.pdf", "--workspace", "moi"], "not a backup"),
        (["restore", "sao-luu.zip"], "not empty"),
        (["verify", "--workspace", "moi"], "no workspace"),
        (["backup"], "FILE"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_is_told_in_one_sentence(ready: Run, arguments: list[str], complaint: str) -> None:
    ready("backup", "sao-luu.zip")
    code, out, err = ready(*arguments, "--lang", "en")
    assert (code, out) == (2, "")
    [line] = [line for line in err.splitlines() if line.startswith("Error: ")]
    assert complaint in line
    assert not Path("moi").exists()


def test_a_damaged_backup_is_refused(ready: Run) -> None:
    ready("backup", "sao-luu.zip")
    content = bytearray(Path("sao-luu.zip").read_bytes())
    content[200] ^= 0xFF
    Path("sao-luu.zip").write_bytes(content)
    code, _, err = ready("restore", "sao-luu.zip", "--workspace", "moi", "--lang", "en")
    assert code == 2
    assert "damaged" in err
    assert not Path("moi").exists()
