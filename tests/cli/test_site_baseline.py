"""Accepting how a page looks, and being told when it changes, as the officer does it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_audit import secaudit
from tests.servers.nginx import nginx
from tests.servers.process import free_port

pytestmark = [pytest.mark.network, pytest.mark.slow]
PAGE = "<!DOCTYPE html><title>{title}</title><header id=dau></header><nav id=menu></nav><main><h1>Tin</h1></main>{more}"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    port = free_port()
    file = tmp_path / "www" / "index.html"
    file.parent.mkdir()
    file.write_text(PAGE.format(title="Trang xã Mẫu", more=""), encoding="utf-8")
    with nginx(tmp_path / "nginx", [f"server {{ listen 127.0.0.1:{port}; root {file.parent}; }}"], [port]):
        yield f"http://127.0.0.1:{port}/", file


def findings(folder: Path, url: str) -> dict[str, list[dict[str, object]]]:
    port = free_port()
    scan = secaudit(folder, "scan", url, "--probe", "crawl", "--https-port", str(port), "--json", "-")
    assert scan.returncode == 0, scan.stderr
    by_check: dict[str, list[dict[str, object]]] = {}
    for finding in json.loads(scan.stdout)["findings"]:
        by_check.setdefault(finding["id"], []).append(finding)
    return by_check


def test_a_look_is_accepted_and_a_change_is_told(tmp_path: Path, page: tuple[str, Path]) -> None:
    url, file = page
    assert "integrity.changed" not in findings(tmp_path, url)
    before = secaudit(tmp_path, "site", "baseline", "show", url, "--lang", "en")
    assert "Nobody has accepted" in before.stdout

    accepted = secaudit(tmp_path, "site", "baseline", "accept", url, "--by", "Trần Thị B", "--json")
    assert accepted.returncode == 0, accepted.stderr
    baseline = json.loads(accepted.stdout)["baseline"]
    assert (baseline["title"], baseline["accepted_by"]) == ("Trang xã Mẫu", "Trần Thị B")
    assert "integrity.changed" not in findings(tmp_path, url)
    shown = secaudit(tmp_path, "site", "baseline", "show", url, "--lang", "en")
    assert "Title: Trang xã Mẫu" in shown.stdout

    file.write_text(PAGE.format(title="Hacked by X", more="<p>" + "x " * 50), encoding="utf-8")
    found = findings(tmp_path, url)
    assert set(found) >= {"integrity.changed", "integrity.defaced"}
    [changed] = found["integrity.changed"]
    assert changed["evidence"]["accepted"] == "Trang xã Mẫu"  # type: ignore[index]


def test_what_cannot_be_accepted_is_refused_in_one_sentence(tmp_path: Path, page: tuple[str, Path]) -> None:
    url, file = page
    findings(tmp_path, url)
    unknown = secaudit(tmp_path, "site", "baseline", "accept", "https://khac.example/", "--lang", "en")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (2, 1)
    file.unlink()
    findings(tmp_path, url)
    broken = secaudit(tmp_path, "site", "baseline", "accept", url, "--lang", "en")
    assert broken.returncode == 3, broken.stderr
    assert "did not see the home page whole" in broken.stderr
    scan = secaudit(tmp_path, "scan", url, "--probe", "http", "--json", "-")
    assert scan.returncode in (0, 3)
    without = secaudit(tmp_path, "site", "baseline", "accept", url, "--lang", "en")
    assert without.returncode == 2
    assert "did not look at the content" in without.stderr
