"""The overview at the prompt: from a folder of files, from a workspace, and with files that do not count."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.province_files import write_communes

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sent")
    write_communes(folder / "files", 5, folder / "base")
    return folder / "files"


@pytest.fixture
def files(sent: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sent, tmp_path / "nhan"))


def test_files_of_communes_become_one_report(run: Run, files: Path) -> None:
    code, out, err = run("report", "province", "--from", "nhan", "--format", "html,xlsx,json", "--json")
    assert code == 0, err
    result = json.loads(out)
    assert (result["systems"], result["unused"]) == (5, [])
    [page, _, data] = [Path(name) for name in result["files"]]
    assert page.read_text(encoding="utf-8").count("<article") == 5
    made = json.loads(data.read_text(encoding="utf-8"))
    assert made["office"] == "Ủy ban nhân dân thành phố Huế", "the body that all of them name above themselves"
    points = [one["points"] for one in made["ranked"]]
    assert points == sorted(points, reverse=True)


def test_bad_files_are_named_and_the_rest_counts(run: Run, files: Path) -> None:
    altered = json.loads((files / "xa-001.json").read_text(encoding="utf-8"))
    altered["standing"]["met"] += 1
    (files / "xa-001.json").write_text(json.dumps(altered), encoding="utf-8")
    (files / "con").mkdir()
    (files / "con" / "hỏng.json").write_bytes(b'{"schema": ')
    (files / "thư.txt").write_text("không phải JSON", encoding="utf-8")
    code, out, err = run("report", "province", "--from", "nhan", "--format", "json", "--lang", "en")
    assert code == 3, "not every file counts, so the result is not complete"
    assert "xa-001.json" in err
    assert "con/hỏng.json" in err
    assert "altered" in err
    assert "4 systems" in out
    made = json.loads(next(Path("secaudit-data/reports").glob("*.json")).read_text(encoding="utf-8"))
    assert [file["name"] for file in made["unused"]] == ["con/hỏng.json", "xa-001.json"]


def test_the_pdf_has_a_page_for_each_system(run: Run, files: Path) -> None:
    from pypdf import PdfReader

    code, _, err = run("report", "province", "--from", "nhan", "--format", "pdf", "--output", "o.pdf")
    assert code == 0, err
    reader = PdfReader("o.pdf")
    assert "secaudit-province.json" in reader.attachments
    texts = [page.extract_text() for page in reader.pages]
    annexes = [text for text in texts if "Lỗi nhìn thấy từ bên ngoài" in text or "Faults seen from outside" in text]
    assert len(annexes) == 5
    assert {round(float(page.mediabox.width)) for page in reader.pages} == {595, 842}, "upright and across"


def test_a_workspace_of_one_system_makes_an_overview_too(run: Run) -> None:
    code, _, err = run(
        "init", "--organisation", "Ủy ban nhân dân xã Khe Tre", "--place", "Khe Tre", "--system", "Trang tin"
    )
    assert code == 0, err
    code, out, err = run("report", "province", "--format", "json", "--json")
    assert code == 0, err
    result = json.loads(out)
    assert (result["systems"], result["scanned"], result["have"], result["counted"]) == (1, 0, 0, 1)


def test_the_share_stands_with_its_counts_and_its_rule_in_every_format(run: Run, files: Path) -> None:
    code, out, err = run("report", "province", "--from", "nhan", "--format", "html,xlsx,json", "--lang", "en")
    assert code == 0, err
    assert "The level-3 solution: 0 of 5 (0 %) of: information page / e-press body." in out
    rule = "there is no finding of high severity or above; every page was scanned completely within the last 90 days"
    assert rule in out
    assert "not sealed: 5" in out
    [page, data, book] = sorted(Path("secaudit-data/reports").iterdir())
    assert rule in page.read_text(encoding="utf-8")
    assert "0 of 5 systems" in page.read_text(encoding="utf-8")
    figure = json.loads(data.read_text(encoding="utf-8"))["solution"]
    assert (figure["have"], figure["all"], figure["own"]) == (0, 5, False)
    assert figure["conditions"][-1]["en"] in rule
    summary = dict(openpyxl.load_workbook(book)["Summary"].iter_rows(values_only=True))
    assert (summary["Systems with the solution of level 3"], summary["Systems that the plan is about"]) == (0, 5)
    assert rule in summary["Rule (the program's default)"]
    assert summary["Origin of the files: not sealed"] == 5


def test_the_rule_of_the_office_at_hand_decides(run: Run, files: Path) -> None:
    rule = Path("secaudit-data") / "solution.yaml"
    rule.parent.mkdir()
    rule.write_text("format: secaudit.solution/1\nkinds: [other]\n", encoding="utf-8")
    code, out, err = run("report", "province", "--from", "nhan", "--lang", "en")
    assert code == 0, err
    assert "0 of 0" in out
    assert "the office's own, solution.yaml" in out
    rule.write_text("format: secaudit.solution/1\nlevel: 9\n", encoding="utf-8")
    code, _, err = run("report", "province", "--from", "nhan")
    assert code == 2, "a figure by another rule than the one meant would be worse than none"
    assert "solution.yaml" in err


def test_an_altered_report_beside_its_seal_is_named_and_ends_with_3(run: Run, files: Path) -> None:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.sealing import seal_report
    from secaudit.store.workspace import Workspace
    from tests.app.sealing_sample import NOW as SEALED_AT

    report = files / "xa-001.json"
    with Workspace.create(Path("w")) as workspace:
        seal_report(workspace, Knowledge(), "combined", [report], None, SEALED_AT, None)
    result = json.loads(run("report", "province", "--from", "nhan", "--format", "json", "--json")[1])
    assert result["seals"] == {"unsealed": 4, "unsigned": 1, "unchecked": 0, "signed": 0}
    report.write_bytes(report.read_bytes() + b" ")
    code, _, err = run("report", "province", "--from", "nhan", "--lang", "en")
    assert code == 3
    assert "xa-001.json: The file is NOT what was sealed (xa-001.seal.json)" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "nirgends"), "nirgends"),
        (("--from", "leer"), "leer"),
        (("--from", "nhan", "--format", "docx"), "docx"),
        (("--from", "nhan", "--scan", "x"), "--scan"),
    ],
)
def test_wrong_use_is_one_sentence(run: Run, files: Path, arguments: tuple[str, ...], words: str) -> None:
    Path("leer").mkdir()
    code, _, err = run("report", "province", *arguments)
    assert code == 2
    assert words in err


def test_from_belongs_to_the_overview_only(run: Run, files: Path) -> None:
    code, _, err = run("report", "combined", "--from", "nhan")
    assert code == 2
    assert "--from" in err
