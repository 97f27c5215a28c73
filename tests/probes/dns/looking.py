"""Looking with the DNS probe at a resolver of the lab."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import dns.message
import dns.query

from secaudit.checks.view import View
from secaudit.model.authorisation import Authorisation
from secaudit.model.observation import DnsObservation, DnssecObservation, ZoneTransferObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import Profile
from secaudit.probes.dns.limits import Limits
from secaudit.probes.dns.probe import DnsProbe
from secaudit.probes.gate import Gate
from secaudit.probes.probe import ProbeContext

QUICK = Limits(try_seconds=0.3, question_seconds=0.8, transfer_seconds=1.0)


def now() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


class NameGate(Gate):
    """Resolves names at a resolver of the lab and notes every connection that was let through."""

    def __init__(self, port: int, authorisations: Sequence[Authorisation] = ()) -> None:
        super().__init__(authorisations, now, self._addresses)
        self.port = port
        self.entered: list[tuple[str, str]] = []

    def _addresses(self, host: str) -> list[str]:
        answer = dns.query.udp(dns.message.make_query(host, "A"), "127.0.0.1", port=self.port, timeout=10)
        return [record.to_text() for rrset in answer.answer for record in rrset]

    def enter(self, host: str, address: str, port: int) -> None:
        """Pass the gate and note it."""
        super().enter(host, address, port)
        self.entered.append((host, address))


def look(
    host: str, port: int, *, transfer_port: int = 53, anchor: Sequence[str] = (), gate: Gate | None = None,
    limits: Limits = QUICK, profile: Profile = Profile.STANDARD,
) -> View:  # fmt: skip
    """Run the probe on `host` with the resolver at 127.0.0.1 and `port`; return what the checks get."""
    options = ScanOptions(resolver="127.0.0.1", profile=profile)
    target = parse_target(f"https://{host}/")
    probe = DnsProbe(port=port, transfer_port=transfer_port, anchors={".": tuple(anchor)}, limits=limits)
    context = ProbeContext(gate or NameGate(port), options, now)
    return View(target, options, now(), list(probe.run(target, context)), {})


def names_of(view: View) -> DnsObservation:
    """Return what the resolver said."""
    [seen] = view.seen(DnsObservation)
    return seen


def chain_of(view: View) -> DnssecObservation:
    """Return the chain of trust."""
    [seen] = view.seen(DnssecObservation)
    return seen


def transfers_of(view: View) -> dict[str, ZoneTransferObservation]:
    """Return the tries to transfer the zone, by nameserver."""
    return {seen.nameserver: seen for seen in view.seen(ZoneTransferObservation)}
