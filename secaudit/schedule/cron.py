"""A line in the user's table of cron (crontab(5)), between marks of our own; all other lines stay as they are."""

from __future__ import annotations

import re
import shlex

from secaudit.model.schedule import Schedule
from secaudit.schedule.job import Job


def line(job: Job, schedule: Schedule) -> str:
    """Return the line. Every hour `run-due` asks whether something is due, for cron makes up for nothing missed.

    The planned minute is kept, so that not all computers of a province knock at the same moment.
    """
    call = " ".join(shlex.quote(part) for part in (job.python, *job.arguments))
    # An unescaped % ends the command for cron, even within quotes.
    return f"{schedule.minute} * * * * cd {shlex.quote(str(job.folder))} && {call}".replace("%", "\\%")


def with_job(table: str, job: Job, schedule: Schedule) -> str:
    """Return the user's table with the job in it, once, whatever was there before."""
    kept = without_job(table, job)
    if kept and not kept.endswith("\n"):
        kept += "\n"
    return f"{kept}{_begin(job)}\n{line(job, schedule)}\n{_end(job)}\n"


def without_job(table: str, job: Job) -> str:
    """Return the user's table without the job, all other lines as they were."""
    marks = re.escape(_begin(job)) + r"\n(?:.*\n)*?" + re.escape(_end(job)) + r"(?:\n|$)"
    return re.sub(marks, "", table)


def has_job(table: str, job: Job) -> bool:
    """Tell whether the user's table has the job."""
    return _begin(job) in table.splitlines()


def _begin(job: Job) -> str:
    return f"# {job.name}: begin (secaudit schedule)"


def _end(job: Job) -> str:
    return f"# {job.name}: end"
