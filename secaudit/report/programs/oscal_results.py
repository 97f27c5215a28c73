"""The report as OSCAL 1.1 assessment results: one result per judged list, one finding per requirement that applies.

Only a row that counts as met is `satisfied`. Everything else that applies is `not-satisfied`: partly met, not met, not
assessed, contradicted by the scan, evidence out of date; the property `state` says which. A row that does not apply is
taken out of the reviewed controls, and an observation keeps the reason. Controls and statements are named as in the
catalogue that `checklist export --format oscal` writes.
"""

from __future__ import annotations

from secaudit.model.words import Outcome, ProbeStatus, RowState
from secaudit.report.labels import N_
from secaudit.report.model import ListEntry, RequirementRow
from secaudit.report.programs.content import Content
from secaudit.report.programs.identifiers import identifier
from secaudit.report.programs.oscal_parts import (
    Json,
    by_tool,
    document,
    finding_observation,
    inventory,
    metadata,
    observation_id,
    outcome_observation,
    paragraphs,
    person_id,
    prop,
    risk,
    risk_id,
    system_parts,
    title,
    tool_component,
    without_empty,
)

_SHORT = 110
"""Characters of a requirement's text in a title."""
_IMPLEMENTATION = {RowState.MET: "implemented", RowState.PARTIAL: "partial"}


def write_results(content: Content) -> bytes:
    """Return the assessment results as JSON."""
    plan = identifier("no-plan", *system_parts(content))
    results = [_result(content, entry, first=number == 0) for number, entry in enumerate(content.model.lists)]
    return document(
        "assessment-results",
        {
            "uuid": identifier("results", content.model.scan.id, content.model.made_at.isoformat(), content.language),
            "metadata": metadata(content, content.words(N_("Assessment results"))),
            "import-ap": {"href": f"#{plan}"},
            "local-definitions": {
                "activities": [
                    {
                        "uuid": identifier("activity", *system_parts(content)),
                        "title": title(content.words(N_("Look from outside"))),
                        "description": paragraphs(_how(content)),
                    }
                ]
            },
            "results": results or [_scan_only(content)],
            "back-matter": {"resources": [_no_plan(content, plan)]},
        },
    )


def _no_plan(content: Content, plan: str) -> Json:
    said = N_("There is no assessment plan in OSCAL: the checklist and the scan's profile say what was assessed.")
    return {"uuid": plan, "title": title(content.words(N_("Assessment plan"))),
            "description": paragraphs(content.words(said), _how(content))}  # fmt: skip


def _how(content: Content) -> str:
    scan = content.model.scan
    profile, state = content.label("profile", scan.profile.value), content.label("scan", scan.status.value)
    return content.words(N_("Scan {id}: profile {profile}, {state}."), id=scan.id, profile=profile, state=state)


def _scan_only(content: Content) -> Json:
    """Return the result of a scan where no list was judged: no control is said to be reviewed."""
    nothing = content.words(N_("No list of requirements was judged."))
    # OSCAL wants at least one control; there is none of this name, and the description says so.
    selection = {"description": paragraphs(nothing), "include-controls": [{"control-id": "no-control"}]}
    whole = {
        **_head(content, "scan", content.words(N_("Look from outside")), nothing),
        "reviewed-controls": {"control-selections": [selection]},
        **_seen(content),
    }
    return without_empty(whole)


def _result(content: Content, entry: ListEntry, *, first: bool) -> Json:
    rows = [row for group in entry.groups for row in group.rows]
    aside = [row for row in rows if row.state is RowState.NOT_APPLICABLE]
    selection: Json = {"include-all": {}}
    if aside:
        selection["exclude-controls"] = [{"control-id": _control(row)} for row in aside]
    seen = _seen(content) if first else {"observations": []}
    answered = [_answer(content, entry, row) for row in rows if row.answer or row in aside]
    head = _head(content, entry.id, content.say(entry.title), content.say(entry.notice))
    facts = [prop("checklist", entry.id), prop("role", entry.role), prop("counts", "yes" if entry.counts else "no")]
    standing = entry.standing
    figures = [
        prop("applicable", standing.applicable), prop("met", standing.met), prop("unanswered", standing.unanswered),
        *([prop("strict", f"{standing.strict:.4f}")] if standing.strict is not None else []),
        *([prop("progress", f"{standing.progress:.4f}")] if standing.progress is not None else []),
    ]  # fmt: skip
    return without_empty(
        {
            **head,
            "props": facts + (figures if entry.role in ("standard", "duties") else []),
            "reviewed-controls": {"control-selections": [selection]},
            **seen,
            "observations": seen["observations"] + answered,
            "findings": [_finding(content, entry, row) for row in rows if row not in aside],
        }
    )


