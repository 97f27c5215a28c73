"""The last days of open items as a calendar (RFC 5545), with reminders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from secaudit.export.register_words import RegisterWords
from secaudit.i18n import mark
from secaudit.model.remediation import ItemState, RegisterEntry, RemediationItem
from secaudit.text import printable
from secaudit.version import VERSION

MORNING = timedelta(hours=8)
"""Time of day of a reminder; an event of a whole day begins at midnight."""
_CLOSED = (ItemState.VERIFIED, ItemState.DUPLICATE)


def write_ics(entries: Iterable[RegisterEntry], language: str, made: datetime, reminders: Sequence[int]) -> bytes:
    """Return the calendar: one event of a whole day per open item with a last day, or per end of an acceptance.

    Args:
        entries: closed ones are left out.
        language: `vi` or `en`.
        made: time of writing, with its zone.
        reminders: days before the day; 0 is the day itself.
    """
    words = RegisterWords(language)
    calendar = Calendar()
    calendar.add("prodid", f"-//secaudit//secaudit {VERSION}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words(mark("Remediation register")))
    for entry in entries:
        item = entry.item
        if item.state is ItemState.ACCEPTED and item.accepted is not None:
            told = words(mark("{id}: the acceptance of the risk ends – {title}"))
            calendar.add_component(_event(entry, item.accepted.until, told, words, made, reminders))
        elif item.due is not None and item.state not in _CLOSED:
            told = words(mark("{id}: last day – {title}"))
            calendar.add_component(_event(entry, item.due, told, words, made, reminders))
    return bytes(calendar.to_ical())


def uid(item: RemediationItem) -> str:
    """Return the lasting name of an item's event: the same in every export, another in every workspace."""
    told = "\x1f".join((item.system, item.subject, item.id, item.opened_at.isoformat()))
    return f"{item.id.lower()}-{hashlib.sha256(told.encode()).hexdigest()[:16]}@secaudit"


def _event(
    entry: RegisterEntry, day: date, told: str, words: RegisterWords, made: datetime, reminders: Sequence[int]
) -> Event:
    item, title = entry.item, printable(entry.title.in_language(words.language))
    event = Event()
    event.add("uid", uid(item))
    event.add("dtstamp", made)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", told.format(id=item.id, title=title))
    lines = [
        (mark("Severity"), words.severity(item.severity)),
        (mark("State"), words.state(item.state)),
        (mark("Person in charge"), ", ".join(part for part in (item.owner, item.unit) if part)),
        (mark("Where"), item.target),
        (mark("What to do"), entry.action.in_language(words.language) if entry.action else ""),
    ]
    event.add("description", "\n".join(f"{words(label)}: {printable(text, 2000)}" for label, text in lines if text))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [words.severity(item.severity)])
    for days in sorted(set(reminders), reverse=True):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", told.format(id=item.id, title=title))
        alarm.add("trigger", MORNING - timedelta(days=days))
        event.add_component(alarm)
    return event
