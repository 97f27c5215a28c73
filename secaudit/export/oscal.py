"""A checklist as an OSCAL 1.1 catalog, and a profile that selects its mandatory requirements (NIST, OSCAL JSON).

What OSCAL has no field for stands in properties and parts of our own namespace: nature, obligation, who does it,
evidence to keep, checks that inform a requirement. OSCAL holds one language in a document.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from secaudit.export.content import Content
from secaudit.export.words import KINDS, RESPONSIBLE, Words
from secaudit.i18n import mark
from secaudit.model.requirement import CheckLink, Requirement, Threshold
from secaudit.model.words import Obligation, Responsible
from secaudit.text import markdown, one_line, web_link

OSCAL_VERSION = "1.1.3"
NAMESPACE = "urn:secaudit:oscal"
"""Namespace of the properties and part names that are ours."""
_TITLE = 110
"""Characters of a title; the source gives its rows none, so that the beginning of the text stands there."""

_MARKDOWN = ("title", "prose", "text", "label")

Json = dict[str, Any]


def write_catalog(content: Content) -> bytes:
    """Return the catalog as JSON: groups as groups, requirements as controls, other texts as back matter."""
    words = Words(content.language)
    resources = [*_sources(content, words), *_lists(content)]
    catalog: Json = {
        "uuid": str(content.identifier("catalog", content.language, content.edition())),
        "metadata": _metadata(content, words, content.say(content.checklist.title)),
        "groups": [
            {
                "id": f"group-{group_id}",
                "class": "group",
                "title": title,
                "props": [{"name": "label", "value": group_id}],
                "controls": [_control(row, content, words) for row in rows],
            }
            for group_id, title, rows in content.grouped()
        ],
    }
    if resources:
        catalog["back-matter"] = {"resources": resources}
    return _document("catalog", catalog)


def write_profile(content: Content, catalog: str) -> bytes:
    """Return the profile that selects the mandatory requirements.

    Args:
        content: the checklist.
        catalog: address of the catalog as the profile names it, for example its file name.
    """
    words = Words(content.language)
    title = words(mark("{title}: mandatory requirements"), title=content.say(content.checklist.title))
    mandatory = [_id(row) for row in content.checklist.requirements if row.obligation is Obligation.MANDATORY]
    selected: Json = {"include-controls": [{"with-ids": mandatory}]} if mandatory else {"include-all": {}}
    profile = {
        "uuid": str(content.identifier("profile", content.language, content.edition())),
        "metadata": _metadata(content, words, title),
        "imports": [{"href": catalog, **selected}],
        "merge": {"as-is": True},
    }
    return _document("profile", profile)


def _document(kind: str, value: Json) -> bytes:
    return (json.dumps({kind: _escaped(value)}, ensure_ascii=False, indent=2) + "\n").encode(
        "utf-8", "backslashreplace"
    )


def _escaped(value: Any, name: str = "") -> Any:
    """Return the document with every text that OSCAL reads as Markdown escaped; ours is plain."""
    if isinstance(value, dict):
        return {key: _escaped(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item, name) for item in value]
    return markdown(value) if name in _MARKDOWN else value


def _metadata(content: Content, words: Words, title: str) -> Json:
    checklist = content.checklist
    party = str(content.identifier("party"))
    doers = (Responsible.OWNER, Responsible.OPERATOR, Responsible.PROVIDER)
    milestones = [
        f"- {words.day(m.date)}: {markdown(content.say(m.text))} ({markdown(m.source)})" for m in checklist.milestones
    ]
    return {
        "title": title,
        # The day of the review, in Vietnam's time: equal lists give equal documents.
        "last-modified": f"{checklist.reviewed.isoformat()}T00:00:00+07:00",
        "version": f"{checklist.reviewed.isoformat()}.{content.edition()[:8]}",
        "oscal-version": OSCAL_VERSION,
        "props": [
            _prop("checklist", checklist.id),
            _prop("role", checklist.role),
            _prop("counts", "yes" if checklist.counts else "no"),
            _prop("language", content.language),
            *([_prop("level", str(checklist.level))] if checklist.level is not None else []),
        ],
        "roles": [
            {"id": "creator", "title": words(mark("Author of this document"))},
            *({"id": doer.value, "title": words(RESPONSIBLE[doer])} for doer in doers),
        ],
        "parties": [{"uuid": party, "type": "organization", "name": "secaudit"}],
        "responsible-parties": [{"role-id": "creator", "party-uuids": [party]}],
        "remarks": "\n\n".join(filter(None, [markdown(content.say(checklist.notice)), "\n".join(milestones)])),
    }


def _control(row: Requirement, content: Content, words: Words) -> Json:
    control: Json = {
        "id": _id(row),
        "class": "requirement",
        "title": _shortened(content.say(row.text)),
        "params": list(_params(row, content, words)),
        "props": list(_props(row, content)),
        "links": list(_links(row, content)),
        "parts": list(_parts(row, content, words)),
    }
    return {name: value for name, value in control.items() if value}


def _props(row: Requirement, content: Content) -> Iterator[Json]:
    place = content.checklist.requirements.index(row) + 1
    yield {"name": "label", "value": content.label(row)}
    yield {"name": "sort-id", "value": f"{content.checklist.id}-{place:04}"}
    yield _prop("nature", row.nature.value)
    yield _prop("obligation", row.obligation.value)
    yield _prop("responsible", row.responsible.value)
    yield _prop("new-at-level", "yes" if row.new_at_level else "no")
    yield _prop("equivalent-allowed", "yes" if row.equivalent else "no")
    if row.condition:
        yield _prop("condition", row.condition)
    yield _prop("confirmed", row.provenance.confirmed)
    yield _prop("reviewed", row.provenance.reviewed.isoformat())


def _params(row: Requirement, content: Content, words: Words) -> Iterator[Json]:
    if row.period:
        yield {
            "id": f"{_id(row)}_period",
            "label": words(mark("Period")),
            "props": [_prop("format", "iso-8601-duration")],
            "guidelines": [{"prose": words.period(row.period)}],
            "values": [row.period],
        }
    for n, threshold in enumerate(row.thresholds, 1):
        yield _threshold(f"{_id(row)}_prm-{n}", threshold, content, words)


def _threshold(param_id: str, threshold: Threshold, content: Content, words: Words) -> Json:
    return {
        "id": param_id,
        "label": content.say(threshold.name),
        "props": [_prop("unit", threshold.unit), _prop("comparison", threshold.comparison)],
        "guidelines": [{"prose": one_line(words.threshold(threshold))}],
        "values": [f"{threshold.value:g}" if threshold.value < 1e6 else repr(threshold.value)],
    }


def _parts(row: Requirement, content: Content, words: Words) -> Iterator[Json]:
    control = _id(row)
    yield {"id": f"{control}_smt", "name": "statement", "prose": content.say(row.text)}
    if row.meaning:
        yield {"id": f"{control}_gdn", "name": "guidance", "prose": content.say(row.meaning)}
    evidence: Json = {"id": f"{control}_evd", "name": "evidence", "ns": NAMESPACE, "prose": content.say(row.evidence)}
    if row.example:
        example = {"id": f"{control}_exm", "name": "example", "ns": NAMESPACE, "prose": content.say(row.example)}
        evidence = {**evidence, "parts": [example]}
    yield evidence
    if row.deadline:
        yield {"id": f"{control}_ddl", "name": "deadline", "ns": NAMESPACE, "prose": content.say(row.deadline)}
    if row.condition in content.questions:
        question = content.say(content.questions[row.condition])
        yield {"id": f"{control}_cnd", "name": "condition", "ns": NAMESPACE, "prose": question}
    for n, point in enumerate(row.provenance.open_points, 1):
        yield {"id": f"{control}_opn-{n}", "name": "open-point", "ns": NAMESPACE, "prose": content.say(point)}
    yield from _checks(control, "contradicted-by", row.contradicted_by, content)
    yield from _checks(control, "supported-by", row.supported_by, content)


def _checks(control: str, name: str, links: tuple[CheckLink, ...], content: Content) -> Iterator[Json]:
    for n, link in enumerate(links, 1):
        part = {
            "id": f"{control}_{name}-{n}",
            "name": name,
            "ns": NAMESPACE,
            "props": [_prop("check", link.check)],
            "prose": content.say(link.reason),
        }
        title = content.check_title(link.check)
        yield {**part, "title": title} if title else part


def _links(row: Requirement, content: Content) -> Iterator[Json]:
    for tag in row.provenance.sources:
        yield {"href": f"#{content.identifier('source', tag)}", "rel": "reference", "text": one_line(tag)}
    for other, clauses in row.crosswalk.items():
        for clause in clauses:
            yield {
                "href": f"#{content.identifier('list', other)}",
                "rel": "related",
                "resource-fragment": one_line(clause),
                "text": one_line(f"{content.list_title(other)}, {clause}"),
            }


def _sources(content: Content, words: Words) -> Iterator[Json]:
    named = {tag for row in content.checklist.requirements for tag in row.provenance.sources}
    for source in content.checklist.sources:
        resource: Json = {
            "uuid": str(content.identifier("source", source.tag)),
            "title": content.say(source.title),
            "props": [_prop("tag", source.tag), _prop("kind", source.kind)],
            "citation": {"text": f"{words(KINDS[source.kind])}. {content.say(source.title)}"},
        }
        yield {**resource, "rlinks": [{"href": source.url}]} if web_link(source.url) else resource
        named.discard(source.tag)
    for tag in sorted(named):  # a link must lead somewhere even where the list forgot to describe its source
        yield {"uuid": str(content.identifier("source", tag)), "title": one_line(tag), "props": [_prop("tag", tag)]}


def _lists(content: Content) -> Iterator[Json]:
    for other in content.crosswalk_lists():
        yield {
            "uuid": str(content.identifier("list", other)),
            "title": content.list_title(other),
            "props": [_prop("checklist", other)],
        }


def _prop(name: str, value: str) -> Json:
    return {"name": name, "ns": NAMESPACE, "value": one_line(value)}


def _id(row: Requirement) -> str:
    """Return the control's id: an OSCAL token begins with a letter, which clauses do not."""
    return f"row-{row.id}"


def _shortened(text: str) -> str:
    if len(text) <= _TITLE:
        return text
    return text[: _TITLE - 1].rsplit(" ", 1)[0].rstrip(",;: ") + "…"
