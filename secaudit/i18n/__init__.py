"""The interface's words through gettext: message ids are English, Vietnamese is the language shown first."""

from __future__ import annotations

import gettext as _gettext
from pathlib import Path

DOMAINS = ("cli", "report")


def catalogue(domain: str, language: str) -> _gettext.NullTranslations:
    """Return the catalogue of `domain` (`cli` or `report`) for `vi` or `en`.

    English needs no catalogue: the message ids are the English text. A missing Vietnamese one is a defect of the
    installation, so it is not papered over.

    Raises:
        FileNotFoundError: the installation lacks the Vietnamese catalogue.
    """
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation(domain, localedir=str(Path(__file__).parent), languages=[language])
