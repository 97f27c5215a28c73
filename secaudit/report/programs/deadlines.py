"""Days to keep as a calendar (iCalendar, RFC 5545): law, evidence, certificates, remediation.

Each is an event of a whole day with a reminder a week before. Its UID names the thing, not the day: a calendar that
reads a newer file moves the event instead of adding another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from icalendar import Alarm, Calendar, Event

from secaudit.model.remediation import ItemState, RemediationItem
from secaudit.report.labels import N_
from secaudit.report.programs.content import Content
from secaudit.report.programs.identifiers import identifier
from secaudit.report.programs.plain import lines
from secaudit.text import one_line

REMIND = timedelta(days=7)
"""How long before the day the calendar reminds."""
_OVER = (ItemState.VERIFIED, ItemState.DUPLICATE)


@dataclass(frozen=True)
class _Day:
    """One day to keep.

    Attributes:
        uid: what names it, without the place.
        kind: category of the event.
    """

    uid: str
    day: date
    kind: str
    summary: str
    description: str = ""


def write_calendar(content: Content) -> bytes:
    """Return the calendar in UTF-8."""
    calendar = Calendar()
    calendar.add("prodid", f"-//secaudit//{one_line(content.model.version) or '-'}//{content.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(f"secaudit: {content.model.system.name or content.model.system.id}"))
    for day in sorted(_days(content), key=lambda one: (one.day, one.summary)):
        calendar.add_component(_event(content, day))
    return bytes(calendar.to_ical()).decode("utf-8", "surrogatepass").encode("utf-8", "backslashreplace")


def _event(content: Content, day: _Day) -> Event:
    event = Event()
    event.add("uid", f"{day.uid}@secaudit")
    event.add("dtstamp", content.model.made_at.astimezone(UTC))
    event.add("dtstart", day.day)
    event.add("dtend", day.day + timedelta(days=1))
    event.add("summary", one_line(day.summary))
    event.add("categories", [day.kind])
    event.add("transp", "TRANSPARENT")
    if lines(day.description):
        event.add("description", lines(day.description))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one_line(day.summary))
    alarm.add("trigger", -REMIND)
    event.add_component(alarm)
    return event


def work_uid(item: RemediationItem) -> str:
    """Return the name of a work's event: the one of `remediation export`, so that no calendar holds it twice."""
    told = "\x1f".join((item.system, item.subject, item.id, item.opened_at.isoformat()))
    return f"{item.id.lower()}-{hashlib.sha256(told.encode('utf-8', 'backslashreplace')).hexdigest()[:16]}"


def _days(content: Content) -> Iterator[_Day]:
    model = content.model

    def named(*thing: str) -> str:
        return identifier("day", model.system.id, *thing)

    today = model.made_at.date()
    for milestone in model.deadlines:
        if milestone.date < today:
            continue  # lists name when laws came into force, too
        uid = named("law", milestone.source, milestone.text.vi, str(milestone.date.year))
        yield _Day(uid, milestone.date, content.words(N_("Law")), content.say(milestone.text), milestone.source)
    for entry, row in content.rows():
        if row.due and row.answer:
            said = content.words(N_("Renew the evidence of {clause}"), clause=row.clause)
            told = "\n".join([content.say(row.text), content.say(row.evidence), content.say(entry.title)])
            uid = named("evidence", entry.id, row.requirement)
            yield _Day(uid, row.due, content.words(N_("Evidence")), said, told)
    for certificate in model.certificates:
        if certificate.position == 0 and certificate.not_after:
            said = content.words(N_("The certificate of {endpoint} ends"), endpoint=certificate.endpoint)
            last = certificate.not_after.astimezone(content.zone).date()
            told = f"{certificate.subject}\n{content.formatter.moment(certificate.not_after)}"
            yield _Day(named("certificate", certificate.endpoint), last, content.words(N_("Certificate")), said, told)
    for work in content.register:
        day = _last_day(work.item)
        if day:
            said = f"{work.item.id}: {content.say(work.title)}"
            told = "\n".join(filter(None, [content.say(work.action), work.item.owner, work.item.unit]))
            yield _Day(work_uid(work.item), day, content.words(N_("Remediation")), said, told)


def _last_day(item: RemediationItem) -> date | None:
    """Return the day on which a work falls due: of an accepted risk, the end of the acceptance; None for none."""
    if item.state is ItemState.ACCEPTED and item.accepted:
        return item.accepted.until
    return None if item.state in _OVER else item.due
