"""Which TCP ports are looked at, what usually stands there, and where nothing may be sent.

The list itself is data, `ports.csv` beside this file, with the reason for each group of ports. It holds what lists
drawn up by how often a port is open on the whole internet leave out although it is grave when it is: caches,
search engines, container and cluster control planes, cameras and recorders.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from secaudit.model.words import Profile

FULL_RANGE = range(1, 10001)
"""What a full scan adds. Services are set up below 10,000 nearly without exception; all 65,535 ports would take
six times as long and would fill the connection table of a small office's router with unanswered attempts."""


@dataclass(frozen=True)
class ListedPort:
    """One port of the list.

    Attributes:
        service: what usually stands there, empty where nothing in particular does.
        quick: a quick scan looks at it; these are also the ports whose silence is checked twice.
        quiet: nothing may be sent there (printers, controllers of machines).
    """

    port: int
    service: str
    quick: bool
    quiet: bool


@cache
def listed_ports() -> dict[int, ListedPort]:
    """Return the list by port, in the file's order, the ports of a quick scan first.

    Raises:
        ValueError: a row cannot be read, or a port stands there twice.
    """
    ports: dict[int, ListedPort] = {}
    text = files("secaudit.probes.ports").joinpath("ports.csv").read_text(encoding="utf-8")
    rows = (line for line in text.splitlines() if line and not line.startswith("#"))
    for span, service, profile, mark in csv.reader(rows):
        if profile not in ("quick", "standard") or mark not in ("", "quiet"):
            raise ValueError(f"ports.csv: {span}: unknown profile or mark")
        first, _, last = span.partition("-")
        for port in range(int(first), int(last or first) + 1):
            if port in ports:
                raise ValueError(f"ports.csv: port {port} stands there twice")
            ports[port] = ListedPort(port, service, profile == "quick", mark == "quiet")
    return dict(sorted(ports.items(), key=lambda item: not item[1].quick))


def ports_for(profile: Profile, extra: Iterable[int] = ()) -> tuple[int, ...]:
    """Return the ports that a scan of that profile looks at: `extra` first, then the most telling ones.

    `extra` are ports to look at in any case, such as the site's own.
    """
    listed = [p.port for p in listed_ports().values() if p.quick or profile is not Profile.QUICK]
    wide = FULL_RANGE if profile is Profile.FULL else ()
    return tuple(dict.fromkeys((*extra, *listed, *wide)))


def important_ports() -> frozenset[int]:
    """Return the ports whose silence is worth a second look."""
    return frozenset(p.port for p in listed_ports().values() if p.quick)


def usual_service(port: int) -> str:
    """Return the service that usually stands on that port, empty where none does."""
    listed = listed_ports().get(port)
    return listed.service if listed else ""


def may_send(port: int) -> bool:
    """Tell whether something harmless may be sent there to learn what it is."""
    listed = listed_ports().get(port)
    return listed is None or not listed.quiet
