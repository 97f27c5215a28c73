"""The few things to do first, as they were ranked elsewhere, with the words and the people that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from secaudit.model.words import Responsible
from secaudit.report.inputs import Ranked, ReportInputs
from secaudit.report.model import FindingEntry, FirstThing, ListEntry
from secaudit.report.observed import distinct_texts, said


def first_things(
    inputs: ReportInputs, findings: Sequence[FindingEntry], lists: Sequence[ListEntry]
) -> tuple[FirstThing, ...]:
    """Return the ranked things in their order; one whose findings or group the report does not know is left out."""
    entries = {finding.identity: finding for finding in findings}
    things = [
        _repair(inputs, ranked, entries) if ranked.kind == "findings" else _group(inputs, ranked, lists)
        for ranked in inputs.priorities
    ]
    return tuple(thing for thing in things if thing)


def _repair(inputs: ReportInputs, ranked: Ranked, entries: Mapping[str, FindingEntry]) -> FirstThing | None:
    members = [entries[identity] for identity in ranked.findings if identity in entries]
    if not members:
        return None
    refs = {(ref.checklist, ref.requirement): ref for finding in members for ref in finding.requirements}
    return FirstThing(
        kind="findings",
        subject=ranked.subject,
        responsible=_together(finding.responsible for finding in members),
        count=len(members),
        why=said(ranked.reason, inputs.phrase),
        severity=ranked.severity,
        titles=distinct_texts([finding.title for finding in members]),
        actions=distinct_texts([finding.remediation for finding in members if finding.remediation]),
        codes=tuple(finding.code for finding in members),
        requirements=tuple(refs.values()),
    )


def _group(inputs: ReportInputs, ranked: Ranked, lists: Sequence[ListEntry]) -> FirstThing | None:
    wanted = set(ranked.requirements)
    for entry in lists:
        for group in entry.groups:
            rows = [row for row in group.rows if f"{entry.id}:{row.requirement}" in wanted]
            if group.id == ranked.subject and rows:
                return FirstThing(
                    kind="group",
                    subject=group.id,
                    responsible=_together(row.responsible for row in rows),
                    count=len(rows),
                    why=said(ranked.reason, inputs.phrase),
                    titles=(group.title,),
                )
    return None


def _together(people: Iterable[Responsible]) -> Responsible:
    named = set(people)
    return named.pop() if len(named) == 1 else Responsible.SHARED
