"""Learning what stands on open ports: nmap where it is installed, else our own banner reading.

nmap gets a few ports at a time, so that what it found stands when the time runs out, and what it could not do is
done by banner reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from time import monotonic
from typing import Literal

from secaudit.model.base import Reason
from secaudit.model.observation import ServiceObservation
from secaudit.model.target import host_port
from secaudit.probes.gate import Refused
from secaudit.probes.ports.banner import BannerReader, BannerReading
from secaudit.probes.ports.nmap_engine import Nmap, NmapFailed, NmapService
from secaudit.probes.ports.port_list import may_send, usual_service
from secaudit.probes.ports.signatures import Recognised
from secaudit.probes.probe import ProbeContext

_BATCH = 8
"""Ports that nmap gets at once: it looks at them side by side, and loading its data costs 0.3 s each time."""
_READERS = 8
_NMAP_SHARE = 0.75
"""Share of the time left that nmap may take; the rest is for reading banners where it did not finish."""


@dataclass(frozen=True)
class OpenPort:
    """One open port of one address of the host."""

    address: str
    port: int


@dataclass(frozen=True)
class Identifier:
    """Identifies the services of one host.

    Attributes:
        nmap: None where it is not installed or not wanted.
        until: value of `time.monotonic()` by which all must be done.
    """

    host: str
    context: ProbeContext
    nmap: Nmap | None
    until: float

    def identify(self, found: list[OpenPort]) -> Iterator[ServiceObservation]:
        """Yield one observation per open port as soon as it is known."""
        left = list(found)
        if self.nmap:
            for observation in self._by_nmap(self.nmap, [item for item in found if may_send(item.port)]):
                left.remove(OpenPort(observation.address, observation.port))
                yield observation
        yield from self._by_banner(left)

    def _by_nmap(self, nmap: Nmap, found: list[OpenPort]) -> Iterator[ServiceObservation]:
        now = monotonic()
        until = now + (self.until - now) * _NMAP_SHARE
        for address, items in groupby(found, key=attrgetter("address")):
            ports = [item.port for item in items]
            for first in range(0, len(ports), _BATCH):
                batch = self._entered(address, ports[first : first + _BATCH])
                if not batch:
                    continue
                self._say(address, batch)
                try:
                    services, xml = nmap.identify(address, batch, until=until, stop=self.context.stop)
                except NmapFailed as failed:
                    self.context.note(failed.reason)
                    return
                self.context.keep_raw(f"nmap-services-{address}-{batch[0]}", xml)
                for port, service in sorted(services.items()):
                    yield self._from_nmap(OpenPort(address, port), service)

    def _entered(self, address: str, ports: list[int]) -> list[int]:
        """Return those ports on which the gate lets nmap connect."""
        entered = []
        for port in ports:
            with suppress(Refused):
                self.context.gate.enter(self.host, address, port)
                entered.append(port)
        return entered

    def _by_banner(self, found: list[OpenPort]) -> Iterator[ServiceObservation]:
        """Read banners, several at a time."""
        if not found or self.context.stop.is_set() or monotonic() >= self.until:
            return
        self._say(found[0].address, [item.port for item in found])
        with ThreadPoolExecutor(_READERS, thread_name_prefix="banner") as pool:
            readings = {pool.submit(self._read, item): item for item in found}
            try:
                for reading in as_completed(readings):
                    if (read := reading.result()) is not None:
                        yield self._from_banner(readings[reading], read)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _read(self, item: OpenPort) -> BannerReading | None:
        if self.context.stop.is_set() or monotonic() >= self.until:
            return None
        enter = partial(self.context.gate.enter, self.host, item.address)
        return BannerReader(self.host, item.address, enter).read(item.port, may_send=may_send(item.port))

    def _from_nmap(self, item: OpenPort, service: NmapService) -> ServiceObservation:
        return self._observation(item, service.recognised, "number" if service.by_number else "nmap")

    def _from_banner(self, item: OpenPort, reading: BannerReading) -> ServiceObservation:
        if reading.recognised.service:
            return self._observation(item, reading.recognised, "banner", reading.banner)
        guess = Recognised(usual_service(item.port))
        return self._observation(item, guess, "number", reading.banner, reading.fault)

    def _observation(
        self,
        item: OpenPort,
        recognised: Recognised,
        method: Literal["nmap", "banner", "number"],
        banner: str = "",
        fault: Reason | None = None,
    ) -> ServiceObservation:
        return ServiceObservation(
            target=host_port(self.host, item.port),
            at=self.context.clock(),
            address=item.address,
            fault=fault,
            host=self.host,
            port=item.port,
            service=recognised.service,
            product=recognised.product,
            version=recognised.version,
            method=method,
            banner=banner,
        )

    def _say(self, address: str, ports: list[int]) -> None:
        shown = ", ".join(str(port) for port in ports[:_BATCH]) + (" …" if len(ports) > _BATCH else "")
        self.context.say(Reason(code="services-identifying", params={"address": address, "ports": shown}))
