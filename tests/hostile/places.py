"""Puts words into every place of a model that takes any text: new fields join by themselves."""

from __future__ import annotations

import types
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

Choose = Callable[[str], str]

KEPT = {
    ("*", "id"): "given by the program, or held to a pattern when it is typed",
    ("*", "identity"): "a hash",
    ("*", "check"): "an id of our own",
    ("*", "checklist"): "held to a pattern by the schema of checklists",
    ("*", "requirement"): "held to a pattern by the schema of checklists",
    ("*", "group"): "held to a pattern by the schema of checklists",
    ("*", "area"): "the first part of an id of our own",
    ("*", "codes"): "digits of hashes",
    ("*", "code"): "digits of a hash, or of a reason",
    ("*", "subject"): "an area or a group's id",
    ("*", "condition"): "id of a question",
    ("*", "period"): "held to ISO 8601 by the schema of checklists",
    ("*", "question"): "id of a question",
    ("*", "replaces"): "ids of checklists",
    ("*", "format"): "our own",
    ("*", "upholds"): "ids of checks",
    ("Piece", "place"): "a name made by `safe_name`",
    ("Attached", "place"): "a name made by `safe_name`",
    ("CertificateEntry", "subject"): "",
    ("Fix", "code"): "",
}
"""Class and field to why no stranger and no officer can put words there; an empty reason takes the field in again."""


def filled(model: Any, choose: Choose) -> Any:
    """Return a copy of a model in which every free text is what `choose` gives for its path.

    Args:
        model: a value of pydantic types, down to any depth.
        choose: path of the place (`ReportModel.findings.0.target`) to what to put there.
    """
    return _filled(model, type(model), choose, type(model).__name__)


def _filled(value: Any, annotation: Any, choose: Choose, path: str) -> Any:
    if isinstance(value, BaseModel):
        name = type(value).__name__
        update = {}
        for field, info in type(value).model_fields.items():
            if KEPT.get((name, field), KEPT.get(("*", field), "")):
                continue
            update[field] = _filled(getattr(value, field), info.annotation, choose, f"{path}.{field}")
        return value.model_copy(update=update)
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return choose(path) if takes_any_text(annotation) else value
    if isinstance(value, tuple | list):
        inner = _arguments(annotation) or (str,)
        return type(value)(
            _filled(item, Union.__getitem__(inner), choose, f"{path}.{n}") for n, item in enumerate(value)
        )
    if isinstance(value, dict):
        keys, *values = _arguments(annotation) or (str, Any)
        taken = takes_any_text(keys)
        return {
            (f"{choose(f'{path}.key')}{n}" if taken and type(key) is str else key): _filled(
                item,
                Union.__getitem__(tuple(values)),
                choose,
                f"{path}.{n}",
            )
            for n, (key, item) in enumerate(value.items())
        }
    return value


def takes_any_text(annotation: Any) -> bool:
    """Tell whether a field of this type takes any text: `str`, alone or among others, but no closed list of words."""
    if annotation is str or annotation is Any:
        return True
    origin = get_origin(annotation)
    if origin is Literal:
        return False
    if origin is Annotated:
        return takes_any_text(get_args(annotation)[0])
    if origin in (Union, types.UnionType, tuple, list):
        return any(takes_any_text(part) for part in get_args(annotation))
    # A named type of JSON values holds text.
    return type(annotation).__name__ == "TypeAliasType"


def _arguments(annotation: Any) -> tuple[Any, ...]:
    """Return what a container may hold; of a union, what its container holds."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return next((found for part in get_args(annotation) if (found := _arguments(part))), ())
    if origin is Annotated:
        return _arguments(get_args(annotation)[0])
    return tuple(part for part in get_args(annotation) if part is not Ellipsis) if origin in (tuple, list, dict) else ()
