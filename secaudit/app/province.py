"""The report over many systems: of one workspace, or of the reports that communes sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from secaudit.app.knowledge import Knowledge
from secaudit.app.trend import SystemPast, system_past
from secaudit.i18n import current_language
from secaudit.model.assessment import Assessment
from secaudit.model.base import Text
from secaudit.model.errors import BadInput, message
from secaudit.model.judgement import Finding
from secaudit.model.organisation import Organisation, Site, System
from secaudit.model.words import RowState
from secaudit.report.bounds import bounded
from secaudit.report.province.build import ProvinceInputs, build_province
from secaudit.report.province.facts import Fault, GroupFigure, PageLook, Province, SystemState, UnusedFile
from secaudit.report.province.reading import MOST_BYTES, Unusable, newest, read_report
from secaudit.store.past import past_scans
from secaudit.store.workspace import Workspace

SOLUTION_LEVEL = 3
"""The level that the plan asks for (plan 86/KH-UBND)."""


def has_solution(state: SystemState) -> bool:
    """Tell whether a system has the solution of level 3: every requirement that applies is met, and it was scanned."""
    return state.level >= SOLUTION_LEVEL and state.strict == 1.0 and not state.contradicted and state.scanned


def province_from_files(folder: Path, knowledge: Knowledge, office: str, now: datetime) -> Province:
    """Return the report over the combined reports (`*.json`) in a folder and the folders below it.

    Args:
        folder: where the files were saved.
        office: who makes the report; where empty, the body that all communes name above themselves.

    Raises:
        BadInput: the folder is none, or holds no report that counts.
    """
    if not folder.is_dir():
        raise BadInput(message("{path} is not a folder. Give the folder with the communes' JSON files."), path=folder)
    states: list[SystemState] = []
    unused: list[UnusedFile] = []
    for file in sorted(folder.rglob("*.json")):
        name = file.relative_to(folder).as_posix()
        try:
            states.append(read_report(_content(file), name, now))
        except Unusable as error:
            why = Text(vi=knowledge.render(error.why, "vi"), en=knowledge.render(error.why, "en"))
            unused.append(UnusedFile(name=bounded(name, 160), why=why))
    if not states:
        first = f"{unused[0].name}: {unused[0].why.in_language(current_language())}" if unused else ""
        raise BadInput(
            message("{path} holds no report that counts ({count} files looked at). {first}"),
            path=folder, count=len(unused), first=first,
        )  # fmt: skip
    counted, older = newest(states)
    above = {state.superior for state in counted}
    return build_province(
        ProvinceInputs(
            office=office or (above.pop() if len(above) == 1 else ""),
            states=[_in_our_words(state, knowledge) for state in counted],
            has_solution=has_solution,
            now=now.astimezone(),
            from_files=True,
            unused=unused,
            older=older,
            notices=_notices(knowledge),
        )
    )


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Unusable("file-too-large", megabytes=MOST_BYTES // 1024**2)
        return file.read_bytes()
    except OSError as error:
        raise Unusable("file-unreadable", detail=error.strerror or type(error).__name__) from None


def _in_our_words(state: SystemState, knowledge: Knowledge) -> SystemState:
    """Return the state with our own words for checks that we know; those of a newer program keep theirs."""
    ours = [
        fault.model_copy(update={"title": text.title, "action": text.remediation})
        if (text := knowledge.texts.get(fault.check)) is not None
        else fault
        for fault in state.faults
    ]
    return state.model_copy(update={"faults": tuple(ours)})


def province_from_workspace(workspace: Workspace, knowledge: Knowledge, now: datetime) -> Province:
    """Return the report over the systems of one workspace.

    Raises:
        BadInput: it has none.
    """
    organisation, systems = workspace.registry.organisation(), workspace.registry.systems()
    if not systems:
        raise BadInput(message("The workspace has no system yet. Run `secaudit audit URL` or `secaudit init`."))
    sites: dict[str, list[Site]] = {system.id: [] for system in systems}
    for site in workspace.registry.sites():
        sites[site.system].append(site)
    states = []
    for system in systems:
        past = system_past(workspace, system, sites[system.id], knowledge, now, now, newest_only=True)
        states.append(_state(workspace, organisation, system, past, knowledge, now))
    return build_province(
        ProvinceInputs(
            office=organisation.name,
            states=states,
            has_solution=has_solution,
            now=now.astimezone(),
            from_files=False,
            notices=_notices(knowledge),
        )
    )


def _state(
    workspace: Workspace, organisation: Organisation, system: System, past: SystemPast, knowledge: Knowledge,
    now: datetime,
) -> SystemState:  # fmt: skip
    judged = past.assessments(now)
    rows = [row for one in judged for row in one.rows if row.counted]
    return SystemState(
        office=organisation.name,
        superior=organisation.superior,
        system=system.id,
        name=system.name or system.id,
        level=system.level,
        operator=system.operator,
        made_at=now,
        looks=tuple(_looks(workspace, past)),
        unseen=tuple(site.site.target.display_host for site in past.sites if not site.scans),
        applicable=sum(one.total.applicable for one in judged),
        met=sum(one.total.met for one in judged),
        partial=sum(one.total.partial for one in judged),
        unanswered=sum(row.answer is None for row in rows),
        contradicted=sum(row.state is RowState.CONTRADICTED for row in rows),
        faults=_faults(past.findings(now), knowledge),
        groups=tuple(_groups(judged, knowledge)),
        is_sample=organisation.is_sample,
    )


def _looks(workspace: Workspace, past: SystemPast) -> Iterator[PageLook]:
    scans = [(site.site, site.scans[-1]) for site in past.sites if site.scans]
    seen = past_scans(workspace.database, [scan.id for _, scan in scans])
    for site, scan in scans:
        yield PageLook(
            url=bounded(scan.url), host=site.target.display_host, scan=scan.id, at=scan.started_at, status=scan.status,
            profile=seen[scan.id].options.profile, addresses=seen[scan.id].addresses,
        )  # fmt: skip


def _faults(findings: Iterable[Finding], knowledge: Knowledge) -> tuple[Fault, ...]:
    found = list(findings)
    places = Counter(finding.check for finding in found)
    faults = []
    for check, severity in {finding.check: finding.severity for finding in found}.items():
        text = knowledge.texts.get(check)
        faults.append(
            Fault(
                check=check,
                severity=severity,
                title=text.title if text else Text(vi=check, en=check),
                action=text.remediation if text else None,
                responsible=knowledge.responsible_of(check),
                places=places[check],
            )
        )
    return tuple(sorted(faults, key=lambda fault: (fault.severity.rank, fault.check)))


def _groups(judged: Iterable[Assessment], knowledge: Knowledge) -> Iterator[GroupFigure]:
    titles = {(one.id, group.id): group.title for one in knowledge.checklists for group in one.groups}
    for one in judged:
        for group, score in one.groups.items():
            title = titles.get((one.checklist, group), Text(vi=group, en=group))
            yield GroupFigure(id=group, title=title, applicable=score.applicable, met=score.met, partial=score.partial)


def _notices(knowledge: Knowledge) -> tuple[Text, ...]:
    return tuple({one.notice.vi: one.notice for one in knowledge.checklists if one.counts}.values())
