"""What SQLite and the operating system complain of, as one sentence that the officer understands."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from secaudit.model.errors import StoreError, message

LOCKED = message("The database {file} is in use by another program. Wait until that has finished, then try again.")
READ_ONLY = message(
    "{path} is read-only, or you have no permission to write there. Change that, or choose another folder."
)
FULL = message("The disk that holds {path} is full. Free some space, then try again. What was stored is kept.")
DAMAGED = message("The database {file} is damaged. Copy the folder {path} away, then restore it from a backup.")
UNUSABLE = message("The workspace {path} cannot be used: {detail}.")
UNREADABLE = message("The database {file} holds a record that this version of secaudit cannot read ({detail}).")

_PRIMARY = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
_SYSTEM = {
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EROFS: READ_ONLY,
    errno.ENOSPC: FULL,
    errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC: FULL,
}
_NO_ROOM = 64 * 1024
"""Bytes below which an input-output error of SQLite is taken for a full disk: it cannot tell the two apart
when the shared memory of the write-ahead log does not fit."""


def sqlite_code(error: BaseException) -> int:
    """Return SQLite's extended result code of a database error, 0 when it carries none."""
    origin = getattr(error, "orig", None) or error  # SQLAlchemy wraps it
    code = getattr(origin, "sqlite_errorcode", 0)
    return code if isinstance(code, int) else 0


def sentence(error: BaseException, folder: Path) -> StoreError:
    """Return the error for the officer that `error`, met in the workspace `folder`, comes to."""
    text = ""
    if isinstance(error, OSError):
        text = _SYSTEM.get(error.errno or 0, "")
    elif code := sqlite_code(error):
        text = _PRIMARY.get(code & 0xFF, "") or _guess(folder)
    elif isinstance(error, ValueError):
        text = UNREADABLE
    detail = str(getattr(error, "orig", None) or error)
    if isinstance(error, ValidationError):
        detail = f"{error.title}: {error.errors()[0]['msg']}"
    return StoreError(text or UNUSABLE, path=folder, file=folder / "secaudit.db", detail=detail)


def _guess(folder: Path) -> str:
    try:
        if shutil.disk_usage(folder).free < _NO_ROOM:
            return FULL
        trial = folder / ".secaudit-write-test"
        trial.touch()
        trial.unlink()
    except OSError as error:
        return _SYSTEM.get(error.errno or 0, "")
    return ""


def _errors_of_sqlalchemy() -> tuple[type[Exception], ...]:
    """Return what SQLAlchemy raises where it was loaded at all: commands that only read do without it."""
    loaded = sys.modules.get("sqlalchemy.exc")
    return (loaded.SQLAlchemyError,) if loaded else ()


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turn what goes wrong inside the block into a `StoreError` about the workspace `folder`.

    Raises:
        StoreError: the database, its data or the file system failed.
    """
    try:
        yield
    except (sqlite3.Error, OSError, ValueError) as error:
        raise sentence(error, folder) from error
    except Exception as error:
        if not isinstance(error, _errors_of_sqlalchemy()):
            raise
        raise sentence(error, folder) from error
