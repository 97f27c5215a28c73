"""The workspace: a folder with the database, the tools' raw results and the reports."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from secaudit.model.errors import BadInput, StoreError, message
from secaudit.store import header
from secaudit.store.database import FILE_NAME, Clock, Database, settle_journal, utc_now
from secaudit.store.faults import translated
from secaudit.store.looks import LookRepository
from secaudit.store.revision import LATEST
from secaudit.store.standing import StandingRepository
from secaudit.version import VERSION

BUSY_SECONDS = 10.0
"""How long to wait for another process that is writing."""

_IS_FILE = message("{path} is a file. Give a folder for the workspace.")
_NO_WORKSPACE = message("There is no workspace in {path}. Run secaudit init or secaudit audit first.")

if TYPE_CHECKING:
    from secaudit.store.answers import AnswerRepository
    from secaudit.store.authorisations import AuthorisationRepository
    from secaudit.store.entries import JournalRepository
    from secaudit.store.evidence import EvidenceRepository
    from secaudit.store.levels import LevelRepository
    from secaudit.store.profile import ProfileRepository
    from secaudit.store.provider import ProviderRepository
    from secaudit.store.registry import RegistryRepository
    from secaudit.store.remediation import RemediationRepository
    from secaudit.store.scans import ScanRepository
    from secaudit.store.schedule import ScheduleRepository
    from secaudit.store.versions import ProgramVersion


class Workspace:
    """An open workspace; also a context manager. May be used from several threads at once.

    What writes stands on SQLAlchemy and is loaded when it is first asked for: that takes longer than many commands
    take that only read.

    Attributes:
        path: the folder.
        looks: which scans speak for a site, and what is judged of them, without what they saw.
        standing: systems, sites and the answers that hold, to be read only.
    """

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self._database = database
        self.looks = LookRepository(database)
        self.standing = StandingRepository(database)

    @cached_property
    def scans(self) -> ScanRepository:
        """Return the scans with everything seen."""
        from secaudit.store.raw import RawFiles
        from secaudit.store.scans import ScanRepository

        return ScanRepository(self._database, RawFiles(self.path / "raw"))

    @cached_property
    def scope(self) -> AuthorisationRepository:
        """Return the authorisation records."""
        from secaudit.store.authorisations import AuthorisationRepository

        return AuthorisationRepository(self._database)

    @cached_property
    def registry(self) -> RegistryRepository:
        """Return the organisation, its systems and sites."""
        from secaudit.store.registry import RegistryRepository

        return RegistryRepository(self._database)

    @cached_property
    def answers(self) -> AnswerRepository:
        """Return what assessors said of requirements."""
        from secaudit.store.answers import AnswerRepository

        return AnswerRepository(self._database)

    @cached_property
    def profile(self) -> ProfileRepository:
        """Return the answers to the applicability questions."""
        from secaudit.store.profile import ProfileRepository

        return ProfileRepository(self._database)

    @cached_property
    def evidence(self) -> EvidenceRepository:
        """Return what backs the answers."""
        from secaudit.store.evidence import EvidenceRepository
        from secaudit.store.evidence_files import EvidenceFiles

        return EvidenceRepository(self._database, EvidenceFiles(self.path / "evidence"))

    @cached_property
    def levels(self) -> LevelRepository:
        """Return the level sheets."""
        from secaudit.store.levels import LevelRepository

        return LevelRepository(self._database)

    @cached_property
    def providers(self) -> ProviderRepository:
        """Return trusted keys, and profiles of what providers do."""
        from secaudit.store.provider import ProviderRepository

        return ProviderRepository(self._database)

    @cached_property
    def schedule(self) -> ScheduleRepository:
        """Return periodic scans and the digests that were sent."""
        from secaudit.store.schedule import ScheduleRepository

        return ScheduleRepository(self._database)

    @cached_property
    def remediation(self) -> RemediationRepository:
        """Return the remediation register."""
        from secaudit.store.remediation import RemediationRepository

        return RemediationRepository(self._database)

    @cached_property
    def journal(self) -> JournalRepository:
        """Return every change of all these, of the scope and of the registry."""
        from secaudit.store.entries import JournalRepository

        return JournalRepository(self._database)

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
                from secaudit.store.creation import create_database

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

    def versions(self) -> list[ProgramVersion]:
        """Return which versions of secaudit wrote to the workspace, in the order in which they came."""
        from secaudit.store import versions

        with self._database.read() as connection:
            return versions.used_versions(connection)


def _bring_to_date(file: Path, busy_seconds: float, clock: Clock) -> None:
    _refuse_newer(file)
    # A migration that was killed half-way shows its number in the file until SQLite takes it back on opening.
    settle_journal(file, busy_seconds)
    if header.read_header(file).revision < LATEST:
        from secaudit.store.migrate import migrate_database

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
    with database.plain() as connection:
        last = connection.execute("SELECT version, revision FROM program ORDER BY id DESC LIMIT 1").fetchone()
    if last != (VERSION, LATEST):
        from secaudit.store import versions

        with database.write() as writer:
            versions.note(writer, LATEST, clock())
