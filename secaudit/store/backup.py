"""One archive of a whole workspace, made while others go on writing to it.

The database is copied first, by SQLite's own online backup: one state of it. Files of evidence and tools' results
are kept by their hash, are stored before the rows that name them and are never removed, so all that this state
names is there. Reports come along as they stand.

The archive is a ZIP file with the folders of the workspace and, last, `manifest.json`: format, program, revision,
time, the newest hash of the journal, and size and SHA-256 of every file.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from secaudit.model.base import Frozen, Instant
from secaudit.model.errors import BadInput, message
from secaudit.store.database import FILE_NAME
from secaudit.store.revision import LATEST
from secaudit.store.workspace import Workspace
from secaudit.version import VERSION

MANIFEST = "manifest.json"
FORMAT = "secaudit.backup/1"
OWN_FILES = ("solution.yaml",)
"""What an office may have written into the folder of a workspace itself."""
_CHUNK = 1024 * 1024


class BackupFile(Frozen):
    """One file of an archive: its place in the workspace with forward slashes, bytes, SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


class Manifest(Frozen):
    """What an archive holds.

    Attributes:
        revision: of the database's tables.
        journal_sequence: number of the newest journal entry.
        journal_hash: its hash.
        missing: files that the database names and that were not there.
    """

    format: str
    version: str
    revision: int
    created_at: Instant
    journal_sequence: int
    journal_hash: str
    files: tuple[BackupFile, ...]
    missing: tuple[str, ...] = ()


def back_up(workspace: Workspace, target: Path, at: datetime) -> Manifest:
    """Write the archive and return what it holds.

    Args:
        workspace: may be in use by other processes.
        target: the archive; it appears when it is complete.
        at: time to be noted in it.

    Raises:
        BadInput: something of that name is there already, or the folder cannot be written.
        StoreError: the database cannot be read.
    """
    target = target.absolute()
    if target.exists():
        raise BadInput(message("{file} is there already. Choose another name for the backup."), file=target)
    mark = uuid.uuid4().hex
    draft, copy = (target.with_name(f".{target.name}.{mark}.{kind}") for kind in ("zip", "db"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        manifest = _write(workspace, draft, copy, at)
        _publish(draft, target)
    except OSError as error:
        raise BadInput(
            message("The backup could not be written to {file} ({detail}). Choose another place or free some space."),
            file=target, detail=error.strerror or error,
        ) from None  # fmt: skip
    finally:
        for left in (draft, copy, copy.with_name(f"{copy.name}-journal")):
            with suppress(OSError):
                left.unlink()
    return manifest


def _publish(draft: Path, target: Path) -> None:
    if target.exists():  # somebody else made one meanwhile
        raise FileExistsError(0, "exists", str(target))
    draft.replace(target)


def _write(workspace: Workspace, draft: Path, copy: Path, at: datetime) -> Manifest:
    workspace.database.copy_to(copy)
    head, named = _named_files(copy)
    files, missing = [], []
    with draft.open("xb") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            files.append(_pack(archive, copy, FILE_NAME))
            for place in (*named, *_own_files(workspace.path), *_reports(workspace.path)):
                file = workspace.path / place
                try:
                    files.append(_pack(archive, file, place))
                except FileNotFoundError:
                    missing.append(place)
            manifest = Manifest(
                format=FORMAT, version=VERSION, revision=LATEST, created_at=at, journal_sequence=head[0],
                journal_hash=head[1], files=tuple(files), missing=tuple(m for m in missing if m in set(named)),
            )  # fmt: skip
            text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1)
            archive.writestr(MANIFEST, text.encode("utf-8"))
        stream.flush()
        os.fsync(stream.fileno())
    return manifest


def _named_files(database: Path) -> tuple[tuple[int, str], list[str]]:
    """Return number and hash of the newest journal entry of a copy, and the files that its rows name."""
    with closing(sqlite3.connect(database)) as connection:
        head = connection.execute("SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1").fetchone()
        kept = connection.execute("SELECT DISTINCT sha256 FROM evidence WHERE sha256 != '' ORDER BY 1").fetchall()
        raw = connection.execute("SELECT DISTINCT sha256 FROM raw_result ORDER BY 1").fetchall()
    named = [f"evidence/{digest[:2]}/{digest}" for (digest,) in kept]
    return tuple(head), [*named, *(f"raw/{digest[:2]}/{digest}.gz" for (digest,) in raw)]


def _own_files(folder: Path) -> list[str]:
    return [name for name in OWN_FILES if (folder / name).is_file()]


def _reports(folder: Path) -> Iterator[str]:
    for file in sorted((folder / "reports").rglob("*")):
        if file.is_file() and not file.is_symlink() and not file.name.startswith("."):
            yield file.relative_to(folder).as_posix()


def _pack(archive: zipfile.ZipFile, file: Path, place: str) -> BackupFile:
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as source:
        entry = zipfile.ZipInfo(place)
        # Results of the tools are compressed already.
        entry.compress_type = zipfile.ZIP_STORED if place.startswith("raw/") else zipfile.ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=True) as packed:
            while piece := source.read(_CHUNK):
                digest.update(piece)
                size += len(piece)
                packed.write(piece)
    return BackupFile(path=place, size=size, sha256=digest.hexdigest())
