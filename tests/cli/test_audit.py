"""The main job as the officer does it: one command, against real servers on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.process import free_port, require

PROGRAM = [sys.executable, "-m", "secaudit"]


def secaudit(folder: Path, *arguments: str, seconds: float = 180) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("SECAUDIT_WORKSPACE", "SECAUDIT_LANG")}
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8",
        check=False, timeout=seconds, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.network
@pytest.mark.slow
def test_audit_of_the_demonstration_site(tmp_path: Path) -> None:
    result = secaudit(tmp_path, "audit", "--demo")
    assert result.returncode == 0, result.stderr
    assert "Báo cáo: " in result.stdout
    [report] = (tmp_path / "secaudit-data" / "reports").glob("*.html")
    page = report.read_text(encoding="utf-8")
    assert "xã Mẫu" in page
    # Nobody has answered anything, and the page says so rather than passing or failing the commune.
    assert "chưa" in result.stdout
    for line in result.stderr.splitlines():
        assert not line.startswith("Lỗi")

    scan = secaudit(tmp_path, "history", "--json")
    [summary] = json.loads(scan.stdout)
    assert summary["status"] == "complete"

    status = secaudit(tmp_path, "status", "--json")
    [system] = json.loads(status.stdout)["systems"]
    standard = next(c for c in system["checklists"] if c["id"] == "tcvn-14423-2026-l3")
    assert standard["strict"] == 0.0
    assert standard["by_state"]["unassessed"] > 0
    assert standard["contradicted_rows"]
    assert secaudit(tmp_path, "status", "--fail-on", "gap").returncode == 1

    again = secaudit(tmp_path, "report", "--lang", "en", "--format", "html,json", "--json")
    files = [Path(name) for name in json.loads(again.stdout)["files"]]
    assert [file.suffix for file in files] == [".html", ".json"]
    assert json.loads(files[1].read_text(encoding="utf-8"))["schema"] == "secaudit.report/1"


@pytest.mark.network
@pytest.mark.slow
def test_the_json_of_a_scan_follows_the_contract(tmp_path: Path) -> None:
    with_demo = secaudit(tmp_path, "audit", "--demo", "--json", "-", "--fail-on", "low")
    assert with_demo.returncode == 1, with_demo.stderr
    data = json.loads(with_demo.stdout)
    assert data["schema"] == "secaudit.scan/1"
    assert {"secaudit", "target", "started_at", "finished_at", "probes", "checks", "findings", "ports"} <= set(data)
    for probe in data["probes"]:
        assert {"name", "status", "seconds", "error"} <= set(probe)
        assert probe["status"] in ("ok", "failed", "skipped")
    for check in data["checks"]:
        assert {"id", "result", "target", "reason"} <= set(check)
        assert check["result"] in ("pass", "fail", "inconclusive", "not-applicable")
        assert (check["reason"] is None) == (check["result"] in ("pass", "fail"))
    for finding in data["findings"]:
        assert {"id", "severity", "target", "title", "evidence", "remediation", "references", "requirements"} <= set(
            finding
        )
        assert set(finding["title"]) == {"vi", "en"}
        assert finding["evidence"]
    failed = {(check["id"], check["target"]) for check in data["checks"] if check["result"] == "fail"}
    assert {(finding["id"], finding["target"]) for finding in data["findings"]} == failed
    expected = {
        "cert.self-signed", "http.no-https-redirect", "header.hsts-missing", "header.csp-missing",
        "header.server-version", "header.powered-by", "cookie.no-secure", "cookie.no-httponly", "cookie.no-samesite",
    }  # fmt: skip
    assert expected <= {finding["id"] for finding in data["findings"]}


@pytest.mark.network
def test_an_unreachable_page_is_not_a_pass(tmp_path: Path) -> None:
    port = free_port()
    result = secaudit(
        tmp_path, "scan", f"https://127.0.0.1:{port}/", "--http-port", str(free_port()), "--probe", "http",
        "--probe", "tls", "--json",
    )  # fmt: skip
    assert result.returncode == 3
    assert str(port) in result.stderr
    data = json.loads(result.stdout)
    assert data["checks"]
    passed = [check["id"] for check in data["checks"] if check["result"] == "pass"]
    assert passed == []


@pytest.mark.network
@pytest.mark.slow
def test_a_port_that_stalls_ends_in_time(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as stalled:
        port = stalled.getsockname()[1]
        began = time.monotonic()
        result = secaudit(
            tmp_path, "scan", f"https://127.0.0.1:{port}/", "--http-port", str(free_port()), "--probe", "http",
            "--probe", "tls", "--time-limit", "20", "--json",
        )  # fmt: skip
        assert time.monotonic() - began < 90
    assert result.returncode == 3
    assert [c for c in json.loads(result.stdout)["checks"] if c["result"] == "pass"] == []


@pytest.mark.network
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_killed_scan_is_marked_and_can_be_run_again(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as stalled:
        url = f"https://127.0.0.1:{stalled.getsockname()[1]}/"
        process = subprocess.Popen(
            [*PROGRAM, "scan", url, "--probe", "http", "--http-port", str(free_port())], cwd=tmp_path,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        assert process.stderr is not None
        process.stderr.readline()  # the scan is stored before its first line is written
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stderr.close()
        first = json.loads(secaudit(tmp_path, "history", "--json").stdout)
        assert [scan["status"] for scan in first] == ["interrupted"]
    demo = secaudit(tmp_path, "audit", "--demo", "--probe", "http")
    assert demo.returncode == 0, demo.stderr
    both = json.loads(secaudit(tmp_path, "history", "--json").stdout)
    assert sorted(scan["status"] for scan in both) == ["complete", "interrupted"]


@pytest.mark.network
@pytest.mark.slow
def test_two_scans_are_compared(tmp_path: Path) -> None:
    for _ in range(2):
        assert secaudit(tmp_path, "audit", "--demo", "--probe", "http").returncode == 0
    scans = json.loads(secaudit(tmp_path, "history", "--json").stdout)
    newer, older = (scan["id"] for scan in scans)
    result = secaudit(tmp_path, "diff", older, newer, "--json")
    assert result.returncode == 0, result.stderr
    changes = json.loads(result.stdout)["changes"]
    assert changes
    assert {change["change"] for change in changes} == {"open"}


def test_make_is_there() -> None:
    assert require("make")
