"""`secaudit data` as the officer types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.checks.test_site import STATISTICS

ROOT = Path(__file__).parents[2]


def data(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    import os

    environment = {**os.environ, "SECAUDIT_DATA": str(folder), "SECAUDIT_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-m", "secaudit", "data", *args],
        capture_output=True, text=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip


def test_list_and_update(tmp_path: Path) -> None:
    listed = data(tmp_path / "data", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert {row["kind"] for row in json.loads(listed.stdout)} == {"eol", "cms", "vulnerable-js"}
    text = (ROOT / "checklists" / "data" / "cms.yaml").read_text(encoding="utf-8")
    file = tmp_path / "cms.yaml"
    file.write_text(text.replace("date: 2026-08-20", "date: 2026-08-21"), encoding="utf-8")
    refused = data(tmp_path / "data", "update", str(file))
    assert refused.returncode == 2
    assert "--trust-unsigned" in refused.stderr
    assert "Traceback" not in refused.stderr
    done = data(tmp_path / "data", "update", str(file), "--trust-unsigned")
    assert done.returncode == 0, done.stderr
    assert "2026-08-21" in done.stdout
    assert "installed on trust" in data(tmp_path / "data", "list").stdout


def test_address_blocks(tmp_path: Path) -> None:
    file = tmp_path / "delegated-apnic-latest"
    file.write_text(STATISTICS.replace("|6|19830613", "|5|19830613"), encoding="utf-8")
    folder = tmp_path / "own"
    assert "delegated-apnic-latest" in data(folder, "list").stdout
    done = data(folder, "update", str(file), "--trust-unsigned", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["records"] == 5
    rows = json.loads(data(folder, "list", "--json").stdout)
    assert [row["registry"] for row in rows if row["kind"] == "addresses"] == ["apnic"]
    assert "registered blocks of apnic" in data(folder, "list").stdout
