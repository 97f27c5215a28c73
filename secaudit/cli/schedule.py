"""`secaudit schedule`: the computer's own scheduler calls `secaudit run-due`."""

from __future__ import annotations

import getpass
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from secaudit.cli.common import CommandGroup, Session, option, say, shared_options
from secaudit.cli.schedule_mail import mail_command
from secaudit.i18n import mark, translate
from secaudit.model.errors import BadInput, message

if TYPE_CHECKING:
    from secaudit.model.schedule import Engine, PeriodicRun, Schedule
    from secaudit.schedule.job import Job

AUTO = "auto"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_WORDS = (mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"), mark("Saturday"),
              mark("Sunday"))  # fmt: skip


@click.group("schedule", cls=CommandGroup,
             help=mark("Scan by itself, through the computer's own scheduler; tell by e-mail."))  # fmt: skip
def command() -> None:
    """Periodic work."""


@command.command("install", help=mark("Set up the periodic scan of all sites of the workspace."))
@shared_options
@option("--every", "cadence", type=click.Choice(["daily", "weekly", "monthly"]), default="weekly", show_default=True,
        help=mark("How often."))  # fmt: skip
@option("--at", default="02:30", show_default=True, metavar="HH:MM", help=mark("At what time, by this computer."))
@option("--weekday", type=click.Choice(_DAYS), default=_DAYS[0], show_default=True, help=mark("Which day, if weekly."))
@option("--day", type=click.IntRange(1, 28), default=1, show_default=True, help=mark("Which day, if monthly."))
@option("--profile", type=click.Choice(["quick", "standard", "full"]), default="standard", show_default=True,
        help=mark("How much to look at: quick, standard (default), full."))  # fmt: skip
@option("--report/--no-report", default=True, help=mark("Write the combined report after each scan (default)."))
@option("--engine", type=click.Choice([AUTO, "systemd", "cron", "windows", "none"]), default=AUTO, show_default=True,
        help=mark("Which scheduler; none: you have `secaudit run-due` called yourself."))  # fmt: skip
@option("--print", "only_print", is_flag=True, help=mark("Only show what would be set up; change nothing."))
def install_command(
    session: Session, cadence: str, at: str, weekday: str, day: int, profile: str, report: bool, engine: str,
    only_print: bool,
) -> int:  # fmt: skip
    """Store the schedule and ask the operating system to call us."""
    from secaudit.model.schedule import Schedule
    from secaudit.schedule.installer import best_engine, install, remove, shown, this_computer
    from secaudit.store.workspace import Workspace

    hour, minute = _time(at)
    now, computer, job = datetime.now(UTC), this_computer(), _job(session)
    wanted = {
        "cadence": cadence, "hour": hour, "minute": minute, "weekday": _DAYS.index(weekday), "day": day,
        "profile": profile, "report": report, "language": session.language, "saved_at": now,
        "saved_by": getpass.getuser(), "engine": best_engine(computer) if engine == AUTO else engine,
    }  # fmt: skip
    if only_print:
        for name, text in shown(job, Schedule.model_validate(wanted), now.astimezone()):
            click.echo(f"# {name}\n{text}")
        return 0
    with Workspace.open(session.workspace) as workspace:
        before = workspace.schedule.current()
        schedule = Schedule.model_validate(wanted | {"mail": before.mail if before else None})
        if before is not None and before.engine is not schedule.engine:
            remove(computer, job, before.engine)
        install(computer, job, schedule, now.astimezone())
        workspace.schedule.save(schedule)
        sites = [site.target.url for site in workspace.registry.sites()]
    _tell_plan(schedule)
    if not sites:
        say(mark("The workspace has no site yet: nothing is scanned until you run `secaudit audit URL` once."))
    for sentence in _hints(schedule.engine, computer.user_units):
        say(sentence)
    return 0


