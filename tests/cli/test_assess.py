"""`secaudit assess` as an officer meets it: every subcommand, its refusals, and the walk on a terminal."""

from __future__ import annotations

import io
import json
import os
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
TODAY = date.today()  # noqa: DTZ011 - the officer's own day
HALF_YEARLY = "5.7.2.1.b"


def written(day: date) -> str:
    return day.strftime("%d/%m/%Y")


@pytest.fixture
def ready(run: Run) -> Run:
    """The program with a workspace of one system."""
    code, _, err = run("init", "--organisation", "Ủy ban nhân dân xã Thử", "--url", "xa-thu.tinh.gov.vn")
    assert code == 0, err
    return run


def as_json(run: Run, *arguments: str) -> Any:
    code, out, err = run(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def error(run: Run, *arguments: str) -> str:
    """Run what must be refused, and return the one English sentence."""
    code, out, err = run(*arguments, "--lang", "en")
    assert (code, out) == (2, ""), err
    [line] = [line for line in err.splitlines() if line.startswith("Error: ")]
    return line


def test_an_answer_with_its_evidence_from_end_to_end(ready: Run, tmp_path: Path) -> None:
    file = tmp_path / "Biên bản quét (ký).pdf"
    file.write_bytes(b"%PDF-1.7")
    said = as_json(
        ready, "assess", "set", HALF_YEARLY, "--answer", "met", "--name", "Trần Thị B", "--evidence", str(file),
        "--evidence", "https://xa.vn/bao-cao", "--evidence-date", written(TODAY), "--not-independent",
        "--authority", "12/QĐ-UBND", "--note", "quý IV",
    )  # fmt: skip
    assert (said["state"], said["answer"]["independent"], said["earlier_than"]) == ("met", False, None)
    assert [one["media_type"] for one in said["evidence"]] == ["application/pdf", ""]
    shown = as_json(ready, "assess", "show", HALF_YEARLY)
    assert shown["checklist"] == "tcvn-14423-2026-l3"
    [row] = shown["rows"]
    assert row["answer"]["evidence"] == ["E1", "E2"]
    assert [one["name"] for one in shown["evidence"]] == ["Biên bản quét (ký).pdf", "https://xa.vn/bao-cao"]
    as_json(ready, "assess", "set", f"tcvn-14423-2026-l3:{HALF_YEARLY}", "--answer", "partial")
    history = as_json(ready, "assess", "history", HALF_YEARLY)
    assert [one["value"] for one in history] == ["met", "partial"]
    listed = as_json(ready, "assess", "evidence", "list")
    assert [one["backs"] for one in listed] == [[], []]  # the newer answer names none
    code, out, _ = ready("assess", "history", HALF_YEARLY, "--lang", "en")
    assert code == 0
    for words in ("Trần Thị B", "quý IV", "12/QĐ-UBND", "Biên bản quét (ký).pdf"):
        assert words in out


def test_show_of_all_of_a_group_and_of_open_rows(ready: Run) -> None:
    assert len(as_json(ready, "assess", "show")["rows"]) == 195
    ready("assess", "set", HALF_YEARLY, "--answer", "met", "--evidence-date", written(TODAY))
    assert len(as_json(ready, "assess", "show", "5.7")["rows"]) == 7
    assert len(as_json(ready, "assess", "show", "5.7", "--open")["rows"]) == 6
    code, out, _ = ready("assess", "show", "tcvn-14423-2026-l3", "5.7", "--lang", "en")
    assert code == 0
    assert f"{HALF_YEARLY}" in out
    assert "summaries" in out  # the notice stands wherever texts are shown


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["set", "5.1.2.1.a", "--answer", "not-applicable"], "reason and a name"),
        (["set", "5.1.2.1.a", "--answer", "not-applicable", "--reason", "vì"], "reason and a name"),
        (["set", "5.1.2.1.a"], "no answer yet"),
        (["set", "9.9.9", "--answer", "met"], "9.9.9"),
        (["set", "5.1.2.1.a", "--answer", "met", "--evidence-date", "31/02/2026"], "DD/MM/YYYY"),
        (["set", "5.1.2.1.a", "--answer", "met", "--evidence-date", "11/22/2026"], "DD/MM/YYYY"),
        (["set", "5.1.2.1.a", "--answer", "met", "--evidence-date", written(TODAY + timedelta(days=1))], "future"),
        (["set", "5.1.2.1.a", "--answer", "met", "--evidence", "missing.pdf"], "missing.pdf"),
        (["set", "5.1.2.1.a", "--answer", "met", "--system", "x"], "no system"),
        (["show", "nothing"], "nothing"),
        (["history", "9.9.9"], "9.9.9"),
        (["questions", "--set", "nothing=yes", "--name", "A"], "nothing"),
        (["questions", "--set", "uses-wireless=no"], "--name"),
        (["level", "--set", "online-service=no"], "--name"),
        (["level", "--apply"], "open questions"),
        (["evidence", "add", "missing.pdf"], "missing.pdf"),
        (["evidence", "export", "E1"], "E1"),
        (["--group", "9.9"], "9.9"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_makes_no_sense_is_refused_in_one_sentence(ready: Run, arguments: list[str], complaint: str) -> None:
    assert complaint in error(ready, "assess", *arguments)


@pytest.mark.parametrize(
    "arguments", [["show"], ["set", "5.1.2.1.a", "--answer", "met"], ["due"], ["questions"], ["level"], []]
)
def test_without_a_workspace_there_is_nothing_to_assess(run: Run, arguments: list[str]) -> None:
    assert "no workspace" in error(run, "assess", *arguments)


def test_two_systems_must_be_told_apart(ready: Run) -> None:
    from secaudit.model.organisation import System
    from secaudit.store.workspace import Workspace

    with Workspace.open(Path("secaudit-data")) as workspace:
        workspace.registry.save_system(System(id="he-thong-2", name="Cổng thứ hai"))
    assert "he-thong-2" in error(ready, "assess", "set", "5.1.2.1.a", "--answer", "met")
    as_json(ready, "assess", "set", "5.1.2.1.a", "--answer", "met", "--system", "he-thong-2")
    assert as_json(ready, "assess", "history", "5.1.2.1.a", "--system", "he-thong-1") == []
    # What stands before the subcommand holds for it, too.
    assert len(as_json(ready, "assess", "--system", "he-thong-2", "history", "5.1.2.1.a")) == 1
    assert len(as_json(ready, "assess", "--workspace", "secaudit-data", "evidence", "list")) == 0


def test_what_falls_due_and_what_is_overdue(ready: Run) -> None:
    assert as_json(ready, "assess", "due")["rows"] == []
    old, soon = TODAY - timedelta(days=400), TODAY - timedelta(days=150)
    for row, day in ((HALF_YEARLY, old), ("5.7.2.2-3", soon)):
        ready("assess", "set", row, "--answer", "met", "--evidence-date", written(day))
    ready("assess", "set", "5.1.2.1.a", "--answer", "met", "--valid-until", written(TODAY + timedelta(days=45)))
    listed = {days: as_json(ready, "assess", "due", "--days", days)["rows"] for days in ("30", "60", "90")}
    overdue = {one["requirement"] for one in listed["30"] if one["overdue"]}
    assert overdue == {HALF_YEARLY, "5.7.2.2-3"}
    assert [one["requirement"] for one in listed["60"] if not one["overdue"]] == ["5.1.2.1.a"]
    assert [one["days_left"] for one in listed["90"] if not one["overdue"]] == [45]
    assert ready("assess", "due", "--fail-on", "overdue")[0] == 1
    code, out, _ = ready("assess", "due", "--lang", "en")
    assert code == 0
    assert f"{HALF_YEARLY}: overdue since" in out
    [system] = as_json(ready, "status")["systems"]
    counting = next(one for one in system["checklists"] if one["counts"])
    assert set(counting["due"]["overdue"]) == overdue
    assert counting["due"] == counting["due"] | {"30": [], "60": ["5.1.2.1.a"], "90": ["5.1.2.1.a"]}
    assert counting["by_state"]["stale"] == 2
    assert "overdue: 2" in ready("status", "--lang", "en")[1]


def test_the_profile_is_set_and_shown(ready: Run) -> None:
    said = as_json(ready, "assess", "questions", "--set", "uses-wireless=no", "--set", "own-mail=có", "--name", "Lan")
    answers = {one["id"]: one["answer"]["yes"] for one in said["questions"] if one["answer"]}
    assert answers == {"uses-wireless": False, "own-mail": True}
    code, out, _ = ready("assess", "questions", "--list", "--lang", "en")
    assert code == 0
    assert "uses-wireless: no  (Lan)" in out
    [system] = as_json(ready, "status")["systems"]
    counting = next(one for one in system["checklists"] if one["counts"])
    assert counting["by_state"]["not-applicable"] > 0


def test_the_level_sheet_is_set_shown_and_applied(ready: Run) -> None:
    settings = [f"--set={name}=no" for name in ("online-service", "state-secrets", "shared-infrastructure")]
    said = as_json(ready, "assess", "level", *settings, "--name", "Lan")
    assert (said["level"], said["open"]) == (None, ["non-public-information"])
    said = as_json(
        ready, "assess", "level", "--set", "non-public-information=yes", "--by-plan", "Kế hoạch 86/KH-UBND",
        "--name", "Lan", "--apply",
    )  # fmt: skip
    assert (said["level"], said["aimed"], said["by_plan"]) == (2, 3, True)
    assert [one["article"] for one in said["criteria"]] == ["12.1"]
    assert (said["system"]["level"], said["system"]["level_basis"]) == (3, "voluntary")
    code, out, _ = ready("assess", "level", "--list", "--lang", "en")
    assert code == 0
    assert "By law: level 2" in out
    assert "Art. 12.1" in out
    assert "Aimed at: level 3, by plan: Kế hoạch 86/KH-UBND" in out


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_questions_and_level_are_asked_one_by_one_and_may_be_stopped(
    ready: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "Lan", "y", "", "maybe", "n")
    code, out, _ = ready("assess", "questions", "--lang", "en")
    assert code == 0
    assert "neither yes nor no" in out
    said = as_json(ready, "assess", "questions")["questions"]
    assert [one["answer"] and one["answer"]["yes"] for one in said[:4]] == [True, None, False, None]
    assert said[0]["answer"]["answered_by"] == "Lan"
    typed(monkeypatch, "Lan", "n", "n", "n", "n", "Kế hoạch 86")
    code, out, _ = ready("assess", "level", "--lang", "en")
    assert code == 0
    assert "By law: level 1" in out
    assert as_json(ready, "assess", "level")["aimed"] == 3


def test_the_walk_stores_every_answer_at_once_and_goes_on_where_it_stopped(
    ready: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "Quyết định.pdf"
    file.write_bytes(b"%PDF-1.7")
    future = written(TODAY + timedelta(days=9))
    typed(
        monkeypatch, "Lan", "9", "4", "", "xã không có", "s",
        "1", "missing.pdf", "", "", str(file), future, "", str(file), "x", written(TODAY), "xong",
        "g", "3", "chưa", "q",
    )  # fmt: skip
    code, out, err = ready("assess", "--lang", "en")
    assert code == 0, err
    for words in ("195 open", "Type 1, 2, 3, 4", "This is needed", "no file", "in the future", "is not a day",
                  "left: 192"):  # fmt: skip
        assert words in out, words
    shown = as_json(ready, "assess", "show")["rows"]
    said = {one["requirement"]: one["answer"] for one in shown if one["answer"]}
    group = [one["requirement"] for one in shown if one["group"] == "5.1"]
    first_of_next = next(one["requirement"] for one in shown if one["group"] == "5.2")
    assert {name: one["value"] for name, one in said.items()} == {
        group[0]: "not-applicable", group[2]: "met", first_of_next: "not-met",
    }  # fmt: skip
    assert (said[group[2]]["evidence"], said[group[2]]["note"]) == (["E1"], "xong")
    assert {one["answered_by"] for one in said.values()} == {"Lan"}
    typed(monkeypatch, "3")  # then the input ends
    code, out, _ = ready("assess", "--name", "Bình", "--lang", "en")
    assert code == 0
    assert f"\n{group[1]}  " in out  # the first one that is still open
    typed(monkeypatch, "3", "", "q")
    assert "left: 191" in ready("assess", "--name", "Bình", "--group", "5.7", "--lang", "en")[1]


OF_THE_TERMINAL = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl+C reaches this process
from secaudit.cli.main import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are of POSIX systems")
def test_the_walk_on_a_real_terminal_and_its_interruption(
    ready: Run, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    import pty

    master, slave = pty.openpty()
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    child = subprocess.Popen(
        [sys.executable, "-c", OF_THE_TERMINAL, "assess", "--lang", "en"],
        stdin=slave, stdout=slave, stderr=slave, cwd=tmp_path, env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    request.addfinalizer(child.kill)
    seen = wait_for(master, "", "Your name")
    for answer, awaited in (("Trần Thị B\n", "q: "), ("3\n", "Note"), ("chưa có\n", "Stored"), ("\x03", "left: 194")):
        os.write(master, answer.encode())
        seen = wait_for(master, seen, awaited)
    code = child.wait(30)
    os.close(master)
    assert code == 0, seen
    [said] = [one["answer"] for one in as_json(ready, "assess", "show")["rows"] if one["answer"]]
    assert (said["value"], said["answered_by"], said["note"]) == ("not-met", "Trần Thị B", "chưa có")


def wait_for(master: int, seen: str, words: str) -> str:
    """Read the terminal until these words stand in what is new, and return all that was seen."""
    start, deadline = len(seen), time.monotonic() + 60
    while words not in seen[start:]:
        assert time.monotonic() < deadline, seen
        if select.select([master], [], [], 0.2)[0]:
            seen += os.read(master, 65536).decode("utf-8", "replace")
    return seen
