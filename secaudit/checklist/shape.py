"""Holds data against a JSON Schema and says what is wrong in words that have a remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from secaudit.checklist.faults import Misfit, Path, misfit
from secaudit.model.base import Reason


def shape_misfits(data: Any, schema: dict[str, Any]) -> list[Misfit]:
    """Return where JSON data leaves the schema; at most one fault per field, the one nearest to its cause."""
    found: dict[Path, Misfit] = {}
    for error in Draft202012Validator(schema, format_checker=FormatChecker(["date"])).iter_errors(data):
        for one in _translated(error):
            found.setdefault(one.path, one)
    return list(found.values())


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like `word`, or the known words in short where none is like it."""
    words = list(known)
    close = difflib.get_close_matches(word, words, n=1)
    return close[0] if close else ", ".join(words[:12])


def _translated(error: ValidationError) -> Iterator[Misfit]:
    path: Path = tuple(error.absolute_path)
    schema = error.schema if isinstance(error.schema, dict) else {}
    value: Any = error.instance
    limit: Any = error.validator_value
    if error.validator == "required":
        yield from (misfit((*path, name), "field-missing", name=name) for name in limit if name not in value)
    elif error.validator == "additionalProperties":
        known = schema.get("properties", {})
        for name in value:
            if name not in known:
                yield misfit((*path, name), "field-unknown", name=name, known=nearest(name, known))
    else:
        yield Misfit(path, _of_value(str(error.validator), value, limit, schema, error.message))


def _of_value(rule: str, value: Any, limit: Any, schema: dict[str, Any], detail: str) -> Reason:
    short = _short(value)
    if rule == "type" and limit == "string" and isinstance(value, int | float):
        return Reason(code="text-unquoted", params={"value": short})
    if rule in {"pattern", "format"} and "form" in schema:
        return Reason(code=f"bad-{schema['form']}", params={"value": short})
    if rule in {"enum", "const"}:
        allowed = ", ".join(map(str, limit)) if rule == "enum" else str(limit)
        return Reason(code="not-in-list", params={"value": short, "allowed": allowed})
    if rule in {"minLength", "minItems", "minProperties", "pattern"}:
        return Reason(code="empty")
    simple: dict[str, Reason] = {
        "type": Reason(code=f"not-{limit}"),
        "maxLength": Reason(code="too-long", params={"length": len(str(value)), "limit": str(limit)}),
        "minimum": Reason(code="out-of-range", params={"value": short, "limit": str(limit)}),
        "maximum": Reason(code="out-of-range", params={"value": short, "limit": str(limit)}),
        "uniqueItems": Reason(code="repeated"),
    }
    return simple.get(rule, Reason(code="schema-other", params={"detail": detail[:200]}))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
