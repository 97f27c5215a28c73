"""The report over many systems: of one workspace, or of the reports that communes sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from secaudit.app.judge import Look
from secaudit.app.knowledge import Knowledge
from secaudit.app.portfolio import RuleInForce, portfolio_of
from secaudit.app.province_seals import is_seal, seals_in
from secaudit.app.province_solution import portfolio_of_files, solution_figure, verdicts_of
from secaudit.app.status import SystemStatus, system_statuses
from secaudit.i18n import current_language
from secaudit.model.assessment import Assessment
from secaudit.model.base import Text
from secaudit.model.errors import BadInput, message
from secaudit.model.judgement import Finding
from secaudit.model.organisation import Organisation, Site
from secaudit.model.solution import Portfolio
from secaudit.model.words import RowState
from secaudit.report.bounds import bounded
from secaudit.report.province.build import ProvinceInputs, build_province
from secaudit.report.province.facts import Fault, GroupFigure, PageLook, Province, SystemState, UnusedFile
from secaudit.report.province.joining import newest
from secaudit.report.province.reading import MOST_BYTES, Sent, Unusable, read_report
from secaudit.store.looks import ENDED
from secaudit.store.past import past_scans
from secaudit.store.workspace import Workspace


def province_from_files(
    folder: Path, knowledge: Knowledge, in_force: RuleInForce, office: str, now: datetime
) -> Province:
    """Return the report over the combined reports (`*.json`) in a folder and the folders below it.

    A report with a seal beside it counts only where the seal holds.

    Args:
        folder: where the files were saved.
        in_force: the rule that says when a system has the solution.
        office: who makes the report; where empty, the body that all communes name above themselves.

    Raises:
        BadInput: the folder is none, or holds no report that counts.
    """
    if not folder.is_dir():
        raise BadInput(message("{path} is not a folder. Give the folder with the communes' JSON files."), path=folder)
    sent, unused = _read_all(folder, knowledge, now)
    if not sent:
        first = f"{unused[0].name}: {unused[0].why.in_language(current_language())}" if unused else ""
        raise BadInput(
            message("{path} holds no report that counts ({count} files looked at). {first}"),
            path=folder, count=len(unused), first=first,
        )  # fmt: skip
    counted, older = newest(sent)
    above = {state.superior for state in counted}
    found = portfolio_of_files(counted, in_force, now.astimezone().date())
    return _built(
        office or (above.pop() if len(above) == 1 else ""),
        [_in_our_words(state, knowledge) for state in counted],
        found, in_force, knowledge, now, unused, older,
    )  # fmt: skip


def _read_all(folder: Path, knowledge: Knowledge, now: datetime) -> tuple[list[Sent], list[UnusedFile]]:
    seals = seals_in(folder, knowledge)
    wanted = {f"{one.id}:{row.id}" for one in knowledge.checklists if one.counts for row in one.requirements}
    sent: list[Sent] = []
    unused: list[UnusedFile] = []
    belonging: set[Path] = set()

    def left_out(file: Path, error: Unusable) -> None:
        why = Text(vi=knowledge.render(error.why, "vi"), en=knowledge.render(error.why, "en"))
        unused.append(UnusedFile(name=bounded(file.relative_to(folder).as_posix(), 160), why=why))

    for file in sorted(folder.rglob("*.json")):
        if is_seal(file):
            continue
        try:
            data = _content(file)
            manifest = seals.manifest(file)
            belonging.update([manifest] if manifest else [])
            seal = seals.of(file, manifest)
            one = read_report(data, file.relative_to(folder).as_posix(), now, wanted)
            sent.append(one.sealed_by(seal))
        except Unusable as error:
            left_out(file, error)
    for manifest in seals.alone(belonging):
        left_out(manifest, Unusable("seal-alone"))
    return sent, unused


def _built(
    office: str, states: Sequence[SystemState], found: Portfolio, in_force: RuleInForce, knowledge: Knowledge,
    now: datetime, unused: Sequence[UnusedFile] | None = None, older: int = 0,
) -> Province:  # fmt: skip
    """Return the report; `unused` is None where it is made from a workspace."""
    notices = {one.notice.vi: one.notice for one in knowledge.checklists if one.counts}
    return build_province(
        ProvinceInputs(
            office=office,
            states=states,
            verdicts=verdicts_of(found, knowledge),
            solution=solution_figure(found, in_force, knowledge),
            now=now.astimezone(),
            from_files=unused is not None,
            unused=unused or (),
            older=older,
            notices=tuple(notices.values()),
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


def province_from_workspace(
    workspace: Workspace, knowledge: Knowledge, in_force: RuleInForce, now: datetime
) -> Province:
    """Return the report over the systems of one workspace; its figures are those of `status`.

    Raises:
        BadInput: it has none.
    """
    counting = {checklist.id for checklist in knowledge.checklists if checklist.counts}
    roles = {checklist.role for checklist in knowledge.checklists if checklist.counts}
    statuses = system_statuses(workspace, knowledge, now, roles)
    if not statuses:
        raise BadInput(message("The workspace has no system yet. Run `secaudit audit URL` or `secaudit init`."))
    organisation = workspace.registry.organisation()
    states = [
        _state(workspace, organisation, status, [one for one in status.assessments if one.checklist in counting],
               knowledge, now)
        for status in statuses
    ]  # fmt: skip
    found = portfolio_of(statuses, in_force.rule, now.astimezone().date())
    return _built(organisation.name, states, found, in_force, knowledge, now)


def _state(
    workspace: Workspace, organisation: Organisation, status: SystemStatus, judged: Sequence[Assessment],
    knowledge: Knowledge, now: datetime,
) -> SystemState:  # fmt: skip
    system = status.system
    rows = [row for one in judged for row in one.rows if row.counted]
    ended = [(site, look) for site, look in status.sites if look is not None and look.scan.status in ENDED]
    seen = {site.id for site, _ in ended}
    return SystemState(
        office=organisation.name,
        superior=organisation.superior,
        system=system.id,
        name=system.name or system.id,
        kind=system.kind,
        level=system.level,
        operator=system.operator,
        made_at=now,
        looks=tuple(_looks(workspace, ended)),
        unseen=tuple(site.target.display_host for site, _ in status.sites if site.id not in seen),
        pages_named=True,
        assessed=any(row.state is not RowState.UNASSESSED for row in rows),
        against=sum(bool(row.contradicted_by) for row in rows),
        findings=dict(Counter(finding.severity for finding in status.findings)),
        applicable=sum(one.total.applicable for one in judged),
        met=sum(one.total.met for one in judged),
        partial=sum(one.total.partial for one in judged),
        unanswered=sum(row.answer is None and row.inherited is None for row in rows),
        contradicted=sum(row.state is RowState.CONTRADICTED for row in rows),
        faults=_faults((finding for _, look in ended for finding in look.findings), knowledge),
        groups=tuple(_groups(judged, knowledge)),
        is_sample=organisation.is_sample,
    )


def _looks(workspace: Workspace, ended: Sequence[tuple[Site, Look]]) -> Iterator[PageLook]:
    seen = past_scans(workspace.database, [look.scan.id for _, look in ended])
    for site, look in ended:
        scan = look.scan
        yield PageLook(
            url=bounded(site.target.url), host=site.target.display_host, scan=scan.id, at=scan.started_at,
            status=scan.status, profile=seen[scan.id].options.profile, addresses=seen[scan.id].addresses,
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
