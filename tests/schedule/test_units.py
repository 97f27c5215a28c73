"""What systemd, cron and Windows are given: read back by the programs themselves where they are here."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from defusedxml import ElementTree as ET

from secaudit.model.schedule import Cadence, Schedule
from secaudit.schedule import cron, systemd, windows
from secaudit.schedule.job import Job

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
ODD = Job("/opt/Python 3/bin/python3", Path('/srv/Xã "Thử" 100% $HOME\\x/dữ liệu'))
PLANS = [Schedule(cadence=cadence, hour=3, minute=7, weekday=4, day=15, saved_at=NOW) for cadence in Cadence]


def test_a_workspace_has_a_name_of_its_own() -> None:
    other = Job(ODD.python, Path("/srv/khac"))
    assert ODD.name != other.name
    assert ODD.name == Job("/usr/bin/python3", ODD.workspace).name


@pytest.mark.slow
@pytest.mark.parametrize("schedule", PLANS, ids=lambda s: s.cadence.value)
def test_systemd_takes_the_units(schedule: Schedule, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    folder = tmp_path / 'Xã "Thử" 100% $HOME'
    folder.mkdir()
    job = Job(shutil.which("python3") or "/usr/bin/python3", folder / "dữ liệu")
    service, timer = tmp_path / f"{job.name}.service", tmp_path / f"{job.name}.timer"
    service.write_text(systemd.service_unit(job), encoding="utf-8")
    timer.write_text(systemd.timer_unit(job, schedule), encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(service), str(timer)],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    complaints = [line for line in said.stderr.splitlines() if job.name in line]
    assert complaints == []
    told = subprocess.run(
        ["systemd-analyze", "calendar", "--base-time=2026-11-22 14:05:00 UTC", systemd.calendar(schedule)],
        capture_output=True, text=True, encoding="utf-8", check=True, timeout=60,
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
    ).stdout  # fmt: skip
    expected = {Cadence.DAILY: "2026-11-23", Cadence.WEEKLY: "2026-11-27", Cadence.MONTHLY: "2026-12-15"}
    assert f"{expected[schedule.cadence]} 03:07:00" in told


def test_systemd_expands_nothing_in_a_path() -> None:
    line = next(line for line in systemd.service_unit(ODD).splitlines() if line.startswith("ExecStart="))
    assert '"/srv/Xã \\"Thử\\" 100%% $$HOME\\\\x/dữ liệu"' in line
    assert '"/opt/Python 3/bin/python3"' in line


def test_other_lines_of_the_table_stay(tmp_path: Path) -> None:
    mine = "MAILTO=toi@xa.example\n# của tôi\n5 4 * * * /usr/bin/true"
    once = cron.with_job(mine, ODD, PLANS[0])
    assert once.startswith(mine + "\n")
    assert cron.with_job(once, ODD, PLANS[1]) == once  # the minute is the same, cron is called every hour
    assert cron.has_job(once, ODD)
    other = Job(ODD.python, Path("/srv/khac"))
    both = cron.with_job(once, other, PLANS[0])
    assert cron.without_job(both, ODD) == cron.with_job(mine, other, PLANS[0])
    assert cron.without_job(once, ODD) == mine + "\n"
    assert cron.without_job(mine, ODD) == mine


def test_the_shell_gets_the_path_whole(tmp_path: Path) -> None:
    folder = tmp_path / "Xã 'Thử' 100% $HOME"
    folder.mkdir()
    echo = tmp_path / "in ra"
    echo.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    echo.chmod(0o755)
    job = Job(str(echo), folder / "dữ liệu")
    command = cron.line(job, PLANS[0]).split(" ", 5)[5].replace("\\%", "%")  # as cron hands it over
    said = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, encoding="utf-8", check=True)
    assert said.stdout.splitlines() == list(job.arguments)


@pytest.mark.parametrize("schedule", PLANS, ids=lambda s: s.cadence.value)
def test_the_task_of_windows(schedule: Schedule) -> None:
    data = windows.task_xml(ODD, schedule, datetime(2026, 11, 23, 3, 7, tzinfo=UTC))
    assert data.startswith(b"\xff\xfe")  # schtasks reads UTF-16 with its mark
    root = ET.fromstring(data.decode("utf-16").encode("utf-16"))
    at = {"t": windows.NAMESPACE}

    def text(path: str) -> str | None:
        return root.findtext("/".join(f"t:{part}" for part in path.split("/")), namespaces=at)

    # The order of the parts is fixed by the schema ([MS-TSCH] 2.5.2).
    names = [child.tag.partition("}")[2] for child in root]
    assert names == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert text("Triggers/CalendarTrigger/StartBoundary") == "2026-11-23T03:07:00"
    assert text("Settings/StartWhenAvailable") == "true"
    assert text("Settings/MultipleInstancesPolicy") == "IgnoreNew"
    assert text("Principals/Principal/RunLevel") == "LeastPrivilege"
    assert text("Actions/Exec/Command") == ODD.python
    arguments = text("Actions/Exec/Arguments")
    assert arguments is not None
    assert arguments.startswith("-m secaudit run-due --workspace ")
    trigger = root.find("t:Triggers/t:CalendarTrigger", at)
    assert trigger is not None
    kinds = {Cadence.DAILY: "ScheduleByDay", Cadence.WEEKLY: "ScheduleByWeek", Cadence.MONTHLY: "ScheduleByMonth"}
    assert [c.tag.partition("}")[2] for c in trigger if "ScheduleBy" in c.tag] == [kinds[schedule.cadence]]
    if schedule.cadence is Cadence.WEEKLY:
        assert trigger.find("t:ScheduleByWeek/t:DaysOfWeek/t:Friday", at) is not None
    if schedule.cadence is Cadence.MONTHLY:
        assert text("Triggers/CalendarTrigger/ScheduleByMonth/DaysOfMonth/Day") == "15"
        months = trigger.find("t:ScheduleByMonth/t:Months", at)
        assert months is not None
        assert len(months) == 12
