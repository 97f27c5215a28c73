"""Results of other tools, from a file to a stored scan that is marked as imported."""

from __future__ import annotations

import errno
import hashlib
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from secaudit.app.judge import JudgedScan, judge_scan, keep_judgement
from secaudit.app.knowledge import Knowledge
from secaudit.app.setup import site_of
from secaudit.importers.document import Imported, NotReadable
from secaudit.importers.registry import FORMS, detect, read
from secaudit.model.errors import BadInput, message
from secaudit.model.history import new_scan_id
from secaudit.model.imported import ImportFormat, ImportSource
from secaudit.model.observation import CertificateObservation, ImportedFinding, Observation
from secaudit.model.organisation import Site
from secaudit.model.scan import Scan, ScanOptions
from secaudit.model.target import Target, parse_target
from secaudit.model.words import ScanStatus
from secaudit.probes.tls.certificates import names_host, read_certificate
from secaudit.store.workspace import Workspace
from secaudit.version import VERSION

MOST_BYTES = 50_000_000
"""Size of a file that is read. A year's worth of scans of one page fits many times."""
ABOUT_A_MACHINE = (ImportFormat.LYNIS, ImportFormat.OPENSCAP)
"""Formats whose host is a machine's own name, which says nothing about which page it serves."""
_FORMATS = ", ".join(form.value for form in FORMS)


@dataclass(frozen=True)
class ImportRequest:
    """What the officer asks for.

    Attributes:
        form: None to recognise it by its content.
        url: the page that the results are about; empty to find it by the hosts in the file.
        host: take the results of this host of the file only; empty for the page's own host.
    """

    path: Path
    form: ImportFormat | None = None
    url: str = ""
    host: str = ""


@dataclass(frozen=True)
class ImportResult:
    """What was stored, and how many results about other hosts were left out."""

    site: Site
    judged: JudgedScan
    left_out: int


@dataclass(frozen=True)
class ReadFile:
    """A file that was read, nothing of it stored yet."""

    request: ImportRequest
    data: bytes
    form: ImportFormat
    imported: Imported
    at: datetime

    @property
    def name(self) -> str:
        """Return the file as the officer named it."""
        return str(self.request.path)


def read_file(request: ImportRequest, now: datetime) -> ReadFile:
    """Read a file of another tool; stores nothing.

    Raises:
        BadInput: it cannot be read, is too large, compressed, broken or of no known format.
    """
    data = _bytes(request.path)
    form, imported = _parsed(data, request, now)
    return ReadFile(request, data, form, imported, now)


def store_import(workspace: Workspace, file: ReadFile, knowledge: Knowledge) -> ImportResult:
    """Store what a file says as a scan of its page, all of it or nothing, and judge the facts in it.

    Raises:
        BadInput: it was imported before, it is not clear which page it is about, or it is about other hosts.
        StoreError: the workspace cannot be written.
    """
    target = _target(workspace, file)
    kept, left_out = _about(file, target.host)
    digest = hashlib.sha256(file.data).hexdigest()
    known = workspace.registry.site_for(target)
    for summary in workspace.scans.summaries(known.id) if known else ():
        if summary.source is not None and summary.source.sha256 == digest:
            raise BadInput(message("The file {name} was imported already, as {scan}."), name=file.name, scan=summary.id)
    site = site_of(workspace, target)
    imported = file.imported
    scan = Scan(
        id=new_scan_id(file.at, secrets.token_bytes),
        version=VERSION,
        target=target,
        options=ScanOptions(probes=(), allowed_ports=site.allowed_ports),
        started_at=imported.made_at or file.at,
        finished_at=file.at,
        status=ScanStatus.COMPLETE,
        observations=tuple(_completed(seen) for seen in kept),
        source=ImportSource(
            format=file.form,
            tool=imported.tool,
            tool_version=imported.tool_version,
            file_name=file.request.path.name,
            sha256=digest,
            size=len(file.data),
            made_at=imported.made_at,
        ),
        tools={imported.tool: imported.tool_version} if imported.tool_version else {},
    )
    workspace.scans.add_whole(scan, site.id, {file.request.path.name: file.data})
    judged = judge_scan(scan, knowledge)
    keep_judgement(workspace, judged, file.at)
    return ImportResult(site, judged, left_out)


