"""The part of the report model that says what was seen of ports, certificates and TLS versions."""

from __future__ import annotations

from secaudit.model.base import Frozen, Instant, Text
from secaudit.model.observation import PortState, TlsVersion


class PortEntry(Frozen):
    """One open port.

    Attributes:
        expected: it is the page's own or on the site's list of ports meant to be open.
        method: how the service was learnt; `number` means guessed from the port number, empty when not looked at.
    """

    host: str
    port: int
    protocol: str
    service: str
    product: str
    version: str
    method: str
    expected: bool


class PortScanEntry(Frozen):
    """One look over the ports of a host; `seconds` is wall time."""

    host: str
    address: str
    protocol: str
    engine: str
    tried: int
    states: dict[PortState, int]
    seconds: float
    fault: Text | None = None


class CertificateEntry(Frozen):
    """One certificate as served.

    Attributes:
        position: 0 for the page's own, then upwards in the chain as served.
        days_left: whole days from the start of the scan to its end, negative when over.
        trust: trust store to whether a path was found, for position 0 only.
    """

    endpoint: str
    position: int
    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    names_omitted: int = 0
    not_before: Instant | None = None
    not_after: Instant | None = None
    days_left: int | None = None
    key: str = ""
    signature: str = ""
    sha256: str = ""
    hostname_matches: bool | None = None
    trust: dict[str, bool] = {}
    fault: Text | None = None


class TlsEntry(Frozen):
    """One protocol version at one endpoint.

    Attributes:
        accepted: None when nobody can say, with `fault`.
        suites: how many suites were accepted.
    """

    endpoint: str
    version: TlsVersion | None
    accepted: bool | None
    suites: int = 0
    fault: Text | None = None
