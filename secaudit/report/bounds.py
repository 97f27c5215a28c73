"""Bounds on what a server sent: no value may flood a report, and what was cut is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from secaudit.model.base import Json
from secaudit.report.model import EvidenceLine, Scalar

TEXT_LIMIT = 240
"""Characters of one value."""
VALUE_LIMIT = 12
"""Values of one fact."""
OBJECT_LIMIT = 4
"""Objects of one list."""
LINE_LIMIT = 24
"""Facts of one finding."""


def bounded(text: str, limit: int = TEXT_LIMIT) -> str:
    r"""Return at most `limit` characters of `text`; a cut ends in `… [+N]`, N being the characters left out.

    Halves of surrogate pairs, which no file can hold, are written as `\udc80`.
    """
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= limit else f"{text[:limit]}… [+{len(text) - limit}]"


def evidence_lines(evidence: Mapping[str, Json]) -> tuple[EvidenceLine, ...]:
    """Return evidence as lines to read.

    Nested objects become lines of their own, with names such as `suites.TLSv1.2` and `certificates 1.subject`. At most
    `LINE_LIMIT` lines of `VALUE_LIMIT` values are kept; facts without any value are left out.
    """
    lines = [line for key, value in evidence.items() for line in _lines(key, value)]
    return tuple(line for line in lines if line.values or line.omitted)[:LINE_LIMIT]


def _lines(key: str, value: Json) -> Iterable[EvidenceLine]:
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from _lines(f"{key}.{inner}", item)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, item in enumerate(value[:OBJECT_LIMIT], 1):
            yield from _lines(f"{key} {number}", item)
        if len(value) > OBJECT_LIMIT:
            yield EvidenceLine(key=bounded(key, 60), values=(), omitted=len(value) - OBJECT_LIMIT)
    else:
        values = value if isinstance(value, list) else [value]
        shown = tuple(_scalar(item) for item in values[:VALUE_LIMIT] if item is not None and item != "")
        yield EvidenceLine(key=bounded(key, 60), values=shown, omitted=max(0, len(values) - VALUE_LIMIT))


def _scalar(value: Json) -> Scalar:
    if isinstance(value, list | dict):
        return bounded(_flat(value))
    return bounded(value) if isinstance(value, str) else value


def _flat(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(_flat(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flat(item)}" for key, item in value.items())
    return str(value)
