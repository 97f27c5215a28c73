"""The small file in which an officer writes what the store cannot know: held against its model, every fault named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from secaudit.checklist.faults import Fault, FaultyFile, Misfit, fault_at, located
from secaudit.checklist.reading import lines_of, parse_stranger, plain
from secaudit.checklist.shape import shape_misfits
from secaudit.model.base import Frozen, Reason
from secaudit.model.errors import message

M = TypeVar("M", bound=Frozen)
Rules = Callable[[dict[str, Any]], Iterable[Misfit]]


def read_officer_file(
    raw: bytes, file: str, model: type[M], rules: Rules = lambda data: (), defaults: Mapping[str, Any] | None = None
) -> M:
    """Return the content of an officer's YAML or JSON file. A field without a value counts as left out.

    Args:
        raw: the bytes of the file.
        file: its name, for the faults.
        model: what it must be.
        rules: further rules over data of the right shape.
        defaults: fields that the file may leave out although the model wants them.

    Raises:
        FaultyFile: it is not YAML, or its fields are not what `model` wants; all faults are in the error.
    """
    data = _without_blanks(plain(parse_stranger(raw, file)))
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise _faulty((fault_at(file, 1, Reason(code="not-a-mapping")),))
    data = {**(defaults or {}), **data}
    found = shape_misfits(data, schema_of(model)) or list(rules(data))
    if found:
        raise _faulty(located(file, found, lines_of(raw.decode("utf-8-sig"))))
    return model.model_validate(data)


def schema_of(model: type[Frozen]) -> dict[str, Any]:
    """Return the JSON Schema of a model, in the form whose faults `shape_misfits` can put into words."""
    schema: dict[str, Any] = _plain_schema(model.model_json_schema())
    return schema


def _plain_schema(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    choices = node.get("anyOf")
    if isinstance(choices, list):
        # `X or nothing`: nothing is said by leaving the field out, so only X is left.
        others = [choice for choice in choices if choice != {"type": "null"}]
        if len(others) == 1:
            return _plain_schema({**{k: v for k, v in node.items() if k not in ("anyOf", "default")}, **others[0]})
    tidy = {key: _plain_schema(value) for key, value in node.items()}
    return tidy | {"form": "date"} if tidy.get("format") == "date" else tidy


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_blanks(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_blanks(item) for item in value if item is not None]
    return value


def _faulty(faults: tuple[Fault, ...]) -> FaultyFile:
    text = message("{file}, line {line}: {count} faults in the file, the first in the field {field}.")
    return FaultyFile(text, faults, count=len(faults))