@command.command("show", help=mark("Show the schedule, the next moment, and what was done."))
@shared_options
def show_command(session: Session) -> int:
    """Show what stands, what the operating system says, and the latest turns."""
    from secaudit.app.periodic import due_sites
    from secaudit.schedule.cadence import next_slot
    from secaudit.schedule.installer import is_installed, this_computer
    from secaudit.store.workspace import Workspace

    now = datetime.now(UTC)
    with Workspace.open(session.workspace) as workspace:
        schedule = workspace.schedule.current()
        runs = workspace.schedule.runs()
        due = due_sites(workspace, schedule, now) if schedule else []
    installed = schedule is not None and is_installed(this_computer(), _job(session), schedule.engine)
    if session.json_to:
        session.emit_json(
            {
                "schema": "secaudit.schedule/1",
                "schedule": schedule.model_dump(mode="json") if schedule else None,
                "installed": installed,
                "next": next_slot(schedule, now.astimezone()).isoformat() if schedule else None,
                "due": [site.target.url for site in due],
                "runs": [run.model_dump(mode="json") for run in runs],
            }
        )
        return 0
    if schedule is None:
        say(mark("No periodic scan is set up. Begin with: secaudit schedule install"))
        return 0
    _tell_plan(schedule)
    if not installed and schedule.engine.value != "none":
        say(mark("! The scheduler of this computer does not have it. Run `secaudit schedule install` again."))
    if schedule.mail:
        say(mark("Digest to {addresses} through {host}:{port}."), addresses=", ".join(schedule.mail.recipients),
            host=schedule.mail.host, port=schedule.mail.port)  # fmt: skip
    for site in due:
        say(mark("Due now: {url}"), url=site.target.url)
    _tell_runs(runs)
    return 0


@command.command("remove", help=mark("Take the periodic scan away; what was scanned stays."))
@shared_options
def remove_command(session: Session) -> int:
    """Take the job from the operating system and forget the schedule."""
    from secaudit.schedule.installer import remove, this_computer
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        schedule = workspace.schedule.current()
        if schedule is None:
            say(mark("No periodic scan is set up. Begin with: secaudit schedule install"))
            return 0
        remove(this_computer(), _job(session), schedule.engine)
        workspace.schedule.save(None)
    say(mark("The periodic scan was taken away. Scans, reports and answers are kept."))
    return 0


command.add_command(mail_command)


def _job(session: Session) -> Job:
    from secaudit.schedule.job import Job

    return Job(sys.executable, Path(session.workspace).absolute())


def _time(typed: str) -> tuple[int, int]:
    found = re.fullmatch(r"([01]?\d|2[0-3])[:h]([0-5]\d)", typed.strip())
    if not found:
        raise BadInput(message("{time!r} is not a time of day. Write it as HH:MM, for example 02:30."), time=typed)
    return int(found[1]), int(found[2])


def _tell_plan(schedule: Schedule) -> None:
    from secaudit.cli.dates import local_time
    from secaudit.schedule.cadence import next_slot

    at = f"{schedule.hour:02}:{schedule.minute:02}"
    if schedule.cadence.value == "daily":
        say(mark("Scans every day at {time}, profile {profile}."), time=at, profile=schedule.profile.value)
    elif schedule.cadence.value == "weekly":
        say(mark("Scans every {weekday} at {time}, profile {profile}."),
            weekday=translate(_DAY_WORDS[schedule.weekday]), time=at, profile=schedule.profile.value)  # fmt: skip
    else:
        say(mark("Scans on day {day} of every month at {time}, profile {profile}."), day=schedule.day, time=at,
            profile=schedule.profile.value)  # fmt: skip
    following = next_slot(schedule, datetime.now(UTC).astimezone())
    say(mark("Next: {moment}. Scheduler: {engine}."), moment=local_time(following), engine=schedule.engine.value)


def _tell_runs(runs: list[PeriodicRun]) -> None:
    from secaudit.cli.dates import local_time
    from secaudit.text import printable

    states = {"running": mark("begun"), "done": mark("done"), "failed": mark("failed")}
    for run in runs:
        fault = f" – {printable(run.fault)}" if run.fault else ""
        click.echo(f"  {local_time(run.slot)}  {run.site}: {translate(states[run.state.value])} {run.scan}{fault}")


def _hints(engine: Engine, user_units: bool) -> list[str]:
    if engine.value == "systemd" and user_units:
        return [mark("To have it run while you are not logged in: loginctl enable-linger")]
    if engine.value == "cron":
        return [mark("cron looks every hour whether something is due, so a time missed while the computer was off is "
                     "made up for.")]  # fmt: skip
    if engine.value == "windows":
        return [mark("The task runs while you are logged in; a time missed is made up for at the next log-in.")]
    return [mark("Have this called at least once a day: secaudit run-due")]