def imports_of(workspace: Workspace, site: Site, most: int = 10) -> list[Scan]:
    """Return the newest import of each tool for a site, newest first, at most `most`."""
    newest: dict[tuple[str, str], str] = {}
    for summary in workspace.scans.summaries(site.id):
        if summary.source is not None:
            newest.setdefault((summary.source.format, summary.source.tool), summary.id)
    return [workspace.scans.load(scan_id) for scan_id in list(newest.values())[:most]]


def _bytes(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a device or a pipe might never end
            raise OSError(errno.EINVAL, "not a regular file")
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(
            message("The file {name} cannot be read ({detail})."), name=str(path), detail=error.strerror or error
        ) from None
    if len(data) > MOST_BYTES:
        raise BadInput(
            message("The file {name} is larger than {megabytes} MB. Let the tool look at one page at a time."),
            name=str(path), megabytes=MOST_BYTES // 1_000_000,
        )  # fmt: skip
    return data


def _parsed(data: bytes, request: ImportRequest, now: datetime) -> tuple[ImportFormat, Imported]:
    form = request.form or detect(data)
    try:
        if form is None:
            read(data, ImportFormat.NMAP, now)  # says when the file is empty or compressed; else it is of no format
            raise NotReadable("")
        return form, read(data, form, now)
    except NotReadable as fault:
        if form is not None:
            raise BadInput(
                message("The file {name} is not {expected}, or is damaged: {detail}."),
                name=str(request.path), expected=FORMS[form].expected, detail=fault.detail,
            ) from None  # fmt: skip
        if fault.detail.startswith(("compressed", "it is empty")):
            raise BadInput(
                message("The file {name} cannot be imported: {detail}."), name=str(request.path), detail=fault.detail
            ) from None
        raise BadInput(
            message(
                "The file {name} is of no format that can be imported. Expected: results of {formats}, as the tool "
                "wrote them; name the format with --kind."
            ),
            name=str(request.path), formats=_FORMATS,
        ) from None  # fmt: skip


def _target(workspace: Workspace, file: ReadFile) -> Target:
    """Return the page that the file is about."""
    if file.request.url:
        return parse_target(file.request.url)
    sites = workspace.registry.sites()
    named = {_host(host) for host in file.imported.hosts}
    fitting = [site for site in sites if site.target.host in named]
    if len(fitting) == 1:
        return fitting[0].target
    if file.form in ABOUT_A_MACHINE and len(sites) == 1:
        return sites[0].target
    shown = ", ".join(file.imported.hosts[:3]) or "?"
    raise BadInput(
        message("Which page are the results in {name} about? They name {hosts}. Say it with --site URL."),
        name=file.name, hosts=shown,
    )  # fmt: skip


def _host(text: str) -> str:
    """Return the host in a name, a `host:port` or an address of a page."""
    try:
        return parse_target(text).host
    except BadInput:
        return text.lower()


def _about(file: ReadFile, page_host: str) -> tuple[Sequence[Observation], int]:
    """Return what is about the page's host, and how many results are about others.

    A tool may have been given an address where the page has a name: what is about a single host is taken as being
    about the page, which the officer named or which was found by that host.
    """
    seen_all, chosen = file.imported.observations, file.request.host
    facts = [seen for seen in seen_all if not isinstance(seen, ImportedFinding)]
    names = {getattr(seen, "host", "") for seen in facts}
    if not chosen and len(names) <= 1:
        return seen_all, 0
    host = chosen or page_host
    wanted = [
        seen for seen in seen_all
        if isinstance(seen, ImportedFinding) or host in (getattr(seen, "host", ""), seen.address)
    ]  # fmt: skip
    if facts and all(isinstance(seen, ImportedFinding) for seen in wanted):
        raise BadInput(
            message("The file {name} holds results about {hosts}, none about {host}. Choose one with --host."),
            name=file.name, hosts=", ".join(sorted(names)[:5]), host=host,
        )  # fmt: skip
    return wanted, len(seen_all) - len(wanted)


def _completed(seen: Observation) -> Observation:
    """Read the certificates of which an importer kept the PEM only."""
    if not isinstance(seen, CertificateObservation) or not seen.chain:
        return seen
    return seen.model_copy(
        update={
            "chain": tuple(read_certificate(certificate.pem) for certificate in seen.chain),
            "hostname_matches": names_host(seen.chain[0].pem, seen.host),
        }
    )
