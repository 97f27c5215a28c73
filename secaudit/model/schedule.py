"""When the page is scanned by itself, and who is told by e-mail."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from secaudit.model.base import Composed, Frozen, Instant, Language
from secaudit.model.words import Profile


class Cadence(StrEnum):
    """How often the pages are scanned."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Engine(StrEnum):
    """Which scheduler of the operating system calls the program; `none` leaves that to the officer."""

    SYSTEMD = "systemd"
    CRON = "cron"
    WINDOWS = "windows"
    NONE = "none"


class MailSecurity(StrEnum):
    """How the connection to the mail server is protected: TLS from the first byte, STARTTLS, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class MailSettings(Frozen):
    """Where the digest goes. The password is never stored: it comes from the environment or a file.

    Attributes:
        username: empty where the server asks for none.
        password_file: its first line is the password; empty where `SECAUDIT_SMTP_PASSWORD` holds it or none is needed.
        ca_file: PEM file with further trust anchors for the mail server; empty for the computer's own.
        only_news: nothing is sent while nothing changed and nothing is overdue.
    """

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: MailSecurity = MailSecurity.STARTTLS
    username: str = ""
    password_file: str = ""
    ca_file: str = ""
    sender: str
    recipients: tuple[str, ...]
    only_news: bool = False


class Schedule(Frozen):
    """The periodic work of one workspace; hours are those of the computer's own time zone.

    Attributes:
        weekday: 0 is Monday, for weekly work.
        day: of the month, for monthly work; 28 at most, so that every month has it.
        report: a combined report is written after each scan.
        language: of the reports and the digest.
    """

    cadence: Cadence = Cadence.WEEKLY
    hour: Annotated[int, Field(ge=0, le=23)] = 2
    minute: Annotated[int, Field(ge=0, le=59)] = 30
    weekday: Annotated[int, Field(ge=0, le=6)] = 0
    day: Annotated[int, Field(ge=1, le=28)] = 1
    profile: Profile = Profile.STANDARD
    report: bool = True
    language: Language = "vi"
    engine: Engine = Engine.NONE
    mail: MailSettings | None = None
    saved_at: Instant
    saved_by: Composed = ""


class RunState(StrEnum):
    """How far one periodic scan of one page came."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PeriodicRun(Frozen):
    """One page's turn in one period.

    Attributes:
        slot: the planned moment whose work this is.
        attempts: how often it was begun, killed ones included.
        scan: id of the scan it made, empty while there is none.
        fault: why it failed: a sentence in the language of the schedule.
    """

    site: str
    slot: Instant
    state: RunState
    attempts: int
    started_at: Instant
    scan: str = ""
    fault: Composed = ""


class SentDigest(Frozen):
    """A digest that the mail server took.

    Attributes:
        scans: by site, the scan that it told of; the next digest tells what changed since.
    """

    slot: Instant
    sent_at: Instant
    scans: dict[str, str]
