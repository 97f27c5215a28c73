"""Asking the operating system: a computer that writes down what it was asked, and cron itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.model.errors import BadInput
from secaudit.model.schedule import Engine, Schedule
from secaudit.schedule.installer import (
    Answered,
    Computer,
    best_engine,
    call,
    install,
    is_installed,
    remove,
    shown,
    this_computer,
)
from secaudit.schedule.job import Job

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
JOB = Job("/usr/bin/python3", Path("/srv/xã thử"))


def plan(engine: Engine) -> Schedule:
    return Schedule(engine=engine, saved_at=NOW)


class Paper:
    """Answers from a list and keeps what was asked."""

    def __init__(self, *answers: Answered) -> None:
        self.answers = list(answers)
        self.asked: list[list[str]] = []
        self.given: list[str | None] = []

    def __call__(self, arguments: Sequence[str], given: str | None) -> Answered:
        self.asked.append(list(arguments))
        self.given.append(given)
        return self.answers.pop(0) if self.answers else Answered(0, "")


def computer(paper: Paper, folder: Path, *has: Engine, user: bool = True) -> Computer:
    return Computer(paper, folder, user, lambda engine: engine in has)


def test_the_better_scheduler_is_taken(tmp_path: Path) -> None:
    paper = Paper()
    assert best_engine(computer(paper, tmp_path, Engine.CRON, Engine.SYSTEMD)) is Engine.SYSTEMD
    assert best_engine(computer(paper, tmp_path, Engine.CRON)) is Engine.CRON
    assert best_engine(computer(paper, tmp_path, Engine.WINDOWS)) is Engine.WINDOWS
    with pytest.raises(BadInput, match="--engine none"):
        best_engine(computer(paper, tmp_path))


def test_systemd_units_come_and_go(tmp_path: Path) -> None:
    paper, units = Paper(), tmp_path / "user"
    install(computer(paper, units), JOB, plan(Engine.SYSTEMD), NOW)
    assert sorted(file.name for file in units.iterdir()) == [f"{JOB.name}.service", f"{JOB.name}.timer"]
    assert paper.asked == [
        ["systemctl", "--user", "daemon-reload"],
        ["systemctl", "--user", "enable", "--now", f"{JOB.name}.timer"],
    ]
    paper.asked.clear()
    remove(computer(paper, units, user=False), JOB, Engine.SYSTEMD)
    assert list(units.iterdir()) == []
    assert paper.asked[0] == ["systemctl", "disable", "--now", f"{JOB.name}.timer"]


def test_a_refusal_is_a_sentence(tmp_path: Path) -> None:
    paper = Paper(Answered(1, "Failed to connect to bus\n"))
    with pytest.raises(BadInput, match="systemctl refused: Failed to connect to bus"):
        install(computer(paper, tmp_path), JOB, plan(Engine.SYSTEMD), NOW)


def test_a_table_that_cannot_be_read_is_not_replaced(tmp_path: Path) -> None:
    paper = Paper(Answered(1, "you are not allowed to use this program"))
    with pytest.raises(BadInput, match="not allowed"):
        install(computer(paper, tmp_path), JOB, plan(Engine.CRON), NOW)
    assert paper.asked == [["crontab", "-l"]]


def test_windows_is_asked_by_name(tmp_path: Path) -> None:
    paper = Paper()
    windows = computer(paper, tmp_path, Engine.WINDOWS)
    install(windows, JOB, plan(Engine.WINDOWS), NOW)
    assert paper.asked[0][:6] == ["schtasks", "/Create", "/F", "/TN", JOB.name, "/XML"]
    assert not Path(paper.asked[0][6]).exists()  # it was needed for the call only
    assert is_installed(windows, JOB, Engine.WINDOWS)
    remove(windows, JOB, Engine.WINDOWS)
    assert paper.asked[-1] == ["schtasks", "/Delete", "/F", "/TN", JOB.name]


def test_what_would_be_set_up_is_what_is_set_up(tmp_path: Path) -> None:
    install(computer(Paper(), tmp_path), JOB, plan(Engine.SYSTEMD), NOW)
    for name, text in shown(JOB, plan(Engine.SYSTEMD), NOW):
        assert (tmp_path / name).read_text(encoding="utf-8") == text


def test_a_program_that_is_missing_has_failed() -> None:
    assert call(["khong-co-chuong-trinh-nay"]).code == 127


@pytest.mark.slow
def test_cron_itself_takes_the_table_and_gives_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("crontab") is None:
        pytest.skip("cron is not installed")
    if not (hasattr(os, "geteuid") and os.geteuid() == 0):
        pytest.skip("only root has a user whose table may be changed by a test")

    def as_nobody(arguments: Sequence[str], given: str | None) -> Answered:
        """As `nobody`, so that the table of whoever runs the tests is left alone."""
        return call([arguments[0], "-u", "nobody", *arguments[1:]], given)

    real = Computer(as_nobody, tmp_path, True, lambda engine: engine is Engine.CRON)
    before = as_nobody(["crontab", "-l"], None)
    assert before.code != 0, "somebody uses the table of nobody"
    try:
        as_nobody(["crontab", "-"], "5 4 * * * /usr/bin/true\n")
        install(real, JOB, plan(Engine.CRON), NOW)
        install(real, JOB, plan(Engine.CRON), NOW)
        table = as_nobody(["crontab", "-l"], None).output
        assert table.count("run-due") == 1
        assert "5 4 * * * /usr/bin/true" in table
        assert is_installed(real, JOB, Engine.CRON)
        remove(real, JOB, Engine.CRON)
        assert as_nobody(["crontab", "-l"], None).output == "5 4 * * * /usr/bin/true\n"
        assert not is_installed(real, JOB, Engine.CRON)
    finally:
        as_nobody(["crontab", "-r"], None)


def test_this_computer_can_be_asked() -> None:
    here = this_computer()
    assert here.units.name in ("user", "system")
    assert isinstance(here.has(Engine.CRON), bool)
