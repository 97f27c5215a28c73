"""Sealing a report: a manifest beside its files that says what they are and what they were made from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from secaudit.app.files import write_whole
from secaudit.app.knowledge import Knowledge
from secaudit.app.sealing_signature import ENDINGS, SealingKey, signature_files
from secaudit.model.errors import BadInput, message
from secaudit.model.requirement import Checklist
from secaudit.model.seal import Seal, SealedChecklist, SealedData, SealedFile, SealedScan
from secaudit.model.words import ScanStatus
from secaudit.store import seal_state
from secaudit.store.chain import canonical
from secaudit.store.workspace import Workspace
from secaudit.version import VERSION

ENDING = ".seal.json"
_FAILURE = message("The seal could not be written to {path} ({detail}). The report itself is written.")
_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Sealed:
    """What was written: the manifest and its signatures."""

    manifest: Path
    signatures: Sequence[Path]
    sha256: str


def seal_report(
    workspace: Workspace, knowledge: Knowledge, kind: str, files: Sequence[Path], scan: str | None, now: datetime,
    key: SealingKey | None,
) -> Sealed:  # fmt: skip
    """Write the manifest of a report that was just written, sign it, and note it in the journal.

    Args:
        workspace: what the report was made from.
        knowledge: the lists as they were judged.
        kind: of the report.
        files: all files of the report, in one folder.
        scan: the scan that it speaks of; None for the newest of every page.
        now: time of the sealing.
        key: what to sign with, None for no signature.

    Raises:
        BadInput: a file cannot be read, or the manifest cannot be written.
    """
    mark, answers = seal_state.mark_and_answers(workspace)
    seal = Seal(
        sealed_at=now,
        program=VERSION,
        report=kind,
        files=tuple(sealed_file(path) for path in files),
        data=SealedData(
            scans=tuple(_scans(workspace, scan)),
            answers=answers,
            checklists=tuple(sealed_checklist(one) for one in knowledge.checklists),
        ),
        journal=mark,
    )
    manifest = (canonical(seal.model_dump(mode="json", by_alias=True)) + "\n").encode("utf-8")
    path = files[0].with_name(files[0].stem + ENDING)
    signatures = signature_files(key, manifest) if key else {}
    written = write_whole(path, manifest, _FAILURE)
    made = []
    for ending in ENDINGS:
        beside = path.with_name(path.name + ending)
        if ending in signatures:
            made.append(write_whole(beside, signatures[ending], _FAILURE))
        else:
            beside.unlink(missing_ok=True)  # of an earlier seal, which it would make look forged
    digest = hashlib.sha256(manifest).hexdigest()
    seal_state.note_seal(workspace, path.name, digest)
    return Sealed(written, made, digest)


def sealed_file(path: Path) -> SealedFile:
    """Return name, size and SHA-256 of a file, read bit by bit.

    Raises:
        BadInput: it cannot be read.
    """
    total, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                total.update(block)
                size += len(block)
    except OSError as error:
        raise BadInput(
            message("The file {file} cannot be read ({detail})."), file=str(path), detail=error.strerror or error
        ) from None
    return SealedFile(name=path.name, size=size, sha256=total.hexdigest())


def sealed_checklist(checklist: Checklist) -> SealedChecklist:
    """Return the edition of a list with the hash over its canonical JSON."""
    text = canonical(checklist.model_dump(mode="json"))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return SealedChecklist(id=checklist.id, reviewed=checklist.reviewed, sha256=digest)


def _scans(workspace: Workspace, scan: str | None) -> list[SealedScan]:
    summaries = workspace.scans.summaries()
    if scan is not None:
        chosen = {workspace.scans.resolve(scan)}
    else:
        # As the reports choose: the newest of a page that ended by itself, else the newest.
        own = [one for one in summaries if one.source is None and one.status is not ScanStatus.RUNNING]
        ended = [one for one in own if one.status is not ScanStatus.INTERRUPTED]
        newest: dict[str, str] = {}
        for one in (*ended, *own):  # newest first
            newest.setdefault(one.site_id, one.id)
        chosen = set(newest.values())
    found = []
    for one in summaries:
        if one.id in chosen and (seen := seal_state.scan_hash(workspace, one.id)) is not None:
            found.append(
                SealedScan(
                    id=one.id, url=one.url, started_at=one.started_at, observations=seen[0], sha256=seen[1],
                    judgement=seal_state.judgement_hash(workspace, one.id),
                )
            )  # fmt: skip
    return found
