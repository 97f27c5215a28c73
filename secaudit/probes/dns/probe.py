"""The DNS probe: a resolver is asked about the host and its zone; nameservers in scope are asked for the whole zone."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from secaudit.model.base import Reason
from secaudit.model.observation import DnsObservation, DnssecObservation, ZoneTransferObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target
from secaudit.probes.dns.chain import ROOT_ANCHORS, Anchors, chain_of_trust, chain_questions
from secaudit.probes.dns.limits import TRANSFERS, Limits
from secaudit.probes.dns.questions import ask_further, host_questions, mail_domain, nameservers
from secaudit.probes.dns.stub import Stub, system_servers
from secaudit.probes.dns.transfer import try_transfer
from secaudit.probes.dns.zone import find_zone
from secaudit.probes.probe import PlannedStep, ProbeContext

_SHARE_OF_TIME = 0.9
"""How much of the probe's time limit its questions may use, so that it ends before it is ended."""
DNS_PORT = 53


class DnsProbe:
    """Asks a resolver, validates what it says, and tries a zone transfer at nameservers that the gate lets through.

    A resolver of the officer's own choice is not the target, so questions to it need no permission. Hosts that are
    IP addresses or names that the public DNS never holds are not asked about at all.

    Attributes:
        port: where the resolver listens.
        transfer_port: where nameservers listen.
        anchors: trust anchors of DNSSEC.
        limits: the limits of a run.
    """

    name = "dns"

    def __init__(
        self,
        *,
        port: int = DNS_PORT,
        transfer_port: int = DNS_PORT,
        anchors: Anchors | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.port, self.transfer_port = port, transfer_port
        self.anchors = anchors or {".": ROOT_ANCHORS}
        self.limits = limits or Limits()

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        """Return what `run` would send; sends nothing itself."""
        if not target.is_public_name:
            return []
        asked = len(host_questions(target.host, options.profile)) + len(chain_questions(target.host))
        steps = [
            ("dns-plan-questions", {"host": target.host, "count": asked, "most": self.limits.questions}, 0),
            ("dns-plan-transfer", {"host": target.host, "most": TRANSFERS}, TRANSFERS),
        ]
        return [PlannedStep(self.name, target.host, Reason(code=c, params=p), connections=n) for c, p, n in steps]

    def run(
        self, target: Target, context: ProbeContext
    ) -> Iterator[DnsObservation | DnssecObservation | ZoneTransferObservation]:
        """Yield what the resolver says, the chain of trust, and one observation per nameserver.

        A resolver that cannot be relied on gives one observation with the fault and nothing else.
        """
        if not target.is_public_name:
            return
        options, host = context.options, target.host
        servers = (options.resolver,) if options.resolver else system_servers()
        deadline = time.monotonic() + options.time_limit * _SHARE_OF_TIME
        context.say(Reason(code="dns-asking", params={"host": host}))
        with Stub(servers, self.port, self.limits, deadline, context.stop) as stub:
            seen = self._questions(stub, host, context)
            yield seen
            if not seen.zone:
                return
            context.say(Reason(code="dns-validating", params={"zone": seen.zone}))
            yield chain_of_trust(stub, host, seen.zone, self.anchors, context.clock())
            names = nameservers(stub, seen.zone)[:TRANSFERS]
        yield from self._transfers(seen.zone, names, context)

    def _questions(self, stub: Stub, host: str, context: ProbeContext) -> DnsObservation:
        profile, at = context.options.profile, context.clock()
        # A name that nobody can own (RFC 6761, section 6.4): a resolver that knows it invents answers.
        control = f"{secrets.token_hex(8)}.invalid"
        stub.prefetch([(control, "A"), (control, "SOA")])
        zone = find_zone(stub, host)
        fault = zone if isinstance(zone, Reason) else None
        if any(stub.look(control, type_).records for type_ in ("A", "SOA")):
            fault = Reason(code="dns-resolver-invents", params={"server": ", ".join(stub.servers)})
        if fault is None and isinstance(zone, str):
            stub.prefetch(host_questions(host, profile) + chain_questions(host))
            ask_further(stub, host, zone, profile)
        return DnsObservation(
            target=host,
            at=at,
            fault=fault,
            host=host,
            zone="" if fault or isinstance(zone, Reason) else zone,
            mail_domain=mail_domain(host),
            resolver=", ".join(stub.servers),
            looks=stub.looks(),
        )

    def _transfers(self, zone: str, names: list[str], context: ProbeContext) -> Iterator[ZoneTransferObservation]:
        if not names or context.stop.is_set():
            return
        context.say(Reason(code="dns-transfer-trying", params={"zone": zone, "count": len(names)}))

        def go(name: str) -> ZoneTransferObservation:
            return try_transfer(context.gate, zone, name, self.transfer_port, self.limits, context.clock)

        with ThreadPoolExecutor(max_workers=TRANSFERS, thread_name_prefix="secaudit-axfr") as pool:
            yield from pool.map(go, names)
