"""`secaudit status` and `secaudit system` as an officer meets them."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., tuple[int, str, str]]
ROW = "5.1.2.1.a"


@pytest.fixture
def ready(run: Run) -> Run:
    """The program with a workspace of one system of which one row is answered."""
    assert run("init", "--organisation", "Xã Thử", "--url", "xa-thu.tinh.gov.vn")[0] == 0
    assert run("assess", "set", ROW, "--answer", "met", "--name", "Lan")[0] == 0
    return run


def as_json(run: Run, *arguments: str) -> Any:
    code, out, err = run(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_one_system_on_one_screen(ready: Run) -> None:
    code, out, err = ready("status", "--lang", "en")
    assert (code, err) == (0, "")
    for words in (
        "Met: 0.5 % (1 of 190). With partly met ones at half: 0.5 %. To 100 %: 189 requirements are missing.",
        "https://xa-thu.tinh.gov.vn/: never scanned",
        "# Met: 1   . Unassessed: 189",
        "No evidence is overdue.",
        "0 of 1 (0 %) of: information page / e-press body.",
        "By 2030: 100 % - not reached yet",
        "This system lacks: 1 of 190 requirements met, 100% needed; 1 pages never scanned.",
        "1. Ask the operator",
    ):
        assert words in out, words
    groups = re.findall(r"^  5\.\d+ .*?\[([#.]+)\] +(\d+)/(\d+)", out, re.MULTILINE)
    assert len(groups) == 18
    assert all(len(strip) == int(all_) and strip.count("#") == int(met) for strip, met, all_ in groups)
    assert "\x1b" not in out


def test_the_json_is_complete(ready: Run) -> None:
    data = as_json(ready, "status")
    assert data["schema"] == "secaudit.status/1"
    [system] = data["systems"]
    counting = next(one for one in system["checklists"] if one["counts"])
    assert (counting["met"], counting["missing"], counting["applicable"]) == (1, 189, 190)
    assert set(counting["due"]) == {"overdue", "30", "60", "90"}
    assert len(counting["groups"]) == 18
    assert system["system"]["kind"] == "page"
    assert system["since"] is None
    assert [step["kind"] for step in system["steps"][:2]] == ["confirm", "confirm"]
    figure = data["portfolio"]
    assert (figure["have"], figure["all"], figure["share"]) == (0, 1, 0.0)
    assert [target["reached"] for target in figure["targets"]] == [False, False]
    assert figure["rule"]["strict"] == 100
    assert [lack["code"] for lack in figure["systems"][0]["lacks"]] == ["solution-lacks-strict", "solution-lacks-scan"]


def test_changes_since_a_day_and_days_that_are_no_use(ready: Run) -> None:
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 - the officer's own day
    code, out, _ = ready("status", "--since", yesterday.strftime("%d/%m/%Y"), "--lang", "en")
    assert code == 0
    assert "Met: 0 % -> 0.5 % (0 -> 1 requirements)" in out
    assert f"Met now: {ROW}" in out
    for day, words in (("31/02/2026", "is not a day"), ("31/12/2999", "is not past")):
        code, out, err = ready("status", "--since", day, "--lang", "en")
        assert (code, out) == (2, "")
        assert words in err


def test_several_systems_one_line_each_with_a_total_and_the_plans_figure(ready: Run) -> None:
    code, out, _ = ready(
        "system", "add", "Báo điện tử", "--kind", "press", "--url", "bao.vn", "--url", "xa-thu.tinh.gov.vn", "--lang",
        "en",
    )  # fmt: skip
    assert code == 0
    assert "belonged to he-thong-1 until now" in out
    assert as_json(ready, "system", "set", "he-thong-1", "--kind", "other", "--name", "Nội bộ")["kind"] == "other"
    assert [one["id"] for one in as_json(ready, "system", "list")] == ["bao-dien-tu", "he-thong-1"]
    code, out, _ = ready("status", "--lang", "en")
    assert code == 0
    lines = out.splitlines()
    assert re.fullmatch(r"bao-dien-tu  Báo điện tử +0 % +0 % +190 +0 +0 +0 +never +no", lines[2])
    assert re.fullmatch(r"he-thong-1  Nội bộ +0.5 % +0.5 % +189 +0 +0 +0 +– +–|he-thong-1 .* never +–", lines[3])
    assert re.fullmatch(r"Total: 2 systems +0.3 % +0.3 % +379 +0 +0 +0 +0/1", lines[5])
    assert "0 of 1 (0 %) of: information page / e-press body." in out
    assert "1 systems of other kinds are not counted." in out
    assert "Rule (the program's default)" in out
    one = ready("status", "--system", "he-thong-1", "--lang", "en")[1]
    assert one.startswith("Nội bộ (level 3, other system)")
    assert ready("status", "--system", "nope")[0] == 2


def test_the_rule_is_shown_written_changed_and_refused_by_line(ready: Run, tmp_path: Path) -> None:
    code, out, _ = ready("system", "rule", "--lang", "en")
    assert code == 0
    assert "every page was scanned completely within the last 90 days" in out
    assert ready("system", "rule", "--write")[0] == 0
    assert ready("system", "rule", "--write")[0] == 2
    own = tmp_path / "secaudit-data" / "solution.yaml"
    text = own.read_text(encoding="utf-8")
    own.write_text(text.replace("strict: 100", "strict: 80"), encoding="utf-8")
    assert as_json(ready, "status")["portfolio"]["rule"]["strict"] == 80
    own.write_text("scan_age_days: 30\n", encoding="utf-8")  # the rest as shipped
    rule = as_json(ready, "system", "rule")
    assert (rule["scan_age_days"], rule["strict"], rule["file"]) == (30, 100, str(Path("secaudit-data/solution.yaml")))
    own.write_text("strict: 0\nworst_finding: grave\nkinds: []\nstict: 5\n", encoding="utf-8")
    for command in (("status",), ("system", "rule"), ("report", "annual")):
        code, out, err = ready(*command, "--lang", "en")
        assert (code, out) == (2, "")
        for words in ("line 1, field strict", "line 2, field worst_finding", "line 3, field kinds", "Use: strict"):
            assert words in err or "Error:" in err, (command, words)
    own.write_bytes(b"strict: \xff\n")
    assert ready("status")[0] == 2


def test_fail_on_looks_at_what_is_shown(ready: Run) -> None:
    assert ready("status", "--fail-on", "gap")[0] == 1
    assert ready("status", "--fail-on", "critical")[0] == 0
    assert ready("status")[0] == 0


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_on_a_terminal_it_fits_the_width_and_keeps_its_words(ready: Run, tmp_path: Path, columns: int) -> None:
    ready("system", "add", "Một trang có tên rất dài để xem bảng có vừa với màn hình hẹp hay không")
    for arguments in ((), ("--system", "he-thong-1")):
        text = terminal(["status", *arguments], tmp_path, columns)
        lines = text.splitlines()
        assert max(map(len, lines)) <= columns, max(lines, key=len)
        assert "Mục tiêu" in text or "plan" in text
        assert "\x1b[" in coloured(["status", *arguments], tmp_path, columns)


def coloured(arguments: list[str], folder: Path, columns: int) -> str:
    """Run the program on a terminal of its own and return what it wrote, colours and all."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", "LINES": "50"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-m", "secaudit", *arguments], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
        env=environment,
    ) as process:  # fmt: skip
        os.close(theirs)
        parts, deadline = [], time.monotonic() + 60
        while time.monotonic() < deadline:
            if not select.select([ours], [], [], 0.2)[0]:
                if process.poll() is not None:
                    break
                continue
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not piece:
                break
            parts.append(piece)
    os.close(ours)
    assert process.returncode == 0
    return b"".join(parts).decode()


def terminal(arguments: list[str], folder: Path, columns: int) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", coloured(arguments, folder, columns)).replace("\r", "")
