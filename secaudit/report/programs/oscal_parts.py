"""What assessment results and a plan of action share in OSCAL 1.1 (NIST): people, observations, risks.

Titles and texts are Markdown there, so everything goes through `plain.markdown`. What OSCAL has no field for stands in
properties of our own namespace. Identifiers come from identities: the same fault seen again is the same observation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from secaudit.model.remediation import RegisterEntry
from secaudit.model.words import Outcome
from secaudit.report.labels import N_
from secaudit.report.model import CheckEntry, FindingEntry
from secaudit.report.programs.content import Content
from secaudit.report.programs.identifiers import identifier
from secaudit.report.programs.plain import lines
from secaudit.text import markdown, web_link

OSCAL_VERSION = "1.1.3"
NAMESPACE = "urn:secaudit:oscal"
"""Namespace of the properties that are ours, the one of the catalogues that `checklist export` writes."""
_UNKNOWN = "-"
"""Stands where OSCAL wants a text and there is none."""

Json = dict[str, Any]


def document(kind: str, value: Json) -> bytes:
    """Return an OSCAL document as JSON in UTF-8; halves of surrogate pairs are written as JSON escapes."""
    text = json.dumps({kind: value}, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace")


def without_empty(value: Mapping[str, Any]) -> Json:
    """Return the object without empty lists, objects and texts, which OSCAL does not allow."""
    return {name: item for name, item in value.items() if item not in (None, "", [], {})}


def prop(name: str, value: object) -> Json:
    """Return a property of our namespace; its value is one line and never empty."""
    return {"name": name, "ns": NAMESPACE, "value": markdown_free(str(value))}


def markdown_free(text: str) -> str:
    """Return a text for a field that is no Markdown: one line, never empty."""
    return " ".join(lines(text).split()) or _UNKNOWN


def title(text: str) -> str:
    """Return a text for a title, which is one line of Markdown and never empty."""
    return markdown(text) or _UNKNOWN


def paragraphs(*texts: str) -> str:
    """Return texts as Markdown paragraphs, never empty; every line of them is escaped."""
    kept = [markdown(part) for text in texts for part in text.splitlines() if part.strip()]
    return "\n\n".join(kept) or _UNKNOWN


def system_parts(content: Content) -> tuple[str, ...]:
    """Return what names the system and its page in identifiers."""
    return content.model.system.id, content.model.site.id


def metadata(content: Content, head: str) -> Json:
    """Return the head of a document: title, moment, version, who is who."""
    model = content.model
    made = model.made_at.isoformat(timespec="seconds")
    owner, tool = identifier("party", "owner", model.system.id), identifier("party", "secaudit")
    office = without_empty({"uuid": owner, "type": "organization", "name": markdown_free(model.organisation.name)})
    facts = [
        prop("system", model.system.id),
        prop("level", model.system.level),
        prop("page", model.scan.url),
        prop("language", content.language),
        prop("draft", "yes" if model.is_draft else "no"),
        prop("sample", "yes" if model.organisation.is_sample else "no"),
    ]
    return {
        "title": title(f"{head}: {model.system.name or model.system.id}"),
        "last-modified": made,
        "version": made,
        "oscal-version": OSCAL_VERSION,
        "props": facts,
        "roles": [
            {"id": "owner", "title": title(content.words(N_("System owner")))},
            {"id": "assessor", "title": title(content.words(N_("Who answered the requirements")))},
            {"id": "creator", "title": title(content.words(N_("Program that wrote this document")))},
        ],
        "parties": [
            office,
            {"uuid": tool, "type": "organization", "name": markdown_free(f"secaudit {model.version}")},
            *(
                {"uuid": person_id(name), "type": "person", "name": markdown_free(name)}
                for name in distinct_people(content)
            ),
        ],
        "responsible-parties": [
            {"role-id": "owner", "party-uuids": [owner]},
            {"role-id": "creator", "party-uuids": [tool]},
        ],
        "remarks": paragraphs(*(content.say(notice) for notice in model.notices)),
    }


def distinct_people(content: Content) -> list[str]:
    """Return the names of those who answered, each once."""
    named = (row.answer.answered_by for _, row in content.rows() if row.answer)
    return list({person_id(name): name for name in named}.values())


def person_id(name: str) -> str:
    """Return the identifier of a person, by the name as it is shown."""
    return identifier("person", markdown_free(name))


def by_tool() -> list[Json]:
    """Return the origin of what the program saw."""
    return [{"actors": [{"type": "tool", "actor-uuid": tool_id()}]}]


def tool_id() -> str:
    """Return the identifier of this program as a component."""
    return identifier("component", "secaudit")


def tool_component(content: Content) -> Json:
    """Return this program as a component, so that the origins of observations lead somewhere."""
    tools = [prop("tool", f"{name} {version}") for name, version in content.model.scan.tools.items()]
    return without_empty(
        {
            "uuid": tool_id(),
            "type": "software",
            "title": "secaudit",
            "description": paragraphs(content.words(N_("Looks at web pages from outside and judges what it saw."))),
            "props": [prop("version", content.model.version), *tools],
            "status": {"state": "operational"},
        }
    )


def subjects(content: Content, targets: Iterable[str]) -> list[Json]:
    """Return references to the places where something was seen."""
    return [
        {"subject-uuid": target_id(content, target), "type": "inventory-item", "title": title(target)}
        for target in dict.fromkeys(targets)
    ]


def target_id(content: Content, target: str) -> str:
    """Return the identifier of a `host:port` or URL of this system."""
    return identifier("target", *system_parts(content), target)


def inventory(content: Content) -> list[Json]:
    """Return every place that was looked at, once."""
    model = content.model
    seen = [*(f.target for f in model.findings), *(t for entry in model.other_outcomes for t in entry.targets)]
    items = {target_id(content, target): target for target in seen}
    return [{"uuid": key, "description": paragraphs(target)} for key, target in items.items()]


def observation_id(content: Content, finding: FindingEntry) -> str:
    """Return the identifier of the observation behind a finding."""
    return identifier("observation", content.model.system.id, finding.identity)


def finding_observation(content: Content, finding: FindingEntry) -> Json:
    """Return a finding as an observation: what was seen, where, when."""
    facts = [content.evidence(fact) for fact in finding.evidence]
    return without_empty(
        {
            "uuid": observation_id(content, finding),
            "title": title(content.say(finding.title)),
            "description": paragraphs(content.say(finding.explanation) or content.say(finding.title)),
            "props": [
                prop("check", finding.check),
                prop("result", Outcome.FAIL.value),
                prop("severity", finding.severity.value),
                prop("identity", finding.identity),
                *([prop("place", finding.place)] if finding.place.strip() else []),
            ],
            "methods": ["TEST"],
            "types": ["finding"],
            "origins": by_tool(),
            "subjects": subjects(content, [finding.target]),
            "relevant-evidence": [{"description": paragraphs(*facts)}] if facts else [],
            "collected": content.looked_at.isoformat(timespec="seconds"),
        }
    )


def outcome_observation(content: Content, entry: CheckEntry, number: int) -> Json:
    """Return outcomes that are no finding as an observation; `number` tells entries of one check apart."""
    reason = content.say(entry.reason)
    return without_empty(
        {
            "uuid": identifier("outcome", *system_parts(content), entry.check, entry.result.value, str(number)),
            "title": title(content.say(entry.title)),
            "description": paragraphs(content.label("outcome", entry.result.value), reason),
            "props": [prop("check", entry.check), prop("result", entry.result.value)],
            "methods": ["TEST"],
            "types": [entry.result.value],
            "origins": by_tool(),
            "subjects": subjects(content, entry.targets),
            "collected": content.looked_at.isoformat(timespec="seconds"),
        }
    )


def risk_id(content: Content, finding: FindingEntry) -> str:
    """Return the identifier of the risk that a finding brings."""
    return identifier("risk", content.model.system.id, finding.identity)


def risk(content: Content, finding: FindingEntry) -> Json:
    """Return the risk of a finding with how grave it is, what to do, and where the work stands."""
    work = content.work_on(finding.identity)
    facet = {"name": "severity", "system": NAMESPACE, "value": finding.severity.value}
    said = content.say(finding.title)
    return without_empty(
        {
            "uuid": risk_id(content, finding),
            "title": title(said),
            "description": paragraphs(content.say(finding.explanation) or said),
            "statement": paragraphs(content.say(finding.risk) or said),
            "props": [prop("check", finding.check), prop("target", finding.target)],
            "links": references(finding.references),
            "status": risk_status(work),
            "characterizations": [{"origin": by_tool()[0], "facets": [facet]}],
            "deadline": deadline(content, work),
            "remediations": _remediations(content, finding, work),
            "related-observations": [{"observation-uuid": observation_id(content, finding)}],
        }
    )


def references(addresses: Iterable[str]) -> list[Json]:
    """Return links to read on; an address that is no web address is left out."""
    return [{"href": address, "rel": "reference"} for address in addresses if web_link(address)]


def risk_status(work: RegisterEntry | None) -> str:
    """Return where the work on a risk stands in OSCAL's words. Only proof closes; an accepted risk is a deviation."""
    if work is None:
        return "open"
    return {
        "assigned": "remediating", "done": "remediating", "accepted": "deviation-approved", "verified": "closed",
    }.get(work.item.state.value, "open")  # fmt: skip


