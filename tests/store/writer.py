"""A process that stores observations and says, after each, that it is stored."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path

from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.model.remediation import ItemChange, ItemEvent, ItemSource, RemediationItem
from secaudit.model.scan import ProbeRun
from secaudit.model.words import ProbeStatus
from secaudit.store.process import current_process
from secaudit.store.remediation import Order
from secaudit.store.workspace import Workspace
from tests.store import facts


def write_until_killed(folder: Path, scan_id: str, said: Connection) -> None:
    """Begin a scan and store numbered observations for ever; send 0 for the scan, then every number stored."""
    with Workspace.create(folder) as workspace:
        facts.register(workspace)
        workspace.scans.begin(facts.make_scan(scan_id), facts.SITE.id, current_process())
        said.send(0)
        for number in itertools.count(1):
            workspace.scans.add_observation(scan_id, facts.service(number % 65536))
            said.send(number)
            if number % 5 == 0:
                workspace.scans.add_raw(scan_id, str(number), str(number).encode() * 1000)
                workspace.scans.finish_probe(scan_id, ProbeRun(name=f"probe-{number}", status=ProbeStatus.OK))


def answer_until_killed(folder: Path, name: str, said: Connection) -> None:
    """Keep evidence and record answers that name it, and a permission now and then; send every number recorded."""
    with Workspace.create(folder) as workspace:
        facts.register(workspace)
        source = folder.with_name(f"{folder.name}-{name}.txt")
        said.send(0)
        for number in itertools.count(1):
            source.write_bytes(f"{name} {number} ".encode() * 20_000)
            kept = workspace.evidence.keep(source)
            record = Evidence(id="", kind=EvidenceKind.FILE, added_at=facts.NOW, **asdict(kept))
            evidence = workspace.evidence.add(record)
            note = f"{name}/{number}"
            answer = facts.ANSWER.model_copy(update={"note": note, "evidence": (evidence.id,)})
            workspace.answers.record(facts.SYSTEM.id, answer)
            open_or_change(workspace, f"phát hiện {number}", name)
            said.send(number)
            if number % 3 == 0:
                workspace.scope.add(facts.AUTHORISATION.model_copy(update={"id": note}))
                workspace.scope.revoke(note, facts.NOW)


def open_or_change(workspace: Workspace, subject: str, owner: str) -> None:
    """Open the item of a subject, or give the one that is there another owner."""

    def decide(items: Sequence[RemediationItem], _: Order) -> list[ItemChange]:
        event = ItemEvent(at=facts.NOW, by=owner, kind="opened")
        for item in items:
            if item.subject == subject:
                changed = item.model_copy(update={"owner": owner})
                return [ItemChange(item=changed, events=(event.model_copy(update={"kind": "changed"}),))]
        made = RemediationItem(
            system=facts.SYSTEM.id, source=ItemSource.FINDING, subject=subject, owner=owner, opened_at=facts.NOW
        )
        return [ItemChange(item=made, events=(event,))]

    workspace.remediation.change(decide, facts.SYSTEM.id)


def write_many(folder: Path, scan_id: str, count: int) -> None:
    """Begin a scan and store `count` observations and answers, side by side with other processes."""
    with Workspace.create(folder) as workspace:
        facts.register(workspace)
        workspace.scans.begin(facts.make_scan(scan_id), facts.SITE.id, current_process())
        for number in range(count):
            workspace.scans.add_observation(scan_id, facts.service(number))
            note = f"{scan_id}/{number}"
            workspace.answers.record(facts.SYSTEM.id, facts.ANSWER.model_copy(update={"note": note}))
        workspace.scans.save_judgement(scan_id, "1", facts.OUTCOMES, facts.FINDINGS, facts.NOW)
