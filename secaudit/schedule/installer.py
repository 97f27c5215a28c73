"""Asking the operating system: the only place that runs systemctl, crontab or schtasks, or writes their files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from secaudit.model.errors import BadInput, message
from secaudit.model.schedule import Engine, Schedule
from secaudit.schedule import cron, systemd, windows
from secaudit.schedule.cadence import next_slot
from secaudit.schedule.job import Job

_PATIENCE = 30.0
"""Seconds that a program of the operating system may take."""

_REFUSED = message(
    "{program} refused: {detail}. See what would be set up with `secaudit schedule install --print`, and set it up "
    "by hand, or choose another one with --engine."
)


@dataclass(frozen=True)
class Answered:
    """What a program of the operating system said."""

    code: int
    output: str


Caller = Callable[[Sequence[str], str | None], Answered]
"""Runs a program with an input text (None for none)."""


def call(arguments: Sequence[str], given: str | None = None) -> Answered:
    """Run a program of the operating system and return its answer; one that is missing or hangs has failed."""
    try:
        ended = subprocess.run(
            arguments, input=given, capture_output=True, text=True, encoding="utf-8", errors="replace",
            timeout=_PATIENCE, check=False,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        return Answered(127, str(error))
    return Answered(ended.returncode, ended.stdout if ended.returncode == 0 else ended.stderr or ended.stdout)


@dataclass(frozen=True)
class Computer:
    """The operating system as the installer sees it.

    Attributes:
        call: runs its programs.
        units: folder of systemd's unit files for this user.
        user_units: they are the user's own, not the whole computer's.
        has: tells whether a program is there and, for systemd, running.
    """

    call: Caller
    units: Path
    user_units: bool
    has: Callable[[Engine], bool]


def this_computer() -> Computer:
    """Return the computer that the program runs on."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    units = Path("/etc/systemd/system") if root else config / "systemd" / "user"
    return Computer(call, units, not root, _has)


def _has(engine: Engine) -> bool:
    if engine is Engine.WINDOWS:
        return sys.platform == "win32"
    if engine is Engine.SYSTEMD:
        return Path("/run/systemd/system").is_dir() and shutil.which("systemctl") is not None
    return sys.platform != "win32" and shutil.which("crontab") is not None


def best_engine(computer: Computer) -> Engine:
    """Return the scheduler that this computer has, the better one of two.

    Raises:
        BadInput: it has none that is known.
    """
    for engine in (Engine.WINDOWS, Engine.SYSTEMD, Engine.CRON):
        if computer.has(engine):
            return engine
    raise BadInput(
        message(
            "No scheduler was found on this computer. Have `secaudit run-due` called every day by other means, and "
            "say so with --engine none."
        )
    )


def shown(job: Job, schedule: Schedule, now: datetime) -> list[tuple[str, str]]:
    """Return what `install` would write: name and text of each file, or the line of the table."""
    if schedule.engine is Engine.SYSTEMD:
        return [
            (f"{job.name}.service", systemd.service_unit(job)),
            (f"{job.name}.timer", systemd.timer_unit(job, schedule)),
        ]
    if schedule.engine is Engine.CRON:
        return [("crontab", cron.with_job("", job, schedule))]
    if schedule.engine is Engine.WINDOWS:
        return [(f"{job.name}.xml", windows.task_xml(job, schedule, next_slot(schedule, now)).decode("utf-16"))]
    return []


def install(computer: Computer, job: Job, schedule: Schedule, now: datetime) -> None:
    """Set the job up; one that is there already is replaced.

    Raises:
        BadInput: the operating system refused.
    """
    if schedule.engine is Engine.SYSTEMD:
        for name, text in shown(job, schedule, now):
            _write(computer.units / name, text)
        _systemctl(computer, "daemon-reload")
        _systemctl(computer, "enable", "--now", f"{job.name}.timer")
    elif schedule.engine is Engine.CRON:
        _set_table(computer, cron.with_job(_table(computer), job, schedule))
    elif schedule.engine is Engine.WINDOWS:
        _create_task(computer, job, windows.task_xml(job, schedule, next_slot(schedule, now)))


def remove(computer: Computer, job: Job, engine: Engine) -> None:
    """Take the job away; one that is not there is no fault.

    Raises:
        BadInput: the operating system refused.
    """
    if engine is Engine.SYSTEMD:
        timer = computer.units / f"{job.name}.timer"
        if timer.exists():
            _systemctl(computer, "disable", "--now", timer.name)
        for file in (timer, timer.with_suffix(".service")):
            file.unlink(missing_ok=True)
        _systemctl(computer, "daemon-reload")
    elif engine is Engine.CRON:
        table = _table(computer)
        if cron.has_job(table, job):
            _set_table(computer, cron.without_job(table, job))
    elif engine is Engine.WINDOWS and is_installed(computer, job, engine):
        _demand(computer.call(["schtasks", "/Delete", "/F", "/TN", job.name], None), "schtasks")


def is_installed(computer: Computer, job: Job, engine: Engine) -> bool:
    """Tell whether the operating system has the job."""
    if engine is Engine.SYSTEMD:
        ask = [*_systemctl_call(computer), "is-enabled", f"{job.name}.timer"]
        return computer.call(ask, None).code == 0
    if engine is Engine.CRON:
        answered = computer.call(["crontab", "-l"], None)
        return answered.code == 0 and cron.has_job(answered.output, job)
    if engine is Engine.WINDOWS:
        return computer.call(["schtasks", "/Query", "/TN", job.name], None).code == 0
    return False


def _systemctl_call(computer: Computer) -> list[str]:
    return ["systemctl", "--user"] if computer.user_units else ["systemctl"]


def _systemctl(computer: Computer, *arguments: str) -> None:
    _demand(computer.call([*_systemctl_call(computer), *arguments], None), "systemctl")


def _table(computer: Computer) -> str:
    answered = computer.call(["crontab", "-l"], None)
    if answered.code == 0:
        return answered.output
    # A table that could not be read must not be replaced by one that has our line only.
    if "no crontab for" in answered.output:
        return ""
    raise BadInput(_REFUSED, program="crontab", detail=answered.output.strip())


def _set_table(computer: Computer, table: str) -> None:
    _demand(computer.call(["crontab", "-"], table), "crontab")


def _create_task(computer: Computer, job: Job, xml: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{job.name}.xml"
        file.write_bytes(xml)
        _demand(computer.call(["schtasks", "/Create", "/F", "/TN", job.name, "/XML", str(file)], None), "schtasks")


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(_REFUSED, program=str(file), detail=error.strerror or error) from None


def _demand(answered: Answered, program: str) -> None:
    if answered.code != 0:
        raise BadInput(_REFUSED, program=program, detail=answered.output.strip() or f"{answered.code}")
