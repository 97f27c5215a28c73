"""Reads YAML fast, and finds the line of a fault only when there is one."""

from __future__ import annotations

import datetime
import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from secaudit.checklist.faults import Path, fault_at, unreadable
from secaudit.model.base import Reason
from secaudit.yaml_loader import safe_yaml

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_IMPOSSIBLE_DATE = re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b")
_DEEPEST = 40
_PROBLEMS = (
    ("mapping values are not allowed", "yaml-colon"),
    ("cannot start any token", "yaml-start"),
    ("unexpected end of stream", "yaml-quote"),
    ("duplicate key", "yaml-duplicate"),
    ("',' or", "yaml-bracket"),
    ("could not determine a constructor", "yaml-tag"),
    ("expected a single document", "yaml-documents"),
    ("another document", "yaml-documents"),
    ("undefined alias", "yaml-alias"),
    ("did not find expected", "yaml-indent"),
    ("could not find expected ':'", "yaml-indent"),
)


def parse(text: str, file: str) -> Any:
    """Return the data of a YAML text, by libyaml.

    Raises:
        FaultyFile: it is not YAML; names the line and the remedy.
    """
    try:
        return safe_yaml().load(text)
    except (YAMLError, ValueError) as error:
        raise unreadable(fault_at(file, *_explained(error, text))) from None


def parse_stranger(raw: bytes, file: str) -> Any:
    """Return the data of a file that somebody else wrote: as `parse`, and safe against ill will.

    Aliases are refused because a few lines of them can stand for more data than the machine can hold, and
    nesting beyond any use because libyaml would overrun the stack.

    Raises:
        FaultyFile: not UTF-8, not YAML, with aliases, or nested too deep.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise unreadable(fault_at(file, line, Reason(code="yaml-not-utf8"))) from None
    if found := _CONTROL.search(text):
        raise unreadable(fault_at(file, _line_at(text, found.start()), Reason(code="yaml-character")))
    if hazard := _hazard(text):
        raise unreadable(fault_at(file, *hazard))
    return parse(text, file)


def lines_of(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, of every value of a readable YAML text by its path."""
    lines: dict[Path, int] = {}
    top = safe_yaml().compose(text)
    waiting: list[tuple[Path, Node, int]] = [((), top, 1)] if top is not None else []
    while waiting:
        path, node, line = waiting.pop()
        lines[path] = line
        if isinstance(node, MappingNode):
            waiting += [((*path, str(key.value)), value, key.start_mark.line + 1) for key, value in node.value]
        elif isinstance(node, SequenceNode):
            waiting += [((*path, n), item, item.start_mark.line + 1) for n, item in enumerate(node.value)]
    return lines


def plain(value: Any) -> Any:
    """Return YAML data as JSON data: dates as ISO 8601 text, keys as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def _explained(error: Exception, text: str) -> tuple[int, Reason]:
    if isinstance(error, ValueError):  # the loader builds dates itself, and this one is in no calendar
        return _impossible_date(text)
    problem = str(getattr(error, "problem", "") or "")
    mark = getattr(error, "problem_mark", None)
    code = next((code for words, code in _PROBLEMS if words in problem), "yaml-other")
    if code == "yaml-quote" and isinstance(error, MarkedYAMLError) and error.context_mark is not None:
        mark = error.context_mark  # where the quote opens, not where the file ends
    line = mark.line + 1 if mark is not None else 1
    if code == "yaml-start" and _tab_indented(text, line):
        code = "yaml-tab"
    if code == "yaml-duplicate":
        return line, Reason(code=code, params={"key": problem.split('"')[1] if '"' in problem else ""})
    if code == "yaml-other":
        return line, Reason(code=code, params={"detail": problem or type(error).__name__})
    return line, Reason(code=code)


def _impossible_date(text: str) -> tuple[int, Reason]:
    for found in _IMPOSSIBLE_DATE.finditer(text):
        try:
            datetime.date(*map(int, found.group().split("-")))
        except ValueError:
            return _line_at(text, found.start()), Reason(code="yaml-date", params={"value": found.group()})
    return 1, Reason(code="yaml-other", params={"detail": "value"})


def _tab_indented(text: str, line: int) -> bool:
    rows = text.splitlines()
    return 0 < line <= len(rows) and "\t" in rows[line - 1][: len(rows[line - 1]) - len(rows[line - 1].lstrip())]


def _hazard(text: str) -> tuple[int, Reason] | None:
    """Return line and kind of what could exhaust memory or the stack: an alias, or absurdly deep nesting."""
    depth = 0
    try:
        for event in safe_yaml().parse(text):
            if isinstance(event, AliasEvent):
                return event.start_mark.line + 1, Reason(code="yaml-alias")
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > _DEEPEST:
                return event.start_mark.line + 1, Reason(code="yaml-deep")
    except YAMLError:
        return None  # `parse` says what is wrong
    return None


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
