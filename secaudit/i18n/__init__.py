"""The interface's words through gettext: message ids are English, Vietnamese is the language shown first.

Catalogues: `cli` (commands and errors), `report` (templates), `click` (click's own sentences).
"""

from __future__ import annotations

import gettext as _gettext
import os
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

DOMAINS = ("cli", "report", "click")
LANGUAGES = ("vi", "en")
FOLDER = Path(__file__).parent

_language: ContextVar[str] = ContextVar("secaudit_language", default="vi")


@lru_cache(maxsize=len(DOMAINS) * len(LANGUAGES))
def catalogue(domain: str, language: str) -> _gettext.NullTranslations:
    """Return the catalogue of `domain` for `vi` or `en`.

    English needs none: the message ids are the English text. A missing Vietnamese one is a defect of the
    installation, so it is not papered over.

    Raises:
        FileNotFoundError: the installation lacks the Vietnamese catalogue.
    """
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation(domain, localedir=str(FOLDER), languages=[language])


def current_language() -> str:
    """Return the language of the interface, `vi` or `en`."""
    return _language.get()


def use_language(language: str) -> None:
    """Set the language of the interface, click's own sentences included."""
    _language.set(language)
    # click asks the process-wide gettext domain, which takes its language from the environment.
    os.environ["LANGUAGE"] = language
    _gettext.bindtextdomain("click", str(FOLDER))
    _gettext.textdomain("click")


def translate(message: str) -> str:
    """Return the interface sentence `message` in the current language."""
    return catalogue("cli", current_language()).gettext(message) if message else ""


def mark(message: str) -> str:
    """Mark `message` for the catalogue and return it unchanged, for sentences that are shown later."""
    return message
