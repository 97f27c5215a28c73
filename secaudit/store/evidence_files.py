"""Files of evidence under one folder, each kept once by the SHA-256 of its content: `ab/ab12…`, byte for byte."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from secaudit.model.errors import BadInput, message
from secaudit.store.media_type import HEAD, media_type

CHUNK = 1024 * 1024
DRAFT = ".new"
"""How files end that are being copied; one that stays is left from a copy that was interrupted."""

_MISSING = message("There is no file {name}. Check its name and place.")
_NO_FILE = message("{name} is not a file that can be kept. Give a document, a picture or an archive.")
_EMPTY = message("The file {name} is empty and proves nothing. Give the one that was meant.")
_MOVED = message(
    "The file {name} changed or disappeared while it was copied; nothing was recorded. Close it in other programs, "
    "then try again."
)
_UNREADABLE = message("The file {name} could not be read to its end ({detail}); nothing was recorded.")


@dataclass(frozen=True)
class Kept:
    """A file that is kept.

    Attributes:
        name: its original name without folders, in Unicode NFC.
        sha256: of its content, in hexadecimal.
        size: in bytes.
        media_type: by content and extension.
    """

    name: str
    sha256: str
    size: int
    media_type: str


class EvidenceFiles:
    """The folder. Nothing is ever taken out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Return where the content with that SHA-256 is kept."""
        return self.folder / digest[:2] / digest

    def keep(self, source: Path) -> Kept:
        """Copy a file into the folder so that the copy outlives a power cut; the source is only read.

        It is read in pieces of 1 MB and hashed on the way; the copy takes its place when it is complete.

        Raises:
            BadInput: no such file, not a file, empty, unreadable, or it changed while it was copied.
            OSError: the folder cannot be written, or the disk is full.
        """
        before = _status(source)
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{uuid.uuid4().hex}{DRAFT}"
        try:
            digest, head = self._copy(source, before, draft)
            target = self.path(digest)
            target.parent.mkdir(exist_ok=True)
            # Replacing also heals a kept file that was damaged meanwhile. Windows refuses while somebody reads it.
            with suppress(PermissionError):
                draft.replace(target)
            if not target.exists():
                raise FileNotFoundError(target)
            _settle(target.parent)
        finally:
            draft.unlink(missing_ok=True)
        name = original_name(source.name)
        return Kept(name, digest, before.st_size, media_type(name, head))

    def _copy(self, source: Path, before: os.stat_result, draft: Path) -> tuple[str, bytes]:
        digest, head = hashlib.sha256(), b""
        with _opened(source) as stream, draft.open("xb") as copy:
            started, size = os.fstat(stream.fileno()), 0
            for piece in _pieces(stream, source):
                head = head or piece[:HEAD]
                size += len(piece)
                digest.update(piece)
                copy.write(piece)
            ended = os.fstat(stream.fileno())
            copy.flush()
            os.fsync(copy.fileno())
        states = [_signature(state) for state in (before, started, ended, _status(source, _MOVED))]
        if size != before.st_size or any(state != states[0] for state in states):
            raise BadInput(_MOVED, name=source)
        return digest.hexdigest(), head

    def digests(self) -> Iterator[tuple[Path, str]]:
        """Give every file in the folder with the SHA-256 of its content now; an empty text where it is unreadable."""
        for file in sorted(self.folder.rglob("*")):
            if file.is_symlink() or not file.is_dir():
                yield file, digest_of(file)


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal; empty for one that cannot be read or is no file."""
    if file.is_symlink() or not file.is_file():
        return ""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def original_name(name: str) -> str:
    """Return a file's name as people write it: composed letters, no folders, nothing that UTF-8 cannot write."""
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    last = readable.replace("\\", "/").rstrip("/").rpartition("/")[2]
    clean = "".join(letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", clean) or "?"


def _status(source: Path, complaint: str = _MISSING) -> os.stat_result:
    try:
        found = source.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput(complaint, name=source) from None
    except (OSError, ValueError) as error:
        raise BadInput(_UNREADABLE, name=source, detail=getattr(error, "strerror", "") or error) from None
    if not stat.S_ISREG(found.st_mode):
        raise BadInput(_NO_FILE, name=source)
    if not found.st_size:
        raise BadInput(_EMPTY if complaint == _MISSING else _MOVED, name=source)
    return found


def _signature(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_ino, state.st_size, state.st_mtime_ns


def _opened(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except FileNotFoundError:
        raise BadInput(_MOVED, name=source) from None
    except OSError as error:
        raise BadInput(_UNREADABLE, name=source, detail=error.strerror or error) from None


def _pieces(stream: BinaryIO, source: Path) -> Iterator[bytes]:
    while True:
        try:
            piece = stream.read(CHUNK)
        except OSError as error:
            raise BadInput(_UNREADABLE, name=source, detail=error.strerror or error) from None
        if not piece:
            return
        yield piece


def _settle(folder: Path) -> None:
    """Write the folder's entries to the disk, where the system can do that (POSIX)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
