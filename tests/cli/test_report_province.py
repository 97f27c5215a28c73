"""The overview at the prompt: from a folder of files, from a workspace, and with files that do not count."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

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
