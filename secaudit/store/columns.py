"""How moments and texts stand in the columns of the tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator

from secaudit.store.moments import utc_text


class UtcText(TypeDecorator[datetime]):
    """A moment as ISO 8601 text in UTC, always of the same length, so that text order is time order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write an aware datetime as `2026-11-22T07:05:00.000000Z`."""
        return None if value is None else utc_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Read it back as an aware datetime in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class Words(TypeDecorator[str]):
    """Any text; a lone surrogate becomes U+FFFD.

    A hostile page or a mistyped argument can hold such half letters, and UTF-8 cannot write them.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make the text writable."""
        return None if value is None else writable(value)


def writable(text: str) -> str:
    """Return the text with every lone surrogate replaced by U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
