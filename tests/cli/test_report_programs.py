"""The formats for programs from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from secaudit.report.programs import FORMATS
from tests.hostile.test_terminal import make

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    make(tmp_path / "w", "Văn phòng UBND")
    return tmp_path / "w"


def written(run: Run, *arguments: str) -> list[Path]:
    code, out, err = run("report", "combined", *arguments, "--json")
    assert code == 0, err
    return [Path(name) for name in json.loads(out)["files"]]


def test_all_formats_at_once_beside_the_page(run: Run, stored: Path) -> None:
    files = written(run, "--workspace", str(stored), "--format", ",".join(("html", *FORMATS)))
    assert {file.parent for file in files} == {stored / "reports"}
    stem = files[0].name.removesuffix(".html")
    ends = [file.name.removeprefix(f"{stem}.") for file in files]
    assert ends[:8] == ["html", "oscal-results.json", "oscal-poam.json", "sarif", "findings.csv", "requirements.csv",
                        "ics", "ciso-assistant.tcvn-14423-2026-l3.xlsx"]  # fmt: skip
    assert ends[-2:] == ["ciso-assistant.findings.xlsx", "schema.json"]
    assert all(file.stat().st_size for file in files)


def test_output_names_the_first_file_and_the_others_stand_beside_it(run: Run, stored: Path, tmp_path: Path) -> None:
    files = written(run, "--workspace", str(stored), "--format", "oscal", "--output", str(tmp_path / "kq.json"))
    assert [file.name for file in files] == ["kq.json", "kq.oscal-poam.json"]
    assert "assessment-results" in json.loads(files[0].read_text(encoding="utf-8"))
    assert "plan-of-action-and-milestones" in json.loads(files[1].read_text(encoding="utf-8"))


def test_an_unknown_format_names_the_known_ones(run: Run, stored: Path) -> None:
    code, _, err = run("report", "--workspace", str(stored), "--format", "oscal,xml", "--lang", "en")
    assert code == 2
    assert "xml" in err and "oscal-poam" in err and "sarif" in err
