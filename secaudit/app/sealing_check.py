"""Holding a sealed report against its seal: is it what it was, who signed it, is its data still there."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pydantic import ValidationError

from secaudit.app.knowledge import Knowledge
from secaudit.app.sealing import ENDING, sealed_checklist, sealed_file
from secaudit.app.sealing_signature import ENDINGS, check_signature
from secaudit.checklist.validate import contents
from secaudit.model.base import Reason
from secaudit.model.errors import BadInput, message
from secaudit.model.seal import DataState, FileState, Seal, SealedFile, SealedScan, SignatureCheck, SignatureState
from secaudit.store import integrity, seal_state
from secaudit.store.chain import canonical
from secaudit.store.workspace import Workspace

_MANY = 500
"""How many manifests of a folder are looked into for a report that was renamed."""


class ManifestState(StrEnum):
    """What is known of the manifest itself.

    `noted`: as it was written, by the journal; `signed`: as it was signed; `unproven`: nothing speaks against it and
    nothing for it; `changed`: it is not what was written or signed.
    """

    NOTED = "noted"
    SIGNED = "signed"
    UNPROVEN = "unproven"
    CHANGED = "changed"


@dataclass(frozen=True)
class FileCheck:
    """One file of the report; `found_as` is its present name where it was renamed."""

    name: str
    state: FileState
    found_as: str = ""


@dataclass(frozen=True)
class DataCheck:
    """What a workspace says of the data that a report was made from.

    Attributes:
        holds: the journal still has the entry that was newest at the sealing.
        faults: what is wrong with the journal now.
        scans, checklists: state by id.
    """

    holds: bool
    faults: Sequence[Reason]
    scans: Mapping[str, DataState]
    records: DataState
    checklists: Mapping[str, DataState]

    @property
    def sound(self) -> bool:
        """Tell whether everything is there; what was changed since by the ordinary way is no fault."""
        lost = {DataState.CHANGED, DataState.MISSING}
        return self.holds and not self.faults and not lost & {*self.scans.values(), self.records}


@dataclass(frozen=True)
class Verified:
    """Everything that could be found out.

    Attributes:
        seal: what the manifest says, None where it cannot be read.
        own: the workspace at hand is the one that the report was made from.
        at_hand: there is a workspace.
        data: None where the report is not of the workspace at hand.
    """

    manifest: Path
    state: ManifestState
    seal: Seal | None
    files: Sequence[FileCheck]
    signatures: Sequence[SignatureCheck]
    at_hand: bool
    own: bool
    data: DataCheck | None = field(default=None)

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return (
            self.state is not ManifestState.CHANGED
            and all(one.state is FileState.UNCHANGED for one in self.files)
            and all(one.state is SignatureState.GOOD for one in self.signatures)
            and (self.data is None or self.data.sound)
        )


def verify_report(path: Path, seal_path: Path | None, workspace: Workspace | None, knowledge: Knowledge) -> Verified:
    """Hold a report, or all files of a manifest, against its seal.

    Args:
        path: a file of the report, or the manifest (`NAME.seal.json`).
        seal_path: the manifest, where it does not stand beside the report; `path` again to verify it whole.
        workspace: the one at hand, None where there is none.
        knowledge: today's lists.

    Raises:
        BadInput: a file cannot be read, there is no seal, or the seal is of a newer program.
    """
    is_manifest = path == seal_path or (seal_path is None and path.name.endswith(ENDING))
    report = None if is_manifest else sealed_file(path)
    manifest = path if is_manifest else seal_path or _manifest_of(path, report)
    raw = contents(manifest)
    seal = _read(raw, manifest)
    signatures = list(_signatures(manifest, raw, seal))
    own = workspace is not None and seal is not None and seal.journal.first == seal_state.first_entry(workspace)
    noted = workspace is not None and seal_state.is_noted(workspace, hashlib.sha256(raw).hexdigest())
    return Verified(
        manifest=manifest.absolute(),
        state=_state(seal, signatures, own=own, noted=noted),
        seal=seal,
        files=_files(seal, manifest, path, report) if seal else [],
        signatures=signatures,
        at_hand=workspace is not None,
        own=own,
        data=_data(seal, workspace, knowledge) if seal and workspace and own else None,
    )


def _manifest_of(path: Path, report: SealedFile | None) -> Path:
    """Return the manifest beside a report: by name, else one that knows its content."""
    for name in (path.stem, path.name):
        if (beside := path.with_name(name + ENDING)).is_file():
            return beside
    for count, other in enumerate(sorted(path.parent.glob(f"*{ENDING}"))):
        if count < _MANY and report and report.sha256.encode("ascii") in contents(other):
            return other
    raise BadInput(
        message("There is no seal beside {file}. A report is sealed with `secaudit report --seal`; give the manifest "
                "with --seal-file where it stands elsewhere."),
        file=str(path),
    )  # fmt: skip


def _read(raw: bytes, manifest: Path) -> Seal | None:
    """Return what the manifest says; None where it is not as it was written."""
    try:
        data = json.loads(raw.decode("utf-8"))
        as_written = (canonical(data) + "\n").encode("utf-8") == raw
        newer = isinstance(data, dict) and str(data.get("schema")) not in ("None", "secaudit.seal/1")
        if as_written and newer and str(data["schema"]).startswith("secaudit.seal/"):
            raise BadInput(
                message("{file} was written by a newer secaudit ({schema}). Update secaudit, then verify again."),
                file=str(manifest), schema=data["schema"],
            )  # fmt: skip
        return Seal.model_validate(data) if as_written else None
    except (ValueError, RecursionError, ValidationError):
        return None


def _signatures(manifest: Path, raw: bytes, seal: Seal | None) -> Iterator[SignatureCheck]:
    for ending in ENDINGS:
        beside = manifest.with_name(manifest.name + ending)
        if beside.is_file():
            yield from check_signature(beside.name, contents(beside), raw, seal.sealed_at if seal else None)


def _state(seal: Seal | None, signatures: Sequence[SignatureCheck], *, own: bool, noted: bool) -> ManifestState:
    if noted:
        return ManifestState.NOTED
    if seal is None or own or any(one.state is SignatureState.BAD for one in signatures):
        return ManifestState.CHANGED  # this very workspace wrote no such manifest
    good = any(one.state is SignatureState.GOOD for one in signatures)
    return ManifestState.SIGNED if good else ManifestState.UNPROVEN


def _files(seal: Seal, manifest: Path, path: Path, report: SealedFile | None) -> list[FileCheck]:
    """Return the report that was named, or every file of the manifest."""
    if report is not None:
        return [_named(seal, path, report)]
    found = []
    for one in seal.files:
        beside = _beside(manifest, one.name)
        if beside is None:
            found.append(FileCheck(one.name, FileState.MISSING))
        else:
            same = sealed_file(beside).sha256 == one.sha256
            found.append(FileCheck(one.name, FileState.UNCHANGED if same else FileState.CHANGED))
    return found


def _named(seal: Seal, path: Path, report: SealedFile) -> FileCheck:
    same = next((one for one in seal.files if one.sha256 == report.sha256), None)
    if same is not None:
        found_as = path.name if unicodedata.normalize("NFC", path.name) != same.name else ""
        return FileCheck(same.name, FileState.UNCHANGED, found_as)
    return FileCheck(path.name, FileState.CHANGED)


def _beside(manifest: Path, name: str) -> Path | None:
    """Return a file of the manifest's own folder; a name that leads elsewhere is none."""
    if not name or name in (".", "..") or any(letter in name for letter in "/\\\0") or ":" in name:
        return None
    for form in ("NFC", "NFD"):
        if (found := manifest.with_name(unicodedata.normalize(form, name))).is_file():
            return found
    return None


