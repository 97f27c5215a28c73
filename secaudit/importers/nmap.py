"""nmap's XML (`-oX`): open ports and services, and what its scripts said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal
from xml.etree.ElementTree import Element

from secaudit.importers.document import Imported, NotReadable, epoch, excerpt, words, xml_of
from secaudit.model.base import Reason
from secaudit.model.observation import (
    ImportedFinding,
    Observation,
    PortLook,
    PortScanObservation,
    PortState,
    ServiceObservation,
)
from secaudit.model.target import host_port

_STATES = {"open": PortState.OPEN, "closed": PortState.CLOSED}
_PROBED = 8
"""nmap's confidence from which a name was seen on the wire and not looked up by number."""
Protocol = Literal["tcp", "udp"]
_PROTOCOLS: tuple[Protocol, ...] = ("tcp", "udp")


def read(data: bytes, now: datetime) -> Imported:
    """Return the facts of a file of nmap.

    Raises:
        NotReadable: it is none.
    """
    root = xml_of(data, "nmaprun")
    if root.get("scanner") != "nmap":
        raise NotReadable("not written by nmap")
    finished = root.find("runstats/finished")
    made_at = epoch(finished.get("time") if finished is not None else root.get("start"))
    # A killed nmap leaves no "finished"; what it had seen by then stands.
    whole = finished is not None and finished.get("exit", "success") == "success"
    reader = _Reader(made_at or now, words(root.get("version")), None if whole else Reason(code="import-unfinished"))
    found: list[Observation] = []
    hosts: list[str] = []
    try:
        for host in root.iter("host"):
            address, names = _addresses(host), [words(one.get("name")) for one in host.iter("hostname")]
            if not address:
                continue
            hosts += [*names, address]
            found += reader.host(host, names[0] if names else address, address)
    except (ValueError, KeyError) as error:
        raise NotReadable(f"an unexpected value: {error}"[:160]) from None
    return Imported("nmap", reader.version, made_at, tuple(found), tuple(dict.fromkeys(hosts)))


def _addresses(host: Element) -> str:
    found = [one.get("addr", "") for one in host.iter("address") if one.get("addrtype") in ("ipv4", "ipv6")]
    return words(found[0]) if found else ""


class _Reader:
    def __init__(self, at: datetime, version: str, fault: Reason | None) -> None:
        self.at, self.version, self.fault = at, version, fault

    def host(self, host: Element, name: str, address: str) -> Iterator[Observation]:
        ports = host.find("ports")
        for protocol in _PROTOCOLS:
            elements = [] if ports is None else [p for p in ports.findall("port") if p.get("protocol") == protocol]
            states = {} if ports is None else _rest(ports, protocol)
            for one in elements:
                states[_number(one.get("portid", ""))] = _state(one)
            if not states:
                continue
            looks = [PortLook(port=p, state=s) for p, s in sorted(states.items()) if s is not PortState.CLOSED]
            yield PortScanObservation(
                target=name, at=self.at, address=address, fault=self.fault, host=name, protocol=protocol,
                engine="nmap", tried=tuple(sorted(states)), found=tuple(looks),
            )  # fmt: skip
            for one in elements:
                if _state(one) is PortState.OPEN:
                    yield self._service(one, name, address, protocol)
        for script in host.iter("script"):
            yield self._script(script, name)

    def _service(self, port: Element, name: str, address: str, protocol: Protocol) -> ServiceObservation:
        number, said = _number(port.get("portid", "")), port.find("service")
        known: dict[str, str] = {} if said is None else dict(said.attrib)
        service = words(known.get("name"), 60)
        if known.get("tunnel") == "ssl":
            service = "https" if service == "http" else f"ssl/{service}"
        probed = known.get("method") == "probed" and int(known.get("conf", "0")) >= _PROBED
        return ServiceObservation(
            target=host_port(name, number), at=self.at, address=address, host=name, port=number, protocol=protocol,
            service=service, product=words(known.get("product")), version=words(known.get("version"), 60),
            method="nmap" if probed else "number",
        )  # fmt: skip

    def _script(self, script: Element, host: str) -> ImportedFinding:
        rule = words(script.get("id"))
        return ImportedFinding(
            target=host, at=self.at, tool="nmap", tool_version=self.version, rule=rule, title=rule,
            evidence=excerpt([("", script.get("output"))]),
        )  # fmt: skip


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(f"port {number}")
    return number


def _state(port: Element) -> PortState:
    """Return the state; `open|filtered`, nmap's word for a silent UDP port, is no answer."""
    state = port.find("state")
    return _STATES.get("" if state is None else state.get("state", ""), PortState.FILTERED)


def _rest(ports: Element, protocol: str) -> dict[int, PortState]:
    """Return the ports that nmap only sums up (`extraports`), where it says which they are."""
    states: dict[int, PortState] = {}
    for rest in ports.findall("extraports"):
        state = _STATES.get(rest.get("state", ""), PortState.FILTERED)
        for reason in rest.iter("extrareasons"):
            if reason.get("proto", "tcp") != protocol:
                continue
            for span in filter(None, reason.get("ports", "").split(",")):
                first, _, last = span.partition("-")
                states.update(dict.fromkeys(range(_number(first), _number(last or first) + 1), state))
    return states
