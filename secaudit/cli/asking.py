"""Asking on the terminal: yes/no questions, days, names. Everything may be left open, and one may stop any time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import click

from secaudit.cli.common import say
from secaudit.cli.failure import sentence_of
from secaudit.i18n import current_language, mark, translate
from secaudit.model.base import Text
from secaudit.model.errors import BadInput

T = TypeVar("T")


class Stopped(Exception):
    """The officer wants to stop; what was answered is stored."""


def ask(sentence: str, default: str = "") -> str:
    """Return what was typed, without spaces around it; `default` for an empty line.

    Raises:
        Stopped: end of input, or Ctrl+C.
    """
    try:
        typed: str = click.prompt(translate(sentence), default=default, show_default=bool(default))
    except click.Abort:
        click.echo()
        raise Stopped from None
    return typed.strip()


def ask_until(sentence: str, read: Callable[[str], T]) -> T:
    """Ask again until `read` takes what was typed; it says no with a `BadInput`."""
    while True:
        try:
            return read(ask(sentence))
        except BadInput as refused:
            click.echo(f"  {sentence_of(refused)}")


def ask_day(sentence: str) -> date | None:
    """Return a day, None for an empty line."""
    from secaudit.cli.dates import parse_day

    return ask_until(sentence, lambda typed: parse_day(typed) if typed else None)


def ask_needed(sentence: str) -> str:
    """Return a text that is not empty."""

    def read(typed: str) -> str:
        if not typed:
            raise BadInput(mark("This is needed. Press Ctrl+C to stop."))
        return typed

    return ask_until(sentence, read)


def ask_yes_no(text: Text, help_text: Text | None, now: bool | None) -> bool | None:
    """Ask one question; an empty line keeps what was said (None: leaves it open)."""
    from secaudit.app.questions import parse_yes_no

    language = current_language()
    click.echo(f"\n{text.in_language(language)}")
    if help_text is not None:
        click.echo(f"  {help_text.in_language(language)}")
    if now is not None:
        say(mark("  So far: {answer}"), answer=yes_no(now))
    return ask_until(
        mark("Yes or no (y/n; empty: leave as it is)"), lambda typed: parse_yes_no(typed) if typed else now
    )


def yes_no(value: bool | None) -> str:
    """Return the word for an answer in the current language, a dash for none."""
    return "–" if value is None else translate(mark("yes") if value else mark("no"))


def asked_name(given: str | None, default: str) -> str:
    """Return the name that was given, or ask for it."""
    return (given or "").strip() or ask(mark("Your name"), default)
