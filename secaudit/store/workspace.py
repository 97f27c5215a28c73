"""The workspace: a folder with the database, the tools' raw results and the reports."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from secaudit.model.errors import BadInput, StoreError, message
from secaudit.store import header, versions
from secaudit.store.answers import AnswerRepository
from secaudit.store.authorisations import AuthorisationRepository
from secaudit.store.database import FILE_NAME, Clock, Database, settle_journal, utc_now
from secaudit.store.entries import JournalRepository
from secaudit.store.evidence import EvidenceRepository
from secaudit.store.evidence_files import EvidenceFiles
from secaudit.store.faults import translated
from secaudit.store.levels import LevelRepository
from secaudit.store.profile import ProfileRepository
from secaudit.store.raw import RawFiles
from secaudit.store.registry import RegistryRepository
from secaudit.store.remediation import RemediationRepository
from secaudit.store.revision import LATEST
from secaudit.store.scans import ScanRepository
from secaudit.store.schedule import ScheduleRepository
from secaudit.version import VERSION

BUSY_SECONDS = 10.0
"""How long to wait for another process that is writing."""

_IS_FILE = message("{path} is a file. Give a folder for the workspace.")
_NO_WORKSPACE = message("There is no workspace in {path}. Run secaudit init or secaudit audit first.")


class Workspace:
    """An open workspace; also a context manager. May be used from several threads at once.

    Attributes:
        path: the folder.
        scans: scans with everything seen.
        scope: authorisation records.
        registry: the organisation, its systems and sites.
        answers: what assessors said of requirements.
        profile: answers to the applicability questions.
        evidence: what backs the answers.
        levels: level sheets.
        schedule: periodic scans and the digests that were sent.
        remediation: the remediation register.
        journal: every change of all these, of the scope and of the registry.
    """

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self._database = database
        self.scans = ScanRepository(database, RawFiles(path / "raw"))
        self.scope = AuthorisationRepository(database)
        self.registry = RegistryRepository(database)
        self.answers = AnswerRepository(database)
        self.profile = ProfileRepository(database)
        self.evidence = EvidenceRepository(database, EvidenceFiles(path / "evidence"))
        self.levels = LevelRepository(database)
        self.schedule = ScheduleRepository(database)
        self.remediation = RemediationRepository(database)
        self.journal = JournalRepository(database)

    @classmethod
    def create(cls, path: Path, *, busy_seconds: float = BUSY_SECONDS, clock: Clock = utc_now) -> Workspace:
        """Make the folder and the database, and open the workspace; one that is there already is opened.

        Raises:
            BadInput: the path, or a folder on the way to it, is a file.
            StoreError: the folder cannot be written, the disk is full, or as `open`.
        """
        path = path.absolute()
        with translated(path):
            for part in (path, *path.parents):
                if part.exists() and not part.is_dir():
                    raise BadInput(_IS_FILE, path=part)
            if not cls.exists(path):
                path.mkdir(parents=True, exist_ok=True)
                # Alembic takes longer to import than everything else here and is needed only now.
                from secaudit.store.creation import create_database  # noqa: PLC0415

                create_database(path / FILE_NAME, clock())
        return cls.open(path, busy_seconds=busy_seconds, clock=clock)

    @classmethod
    def open(cls, path: Path, *, busy_seconds: float = BUSY_SECONDS, clock: Clock = utc_now) -> Workspace:
        """Open a workspace. An older one is migrated, after a copy of its database was made beside it.

        Args:
            path: the folder.
            busy_seconds: how long to wait for another process that is writing.
            clock: gives the time of new entries in the journal and of a new program version.

        Raises:
            BadInput: the path is a file.
            StoreError: there is no workspace, or it is damaged, in use, read-only, or of a newer program.
        """
        path = path.absolute()
        with translated(path):
            if path.is_file():
                raise BadInput(_IS_FILE, path=path)
            if not cls.exists(path):
                raise StoreError(_NO_WORKSPACE, path=path)
            _bring_to_date(path / FILE_NAME, busy_seconds, clock)
            for folder in ("raw", "reports"):
                (path / folder).mkdir(exist_ok=True)
        database = Database(path, busy_seconds, clock)
        try:
            _note_version(database, clock)
        except BaseException:
            database.close()
            raise
        return cls(path, database)

    @staticmethod
    def exists(path: Path) -> bool:
        """Tell whether the folder holds a workspace, readable or not."""
        return (path / FILE_NAME).exists()

    @property
    def database(self) -> Database:
        """Return the database, for what looks at the workspace as a whole."""
        return self._database

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def versions(self) -> list[versions.ProgramVersion]:
        """Return which versions of secaudit wrote to the workspace, in the order in which they came."""
        with self._database.read() as connection:
            return versions.used_versions(connection)


def _bring_to_date(file: Path, busy_seconds: float, clock: Clock) -> None:
    _refuse_newer(file)
    # A migration that was killed half-way shows its number in the file until SQLite takes it back on opening.
    settle_journal(file, busy_seconds)
    if header.read_header(file).revision < LATEST:
        from secaudit.store.migrate import migrate_database  # noqa: PLC0415

        migrate_database(file, clock(), busy_seconds)
        settle_journal(file, busy_seconds)


def _refuse_newer(file: Path) -> None:
    revision = header.read_header(file).revision
    if revision > LATEST:
        raise StoreError(
            message(
                "The workspace {path} was written by a newer secaudit ({newer}, format {newer_format}); this is "
                "{current}, which knows format {format}. Update secaudit, then try again."
            ),
            path=file.parent,
            newer=header.last_writer(file),
            newer_format=revision,
            current=VERSION,
            format=LATEST,
        )


def _note_version(database: Database, clock: Clock) -> None:
    with database.read() as connection:
        noted = versions.is_noted(connection, LATEST)
    if not noted:
        with database.write() as connection:
            versions.note(connection, LATEST, clock())
