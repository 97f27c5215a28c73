"""What probes return: facts as seen, with time and target, never a judgement.

Every kind carries `fault`: set when the probe could not look, so that checks over it become inconclusive.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from secaudit.model.dns_look import DnsLook, ZoneLink
from secaudit.model.document_look import DocumentObservation
from secaudit.model.exposure_look import ExposureObservation, FileLook, ScriptFileObservation
from secaudit.model.http_look import (
    CrawlObservation,
    HttpExchange,
    HttpVisit,
    ScriptHostObservation,
    VisitEnd,
    VisitPurpose,
)
from secaudit.model.imported_look import ImportedFinding
from secaudit.model.observation_base import ObservationBase
from secaudit.model.port_look import PortLook, PortScanObservation, PortState, ServiceObservation
from secaudit.model.tls_look import (
    Certificate,
    CertificateObservation,
    CipherSuite,
    Fact,
    TlsObservation,
    TlsVersion,
    TrustLook,
    VersionLook,
)
from secaudit.model.zone_look import DnsObservation, DnssecObservation, ZoneTransferObservation

__all__ = [
    "OBSERVATION",
    "Certificate",
    "CertificateObservation",
    "CipherSuite",
    "CrawlObservation",
    "DnsLook",
    "DnsObservation",
    "DnssecObservation",
    "DocumentObservation",
    "ExposureObservation",
    "Fact",
    "FileLook",
    "HttpExchange",
    "HttpVisit",
    "ImportedFinding",
    "Observation",
    "ObservationBase",
    "PortLook",
    "PortScanObservation",
    "PortState",
    "ScriptFileObservation",
    "ScriptHostObservation",
    "ServiceObservation",
    "TlsObservation",
    "TlsVersion",
    "TrustLook",
    "VersionLook",
    "VisitEnd",
    "VisitPurpose",
    "ZoneLink",
    "ZoneTransferObservation",
]

Observation = Annotated[
    TlsObservation
    | CertificateObservation
    | HttpVisit
    | PortScanObservation
    | ServiceObservation
    | FileLook
    | ExposureObservation
    | ScriptFileObservation
    | DnsObservation
    | DnssecObservation
    | ZoneTransferObservation
    | CrawlObservation
    | ScriptHostObservation
    | DocumentObservation
    | ImportedFinding,
    Field(discriminator="kind"),
]
OBSERVATION: TypeAdapter[Observation] = TypeAdapter(Observation)
"""Reads any observation from JSON by its `kind`."""
