"""Putting a workspace back from an archive: whole, proven, or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from secaudit.model.base import Reason
from secaudit.model.errors import BadInput, StoreError, message
from secaudit.store import integrity
from secaudit.store.backup import FORMAT, MANIFEST, OWN_FILES, BackupFile, Manifest
from secaudit.store.database import FILE_NAME
from secaudit.store.revision import LATEST
from secaudit.store.workspace import Workspace

_CHUNK = 1024 * 1024
_LARGEST_MANIFEST = 256 * 1024 * 1024
_FOLDERS = {"evidence", "raw", "reports"}
_UNUSABLE = {"database-damaged", "store-unreadable"}
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\\:*?"<>|]')

_NOT_OURS = message("{file} is not a backup of secaudit.")
_DAMAGED = message("The backup {file} is damaged ({detail}); nothing was restored. Use another one.")
_NOT_EMPTY = message("{path} is not empty. Give a new folder with --workspace; restoring never overwrites anything.")


def restore(archive: Path, folder: Path) -> tuple[Manifest, tuple[Reason, ...]]:
    """Make the workspace `folder` from an archive.

    Everything is unpacked beside the folder and proven there: every file against its hash, the database's structure,
    and that its journal ends where the archive says. Only then does it take its place.

    Returns:
        What the archive held, and faults that the workspace had already when it was packed (as `verify` names them):
        these are restored as they were, so that a backup with one bad row is not lost whole.

    Raises:
        BadInput: no such archive, not one of ours, damaged, of a newer program, with names that lead elsewhere, or
            the folder is not empty.
        StoreError: the disk is full, or the folder cannot be written.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(_NOT_EMPTY, path=folder)
    draft = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}.new")
    with _opened(archive) as packed:
        manifest = _manifest(packed, archive)
        members = _members(packed, manifest, archive)
        try:
            for entry, file in members:
                _unpack(packed, entry, draft / file.path, file, archive)
            faults = _prove(draft, manifest, archive)
            if folder.exists():
                folder.rmdir()
            draft.replace(folder)
        except OSError as error:
            raise StoreError(
                message("The workspace could not be restored to {path} ({detail}). Choose another folder."),
                path=folder, detail=error.strerror or error,
            ) from None  # fmt: skip
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return manifest, faults


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        packed = zipfile.ZipFile(archive)
    except zipfile.BadZipFile:
        raise BadInput(_NOT_OURS, file=archive) from None
    except OSError as error:
        raise BadInput(
            message("The backup {file} cannot be opened ({detail})."), file=archive, detail=error.strerror or error
        ) from None
    with packed:
        yield packed


def _manifest(packed: zipfile.ZipFile, archive: Path) -> Manifest:
    try:
        entry = packed.getinfo(MANIFEST)
        if entry.file_size > _LARGEST_MANIFEST:
            raise BadInput(_NOT_OURS, file=archive)
        manifest = Manifest.model_validate_json(packed.read(entry))
    except (KeyError, ValidationError):
        raise BadInput(_NOT_OURS, file=archive) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadInput(_DAMAGED, file=archive, detail=error) from None
    if manifest.format != FORMAT:
        raise BadInput(_NOT_OURS, file=archive)
    if manifest.revision > LATEST:
        raise BadInput(
            message("The backup {file} was made by a newer secaudit ({version}). Update secaudit, then try again."),
            file=archive, version=manifest.version,
        )  # fmt: skip
    return manifest


def _members(packed: zipfile.ZipFile, manifest: Manifest, archive: Path) -> list[tuple[zipfile.ZipInfo, BackupFile]]:
    """Return every file of the archive with what the manifest says of it.

    Raises:
        BadInput: a name that leads elsewhere, a link, one that stands there twice, or the two lists differ.
    """
    entries = {entry.filename: entry for entry in packed.infolist() if entry.filename != MANIFEST}
    told = {file.path: file for file in manifest.files}
    for name in (*entries, *told):
        if not _is_safe(name):
            raise BadInput(_DAMAGED, file=archive, detail=repr(name))
    for entry in entries.values():
        if stat.S_ISLNK(entry.external_attr >> 16) or entry.is_dir():
            raise BadInput(_DAMAGED, file=archive, detail=repr(entry.filename))
    folded = {name.casefold() for name in entries}
    if len(folded) != len(packed.infolist()) - 1 or len(told) != len(manifest.files) or FILE_NAME not in told:
        raise BadInput(_DAMAGED, file=archive, detail=MANIFEST)
    if different := sorted(entries.keys() ^ told.keys()):
        raise BadInput(_DAMAGED, file=archive, detail=different[0])
    return [(entries[name], told[name]) for name in told]


def _is_safe(name: str) -> bool:
    """Tell whether a name stays inside the workspace, in a folder that belongs there, on every system."""
    parts = PurePosixPath(name).parts
    if name == FILE_NAME or name in OWN_FILES:
        return True
    if len(parts) < 2 or parts[0] not in _FOLDERS or "/".join(parts) != name:
        return False
    return not any(
        part in {"..", "."} or _FORBIDDEN.search(part) or _RESERVED.match(part) or part.endswith((" ", "."))
        for part in parts
    )


def _unpack(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, told: BackupFile, archive: Path) -> None:
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with packed.open(entry) as source, target.open("xb") as file:
            # An entry that grows beyond what the manifest says is cut off, so that it cannot fill the disk.
            while size <= told.size and (piece := source.read(_CHUNK)):
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadInput(_DAMAGED, file=archive, detail=f"{told.path}: {error}") from None
    if size != told.size or digest.hexdigest() != told.sha256:
        raise BadInput(_DAMAGED, file=archive, detail=told.path)


def _prove(draft: Path, manifest: Manifest, archive: Path) -> tuple[Reason, ...]:
    """Open the unpacked workspace, look at all of it, and return faults that it had before it was packed."""
    try:
        with Workspace.open(draft) as workspace:
            if not workspace.journal.holds(manifest.journal_hash):
                raise BadInput(_DAMAGED, file=archive, detail=manifest.journal_hash)
            faults = tuple(integrity.faults(workspace))
    except StoreError as error:
        raise BadInput(_DAMAGED, file=archive, detail=error) from None
    for fault in faults:
        if fault.code in _UNUSABLE:
            raise BadInput(_DAMAGED, file=archive, detail=fault.params.get("detail", fault.code))
    return faults
