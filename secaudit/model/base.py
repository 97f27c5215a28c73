"""The base of all model types, and text in two languages."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, JsonValue

Language = Literal["vi", "en"]
Json = JsonValue
"""Anything that JSON can say."""

Instant = AwareDatetime
"""A moment with its time zone; a naive one is refused."""


class Frozen(BaseModel):
    """A value that never changes and refuses fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _composed(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


Composed = Annotated[str, BeforeValidator(_composed)]
"""A string in Unicode NFC, so that Vietnamese letters compare equal however they were typed."""


class Text(Frozen):
    """One sentence or title in both languages.

    Attributes:
        vi: Vietnamese, in NFC.
        en: English.
    """

    vi: Composed
    en: Composed

    def in_language(self, language: str) -> str:
        """Return the text in `language` (`vi` or `en`); anything else gives Vietnamese."""
        return self.en if language == "en" else self.vi


class Reason(Frozen):
    """Why something is so, as a code whose wording stands in `checklists/phrases/`.

    Attributes:
        code: key of the phrase, for example `connect-timeout`.
        params: values for the placeholders of the phrase.
    """

    code: str
    params: dict[str, str | int | float] = {}
