"""`secaudit assess export` and `import` as an officer meets them, through LibreOffice too."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.workbook_edit import Editor

Run = Callable[..., tuple[int, str, str]]
SOFFICE = shutil.which("soffice")
ROW, OTHER, THIRD = "5.1.2.1.a", "5.1.2.1.b", "5.1.2.2.a"
NASTY = "=1+1 _x0041_ <&>\ndòng hai\ttab"


@pytest.fixture
def ready(run: Run) -> Run:
    """The program with a workspace of one system and one answer."""
    code, _, err = run("init", "--organisation", "Ủy ban nhân dân xã Thử", "--url", "xa-thu.tinh.gov.vn")
    assert code == 0, err
    code, _, err = run("assess", "set", ROW, "--answer", "partial", "--name", "Trần Thị B", "--note", NASTY,
                       "--evidence", "https://xa.vn/qd", "--evidence-date", "01/10/2024",
                       "--authority", "00123")  # fmt: skip
    assert code == 0, err
    return run


@pytest.fixture
def file(ready: Run, tmp_path: Path) -> Path:
    path = tmp_path / "bảng trả lời.xlsx"
    code, out, err = ready("assess", "export", "--output", str(path), "--lang", "vi")
    assert (code, err) == (0, "")
    assert str(path) in out
    return path


def as_json(run: Run, *arguments: str, code: int = 0) -> Any:
    ended, out, err = run(*arguments, "--json")
    assert ended == code, err
    return json.loads(out)


def value(run: Run, requirement: str) -> str | None:
    history = as_json(run, "assess", "history", requirement)
    return history[-1]["value"] if history else None


def test_out_and_in_again(ready: Run, file: Path) -> None:
    Editor(file).put(OTHER, value="Đạt", answered_by="Lan", note="xong").save()
    code, out, err = ready("assess", "import", str(file), "--dry-run", "--lang", "en")
    assert (code, err) == (0, "")
    assert f"{OTHER}  " in out
    assert "Unassessed → Met (Note, Answered by)" in out
    assert "Unchanged in the sheet: 194." in out
    assert "Nothing was written." in out
    assert value(ready, OTHER) is None
    code, out, err = ready("assess", "import", str(file), "--lang", "en")
    assert code == 2
    assert "Add --yes" in err
    assert value(ready, OTHER) is None
    code, out, err = ready("assess", "import", str(file), "--yes", "--lang", "en")
    assert (code, err) == (0, "")
    assert "Written: 1 answers, together." in out
    assert value(ready, OTHER) == "met"
    assert ready("verify")[0] == 0


def test_the_same_as_data(ready: Run, file: Path) -> None:
    Editor(file).put(OTHER, value="Đạt").put(THIRD, value="được").save()
    said = as_json(ready, "assess", "import", str(file), code=2)
    assert said["schema"] == "secaudit.workbook-import/1"
    assert [one["requirement"] for one in said["changes"]] == [OTHER]
    [fault] = said["faults"]
    assert (fault["cell"], fault["requirement"]) == ("J7", THIRD)
    assert said["written"] == []
    said = as_json(ready, "assess", "import", str(file), "--yes", code=2)
    assert said["written"] == []
    said = as_json(ready, "assess", "import", str(file), "--yes", "--skip-bad", code=1)
    assert said["written"] == [OTHER]
    assert said["changes"][0]["after"]["value"] == "met"
    assert said["counts"]["unchanged"] == 193


def test_bad_cells_are_named_with_what_is_allowed(ready: Run, file: Path) -> None:
    edit = Editor(file)
    edit.put(OTHER, value="được", evidence_date="11/22/2026").put(THIRD, value="Không áp dụng")
    edit.save()
    code, out, err = ready("assess", "import", str(file), "--yes", "--lang", "en")
    assert code == 2
    assert f"!{edit.place(OTHER, 'value')} ({OTHER}): “được” is no answer. Allowed: Đạt, Một phần" in out
    assert f"!{edit.place(OTHER, 'evidence_date')} ({OTHER}): “11/22/2026” was read as day 11, month 22" in out
    assert f"!{edit.place(THIRD, 'reason')} ({THIRD})" in out
    assert "3 cells must be put right first" in err
    code, out, _ = ready("assess", "import", str(file), "--skip-bad", "--yes", "--lang", "en")
    assert code == 1
    assert "Nothing was written." in out


def test_conflicts_are_named_and_left_unless_the_sheet_is_preferred(ready: Run, file: Path) -> None:
    Editor(file).put(ROW, value="Đạt", note="đã ký").save()
    ready("assess", "set", ROW, "--answer", "not-met", "--name", "Bình")
    code, out, _ = ready("assess", "import", str(file), "--yes", "--lang", "en")
    assert code == 1
    assert "Conflicts, left alone (1)" in out
    assert "in the sheet: Met; in the workspace: Not met, Bình, " in out
    assert value(ready, ROW) == "not-met"
    code, out, _ = ready("assess", "import", str(file), "--yes", "--prefer", "sheet", "--lang", "en")
    assert code == 0
    assert value(ready, ROW) == "met"


@pytest.mark.parametrize(("typed", "stored"), [("y", "met"), ("có", "met"), ("n", None), ("", None), (None, None)])
def test_on_a_terminal_it_asks(
    ready: Run, file: Path, monkeypatch: pytest.MonkeyPatch, typed: str | None, stored: str | None
) -> None:
    from secaudit.cli import assess_workbook

    Editor(file).put(OTHER, value="Đạt").save()
    monkeypatch.setattr(assess_workbook, "_somebody_there", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("" if typed is None else typed + "\n"))
    code, out, _ = ready("assess", "import", str(file), "--lang", "en")
    assert code == 0
    assert ("Written: 1" in out) == (stored is not None)
    assert value(ready, OTHER) == stored


def test_choices_of_an_export(ready: Run, tmp_path: Path) -> None:
    said = as_json(ready, "assess", "export", "--group", "5.7", "--layout", "groups", "--lang", "en")
    [name] = said["files"]
    assert said["rows"] == 7
    assert Path(name).parent == tmp_path
    assert Path(name).name.startswith("he-thong-1-tcvn-14423-2026-l3-20")
    assert "exists already" in ready("assess", "export", "--group", "5.7", "--lang", "en")[2]
    assert ready("assess", "export", "--group", "5.7", "--force")[0] == 0
    other = as_json(ready, "assess", "export", "--checklist", "vn-state-website", "--output", "b.xlsx")
    assert other["rows"] == 13
    for arguments, complaint in (
        (("--group", "9.9"), "no group"),
        (("--checklist", "x"), "x"),
        (("--system", "x"), "no system"),
        (("--output", "a.xls"), ".xlsx"),
    ):
        code, _, err = ready("assess", "export", *arguments, "--lang", "en")
        assert code == 2
        assert complaint in err


@pytest.mark.parametrize("arguments", [("export",), ("import", "a.xlsx")])
def test_without_a_workspace(run: Run, arguments: tuple[str, ...]) -> None:
    code, _, err = run("assess", *arguments, "--lang", "en")
    assert code == 2
    assert "no workspace" in err


def test_a_file_that_is_none(ready: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("Yêu cầu;Trả lời\n", encoding="utf-8")
    for name in ("a.xlsx", "b.xlsx"):
        code, out, err = ready("assess", "import", name, "--lang", "en")
        assert (code, out) == (2, "")
        assert name in err


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("layout", ["list", "groups"])
def test_saved_by_libreoffice_it_says_the_same(ready: Run, tmp_path: Path, layout: str) -> None:
    exported = tmp_path / f"{layout}.xlsx"
    assert ready("assess", "export", "--output", str(exported), "--layout", layout)[0] == 0
    saved = libreoffice(exported, tmp_path / "untouched")
    untouched = as_json(ready, "assess", "import", str(saved), "--dry-run")
    assert untouched["counts"]["unchanged"] == 195
    assert (untouched["changes"], untouched["faults"], untouched["notices"]) == ([], [], [])
    edit = Editor(exported)
    edit.put(OTHER, value="Không áp dụng", reason="vì\nhai dòng", answered_by="Lan", independent="có")
    edit.put(THIRD, value="Một phần", evidence="E1\nhttps://xa.vn/b", evidence_date="22/11/2024", note=NASTY[2:])
    edit.put("5.1.2.2.b", value="Đạt", note="=1+1")
    edit.save()
    said = as_json(ready, "assess", "import", str(libreoffice(exported, tmp_path / "filled")), "--yes", "--skip-bad",
                   code=1)  # fmt: skip
    assert said["written"] == [OTHER, THIRD]
    [fault] = said["faults"]
    assert fault["requirement"] == "5.1.2.2.b"
    assert "=1+1" in fault["text"]
    [answer] = as_json(ready, "assess", "history", OTHER)
    assert (answer["reason"], answer["independent"]) == ("vì\nhai dòng", True)
    [answer] = as_json(ready, "assess", "history", THIRD)
    assert (answer["evidence"], answer["evidence_date"]) == (["E1", "E2"], "2024-11-22")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_sheet_of_another_form_saved_by_libreoffice_is_refused(file: Path, ready: Run, tmp_path: Path) -> None:
    for form in ("ods", "xls"):
        other = libreoffice(file, tmp_path / form, form)
        code, _, err = ready("assess", "import", str(other), "--lang", "en")
        assert code == 2
        assert ".xlsx" in err


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_counts_as_the_first_sheet_says(file: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    Editor(file).put(OTHER, value="Đạt").put(THIRD, value="Chưa đạt").save()
    counted = load_workbook(libreoffice(file, tmp_path / "counted"), data_only=True).worksheets[0]
    lines = {str(line[0]): line[2:8] for line in counted.values if line[0] is not None}
    assert lines["5.1"] == (11, 1, 1, 1, 0, 8)
    assert lines["5.10"] == (8, 0, 0, 0, 0, 8)


def libreoffice(path: Path, folder: Path, form: str = "xlsx") -> Path:
    """Open a file with LibreOffice and save it as another."""
    assert SOFFICE is not None
    profile = folder / "profile"
    folder.mkdir(parents=True)
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form, "--outdir",
         str(folder), str(path)], check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return folder / f"{path.stem}.{form}"
