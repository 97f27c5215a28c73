"""Words of the combined report in one language as plain text, for every writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, Protocol

from secaudit.model.base import Text
from secaudit.report.format import Formatter, period_parts
from secaudit.report.labels import EVIDENCE, LABELS
from secaudit.report.model import Scalar


class Translations(Protocol):
    """What the writers need of a gettext catalogue."""

    def gettext(self, message: str) -> str:
        """Return the translation."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation for the number."""


class Wording:
    """Sentences, labels and values in one language.

    Attributes:
        format: writes numbers, dates and moments.
        catalogue: the translations themselves.
    """

    def __init__(self, words: Translations, formatter: Formatter) -> None:
        self._words = self.catalogue = words
        self.format = formatter

    def gettext(self, message: str, **values: Any) -> str:
        """Return the translated sentence with its values filled in."""
        return self._words.gettext(message) % values if values else self._words.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int, **values: Any) -> str:
        """Return the translated sentence for the number; `%(num)s` and `%(count)s` are the number."""
        return self._words.ngettext(singular, plural, n) % {"num": n, "count": n, **values}

    def text(self, text: Text | None) -> str:
        """Return a text in the language, empty for none."""
        return text.in_language(self.format.language) if text else ""

    def label(self, table: str, word: str) -> str:
        """Return the words for a code; an unknown code stands as it is."""
        known = LABELS[table].get(word)
        return self._words.gettext(known) if known else word

    def evidence_label(self, key: str) -> str:
        """Return the words for `suites`, `suites.TLSv1.2` or `certificates 1.subject`."""
        head, _, rest = key.partition(".")
        name, _, number = head.partition(" ")
        known = EVIDENCE.get(name.replace("-", "_"))
        if known is None:
            return key
        words = " ".join(filter(None, (self._words.gettext(known), number)))
        return f"{words}, {self.evidence_label(rest)}" if rest else words

    def scalar(self, value: Scalar) -> str:
        """Return a fact's value as people write it."""
        if isinstance(value, bool):
            return self._words.gettext("yes") if value else self._words.gettext("no")
        if isinstance(value, int | float):
            whole = isinstance(value, int) or not isfinite(value)  # ports and codes take no thousands separator
            return str(value) if whole else self.format.number(value, 2)
        return self.format.stamp_or_text(value) if value is not None else ""

    def period(self, period: str) -> str:
        """Return an ISO 8601 duration in words; an unreadable one stands as it is."""
        say: Mapping[str, Callable[[int], str]] = {
            "year": lambda n: self.ngettext("%(num)s year", "%(num)s years", n),
            "month": lambda n: self.ngettext("%(num)s month", "%(num)s months", n),
            "week": lambda n: self.ngettext("%(num)s week", "%(num)s weeks", n),
            "day": lambda n: self.ngettext("%(num)s day", "%(num)s days", n),
            "hour": lambda n: self.ngettext("%(num)s hour", "%(num)s hours", n),
        }
        return " ".join(say[unit](count) for count, unit in period_parts(period)) or period
