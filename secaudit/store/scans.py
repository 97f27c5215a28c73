"""Scans, stored fact by fact, so that a killed scan loses nothing that was seen."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, Select, func, insert, select, update

from secaudit.model.base import Reason
from secaudit.model.errors import BadInput, StoreError, message
from secaudit.model.history import Judgement, ProcessMark, ScanSummary
from secaudit.model.imported import ImportSource
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.observation import OBSERVATION, Observation
from secaudit.model.scan import ProbeRun, Scan, ScanOptions
from secaudit.model.target import Target
from secaudit.model.traffic import Traffic
from secaudit.model.words import ProbeStatus, ScanStatus, Severity
from secaudit.store import judgements, probe_runs
from secaudit.store.database import Database
from secaudit.store.faults import translated
from secaudit.store.process import current_process
from secaudit.store.raw import RawFiles
from secaudit.store.rows import TOOLS, model_text, text_of
from secaudit.store.tables import observation, probe_run, raw_result, scan, site

LATEST_WORDS = ("latest", "last")
"""References that mean the newest scan."""

SILENT_FOR = timedelta(hours=24)
"""After so long without a fact a scan run on another computer, which cannot be asked, counts as interrupted."""


class ScanRepository:
    """The scans of all sites."""

    def __init__(self, database: Database, raw_files: RawFiles) -> None:
        self._database = database
        self._raw_files = raw_files

    # --- Writing while the scan runs -----------------------------------------------------------------

    def begin(self, scan: Scan, site_id: str, process: ProcessMark) -> None:
        """Store that a scan runs, with what it holds so far.

        Raises:
            BadInput: the site is not stored, or a scan has this id already.
        """
        with self._database.write() as connection:
            _insert_scan(connection, _head(scan, site_id, process), scan)

    def add_whole(self, scan: Scan, site_id: str, raw: Mapping[str, bytes]) -> None:
        """Store a scan that is over, with its observations and raw results, in one transaction.

        Raises:
            BadInput: the site is not stored, or a scan has this id already.
        """
        with translated(self._database.folder):
            kept = [(name, self._raw_files.keep(data), len(data)) for name, data in raw.items()]
        with self._database.write() as connection:
            _insert_scan(connection, _head(scan, site_id, current_process()), scan)
            ended = {"status": scan.status, "finished_at": scan.finished_at}
            connection.execute(update(_TABLE).where(_TABLE.c.id == scan.id).values(ended))
            for name, digest, size in kept:
                row = {"scan_id": scan.id, "name": name, "sha256": digest, "size": size}
                connection.execute(insert(raw_result).values(row))

    def add_observation(self, scan_id: str, observation: Observation) -> None:
        """Store one observation; when this returns, it outlives a killed process and a power cut.

        Raises:
            BadInput: there is no such scan.
        """
        with self._database.write() as connection:
            _require(connection, scan_id)
            _insert_observation(connection, scan_id, observation)

    def add_raw(self, scan_id: str, name: str, data: bytes) -> None:
        """Store a tool's own result, compressed, by the SHA-256 of its bytes.

        Raises:
            BadInput: there is no such scan.
        """
        # File first, row second: a kill in between leaves a file too many, never one too few.
        with translated(self._database.folder):
            digest = self._raw_files.keep(data)
        values = {"scan_id": scan_id, "name": name, "sha256": digest, "size": len(data)}
        with self._database.write() as connection:
            _require(connection, scan_id)
            connection.execute(insert(raw_result).values(values))

    def finish_probe(self, scan_id: str, run: ProbeRun) -> None:
        """Store how a probe went; a second time replaces the first.

        Raises:
            BadInput: there is no such scan.
        """
        with self._database.write() as connection:
            _require(connection, scan_id)
            probe_runs.save(connection, scan_id, run)

    def finish(
        self, scan_id: str, status: ScanStatus, finished_at: datetime, tools: dict[str, str],
        traffic: Traffic | None = None,
    ) -> None:  # fmt: skip
        """Store how the scan ended, and what it sent.

        Raises:
            BadInput: there is no such scan.
        """
        values = {
            "status": status,
            "finished_at": finished_at,
            "tools": text_of(TOOLS, tools),
            "traffic": model_text(traffic),
        }
        with self._database.write() as connection:
            _require(connection, scan_id)
            connection.execute(update(_TABLE).where(_TABLE.c.id == scan_id).values(values))

    def mark_interrupted(self, is_alive: Callable[[ProcessMark], bool], now: datetime) -> list[str]:
        """Mark the scans that are still called running although their process is gone, and return their ids.

        Such a scan ended, as far as anyone knows, with the last thing it saw. Probes that had not finished get a
        run that says so, and their checks that saw nothing become inconclusive for that reason.

        Args:
            is_alive: tells whether a process still runs.
            now: the current time.
        """
        running = select(_TABLE).where(_TABLE.c.status == ScanStatus.RUNNING)
        with self._database.read() as connection:
            if not connection.execute(running.limit(1)).first():
                return []
        gone = []
        with self._database.write() as connection:
            for row in connection.execute(running).all():
                mark = ProcessMark.model_validate_json(row.process)
                seen = select(func.max(observation.c.at)).where(observation.c.scan_id == row.id)
                last = max(connection.execute(seen).scalar() or row.started_at, row.started_at)
                unknowable = mark.host != socket.gethostname() and now - last > SILENT_FOR
                if unknowable or not is_alive(mark):
                    _interrupt(connection, row, last)
                    gone.append(row.id)
        return gone

    # --- Judgements ----------------------------------------------------------------------------------

    def save_judgement(
        self, scan_id: str, rules_version: str, outcomes: Sequence[CheckOutcome], findings: Sequence[Finding],
        judged_at: datetime,
    ) -> None:  # fmt: skip
        """Store what the rules say of a scan. Earlier judgements stay; the last one saved holds.

        Raises:
            BadInput: there is no such scan.
        """
        said = Judgement(
            scan=scan_id,
            rules_version=rules_version,
            judged_at=judged_at,
            outcomes=tuple(outcomes),
            findings=tuple(findings),
        )
        with self._database.write() as connection:
            _require(connection, scan_id)
            judgements.save(connection, said)

    def judgement(self, scan_id: str) -> Judgement | None:
        """Return the judgement that holds, None while there is none. Accepts the references of `resolve`."""
        with self._database.read() as connection:
            return judgements.latest(connection, _resolve(connection, scan_id, None))

    # --- Reading -------------------------------------------------------------------------------------

    def load(self, scan_id: str) -> Scan:
        """Return a scan with its observations in the order in which they were stored, unfinished ones included.

        Observations that this program cannot read, because a newer one made them, are left out; `unreadable`
        counts them.

        Args:
            scan_id: an id, or what else `resolve` accepts.

        Raises:
            BadInput: there is no such scan.
        """
        with self._database.read() as connection:
            row = _row(connection, _resolve(connection, scan_id, None))
            assert row is not None
            observations, _ = _observations(connection, row.id)
            return Scan(
                id=row.id,
                version=row.version,
                target=Target.model_validate_json(row.target),
                options=ScanOptions.model_validate_json(row.options),
                started_at=row.started_at,
                finished_at=row.finished_at,
                status=row.status,
                runs=probe_runs.of_scan(connection, row.id),
                observations=tuple(observations),
                authorisation=row.authorisation,
                tools=TOOLS.validate_json(row.tools),
                source=_source(row.source),
                traffic=Traffic.model_validate_json(row.traffic) if row.traffic else None,
            )

    def unreadable(self, scan_id: str) -> int:
        """Return how many observations of the scan are stored that this program cannot read."""
        with self._database.read() as connection:
            return _observations(connection, _resolve(connection, scan_id, None))[1]

    def raw_names(self, scan_id: str) -> list[str]:
        """Return the names of the scan's raw results, in the order in which they were stored."""
        with self._database.read() as connection:
            wanted = raw_result.c.scan_id == _resolve(connection, scan_id, None)
            names = connection.execute(select(raw_result.c.name).where(wanted).order_by(raw_result.c.id)).scalars()
            return list(dict.fromkeys(names))

    def raw(self, scan_id: str, name: str) -> bytes:
        """Return a tool's own result, the newest of that name.

        Raises:
            BadInput: there is none of that name.
            StoreError: its file is missing, or no longer what was stored.
        """
        with self._database.read() as connection:
            wanted = raw_result.c.scan_id == _resolve(connection, scan_id, None)
            query = select(raw_result.c.sha256).where(wanted, raw_result.c.name == name)
            digest = connection.execute(query.order_by(raw_result.c.id.desc()).limit(1)).scalar()
        if digest is None:
            raise BadInput(message("Scan {scan} has no raw result named {name}."), scan=scan_id, name=name)
        data = self._raw_files.read(digest)
        if data is None:
            raise StoreError(
                message("The raw result {name} of scan {scan} is missing from the workspace or damaged."),
                scan=scan_id,
                name=name,
            )
        return data

    def resolve(self, reference: str, site_id: str | None = None) -> str:
        """Return the id of the scan that is meant.

        Args:
            reference: an id, the beginning of exactly one id, or `latest` or `last`: the newest scan that has
                ended, or the newest one while none has; never one that was imported.
            site_id: look only at scans of this site.

        Raises:
            BadInput: no scan is meant, or several are.
        """
        with self._database.read() as connection:
            return _resolve(connection, reference, site_id)

    def summaries(
        self, site_id: str | None = None, limit: int | None = None, *, verifications: bool = False
    ) -> list[ScanSummary]:
        """Return one line per scan, newest first.

        Args:
            site_id: only scans of this site.
            limit: at most so many.
            verifications: also scans that looked only for what remediation items need; they do not speak for a site.
        """
        newest = _newest_first(select(_TABLE), site_id).limit(limit)
        newest = newest if verifications else newest.where(WHOLE)
        ids = newest.with_only_columns(_TABLE.c.id)
        with self._database.read() as connection:
            scans = connection.execute(newest).all()
            counts = judgements.counts(connection, ids)
        return [
            ScanSummary(
                id=row.id,
                site_id=row.site_id,
                url=row.url,
                started_at=row.started_at,
                finished_at=row.finished_at,
                status=row.status,
                source=_source(row.source),
                judged=row.id in counts,
                verifies=_VERIFIES in row.options,
                findings=counts.get(row.id, dict.fromkeys(Severity, 0)),
            )
            for row in scans
        ]