def deadline(content: Content, work: RegisterEntry | None) -> str:
    """Return the end of the last day of a work, empty where none was set."""
    if work is None or work.item.due is None:
        return ""
    return content.model.made_at.replace(
        year=work.item.due.year, month=work.item.due.month, day=work.item.due.day,
        hour=23, minute=59, second=59, microsecond=0,
    ).isoformat(timespec="seconds")  # fmt: skip


def _remediations(content: Content, finding: FindingEntry, work: RegisterEntry | None) -> list[Json]:
    if finding.remediation is None:
        return []
    planned = work is not None and work.item.due is not None
    return [
        {
            "uuid": identifier("response", content.model.system.id, finding.identity),
            "lifecycle": "planned" if planned else "recommendation",
            "title": title(content.say(finding.remediation)),
            "description": paragraphs(content.say(finding.remediation), *_fixes(content, finding)),
        }
    ]


def _fixes(content: Content, finding: FindingEntry) -> list[str]:
    """Return how to repair it by kind of server, code included, as lines of text."""
    found = []
    for kind, fix in finding.fixes.items():
        known = content.label("fix", kind) if kind != "provider" else content.label("responsible", kind)
        found.append(f"{known}: {content.say(fix.text)}" + (f"\n{fix.code}" if fix.code else ""))
    return found
