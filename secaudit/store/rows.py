"""Between types and rows: JSON text for what is read back as a whole, columns for the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter
from pydantic_core import PydanticSerializationError

from secaudit.model.authorisation import PortRange
from secaudit.model.base import Json, Reason

if TYPE_CHECKING:
    from sqlalchemy import Row

STRINGS = TypeAdapter(tuple[str, ...])
NUMBERS = TypeAdapter(tuple[int, ...])
PORTS = TypeAdapter(tuple[PortRange, ...])
REASON = TypeAdapter(Reason)
REASONS = TypeAdapter(tuple[Reason, ...])
TOOLS = TypeAdapter(dict[str, str])
EVIDENCE = TypeAdapter(dict[str, Json])


def text_of(adapter: TypeAdapter[Any], value: Any) -> str:
    """Return `value` as JSON text; what UTF-8 cannot write becomes U+FFFD."""
    try:
        return adapter.dump_json(value).decode("utf-8")
    except PydanticSerializationError:
        return json.dumps(adapter.dump_python(value, mode="json"), ensure_ascii=False)


def optional_text(reason: Reason | None) -> str | None:
    """Return a reason as JSON text, None for None."""
    return None if reason is None else text_of(REASON, reason)


def model_text(value: BaseModel | None) -> str | None:
    """Return a model as JSON text, None for None."""
    return None if value is None else text_of(TypeAdapter(type(value)), value)


def reason_of(text: str | None) -> Reason | None:
    """Read a reason, None for None."""
    return None if text is None else REASON.validate_json(text)


def fields(row: Row[Any], *without: str) -> dict[str, Any]:
    """Return the row as keyword arguments, those columns left out."""
    return {name: value for name, value in row._mapping.items() if name not in without}
