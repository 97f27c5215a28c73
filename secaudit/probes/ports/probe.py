"""The ports probe: which TCP ports of the host are open, what stands on them, and which UDP services answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from secaudit.model.base import Reason
from secaudit.model.observation import Observation, PortScanObservation, ServiceObservation
from secaudit.model.scan import ScanOptions, http_address, https_address
from secaudit.model.target import Target, host_port
from secaudit.model.words import PortEngine
from secaudit.probes.gate import Refused
from secaudit.probes.ports.connect_scan import PACES, connect_scan, has_route
from secaudit.probes.ports.discovery import Discovery, Sweep, SweepResult, discover
from secaudit.probes.ports.identification import Identifier, OpenPort
from secaudit.probes.ports.nmap_engine import Nmap, NmapFailed, NmapMissing
from secaudit.probes.ports.port_list import important_ports, ports_for
from secaudit.probes.ports.udp import ROUNDS
from secaudit.probes.ports.udp_look import UDP_PORTS, look_at_udp
from secaudit.probes.probe import PlannedStep, ProbeContext, ProbeFailed

MOST_ADDRESSES = 4
"""Addresses of one name that are looked at. A commune's page has one or two; more belong to a content network."""
_CUT_SHORT = {
    "budget-spent", "nmap-failed", "nmap-time-limit", "ports-blackout", "ports-sockets-short", "ports-time-limit",
    "probe-interrupted",
}  # fmt: skip
"""Faults of an address after which the probe counts as failed although it saw something."""
_WHOLE = 0.9
_DISCOVERY = 0.6
"""Shares of the probe's time limit within which all, and discovery, must end, so that nothing seen is cut off."""


class PortsProbe:
    """Finds open TCP ports by connecting to them, then learns what stands there; asks a few UDP services as well."""

    name = "ports"

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        """Return what `run` would send to each address of the host; sends nothing itself."""
        ports = _wanted(target, options)
        pace = PACES[options.profile]
        second_looks = len(important_ports() & set(ports))
        params: dict[str, str | int | float] = {"count": len(ports), "per_second": int(pace.per_second)}
        engine = "nmap" if options.port_engine is PortEngine.NMAP else "embedded"
        identify = "embedded" if options.port_engine is PortEngine.EMBEDDED else "nmap"
        return [
            PlannedStep(
                self.name,
                target.host,
                Reason(code=f"plan-ports-{engine}", params=params),
                len(ports) + second_looks + 2,
            ),
            PlannedStep(self.name, target.host, Reason(code=f"plan-services-{identify}"), 0),
            PlannedStep(
                self.name,
                target.host,
                Reason(code="plan-ports-udp", params={"ports": ", ".join(map(str, sorted(UDP_PORTS)))}),
                len(UDP_PORTS) * len(ROUNDS),
            ),
        ]

    def run(self, target: Target, context: ProbeContext) -> Iterator[Observation]:
        """Yield port scans for each address of the host, TCP and UDP, and one service for each open port.

        Raises:
            ProbeFailed: the host's name does not resolve, none of its addresses is in scope, nmap alone is to do
                it and is not installed; or, after everything that was seen, that the look was cut short.
        """
        try:
            addresses = context.gate.resolve(target.host)
        except Refused as refused:
            raise ProbeFailed(refused.reason) from refused
        run = _Run(target, context, _find_nmap(context))
        ports = _wanted(target, context.options)
        if not any(run.permitted(address, ports) for address in addresses):
            raise ProbeFailed(Reason(code="not-in-scope", params={"host": target.host, "port": target.port}))
        found: list[OpenPort] = []
        discoveries: list[Discovery] = []
        looked_at = addresses[:MOST_ADDRESSES]
        with ThreadPoolExecutor(len(looked_at), thread_name_prefix="udp") as pool:
            # Waiting for datagrams costs no time beside the TCP ports.
            udp = [pool.submit(look_at_udp, target.host, address, context) for address in looked_at]
            for position, address in enumerate(looked_at):
                discovery = run.discovery(address, ports, share=1 / (len(looked_at) - position))
                discoveries.append(discovery)
                found += [OpenPort(address, port) for port in discovery.open_ports]
                yield run.observation(address, discovery)
            for looking in udp:
                yield from looking.result()
        for address in addresses[MOST_ADDRESSES:]:
            fault = Reason(code="address-left-out", params={"address": address, "most": MOST_ADDRESSES})
            yield run.observation(address, Discovery(fault=fault))
        yield from run.services(found)
        if failure := _why_failed(discoveries):
            raise ProbeFailed(failure)


def _wanted(target: Target, options: ScanOptions) -> tuple[int, ...]:
    own = (http_address(target, options)[1], https_address(target, options)[1])
    return ports_for(options.profile, (*own, *options.allowed_ports))