_TABLE = scan


def _head(scan: Scan, site_id: str, process: ProcessMark) -> dict[str, Any]:
    return {
        "id": scan.id,
        "site_id": site_id,
        "version": scan.version,
        "url": scan.target.url,
        "target": scan.target.model_dump_json(),
        "options": scan.options.model_dump_json(),
        "started_at": scan.started_at,
        "status": ScanStatus.RUNNING,
        "authorisation": scan.authorisation,
        "tools": text_of(TOOLS, scan.tools),
        "process": process.model_dump_json(),
        "source": model_text(scan.source),
    }


def _source(text: str | None) -> ImportSource | None:
    return None if text is None else ImportSource.model_validate_json(text)


def _insert_scan(connection: Connection, head: dict[str, Any], scan: Scan) -> None:
    if not connection.execute(select(site.c.id).where(site.c.id == head["site_id"])).first():
        raise BadInput(message("There is no site {id} in the workspace."), id=head["site_id"])
    if _row(connection, scan.id):
        raise BadInput(message("A scan with the id {id} is stored already."), id=scan.id)
    connection.execute(insert(_TABLE).values(head))
    for seen in scan.observations:
        _insert_observation(connection, scan.id, seen)
    for run in scan.runs:
        probe_runs.save(connection, scan.id, run)


