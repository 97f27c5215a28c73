"""The first 100 bytes of the database, read without SQLite, so that looking changes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from secaudit.model.base import Frozen
from secaudit.model.errors import StoreError, message
from secaudit.store.faults import DAMAGED

APPLICATION_ID = 0x53656341
"""`SecA`: marks the file as ours (SQLite file format, offset 68)."""

_MAGIC = b"SQLite format 3\x00"


class Header(Frozen):
    """What the header tells.

    Attributes:
        revision: number of the newest migration that was applied (user version, offset 60). Migrations run
            under the rollback journal only, so the number never waits in a write-ahead log.
        wal: the file is in write-ahead-log mode (offset 18).
    """

    revision: int
    wal: bool


def read_header(file: Path) -> Header:
    """Return the header of a workspace's database.

    Raises:
        StoreError: the file is empty, too short, no SQLite database, or one of another program.
        OSError: it cannot be read.
    """
    with file.open("rb") as stream:
        head = stream.read(100)
    if not head:
        raise StoreError(
            message("{file} is empty. Restore it from a backup, or choose another folder for the workspace."),
            file=file,
        )
    if not head.startswith(_MAGIC) and not _MAGIC.startswith(head[: len(_MAGIC)]):
        raise StoreError(message("{file} is not a database of secaudit. Choose another folder."), file=file)
    if len(head) < 100:
        raise StoreError(DAMAGED, file=file, path=file.parent)
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise StoreError(message("{file} is not a database of secaudit. Choose another folder."), file=file)
    return Header(revision=int.from_bytes(head[60:64], "big"), wal=head[18] == 2)


def last_writer(file: Path) -> str:
    """Return the version of the program that brought the database to its revision, `?` when it does not tell.

    Reads it as an immutable file: no lock, no journal and no shared memory is made beside it.
    """
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = connection.execute("SELECT version FROM program ORDER BY id DESC LIMIT 1").fetchone()
    except sqlite3.Error:
        return "?"
    return str(found[0]) if found else "?"