def _head(content: Content, what: str, name: str, description: str) -> Json:
    scan = content.model.scan
    return {
        "uuid": identifier("result", scan.id, what, content.model.made_at.isoformat()),
        "title": title(name),
        "description": paragraphs(description),
        "start": scan.started_at.isoformat(timespec="seconds"),
        "end": content.model.made_at.isoformat(timespec="seconds"),
    }


def _seen(content: Content) -> Json:
    """Return what the scan saw: places, observations, risks, and which probes failed."""
    model, scan = content.model, content.model.scan
    numbered: dict[tuple[str, Outcome], int] = {}
    others = []
    for entry in model.other_outcomes:
        key = (entry.check, entry.result)
        others.append(outcome_observation(content, entry, numbered.get(key, 0)))
        numbered[key] = numbered.get(key, 0) + 1
    failed = [
        f"{content.label('probe-name', probe.name)}: {content.label('probe', probe.status.value)}. "
        f"{content.say(probe.fault)}"
        for probe in scan.probes
        if probe.status is not ProbeStatus.OK
    ]
    log = {
        "uuid": identifier("log", scan.id),
        "title": title(content.words(N_("Look from outside"))),
        "description": paragraphs(_how(content), *failed),
        "start": scan.started_at.isoformat(timespec="seconds"),
        "end": content.looked_at.isoformat(timespec="seconds"),
    }
    return {
        "local-definitions": without_empty(
            {"components": [tool_component(content)], "inventory-items": inventory(content)}
        ),
        "assessment-log": {"entries": [log]},
        "observations": [finding_observation(content, finding) for finding in model.findings] + others,
        "risks": [risk(content, finding) for finding in model.findings],
    }


def _answer(content: Content, entry: ListEntry, row: RequirementRow) -> Json:
    """Return what somebody said of a row, or why it was set aside, as an observation."""
    answer = row.answer
    said = [content.say(row.set_aside)]
    origins = by_tool()
    collected = entry.judged_at
    if answer:
        said += [answer.note, answer.reason, answer.equivalent]
        origins = [{"actors": [{"type": "party", "actor-uuid": person_id(answer.answered_by), "role-id": "assessor"}]}]
        collected = answer.answered_at
    value = answer.value.value if answer else RowState.NOT_APPLICABLE.value
    return without_empty(
        {
            "uuid": identifier("answer", content.model.system.id, entry.id, row.requirement),
            "title": title(f"{row.clause}: {content.label('state', value)}"),
            "description": paragraphs(*said),
            "props": [prop("requirement", f"{entry.id}:{row.requirement}"), prop("answer", value)],
            "methods": ["EXAMINE" if answer and answer.evidence else "INTERVIEW"],
            "types": ["control-objective"],
            "origins": origins,
            "collected": collected.isoformat(timespec="seconds"),
        }
    )


def _finding(content: Content, entry: ListEntry, row: RequirementRow) -> Json:
    met = row.state is RowState.MET
    known = content.findings_by_code()
    behind = [known[seen.code] for seen in (*row.against, *row.upheld) if seen.code in known]
    reasons = [content.say(reason) for reason in row.reasons]
    unclear = [f"{content.label('outcome', 'inconclusive')}: {content.say(check)}" for check in row.inconclusive]
    text = content.say(row.text)
    observations = [observation_id(content, finding) for finding in behind]
    if row.answer:
        observations.append(identifier("answer", content.model.system.id, entry.id, row.requirement))
    implementation = _IMPLEMENTATION.get(row.state)
    return without_empty(
        {
            "uuid": identifier("finding", content.model.system.id, entry.id, row.requirement),
            "title": title(f"{row.clause}: {_shortened(text)}"),
            "description": paragraphs(text, content.label("state", row.state.value), *reasons, *unclear),
            "props": _props(row),
            "target": without_empty(
                {
                    "type": "statement-id",
                    "target-id": f"{_control(row)}_smt",
                    "status": {"state": "satisfied" if met else "not-satisfied", "reason": _reason(row)},
                    "implementation-status": {"state": implementation} if implementation else None,
                }
            ),
            "related-observations": [{"observation-uuid": key} for key in dict.fromkeys(observations)],
            "related-risks": [{"risk-uuid": risk_id(content, finding)} for finding in behind],
        }
    )


def _props(row: RequirementRow) -> list[Json]:
    found = [
        prop("state", row.state.value), prop("obligation", row.obligation.value),
        prop("responsible", row.responsible.value), prop("counted", "yes" if row.counted else "no"),
        prop("overdue", "yes" if row.overdue else "no"),
    ]  # fmt: skip
    return [*found, prop("due", row.due.isoformat())] if row.due else found


def _reason(row: RequirementRow) -> str:
    if row.state is RowState.MET:
        return "pass"
    return "fail" if row.state in (RowState.NOT_MET, RowState.CONTRADICTED) else "other"


def _control(row: RequirementRow) -> str:
    return f"row-{row.requirement}"


def _shortened(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rsplit(" ", 1)[0] + "…"
