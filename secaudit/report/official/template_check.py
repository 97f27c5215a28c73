"""Which fields an own Word template uses that the document does not know, and in which line they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from jinja2 import Environment, nodes

from secaudit.report.official.fields import ABOUT

_TAGS = re.compile(r"<[^>]*>")
_NEAR = 0.5
_LONGEST = 60
Scope = Mapping[str, Any]
_ANYTHING: Any = None
"""Stands for a value of which nothing is known, such as the result of a filter."""


@dataclass(frozen=True)
class UnknownField:
    """A field that the document does not have.

    Attributes:
        name: as the template writes it.
        line: text of the paragraph in which it stands.
        near: known names that are spelt alike.
    """

    name: str
    line: str
    near: tuple[str, ...]


def unknown_fields(xml: str, fields: Mapping[str, Any], environment: Environment) -> list[UnknownField]:
    """Return the unknown fields of one part of a template, each with its first place.

    Args:
        xml: the part with one paragraph a line, its tags joined as the filler joins them.
        fields: what is known (see `fields.known_fields`).
        environment: in which the template will be filled.

    Raises:
        jinja2.TemplateSyntaxError: a statement cannot be read.
    """
    lines = xml.split("\n")
    found: dict[str, UnknownField] = {}
    for name, known, number in _Walk(fields).uses(environment.parse(xml)):
        if name not in found:
            near = tuple(get_close_matches(name.rpartition(".")[2], list(known), 3, _NEAR))
            found[name] = UnknownField(name, line_of(lines, number), near)
    return list(found.values())


def line_of(lines: list[str], number: int) -> str:
    """Return the text of a line of the part, numbered from 1, shortened."""
    text = " ".join(_TAGS.sub("", lines[number - 1] if 0 < number <= len(lines) else "").split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


class _Walk:
    """Follows the statements of a template with what is known of each name on the way."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def uses(self, root: nodes.Template) -> Iterator[tuple[str, list[str], int]]:
        """Give each unknown name, the names that stand beside it, and its line."""
        yield from self._visit(root, dict(self._fields))

    def _visit(self, node: nodes.Node, scope: dict[str, Any]) -> Iterator[tuple[str, list[str], int]]:
        if isinstance(node, nodes.For):
            yield from self._visit(node.iter, scope)
            inner = {**scope, "loop": _ANYTHING, **_bound(node.target, _shape(node.iter, scope))}
            for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
                yield from self._visit(child, inner)
        elif isinstance(node, nodes.Assign):
            yield from self._visit(node.node, scope)
            scope |= _bound(node.target, _shape(node.node, scope))
        elif isinstance(node, nodes.Name):
            if node.name not in scope:
                yield node.name, [name for name in scope if name != ABOUT], node.lineno
        elif isinstance(node, nodes.Getattr):
            yield from self._visit(node.node, scope)
            known = _shape(node.node, scope)
            if isinstance(known, Mapping) and node.attr not in known:
                yield _dotted(node), [name for name in known if name != ABOUT], node.lineno
        else:
            for child in node.iter_child_nodes():
                yield from self._visit(child, scope)


def _bound(target: nodes.Node, shape: Any) -> dict[str, Any]:
    if isinstance(target, nodes.Name):
        return {target.name: shape}
    return {name.name: _ANYTHING for name in target.find_all(nodes.Name)}


def _shape(node: nodes.Node, scope: Scope) -> Any:
    """Return the fields of a value where they are known: a list has those of its lines."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    if isinstance(node, nodes.Getattr):
        inner = _shape(node.node, scope)
        return inner.get(node.attr) if isinstance(inner, Mapping) else _ANYTHING
    return _ANYTHING


def _dotted(node: nodes.Getattr) -> str:
    inner = node.node
    before = inner.name if isinstance(inner, nodes.Name) else _dotted(inner) if isinstance(inner, nodes.Getattr) else ""
    return f"{before}.{node.attr}"
