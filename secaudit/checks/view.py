"""Everything that a check may see: the observations of one scan and what is known of the site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from secaudit.model.base import Reason
from secaudit.model.document_look import DocumentObservation
from secaudit.model.exposure_look import ExposureObservation, FileLook, ScriptFileObservation
from secaudit.model.observation import (
    CertificateObservation,
    CrawlObservation,
    DnsObservation,
    DnssecObservation,
    HttpVisit,
    Observation,
    PortScanObservation,
    ScriptHostObservation,
    ServiceObservation,
    TlsObservation,
    ZoneTransferObservation,
)
from secaudit.model.scan import Scan, ScanOptions, http_address, https_address
from secaudit.model.target import Target, build_url, host_port

T = TypeVar(
    "T",
    TlsObservation,
    CertificateObservation,
    HttpVisit,
    PortScanObservation,
    ServiceObservation,
    FileLook,
    ExposureObservation,
    ScriptFileObservation,
    DnsObservation,
    DnssecObservation,
    ZoneTransferObservation,
    CrawlObservation,
    ScriptHostObservation,
    DocumentObservation,
)
R = TypeVar("R")

_PROBE_OF: dict[type, str] = {
    TlsObservation: "tls",
    CertificateObservation: "tls",
    HttpVisit: "http",
    PortScanObservation: "ports",
    ServiceObservation: "ports",
    FileLook: "exposure",
    ExposureObservation: "exposure",
    ScriptFileObservation: "exposure",
    DnsObservation: "dns",
    DnssecObservation: "dns",
    ZoneTransferObservation: "dns",
    CrawlObservation: "crawl",
    ScriptHostObservation: "crawl",
    DocumentObservation: "crawl",
}


@dataclass(frozen=True)
class View:
    """The observations of one scan, by kind.

    Attributes:
        at: the moment of the scan; ages and expiry count from here, not from the moment of judging.
        missing: probe name to the reason why it saw nothing at all.
    """

    target: Target
    options: ScanOptions
    at: datetime
    observations: Sequence[Observation]
    missing: dict[str, Reason]
    _kept: dict[Callable[..., Any], Any] = field(default_factory=dict, compare=False, repr=False)

    def seen(self, kind: type[T]) -> list[T]:
        """Return all observations of one kind, those with a fault included."""
        return [o for o in self.observations if isinstance(o, kind)]

    def why_nothing(self, kind: type) -> Reason:
        """Return why there is no observation of that kind: the probe's fault, or that it was not run."""
        return self.why_not_run(_PROBE_OF[kind])

    def why_not_run(self, probe: str) -> Reason:
        """Return the probe's fault, or that it was not run."""
        return self.missing.get(probe, Reason(code="probe-not-run", params={"probe": probe}))

    def once(self, make: Callable[[View], R]) -> R:
        """Return `make(self)`, computed at the first call only: reading pages costs more than judging them."""
        if make not in self._kept:
            self._kept[make] = make(self)
        kept: R = self._kept[make]
        return kept

    def visit(self, purpose: str) -> HttpVisit | None:
        """Return the visit made for that purpose (`page-https`, `trace`, …), or None."""
        return next((v for v in self.seen(HttpVisit) if v.purpose == purpose), None)

    @property
    def https_endpoint(self) -> str:
        """Return `host:port` of the page's https side."""
        return host_port(*https_address(self.target, self.options))

    @property
    def http_url(self) -> str:
        """Return the URL of the page's plain side."""
        return build_url("http", *http_address(self.target, self.options), self.target.path)

    @property
    def https_url(self) -> str:
        """Return the URL of the page's https side."""
        return build_url("https", *https_address(self.target, self.options), self.target.path)


def view_of(scan: Scan) -> View:
    """Return the view of a stored or finished scan."""
    missing = {run.name: run.fault for run in scan.runs if run.fault is not None}
    return View(scan.target, scan.options, scan.started_at, scan.observations, missing)