def _data(seal: Seal, workspace: Workspace, knowledge: Knowledge) -> DataCheck:
    holds = seal_state.holds(workspace, seal.journal)
    today = {one.id: sealed_checklist(one).sha256 for one in knowledge.checklists}
    return DataCheck(
        holds=holds,
        faults=list(integrity.journal_faults(workspace)),
        scans={one.id: _scan(workspace, one) for one in seal.data.scans},
        records=_records(seal, workspace, holds=holds),
        checklists={
            one.id: DataState.SAME if today.get(one.id) == one.sha256 else DataState.SUPERSEDED
            for one in seal.data.checklists
        },
    )


def _records(seal: Seal, workspace: Workspace, *, holds: bool) -> DataState:
    """Return what became of answers and other records: the journal says whether they went on, and binds what was."""
    if not holds:
        return DataState.CHANGED
    if seal_state.changed_after(workspace, seal.journal):
        return DataState.SUPERSEDED
    _, answers = seal_state.mark_and_answers(workspace)
    return DataState.SAME if answers == seal.data.answers else DataState.CHANGED


def _scan(workspace: Workspace, sealed: SealedScan) -> DataState:
    found = seal_state.scan_hash(workspace, sealed.id)
    if found is None:
        return DataState.MISSING
    said = sealed.judgement
    if found != (sealed.observations, sealed.sha256):
        return DataState.CHANGED
    if said is not None and seal_state.judgement_hash(workspace, sealed.id, said.judged_at) != said:
        return DataState.CHANGED
    return DataState.SAME
