"""Templates, plan, evidence list and protection plan from the command line, and what can go wrong on the disk."""

from __future__ import annotations

import errno
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from secaudit.report.pdf import has_text_face

Run = Callable[..., tuple[int, str, str]]
KINDS = ("combined", "form08", "annual", "remediation", "protection", "inspection")


@pytest.fixture
def office(run: Run, tmp_path: Path) -> Path:
    code, _, err = run("init", "--organisation", "Ủy ban nhân dân xã Khe Tre", "--system", "Trang tin")
    assert code == 0, err
    return tmp_path


def test_templates_come_with_their_fields_and_nothing_is_written_over(run: Run, tmp_path: Path) -> None:
    code, out, err = run("reports", "templates", "export", "mau")
    assert code == 0, err
    names = {path.name for path in (tmp_path / "mau").iterdir()}
    assert names == {f"{kind}{end}" for kind in KINDS for end in (".docx", "-cac-truong.docx")}
    assert out.count("mau") == len(names)
    before = (tmp_path / "mau" / "annual.docx").read_bytes()
    (tmp_path / "mau" / "form08.docx").unlink()
    code, _, err = run("reports", "templates", "export", "mau")
    assert code == 2
    assert "annual.docx" in err
    assert not (tmp_path / "mau" / "form08.docx").exists(), "all or none"
    assert (tmp_path / "mau" / "annual.docx").read_bytes() == before
    code, out, _ = run("reports", "templates", "export", "--kind", "form08", "mau2", "--json")
    assert code == 0
    assert len(json.loads(out)["files"]) == 2


@pytest.mark.parametrize("kind", ["remediation", "protection", "inspection"])
def test_a_half_filled_profile_gives_a_draft_that_says_what_is_missing(run: Run, office: Path, kind: str) -> None:
    code, out, err = run("report", kind, "--format", "docx", "--json")
    assert code == 0, err
    result = json.loads(out)
    assert result["draft"]
    assert result["missing"]
    [file] = result["files"]
    assert "BẢN NHÁP" in "".join(p.text for p in Document(file).paragraphs)
    code, out, _ = run("report", kind, "--check")
    assert code == 1
    assert out.strip()
    code, _, err = run("report", kind, "--template-profile", "f.yaml")
    assert code == 0, err
    code, _, err = run("report", kind, "--profile-file", "f.yaml", "--format", "html,json")
    assert code == 0, err
    assert len(list((office / "secaudit-data" / "reports").iterdir())) == 3


def test_an_own_template_is_used_and_a_wrong_one_changes_nothing(run: Run, office: Path) -> None:
    own = Document()
    own.add_paragraph("Cơ quan: {{ body }}")
    own.save(str(office / "own.docx"))
    arguments = ("report", "remediation", "--template", "own.docx", "--output", "plan.docx")
    code, _, err = run(*arguments)
    assert code == 0, err
    written = (office / "plan.docx").read_bytes()
    assert Document(str(office / "plan.docx")).paragraphs[0].text == "Cơ quan: ỦY BAN NHÂN DÂN XÃ KHE TRE"
    own.add_paragraph("{{ kinh_phi }}")
    own.save(str(office / "own.docx"))
    code, _, err = run(*arguments)
    assert code == 2
    assert "kinh_phi" in err
    assert (office / "plan.docx").read_bytes() == written


def test_the_archive_holds_the_evidence_and_a_lost_file_ends_with_one(run: Run, office: Path) -> None:
    (office / "Quyết định.txt").write_text("12/QĐ-UBND", encoding="utf-8")
    (office / "b.txt").write_text("b", encoding="utf-8")
    for row, file in (("5.1.2.1.a", "Quyết định.txt"), ("5.1.2.2.a", "b.txt")):
        code, _, err = run(
            "assess", "set", row, "--answer", "met", "--name", "Nguyễn Văn Mẫu", "--evidence", file, "--evidence-date",
            "01/10/2026",
        )  # fmt: skip
        assert code == 0, err
    code, _, err = run("report", "inspection", "--output", "hs.zip")
    assert code == 0, err
    with zipfile.ZipFile(office / "hs.zip") as archive:
        assert archive.read("bang-chung/E1 - Quyết định.txt").decode("utf-8") == "12/QĐ-UBND"
        assert {"index.html", "SHA256SUMS", "nhat-ky.json", "danh-muc-bang-chung.csv"} <= set(archive.namelist())
    [kept] = [
        path
        for path in (office / "secaudit-data" / "evidence").rglob("*")
        if path.is_file() and path.stat().st_size == 1
    ]
    kept.chmod(0o644)
    kept.write_text("c", encoding="utf-8")
    code, out, err = run("report", "inspection", "--output", "hs.zip", "--json")
    assert code == 1, err
    assert json.loads(out)["faults"] == 1
    with zipfile.ZipFile(office / "hs.zip") as archive:
        assert not [name for name in archive.namelist() if "E2" in name]
        assert "E2" in archive.read("index.html").decode("utf-8")
    kept.unlink()
    code, out, _ = run("report", "inspection", "--check")
    assert code == 1
    assert "E2 b.txt" in out


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("name", ["docx", "zip"])
def test_a_full_disk_or_a_file_open_in_word_is_one_sentence(
    run: Run, office: Path, monkeypatch: pytest.MonkeyPatch, fault: int, name: str
) -> None:
    target = office / f"out.{name}"
    target.write_bytes(b"before")

    def refuse(*_: Any) -> Any:
        raise OSError(fault, "refused")

    monkeypatch.setattr(Path, "replace", refuse)
    code, _, err = run("report", "inspection", "--format", name, "--output", f"out.{name}")
    assert code == 2
    assert f"out.{name}" in err
    assert len(err.strip().splitlines()) == 1
    assert target.read_bytes() == b"before"
    assert [path.name for path in office.iterdir() if path.name.endswith(".tmp")] == []


def test_a_missing_font_is_told_and_the_pdf_is_written(run: Run, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not has_text_face('@font-face { font-family: "Report Serif"; src: local("No Such Font Anywhere"); }')
    monkeypatch.setattr("secaudit.report.pdf.has_text_face", lambda faces: False)
    code, _, err = run("report", "remediation", "--format", "pdf", "--output", "a.pdf", "--lang", "en")
    assert code == 0, err
    assert "Times New Roman" in err
    assert (office / "a.pdf").read_bytes().startswith(b"%PDF")


def test_options_of_other_kinds_are_refused(run: Run, office: Path) -> None:
    code, _, err = run("report", "inspection", "--confirm-implementation", "a=none")
    assert code == 2
    assert "form08" in err
    code, _, err = run("report", "protection", "--format", "xlsx")
    assert code == 2
    assert "docx, html, pdf, json" in err
