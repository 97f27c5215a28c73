"""A scan: what was asked for, which probes ran, what they saw."""

from __future__ import annotations

from secaudit.model.base import Frozen, Instant, Reason
from secaudit.model.baseline import Baseline
from secaudit.model.imported import ImportSource
from secaudit.model.observation import Observation
from secaudit.model.target import Target
from secaudit.model.traffic import Traffic
from secaudit.model.words import PROBES, PortEngine, ProbeStatus, Profile, ScanStatus


class ScanOptions(Frozen):
    """How to look.

    Attributes:
        probes: names of the probes to run, in the registry's order.
        ca_file: path of a PEM file with extra trust anchors, empty for none.
        http_port: port of the plain page when the target is https; None for 80.
        https_port: port of the TLS page when the target is http; None for 443.
        resolver: IP address of the DNS server to ask, empty for the system's.
        contact: how the site's people reach the auditor, sent in the User-Agent.
        allowed_ports: ports that the site means to have open.
        time_limit: seconds that one probe may take.
        baseline: how the page should look; None when nobody has accepted a look.
        verifies: it looks only for what remediation items need, and does not speak for the site as a whole.
    """

    probes: tuple[str, ...] = PROBES
    profile: Profile = Profile.STANDARD
    ca_file: str = ""
    port_engine: PortEngine = PortEngine.AUTO
    http_port: int | None = None
    https_port: int | None = None
    resolver: str = ""
    contact: str = ""
    allowed_ports: tuple[int, ...] = ()
    time_limit: float = 120.0
    baseline: Baseline | None = None
    verifies: bool = False


class ProbeRun(Frozen):
    """How one probe of a scan went.

    Attributes:
        seconds: wall time.
        fault: why it failed or was skipped.
        notes: what the officer should know of how it looked (a tool missing, a limit reached).
    """

    name: str
    status: ProbeStatus
    seconds: float = 0.0
    fault: Reason | None = None
    notes: tuple[Reason, ...] = ()


class Scan(Frozen):
    """One scan of one target, complete with everything seen. `id` is a ULID-like sortable text."""

    id: str
    version: str
    target: Target
    options: ScanOptions
    started_at: Instant
    finished_at: Instant | None = None
    status: ScanStatus = ScanStatus.RUNNING
    runs: tuple[ProbeRun, ...] = ()
    observations: tuple[Observation, ...] = ()
    authorisation: str = ""
    """Id of the authorisation record that covered the scan, or `loopback`."""
    tools: dict[str, str] = {}
    """Names and versions of the programs used."""
    source: ImportSource | None = None
    """The file of another tool that this was imported from; None for a scan of our own."""
    traffic: Traffic | None = None
    """What was sent and received; None for a scan that was killed, and for one of an older program."""


def http_address(target: Target, options: ScanOptions) -> tuple[str, int]:
    """Return host and port of the plain-http page that belongs to the target."""
    return target.host, target.port if target.scheme == "http" else options.http_port or 80


def https_address(target: Target, options: ScanOptions) -> tuple[str, int]:
    """Return host and port of the https page that belongs to the target."""
    return target.host, target.port if target.scheme == "https" else options.https_port or 443
