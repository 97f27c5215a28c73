"""The look at one address's UDP services, as observations."""

from __future__ import annotations

import time
from functools import partial

from secaudit.model.base import Reason
from secaudit.model.observation import Observation, PortLook, PortScanObservation, PortState, ServiceObservation
from secaudit.model.target import host_port
from secaudit.probes.ports.connect_scan import has_route
from secaudit.probes.ports.udp import UdpLook, ask
from secaudit.probes.ports.udp_questions import DNS, MEMCACHED, NTP, SNMP, questions
from secaudit.probes.probe import ProbeContext

UDP_PORTS = frozenset({DNS, NTP, SNMP, MEMCACHED})


def look_at_udp(host: str, address: str, context: ProbeContext) -> list[Observation]:
    """Return one port scan over UDP, then one service for each port that answered.

    Ports that no record in force allows are not asked; where that is all of them, the fault says so.
    """
    began = time.monotonic()
    gate = context.gate
    asked = [one for one in questions(host) if gate.covering(host, address, one.port) is not None]
    if not asked:
        look = UdpLook(trouble=Reason(code="not-in-scope", params={"host": address, "port": SNMP}))
    elif not has_route(address):
        look = UdpLook(trouble=Reason(code="address-unreachable", params={"address": address}))
    else:
        look = ask(address, asked, partial(gate.enter, host, address), context.stop)
    gate.used(received=look.received)
    scan = PortScanObservation(
        target=host,
        at=context.clock(),
        address=address,
        fault=look.trouble,
        host=host,
        protocol="udp",
        tried=tuple(sorted(look.states)),
        found=tuple(
            PortLook(port=port, state=state)
            for port, state in sorted(look.states.items())
            if state is not PortState.CLOSED
        ),
        seconds=round(time.monotonic() - began, 3),
    )
    names = {one.port: one.service for one in asked}
    services = [
        ServiceObservation(
            target=host_port(host, port), at=context.clock(), address=address, host=host, port=port, protocol="udp",
            service=names[port], method="banner" if said else "number", banner=said,
        )
        for port, said in sorted(look.said.items())
    ]  # fmt: skip
    return [scan, *services]
