"""Form 08 and the progress report from the command line, on a workspace that nobody has scanned yet."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

FILLED = """
year: 2026
as_of: 2026-12-14
document: {number: 5, symbol: UBND-VHXH, date: 2026-12-18, addressees: [Bộ Công an]}
signer: {lines: [TM. ỦY BAN NHÂN DÂN, CHỦ TỊCH], name: Trần Văn Đức}
owner: {regulation: Không có, representative: Trần Văn Đức, position: Chủ tịch, address: Thôn 1,
  phone: "0234", email: a@khetre.example}
unit: {name: Phòng Văn hóa - Xã hội, regulation: Không có, representative: Lê Thị Kim Quỳnh,
  position: Trưởng phòng, address: Thôn 1,
  phone: "0234", email: b@khetre.example}
unit_report_date: 2026-12-10
counts: {all_approved_by: Quý II/2027}
systems:
  - id: he-thong-1
    classified: true
    status: Đang dự thảo
    approval_expected: Quý II/2027
    implementation_expected: Quý IV/2027
    operator_report_date: 2026-12-11
    article_16_criterion: Không có
"""


@pytest.fixture
def office(run: Run, tmp_path: Path) -> Path:
    code, _, err = run(
        "init", "--organisation", "Ủy ban nhân dân xã Khe Tre", "--place", "Khe Tre", "--system", "Trang tin",
        "--operator", "Văn phòng", "--basis", "proposed",
    )  # fmt: skip
    assert code == 0, err
    (tmp_path / "f.yaml").write_text(FILLED, encoding="utf-8")
    return tmp_path


def test_check_says_what_is_missing_and_writes_nothing(run: Run, office: Path) -> None:
    code, out, _ = run("report", "form08", "--check")
    assert code == 1
    assert "document.addressees" in out
    assert "signer.name" in out
    code, out, _ = run("report", "form08", "--check", "--json", "--lang", "en")
    assert code == 1
    notes = json.loads(out)["notes"]
    assert {"weight": "error", "rule": "7"}.items() <= next(n for n in notes if n["rule"] == "7").items()
    assert not list(office.glob("secaudit-data/reports/*"))


def test_a_complete_form_is_written_and_one_without_confirmation_is_a_draft(run: Run, office: Path) -> None:
    code, out, err = run("report", "form08", "--profile-file", "f.yaml", "--json")
    assert code == 0, err
    result = json.loads(out)
    assert result["draft"] is True
    assert [note["code"] for note in result["notes"]] == ["form08-implementation-unknown"]
    draft = zipfile.ZipFile(result["files"][0]).read("word/document.xml").decode("utf-8")
    assert "BẢN NHÁP" in draft

    for value in ("some", "Đã triển khai một số hạng mục"):
        confirm = ("--confirm-implementation", f"he-thong-1={value}")
        code, out, err = run(
            "report", "form08", "--profile-file", "f.yaml", "--format", "docx,json", *confirm, "--json"
        )
        assert code == 0, err
        result = json.loads(out)
        assert result["draft"] is False
        assert result["notes"] == []
        [document, data] = [Path(name) for name in result["files"]]
        facts = json.loads(data.read_text(encoding="utf-8"))
        assert facts["rows"][0]["implementation"] == "Đã triển khai một số hạng mục"
        assert facts["additions"] == ["signature", "recipients", "annexes"]
        text = zipfile.ZipFile(document).read("word/document.xml").decode("utf-8")
        assert "BẢN NHÁP" not in text
        assert "Đã triển khai một số hạng mục" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("form08", "--confirm-implementation", "he-thong-1=maybe"), "maybe"),
        (("form08", "--confirm-implementation", "khac=full"), "khac"),
        (("form08", "--format", "odt"), "odt"),
        (("form08", "--scan", "x"), "--scan"),
        (("combined", "--check"), "--check"),
        (("annual", "--confirm-implementation", "a=full"), "--confirm-implementation"),
        (("form08", "--profile-file", "missing.yaml"), "missing.yaml"),
        (("annual", "--format", "docx,pdf", "--output", "x"), "--output"),
    ],
)
def test_wrong_use_is_one_sentence(run: Run, office: Path, arguments: tuple[str, ...], words: str) -> None:
    code, _, err = run("report", *arguments)
    assert code == 2
    assert words in err


def test_faults_of_the_file_are_shown_each_with_its_line(run: Run, office: Path) -> None:
    (office / "f.yaml").write_text("yaer: 2026\ndocument:\n  date: hôm nay\n", encoding="utf-8")
    code, _, err = run("report", "form08", "--profile-file", "f.yaml")
    assert code == 2
    assert "dòng 1" in err
    assert "dòng 3" in err
    assert "document.date" in err


@pytest.mark.parametrize("kind", ["form08", "annual"])
def test_an_empty_file_is_written_once_and_can_be_used(run: Run, office: Path, kind: str) -> None:
    code, _, err = run("report", kind, "--template-profile", "new.yaml")
    assert code == 0, err
    code, _, err = run("report", kind, "--template-profile", "new.yaml")
    assert code == 2
    code, _, err = run("report", kind, "--profile-file", "new.yaml")
    assert code == 0, err
    assert len(list(office.glob("secaudit-data/reports/*.docx"))) == 1


def test_the_progress_report_of_an_office_without_scans_is_a_draft_with_its_deadline(run: Run, office: Path) -> None:
    code, out, _ = run("report", "annual", "--json")
    assert code == 0
    result = json.loads(out)
    assert result["draft"] is True
    assert result["due"].endswith("-11-01")
    assert len(result["missing"]) == 4
    code, _, _ = run("report", "annual", "--check")
    assert code == 1


def test_an_own_template_is_used(run: Run, office: Path) -> None:
    from docx import Document

    own = Document()
    own.add_paragraph("Mẫu riêng: {{ body }}")
    own.save(str(office / "own.docx"))
    code, _, err = run("report", "form08", "--template", "own.docx", "--output", "out.docx")
    assert code == 0, err
    assert Document(str(office / "out.docx")).paragraphs[0].text == "Mẫu riêng: ỦY BAN NHÂN DÂN XÃ KHE TRE"
