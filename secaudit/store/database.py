"""The connection to SQLite: how it is opened, and what a transaction is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from secaudit.store.faults import sqlite_code, translated
from secaudit.store.share import on_network_share

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FILE_NAME = "secaudit.db"

Clock = Callable[[], datetime]
_NO_SHARED_MEMORY = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
)
"""What SQLite says when it cannot have shared memory; each can also mean something else, which stays wrong."""


def make_engine(file: Path, busy_seconds: float, *, foreign_keys: bool = True) -> Engine:
    """Return an engine with one connection per thread, which begins its transactions itself.

    Python's sqlite3 would begin them late and as readers, and a reader that turns writer fails at once when
    another process has written meanwhile; so writers announce themselves with BEGIN IMMEDIATE.
    """
    # It takes longer to load than many commands take that only read, by `plain`.
    from sqlalchemy import URL, create_engine, event  # noqa: PLC0415

    engine = create_engine(URL.create("sqlite", database=str(file)), connect_args={"timeout": busy_seconds})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        # FULL: a fact that was reported as stored outlives a power cut, too.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Database:
    """An open workspace database of the current revision. May be used from several threads at once."""

    def __init__(self, folder: Path, busy_seconds: float, clock: Clock = utc_now) -> None:
        self._clock = clock
        self.folder = folder
        self.file = folder / FILE_NAME
        self._busy_seconds = busy_seconds
        self._reader: sqlite3.Connection | None = None
        self._reader_lock = Lock()

    @cached_property
    def engine(self) -> Engine:
        """Return SQLAlchemy's engine, made when it is first asked for."""
        return make_engine(self.file, self._busy_seconds)

    @cached_property
    def _writer(self) -> Engine:
        return self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @contextmanager
    def plain(self) -> Iterator[sqlite3.Connection]:
        """Give a connection of sqlite3 itself that sees one unchanging state; only to read, one thread at a time.

        Raises:
            StoreError: what goes wrong inside the block.
        """
        with translated(self.folder), self._reader_lock:
            if self._reader is None:
                self._reader = sqlite3.connect(
                    self.file, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
                )
                self._reader.execute("PRAGMA query_only = ON")
            self._reader.execute("BEGIN")
            try:
                yield self._reader
            finally:
                self._reader.execute("ROLLBACK")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one unchanging state.

        Raises:
            StoreError: what goes wrong inside the block.
        """
        with translated(self.folder), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes are stored together when the block ends, or not at all.

        Raises:
            StoreError: what goes wrong inside the block.
        """
        with translated(self.folder), self._writer.begin() as connection:
            yield connection

    def copy_to(self, file: Path) -> None:
        """Copy the database, as it is at one moment, into a new file, while others go on writing.

        Raises:
            StoreError: it cannot be read, or the file not be written.
        """
        with (
            translated(self.folder),
            closing(sqlite3.connect(self.file)) as source,
            closing(sqlite3.connect(file)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")

    def journal(self, connection: Connection, kind: str, table: str, key: str | int, **beside: Any) -> None:
        """Append the row `key` of `table`, as it stands now, to the journal: in the transaction of its change."""
        from secaudit.store import journal  # noqa: PLC0415 - as above

        journal.append_row(connection, kind, table, key, self._clock(), **beside)

    def note(self, connection: Connection, kind: str, payload: dict[str, Any]) -> None:
        """Append an entry that holds no row to the journal."""
        from secaudit.store import journal  # noqa: PLC0415 - as above

        journal.append(connection, kind, payload, self._clock())

    def close(self) -> None:
        """Close all connections."""
        with self._reader_lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None
        if "engine" in self.__dict__:
            self.engine.dispose()


def settle_journal(file: Path, busy_seconds: float) -> None:
    """Bring the database into write-ahead-log mode; where that cannot be, into rollback-journal mode.

    The log needs memory shared by all processes that have the database open, which a network share does not
    give. A database that was put into log mode elsewhere is brought back alone, with the shared memory kept
    on the heap (SQLite, "Write-Ahead Logging", section 8).

    Raises:
        sqlite3.Error: the database can be read in neither mode.
    """
    if on_network_share(file.parent):
        _try_mode(file, busy_seconds, "DELETE", alone=True)
        return
    try:
        _try_mode(file, busy_seconds, "WAL")
    except sqlite3.OperationalError as error:
        if sqlite_code(error) & 0xFF not in _NO_SHARED_MEMORY:
            raise
        _try_mode(file, busy_seconds, "DELETE", alone=True)


def _try_mode(file: Path, busy_seconds: float, mode: str, *, alone: bool = False) -> None:
    with closing(sqlite3.connect(file, timeout=busy_seconds, isolation_level=None)) as connection:
        if alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            connection.execute(f"PRAGMA journal_mode = {mode}")
        except sqlite3.OperationalError as error:
            # Another process is in it. Either mode is right, as long as the database can be used.
            if sqlite_code(error) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
