"""What is left to do as an OSCAL 1.1 plan of action and milestones.

One item per finding, per binding requirement that applies and is not met, and per open work of the remediation register
that came from neither. The register gives owner, last day and state; an accepted risk is a deviation, never done.
"""

from __future__ import annotations

from secaudit.model.remediation import ItemSource, ItemState, RegisterEntry
from secaudit.report.labels import N_
from secaudit.report.model import FindingEntry, ListEntry, RequirementRow
from secaudit.report.programs.content import Content, is_open
from secaudit.report.programs.identifiers import identifier
from secaudit.report.programs.oscal_parts import (
    NAMESPACE,
    Json,
    document,
    finding_observation,
    inventory,
    metadata,
    observation_id,
    paragraphs,
    prop,
    risk,
    risk_id,
    system_parts,
    title,
    tool_component,
    without_empty,
)

_BINDING = ("standard", "duties")
_OVER = (ItemState.VERIFIED, ItemState.DUPLICATE)


def write_poam(content: Content) -> bytes | None:
    """Return the plan as JSON, None where nothing is left to do: OSCAL knows no empty plan."""
    model = content.model
    items = [
        *(_finding(content, finding) for finding in model.findings),
        *(_row(content, entry, row) for entry, row in content.rows() if entry.role in _BINDING and is_open(row)),
        *(_by_hand(content, work) for work in content.register if _stands_alone(work)),
    ]
    if not items:
        return None
    plan = {
        "uuid": identifier("poam", model.scan.id, model.made_at.isoformat(), content.language),
        "metadata": metadata(content, content.words(N_("Plan of action and milestones"))),
        "system-id": {"identifier-type": NAMESPACE, "id": model.system.id},
        "local-definitions": without_empty(
            {"components": [tool_component(content)], "inventory-items": inventory(content)}
        ),
        "observations": [finding_observation(content, finding) for finding in model.findings],
        "risks": [risk(content, finding) for finding in model.findings],
        "poam-items": items,
    }
    return document("plan-of-action-and-milestones", without_empty(plan))


def _stands_alone(work: RegisterEntry) -> bool:
    return work.item.source is ItemSource.HAND and work.item.state not in _OVER


def _finding(content: Content, finding: FindingEntry) -> Json:
    work = content.work_on(finding.identity)
    where = f"{finding.target} {finding.place}".strip()
    return {
        "uuid": identifier("poam-item", *system_parts(content), finding.identity),
        "title": title(content.say(finding.title)),
        "description": paragraphs(content.say(finding.remediation) or content.say(finding.title), where),
        "props": [
            prop("identity", finding.identity), prop("severity", finding.severity.value),
            prop("responsible", finding.responsible.value), *_progress(work),
        ],
        "related-observations": [{"observation-uuid": observation_id(content, finding)}],
        "related-risks": [{"risk-uuid": risk_id(content, finding)}],
    }  # fmt: skip


def _row(content: Content, entry: ListEntry, row: RequirementRow) -> Json:
    subject = f"{entry.id}:{row.requirement}"
    text = content.say(row.text)
    known = content.findings_by_code()
    behind = [known[seen.code] for seen in row.against if seen.code in known]
    return without_empty(
        {
            "uuid": identifier("poam-item", content.model.system.id, subject),
            "title": title(f"{row.clause}: {content.label('state', row.state.value)}"),
            "description": paragraphs(text, *(content.say(reason) for reason in row.reasons)),
            "props": [
                prop("requirement", subject), prop("state", row.state.value),
                prop("responsible", row.responsible.value), *_progress(content.work_on(subject)),
            ],
            "related-risks": [{"risk-uuid": risk_id(content, finding)} for finding in behind],
            "remarks": paragraphs(content.say(row.evidence)),
        }
    )  # fmt: skip


def _by_hand(content: Content, work: RegisterEntry) -> Json:
    return {
        "uuid": identifier("poam-item", content.model.system.id, work.item.id),
        "title": title(content.say(work.title)),
        "description": paragraphs(content.say(work.action) or content.say(work.title), work.item.target),
        "props": [prop("severity", work.item.severity.value), *_progress(work)],
    }


def _progress(work: RegisterEntry | None) -> list[Json]:
    """Return what the register says of the work: who, until when, where it stands."""
    if work is None:
        return [prop("work", "not-in-register")]
    item = work.item
    found = [prop("work", item.id), prop("work-state", item.state.value), prop("priority", item.priority.value)]
    if item.due:
        found.append(prop("due", item.due.isoformat()))
    if item.owner:
        found.append(prop("owner", item.owner))
    if item.accepted and item.state is ItemState.ACCEPTED:
        found.append(prop("accepted-until", item.accepted.until.isoformat()))
    return found
