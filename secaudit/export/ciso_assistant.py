"""A checklist as a library of CISO Assistant (github.com/intuitem/ciso-assistant-community, `tools/README.md`).

One library with one framework: groups are nodes, requirements assessable nodes below them, the second language a
translation of each. Only fields that every release of that program stores are written: its updater sets the fields
of a node one by one and stops at one that it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from secaudit.export.content import Content
from secaudit.export.words import CONFIRMED, OBLIGATIONS, RESPONSIBLE, Words
from secaudit.i18n import mark
from secaudit.model.base import Text
from secaudit.model.requirement import Requirement
from secaudit.model.words import Obligation
from secaudit.text import visible

PACKAGER = "secaudit"
COPYRIGHT = "secaudit, AGPL-3.0-or-later"
_NAME = 200
"""Characters of a name that CISO Assistant stores."""

Json = dict[str, Any]
Wording = Callable[[Content, Words], dict[str, str]]


def write_library(content: Content) -> bytes:
    """Return the library as YAML in UTF-8.

    Its version is the day of the last review as a number (20261122), because CISO Assistant takes an update only
    for a higher one.
    """
    checklist = content.checklist
    head = _worded(content, _described)
    library: Json = {
        "urn": _urn("library", checklist.id),
        "locale": content.language,
        "ref_id": checklist.id,
        "name": head["name"],
        "description": head["description"],
        "copyright": COPYRIGHT,
        "version": int(checklist.reviewed.strftime("%Y%m%d")),
        "publication_date": checklist.reviewed,
        "provider": PACKAGER,
        "packager": PACKAGER,
        "translations": head["translations"],
        "objects": {
            "framework": {
                "urn": _urn("framework", checklist.id),
                "ref_id": checklist.id,
                **head,
                "implementation_groups_definition": _implementation_groups(content),
                "requirement_nodes": _nodes(content),
            }
        },
    }
    return _yaml(library)


def _nodes(content: Content) -> list[Json]:
    checklist = content.checklist
    base = _urn("req_node", checklist.id)
    leaves, groups = _leaves(row.id for row in checklist.requirements), _leaves(g.id for g in checklist.groups)
    nodes: list[Json] = []
    for group in checklist.groups:
        # No row's leaf holds a colon, so that a group never takes the place of a row.
        parent = f"{base}:group:{groups[group.id]}"
        node = {"urn": parent, "assessable": False, "depth": 1, "ref_id": group.id}
        nodes.append({**node, **_worded(content, partial(_named, group.title))})
        for row in checklist.requirements:
            if row.group == group.id:
                node = {"urn": f"{base}:{leaves[row.id]}", "parent_urn": parent, "assessable": True, "depth": 2}
                chosen = [row.obligation.value, row.responsible.value]
                node |= {"ref_id": _ascii(row.id), "implementation_groups": chosen}
                nodes.append({**node, **_worded(content, partial(_row, row))})
    return nodes


def _described(content: Content, words: Words) -> dict[str, str]:
    return {**_named(content.checklist.title, content, words), "description": content.say(content.checklist.notice)}


def _named(title: Text, content: Content, words: Words) -> dict[str, str]:
    return {"name": _name(content.say(title))}


def _translated(sentence: str, content: Content, words: Words) -> dict[str, str]:
    return {"name": words(sentence)}


def _row(row: Requirement, content: Content, words: Words) -> dict[str, str]:
    example = words(mark("Example: {text}"), text=content.say(row.example)) if row.example else ""
    equivalent = words(mark("An equivalent measure is allowed")) if row.equivalent else ""
    condition = content.say(content.questions.get(row.condition)) or row.condition
    facts = [
        (mark("Clause"), content.label(row)),
        (mark("What it means here"), content.say(row.meaning)),
        (mark("Period"), words.period(row.period)),
        (mark("Deadline"), content.say(row.deadline)),
        (mark("Figures"), "; ".join([*(words.threshold(t) for t in row.thresholds), equivalent]).strip("; ")),
        (mark("Applies when"), condition),
        (mark("Usually done by"), words(RESPONSIBLE[row.responsible])),
        *((content.list_title(other), ", ".join(clauses)) for other, clauses in row.crosswalk.items()),
        (mark("Open points"), " ".join(content.say(point) for point in row.provenance.open_points)),
        (mark("Sources"), f"{', '.join(row.provenance.sources)} ({words(CONFIRMED[row.provenance.confirmed])})"),
    ]
    return {
        "description": content.say(row.text),
        "annotation": "\n".join(f"{words(label)}: {text}" for label, text in facts if text),
        "typical_evidence": "\n".join(filter(None, [content.say(row.evidence), example])),
    }


def _implementation_groups(content: Content) -> list[Json]:
    """Return the two ways to cut an audit: what binds (chosen at first), and who does it."""
    used = {word for row in content.checklist.requirements for word in (row.obligation, row.responsible)}
    named = [(word, text) for word, text in (*OBLIGATIONS.items(), *RESPONSIBLE.items()) if word in used]
    return [
        {
            "ref_id": word.value,
            **_worded(content, partial(_translated, text)),
            "default_selected": isinstance(word, Obligation),
        }
        for word, text in named
    ]


def _worded(content: Content, wording: Wording) -> Json:
    """Return texts in the language of the export, with `translations` into the other one."""
    other = Content(content.checklist, content.other_language, content.questions, content.checks, content.lists)
    first = wording(content, Words(content.language))
    return {**first, "translations": {other.language: wording(other, Words(other.language))}}


def _urn(kind: str, checklist: str) -> str:
    return f"urn:{PACKAGER}:risk:{kind}:{checklist}"


def _leaves(ids: Iterable[str]) -> dict[str, str]:
    """Return the last part of each row's URN, unique although URNs know neither capitals nor đ."""
    leaves: dict[str, str] = {}
    for row_id in ids:
        leaf = _ascii(row_id).lower()
        while leaf in leaves.values():
            leaf += "_"
        leaves[row_id] = leaf
    return leaves


def _ascii(text: str) -> str:
    """Return an id in the letters that the format documents; the only other ones in ids are those of points đ."""
    return text.replace("đ", "dd").replace("Đ", "DD")


def _name(text: str) -> str:
    return text if len(text) <= _NAME else text[: _NAME - 1] + "…"


def _yaml(value: Json) -> bytes:
    writer = YAML()
    writer.width = 4096
    writer.allow_unicode = True
    buffer = BytesIO()
    writer.dump(_quoted(value), buffer)
    return buffer.getvalue()


def _quoted(value: Any) -> Any:
    """Return the data with every text in quotes: CISO Assistant reads YAML 1.1, where `5.10` and `no` are no texts."""
    if isinstance(value, dict):
        return {key: _quoted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_quoted(item) for item in value]
    return DoubleQuotedScalarString(visible(value)) if isinstance(value, str) else value
