"""Who allowed active probing of which host, by which document, until when (Decree 330/2026 Art. 16.1.đ)."""

from __future__ import annotations

import ipaddress

from secaudit.model.base import Composed, Frozen, Instant
from secaudit.model.target import address_or_none

LOOPBACK = "loopback"
"""Stands for the permission that loopback targets need none."""


class PortRange(Frozen):
    """Ports `first` to `last`, both included."""

    first: int
    last: int


class Authorisation(Frozen):
    """One permission record.

    Attributes:
        hosts: names (`xa.gov.vn`), names with a leading wildcard (`*.xa.gov.vn`: any depth below, not the name
            itself), addresses, or networks in CIDR form.
        ports: allowed TCP and UDP ports; empty means all.
        granted_by: person or body that allowed it.
        document: number and date of the paper that says so.
        revoked_at: when it was withdrawn.
    """

    id: str
    hosts: tuple[str, ...]
    ports: tuple[PortRange, ...] = ()
    granted_by: Composed
    document: Composed = ""
    valid_from: Instant
    valid_until: Instant
    recorded_at: Instant
    recorded_by: Composed = ""
    revoked_at: Instant | None = None

    def in_force(self, at: Instant) -> bool:
        """Tell whether the record holds at that moment."""
        revoked = self.revoked_at is not None and self.revoked_at <= at
        return not revoked and self.valid_from <= at <= self.valid_until

    def covers(self, host: str, address: str, port: int | None) -> bool:
        """Tell whether the record names the host, or the address it resolved to, and the port (None: any)."""
        named = any(_matches(pattern, host) or _matches(pattern, address) for pattern in self.hosts)
        if not named or port is None or not self.ports:
            return named
        return any(span.first <= port <= span.last for span in self.ports)


def is_loopback(address: str) -> bool:
    """Tell whether an IP address text is loopback, IPv4-mapped IPv6 included; a name never is."""
    parsed = address_or_none(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return parsed is not None and parsed.is_loopback


def _matches(pattern: str, host: str) -> bool:
    if not host:
        return False
    pattern, host = pattern.lower().rstrip("."), host.lower().rstrip(".")
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and host != pattern[2:]
    address = address_or_none(host)
    if address is None:
        return pattern == host
    try:
        return address in ipaddress.ip_network(pattern, strict=False)
    except ValueError:
        return False