def _row(connection: Connection, scan_id: str) -> Row[Any] | None:
    return connection.execute(select(_TABLE).where(_TABLE.c.id == scan_id)).first()


def _unknown(reference: str) -> BadInput:
    return BadInput(message("There is no scan {reference}. Run secaudit history to see them."), reference=reference)


def _require(connection: Connection, scan_id: str) -> None:
    if not connection.execute(select(_TABLE.c.id).where(_TABLE.c.id == scan_id)).first():
        raise _unknown(scan_id)


_VERIFIES = '"verifies":true'
WHOLE = ~_TABLE.c.options.contains(_VERIFIES)
"""Scans that speak for a site. Options are stored as compact JSON."""


def _newest_first(query: Select[Any], site_id: str | None) -> Select[Any]:
    if site_id is not None:
        query = query.where(_TABLE.c.site_id == site_id)
    return query.order_by(_TABLE.c.started_at.desc(), _TABLE.c.id.desc())


def _resolve(connection: Connection, reference: str, site_id: str | None) -> str:
    ids = _newest_first(select(_TABLE.c.id), site_id)
    if reference.lower() in LATEST_WORDS:
        own = ids.where(_TABLE.c.source.is_(None), WHOLE)
        ended = own.where(_TABLE.c.status != ScanStatus.RUNNING).limit(1)
        found = connection.execute(ended).scalar() or connection.execute(own.limit(1)).scalar()
        if found is None:
            raise BadInput(message("There is no scan yet. Run secaudit scan or secaudit audit first."))
        return str(found)
    if not reference:
        raise _unknown(reference)
    fitting = connection.execute(ids.where(_TABLE.c.id.startswith(reference, autoescape=True))).scalars().all()
    if reference in fitting:
        return reference
    if not fitting:
        raise _unknown(reference)
    if len(fitting) > 1:
        raise BadInput(
            message("{reference} fits {count} scans, {first} among them. Give more of the id."),
            reference=reference,
            count=len(fitting),
            first=fitting[0],
        )
    return str(fitting[0])


def _insert_observation(connection: Connection, scan_id: str, seen: Observation) -> None:
    values = {
        "scan_id": scan_id,
        "kind": seen.kind,
        "target": seen.target,
        "at": seen.at,
        "body": text_of(OBSERVATION, seen),
    }
    connection.execute(insert(observation).values(values))


def _observations(connection: Connection, scan_id: str) -> tuple[list[Observation], int]:
    """Return what can be read, and how many rows cannot."""
    bodies = connection.execute(
        select(observation.c.body).where(observation.c.scan_id == scan_id).order_by(observation.c.id)
    ).scalars()
    read, skipped = [], 0
    for body in bodies:
        try:
            read.append(OBSERVATION.validate_json(body))
        except ValidationError:
            skipped += 1
    return read, skipped


def _interrupt(connection: Connection, row: Row[Any], last: datetime) -> None:
    finished = set(connection.execute(select(probe_run.c.name).where(probe_run.c.scan_id == row.id)).scalars())
    for name in ScanOptions.model_validate_json(row.options).probes:
        if name not in finished:
            fault = Reason(code="probe-interrupted", params={"probe": name})
            probe_runs.save(connection, row.id, ProbeRun(name=name, status=ProbeStatus.FAILED, fault=fault))
    values = {"status": ScanStatus.INTERRUPTED, "finished_at": last}
    connection.execute(update(_TABLE).where(_TABLE.c.id == row.id).values(values))
