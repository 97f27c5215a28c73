"""A timer of systemd (systemd.timer(5), systemd.service(5), systemd.syntax(7))."""

from __future__ import annotations

from secaudit.model.schedule import Cadence, Schedule
from secaudit.schedule.job import Job

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def service_unit(job: Job) -> str:
    """Return the text of `NAME.service`, which does what is due, once."""
    call = " ".join(_quoted(part) for part in (job.python, *job.arguments))
    return (
        "[Unit]\n"
        f"Description=secaudit: periodic scan, workspace {_specifiers_off(str(job.workspace))}\n"
        "After=network-online.target\n\n"
        "[Service]\n"
        "Type=oneshot\n"
        f"ExecStart={call}\n"
        f"WorkingDirectory={_specifiers_off(str(job.folder))}\n"
        # 1 is "done, and there are findings": the work went well.
        "SuccessExitStatus=1\n"
        "Nice=10\n"
        "NoNewPrivileges=yes\n"
    )


def timer_unit(job: Job, schedule: Schedule) -> str:
    """Return the text of `NAME.timer`. A moment missed while the computer was off is made up for."""
    return (
        "[Unit]\n"
        f"Description=secaudit: when the periodic scan runs, workspace {_specifiers_off(str(job.workspace))}\n\n"
        "[Timer]\n"
        f"OnCalendar={calendar(schedule)}\n"
        "Persistent=true\n"
        "RandomizedDelaySec=10min\n\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def calendar(schedule: Schedule) -> str:
    """Return the planned moments as a calendar event (systemd.time(7))."""
    at = f"{schedule.hour:02}:{schedule.minute:02}:00"
    if schedule.cadence is Cadence.DAILY:
        return f"*-*-* {at}"
    if schedule.cadence is Cadence.WEEKLY:
        return f"{_DAYS[schedule.weekday]} *-*-* {at}"
    return f"*-*-{schedule.day:02} {at}"


def _quoted(part: str) -> str:
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_specifiers_off(escaped)}"'


def _specifiers_off(text: str) -> str:
    return text.replace("%", "%%")
