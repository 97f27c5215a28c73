"""nmap behind one adapter: the only file that knows python-nmap.

python-nmap finds the program and reads its result. It is not asked to start scans: its `scan()` splits strings
into arguments, cannot be stopped while nmap runs and leaves the pipes of a killed nmap open. So the argument list
is built here, of fixed words, checked addresses and numbers, and no shell ever sees it.
"""

from __future__ import annotations

import ipaddress
import os
import subprocess
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import nmap

from secaudit.model.base import Reason
from secaudit.model.observation import PortState
from secaudit.probes.ports.discovery import SweepResult
from secaudit.probes.ports.signatures import Recognised, over_tls

_FIXED = ("-sT", "-Pn", "-n", "--unprivileged")
"""Full connections, no ping, no name look-ups, no raw packets even where we might; scripts are never asked for."""
_VERSION = ("-sV", "--version-intensity", "5")
_STATES = {"open": PortState.OPEN, "closed": PortState.CLOSED}
_PROBED = 8
"""nmap's confidence from which a name was seen on the wire; 3 means looked up by number."""
_NOT_A_NAME = {"tcpwrapped", "unknown", "ssl"}
_POLL = 0.2


class NmapMissing(Exception):
    """The nmap program is not installed."""


class NmapFailed(Exception):
    """nmap could not be run to its end, or its result could not be read.

    Attributes:
        reason: `nmap-failed`, `nmap-time-limit` or `probe-interrupted`.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True)
class NmapService:
    """What nmap says of one open port.

    Attributes:
        by_number: the name is only what usually stands on that number.
    """

    recognised: Recognised
    by_number: bool


@dataclass(frozen=True)
class _Report:
    """One result: python-nmap's reading, and the raw XML for what that leaves out."""

    ports: dict[int, dict[str, str]]
    xml: bytes


class Nmap:
    """The installed nmap program.

    Attributes:
        version: such as `7.93`.
    """

    def __init__(self) -> None:
        """Find the program.

        Raises:
            NmapMissing: it is not installed, or is something else of that name.
        """
        try:
            self._scanner = nmap.PortScanner(nmap_search_path=_search_path())
        except (nmap.PortScannerError, OSError, UnicodeDecodeError) as error:
            raise NmapMissing from error
        self.version = ".".join(str(number) for number in self._scanner.nmap_version())

    def sweep(
        self, address: str, ports: Sequence[int], *, per_second: float, until: float, stop: threading.Event
    ) -> tuple[SweepResult, bytes]:
        """Return the state of each port of `address`, and the raw result.

        Raises:
            NmapFailed: no result.
        """
        pace = ("--max-rate", str(int(per_second)), "--max-retries", "1", "-T4")
        report = self._run(address, ports, pace, until, stop)
        states = {port: _STATES.get(seen["state"], PortState.FILTERED) for port, seen in report.ports.items()}
        for port, state in _collapsed(report.xml, ports).items():
            states.setdefault(port, state)
        return SweepResult(states), report.xml

    def identify(
        self, address: str, ports: Sequence[int], *, until: float, stop: threading.Event
    ) -> tuple[dict[int, NmapService], bytes]:
        """Return what stands on those ports of `address` that nmap finds open, and the raw result.

        Raises:
            NmapFailed: no result.
        """
        report = self._run(address, ports, _VERSION, until, stop)
        tunnelled = _tunnelled(report.xml)
        services = {}
        for port, seen in report.ports.items():
            if seen["state"] != "open":
                continue
            name = "" if seen["name"] in _NOT_A_NAME else seen["name"]
            recognised = Recognised(name, seen["product"], seen["version"])
            probed = int(seen["conf"] or 0) >= _PROBED
            services[port] = NmapService(over_tls(recognised) if port in tunnelled else recognised, not probed)
        return services, report.xml

    def _run(
        self, address: str, ports: Sequence[int], options: Iterable[str], until: float, stop: threading.Event
    ) -> _Report:
        parsed = ipaddress.ip_address(address)
        family = ("-6",) if parsed.version == 6 else ()
        program = self._scanner._nmap_path
        spans = port_spans(ports)
        output, errors = _execute(
            [program, *_FIXED, *options, *family, "-oX", "-", "-p", spans, str(parsed)], until, stop
        )
        try:
            result = self._scanner.analyse_nmap_xml_scan(nmap_xml_output=output.decode("utf-8", "replace"))
            hosts = result["scan"]
            ports_seen = next(iter(hosts.values())).get("tcp", {}) if hosts else {}
            return _Report({int(port): dict(seen) for port, seen in ports_seen.items()}, output)
        except (nmap.PortScannerError, ElementTree.ParseError, AttributeError, KeyError, ValueError) as error:
            detail = errors.decode("utf-8", "replace").strip()[-200:] or type(error).__name__
            raise NmapFailed(Reason(code="nmap-failed", params={"detail": detail})) from error


