"""`secaudit import` as the officer types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_audit import secaudit
from tests.importers.files import FOLDER


def test_a_file_is_imported_listed_and_refused_a_second_time(tmp_path: Path) -> None:
    file = str(FOLDER / "nmap.xml")
    first = secaudit(tmp_path, "import", file, "--site", "https://127.0.0.1/", "--lang", "en")
    assert first.returncode == 0, first.stderr
    assert "for https://127.0.0.1/: 0 results and 3 observations of nmap 7.93." in first.stdout
    assert "A cache (Redis, memcached) is open to the internet (6379)" in first.stdout
    listed = secaudit(tmp_path, "history", "--lang", "en")
    assert "imported from nmap.xml (nmap)" in listed.stdout
    [summary] = json.loads(secaudit(tmp_path, "history", "--json").stdout)
    assert summary["source"]["format"] == "nmap"
    again = secaudit(tmp_path, "import", file, "--lang", "en")
    assert again.returncode == 2
    assert "was imported already" in again.stderr


def test_the_json_holds_the_results_and_their_origin(tmp_path: Path) -> None:
    file = str(FOLDER / "zap-by-hand.json")
    result = secaudit(tmp_path, "import", file, "--site", "https://xamau.example.vn/", "--json")
    data = json.loads(result.stdout)
    assert data["imported_from"]["tool"] == "ZAP"
    assert [found["severity"] for found in data["imported"]] == ["Medium (High)", "Low (High)"]
    assert data["traffic"] is None


@pytest.mark.parametrize("content", [b"", b"hello", b"<nmaprun scanner='nmap'>", b"\x1f\x8b\x08"])
def test_a_bad_file_is_one_sentence_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    result = secaudit(tmp_path, "import", "x", "--site", "https://127.0.0.1/")
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]