def _why_failed(discoveries: list[Discovery]) -> Reason | None:
    """Return why the look as a whole is not what was asked for: cut short, or without any port looked at."""
    faults = [discovery.fault for discovery in discoveries if discovery.fault]
    cut = next((fault for fault in faults if fault.code in _CUT_SHORT), None)
    if cut or any(discovery.states for discovery in discoveries):
        return cut
    return next(iter(faults), None)


def _find_nmap(context: ProbeContext) -> Nmap | None:
    engine = context.options.port_engine
    if engine is PortEngine.EMBEDDED:
        context.note(Reason(code="nmap-not-wanted"))
        return None
    try:
        return Nmap()
    except NmapMissing:
        if engine is PortEngine.NMAP:
            raise ProbeFailed(Reason(code="tool-missing", params={"tool": "nmap"})) from None
        context.note(Reason(code="nmap-missing"))
        return None


@dataclass
class _Run:
    """One run over one host."""

    target: Target
    context: ProbeContext
    nmap: Nmap | None

    def __post_init__(self) -> None:
        started = time.monotonic()
        limit = self.context.options.time_limit
        self._discovery_until = started + limit * _DISCOVERY
        self._until = started + limit * _WHOLE
        self._began = started

    def permitted(self, address: str, ports: tuple[int, ...]) -> list[int]:
        """Return those of `ports` that a record in force allows on `address`."""
        gate, host = self.context.gate, self.target.host
        return [port for port in ports if gate.covering(host, address, port) is not None]

    def discovery(self, address: str, ports: tuple[int, ...], *, share: float) -> Discovery:
        """Look at `ports` of `address` within its share of the time that discovery has left."""
        self._began = time.monotonic()
        permitted = self.permitted(address, ports)
        if not permitted:
            params: dict[str, str | int | float] = {"host": address, "port": self.target.port}
            return Discovery(fault=Reason(code="not-in-scope", params=params))
        if not has_route(address):
            return Discovery(fault=Reason(code="address-unreachable", params={"address": address}))
        if left_out := len(ports) - len(permitted):
            note = Reason(code="ports-out-of-scope", params={"address": address, "count": left_out})
            self.context.note(note)
        self.context.say(Reason(code="ports-scanning", params={"address": address, "count": len(permitted)}))
        until = self._began + max(0.0, self._discovery_until - self._began) * share
        discovery = discover(address, permitted, important_ports(), self._sweep(address, until))
        for reason in discovery.notes:
            self.context.note(reason)
        self.context.say(Reason(code="ports-found", params={"address": address, "count": len(discovery.open_ports)}))
        return discovery

    def observation(self, address: str, discovery: Discovery) -> PortScanObservation:
        """Return what was found as an observation."""
        return PortScanObservation(
            target=self.target.host,
            at=self.context.clock(),
            address=address,
            fault=discovery.fault,
            host=self.target.host,
            engine="nmap" if self._all_by_nmap else "embedded",
            tried=discovery.tried,
            found=discovery.found,
            seconds=round(time.monotonic() - self._began, 3),
        )

    def services(self, found: list[OpenPort]) -> Iterator[ServiceObservation]:
        """Yield what stands on each open port, those first that the page itself explains."""
        options = self.context.options
        own = {
            http_address(self.target, options)[1]: "http",
            https_address(self.target, options)[1]: "https",
        }
        unexplained = []
        for item in found:
            if item.port in own:
                yield ServiceObservation(
                    target=host_port(self.target.host, item.port), at=self.context.clock(), address=item.address,
                    host=self.target.host, port=item.port, service=own[item.port], method="site",
                )  # fmt: skip
            else:
                unexplained.append(item)
        if unexplained:
            yield from Identifier(self.target.host, self.context, self.nmap, self._until).identify(unexplained)

    @property
    def _all_by_nmap(self) -> bool:
        return self.context.options.port_engine is PortEngine.NMAP

    def _sweep(self, address: str, until: float) -> Sweep:
        context, host = self.context, self.target.host
        pace = PACES[context.options.profile]

        def embedded(ports: Sequence[int], gently: bool) -> SweepResult:
            return connect_scan(
                address,
                ports,
                pace.gentler() if gently else pace,
                lambda port: context.gate.enter(host, address, port),
                until=until,
                stop=context.stop,
            )

        def by_nmap(ports: Sequence[int], gently: bool) -> SweepResult:
            assert self.nmap is not None
            allowed = []
            for port in ports:
                with suppress(Refused):
                    context.gate.enter(host, address, port)
                    allowed.append(port)
            rate = (pace.gentler() if gently else pace).per_second
            try:
                result, xml = self.nmap.sweep(address, allowed, per_second=rate, until=until, stop=context.stop)
            except NmapFailed as failed:
                return SweepResult({}, failed.reason)
            context.keep_raw(f"nmap-ports-{address}", xml)
            return result

        return by_nmap if self._all_by_nmap else embedded
