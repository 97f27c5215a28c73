"""Names to addresses through a DNS server of the officer's choice (RFC 1035); without one the system is asked."""

from __future__ import annotations

import dns.exception
import dns.resolver

from secaudit.probes.gate import Resolver, system_resolver

SECONDS = 5.0
"""Longest time for all tries of one question."""


def resolver_at(server: str) -> Resolver:
    """Return a resolver that asks `server` (an IP address) for A and AAAA; empty gives the system's resolver."""
    if not server:
        return system_resolver

    def resolve(host: str) -> list[str]:
        asked = dns.resolver.Resolver(configure=False)
        asked.nameservers = [server]
        asked.lifetime = SECONDS
        addresses = []
        for kind in ("A", "AAAA"):
            try:
                addresses += [record.to_text() for record in asked.resolve(host, kind, search=False)]
            except dns.exception.DNSException:
                continue
        if not addresses:
            raise OSError(f"{server} gives no address for {host}")
        return addresses

    return resolve