def port_spans(ports: Iterable[int]) -> str:
    """Return ports as nmap writes them, neighbours joined: `22,80-82`."""
    spans: list[list[int]] = []
    for port in sorted(set(ports)):
        if spans and spans[-1][1] == port - 1:
            spans[-1][1] = port
        else:
            spans.append([port, port])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _search_path() -> tuple[str, ...]:
    places = ["nmap", "/usr/bin/nmap", "/usr/local/bin/nmap", "/opt/homebrew/bin/nmap", "/opt/local/bin/nmap"]
    for variable in ("ProgramFiles(x86)", "ProgramFiles"):
        if folder := os.environ.get(variable):
            places.append(str(Path(folder) / "Nmap" / "nmap.exe"))
    return tuple(places)


def _execute(command: list[str], until: float, stop: threading.Event) -> tuple[bytes, bytes]:
    """Run nmap and return what it wrote; it is killed at `until` or when `stop` is set."""
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # exists on Windows only: no window flashes up
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, creationflags=flags
        )
    except OSError as error:
        reason = Reason(code="nmap-failed", params={"detail": error.strerror or type(error).__name__})
        raise NmapFailed(reason) from error
    with process:
        while True:
            try:
                return process.communicate(timeout=_POLL)
            except subprocess.TimeoutExpired:
                if not stop.is_set() and time.monotonic() < until:
                    continue
                process.kill()
                process.communicate()
            if stop.is_set():
                raise NmapFailed(Reason(code="probe-interrupted", params={"probe": "ports"}))
            seconds = round(time.monotonic() - started)
            raise NmapFailed(Reason(code="nmap-time-limit", params={"seconds": seconds}))


def _collapsed(xml: bytes, asked: Sequence[int]) -> dict[int, PortState]:
    """Return the ports that nmap sums up as "the rest", which python-nmap drops.

    Older versions of nmap do not say which ports they mean. With a single such rest it is all that are not listed;
    with several it cannot be told apart, and then silent is the more careful word than closed.
    """
    rests = list(ElementTree.fromstring(xml).iter("extraports"))  # noqa: S314 - written by the local nmap
    states: dict[int, PortState] = {}
    for rest in rests:
        state = _STATES.get(rest.get("state", ""), PortState.FILTERED)
        for reason in rest.iter("extrareasons"):
            for span in filter(None, reason.get("ports", "").split(",")):
                first, _, last = span.partition("-")
                states.update(dict.fromkeys(range(int(first), int(last or first) + 1), state))
    if not states and rests:
        only = _STATES.get(rests[0].get("state", ""), PortState.FILTERED) if len(rests) == 1 else PortState.FILTERED
        states = dict.fromkeys(asked, only)
    return states


def _tunnelled(xml: bytes) -> set[int]:
    """Return the ports on which the service speaks inside TLS, which python-nmap drops as well."""
    ports = ElementTree.fromstring(xml).iter("port")  # noqa: S314 - written by the local nmap
    return {
        int(port.get("portid", "0"))
        for port in ports
        if any(service.get("tunnel") == "ssl" for service in port.iter("service"))
    }
