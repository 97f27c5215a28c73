"""Between types and rows: JSON text for what is read back as a whole, columns for the rest."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from secaudit.model.authorisation import PortRange
from secaudit.model.base import Frozen, Json, Reason

STRINGS = TypeAdapter(tuple[str, ...])
NUMBERS = TypeAdapter(tuple[int, ...])
PORTS = TypeAdapter(tuple[PortRange, ...])
REASONS = TypeAdapter(tuple[Reason, ...])
TOOLS = TypeAdapter(dict[str, str])
EVIDENCE = TypeAdapter(dict[str, Json])


def text_of(adapter: TypeAdapter[Any], value: Any) -> str:
    """Return `value` as JSON text."""
    return adapter.dump_json(value).decode("utf-8")


def optional_text(value: Frozen | None) -> str | None:
    """Return a model as JSON text, None for None."""
    return None if value is None else value.model_dump_json()


def reason_of(text: str | None) -> Reason | None:
    """Read a reason, None for None."""
    return None if text is None else Reason.model_validate_json(text)


def fields(row: Row[Any], *without: str) -> dict[str, Any]:
    """Return the row as keyword arguments, those columns left out."""
    return {name: value for name, value in row._mapping.items() if name not in without}
