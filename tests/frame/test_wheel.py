"""The wheel, not only the checkout, works: in an empty environment, from another folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
IGNORED = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", "secaudit-data", "secaudit-demo"
)


@pytest.mark.slow
@pytest.mark.network
def test_the_wheel_works_from_another_folder(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=IGNORED)
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(source)],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr[-2000:]
    [wheel] = tmp_path.glob("secaudit-*.whl")
    shutil.rmtree(source)

    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    folder = environment / ("Scripts" if os.name == "nt" else "bin")
    installed = subprocess.run(
        [str(folder / "python"), "-m", "pip", "install", "--quiet", str(wheel)],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert installed.returncode == 0, installed.stderr[-2000:]

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SECAUDIT_WORKSPACE")}
    audit = subprocess.run(
        [str(folder / "secaudit"), "audit", "--demo", "--probe", "http", "--probe", "tls", "--json"],
        cwd=elsewhere, env=clean, capture_output=True, text=True, encoding="utf-8", check=False, timeout=180,
    )  # fmt: skip
    assert audit.returncode == 0, audit.stderr[-2000:]
    result = json.loads(audit.stdout)
    assert "cert.self-signed" in {finding["id"] for finding in result["findings"]}
    report = Path(result["report"])
    assert elsewhere in report.parents
    assert "Mẫu" in report.read_text(encoding="utf-8")

    listed = subprocess.run(
        [str(folder / "secaudit"), "checklist", "list", "--json"],
        cwd=elsewhere, env=clean, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert "tcvn-14423-2026-l3" in {checklist["id"] for checklist in json.loads(listed.stdout)}
