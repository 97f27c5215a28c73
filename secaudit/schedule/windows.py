"""A task of the Windows Task Scheduler as XML (Microsoft Open Specifications, [MS-TSCH] 2.5, version 1.2)."""

from __future__ import annotations

import subprocess
from datetime import datetime
from xml.etree import ElementTree as ET

from secaudit.model.schedule import Cadence, Schedule
from secaudit.schedule.job import Job

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def task_xml(job: Job, schedule: Schedule, first: datetime) -> bytes:
    """Return the task, in UTF-16 as `schtasks /Create /XML` reads it.

    It runs as the user who creates it, with the least rights, makes up for a missed moment, never runs twice at
    once, and is stopped after four hours.

    Args:
        job: what is called.
        schedule: when.
        first: the next planned moment, in local time.
    """
    task = ET.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
    _leaf(_node(task, "RegistrationInfo"), "Description", f"secaudit: {job.workspace}")
    trigger = _node(_node(task, "Triggers"), "CalendarTrigger")
    _leaf(trigger, "StartBoundary", f"{first:%Y-%m-%dT%H:%M:%S}")
    _leaf(trigger, "Enabled", "true")
    _leaf(trigger, "RandomDelay", "PT10M")
    _period(trigger, schedule)
    principal = _node(_node(task, "Principals"), "Principal", id="Author")
    _leaf(principal, "LogonType", "InteractiveToken")
    _leaf(principal, "RunLevel", "LeastPrivilege")
    settings = _node(task, "Settings")
    for name, value in (
        ("MultipleInstancesPolicy", "IgnoreNew"), ("DisallowStartIfOnBatteries", "false"),
        ("StopIfGoingOnBatteries", "false"), ("StartWhenAvailable", "true"), ("RunOnlyIfNetworkAvailable", "true"),
        ("Enabled", "true"), ("Hidden", "false"), ("ExecutionTimeLimit", "PT4H"), ("Priority", "7"),
    ):  # fmt: skip
        _leaf(settings, name, value)
    call = _node(_node(task, "Actions", Context="Author"), "Exec")
    _leaf(call, "Command", job.python)
    _leaf(call, "Arguments", subprocess.list2cmdline(job.arguments))
    _leaf(call, "WorkingDirectory", str(job.folder))
    ET.indent(task)
    return ('<?xml version="1.0" encoding="UTF-16"?>\n' + ET.tostring(task, encoding="unicode")).encode("utf-16")


def _period(trigger: ET.Element, schedule: Schedule) -> None:
    if schedule.cadence is Cadence.DAILY:
        _leaf(_node(trigger, "ScheduleByDay"), "DaysInterval", "1")
    elif schedule.cadence is Cadence.WEEKLY:
        week = _node(trigger, "ScheduleByWeek")
        _node(_node(week, "DaysOfWeek"), _DAYS[schedule.weekday])
        _leaf(week, "WeeksInterval", "1")
    else:
        month = _node(trigger, "ScheduleByMonth")
        _leaf(_node(month, "DaysOfMonth"), "Day", str(schedule.day))
        months = _node(month, "Months")
        for name in _MONTHS:
            _node(months, name)


def _node(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, name, attributes)


def _leaf(parent: ET.Element, name: str, text: str) -> None:
    _node(parent, name).text = text
