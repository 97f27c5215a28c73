"""Knot DNS from Debian on loopback: zones signed by its own signer, served by its own authoritative server."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import free_port, require, running

ADDRESSES = ("127.0.0.1", "127.0.0.2")
_LONG_AGO = 60 * 86400
_SOA = "$ORIGIN {origin}\n$TTL 300\n@ SOA ns1.nic.vn. admin.nic.vn. 1 3600 600 86400 300\n"
_SIGNER = """
database:
    storage: {folder}/keys
policy:
  - id: nsec
    algorithm: ecdsap256sha256
    single-type-signing: on
    manual: on
  - id: opt-out
    algorithm: ecdsap256sha256
    single-type-signing: on
    manual: on
    nsec3: on
    nsec3-opt-out: on
    nsec3-iterations: 0
    nsec3-salt-length: 0
template:
  - id: default
    storage: {folder}/zones
    dnssec-signing: on
zone:
{zones}
"""
_SERVER = """
server:
    rundir: {folder}
    listen: [{listen}]
    tcp-io-timeout: 2000
log:
  - target: stderr
    any: warning
database:
    storage: {folder}/journal
acl:
  - id: anyone
    action: transfer
template:
  - id: default
    storage: {folder}/served
    zonefile-sync: -1
    journal-content: none
zone:
{zones}
"""


@dataclass(frozen=True)
class Zone:
    """One zone of the lab.

    Attributes:
        name: apex without the last dot, `.` for the root.
        records: zone file lines after the SOA record, names relative to the apex.
        signed: `yes`, `no`, or `expired` (signatures that ended a month ago).
        ds: DS record in the parent: `right`, `wrong` (of another key), `none`.
        transfer: the whole zone is given to everyone.
        denial: `nsec` or `opt-out` (NSEC3 with opt-out).
    """

    name: str
    records: str
    signed: str = "yes"
    ds: str = "right"
    transfer: bool = False
    denial: str = "nsec"

    @property
    def origin(self) -> str:
        return "." if self.name == "." else f"{self.name}."

    @property
    def file(self) -> str:
        return "root.zone" if self.name == "." else f"{self.name}.zone"


@dataclass(frozen=True)
class Knot:
    """A running authoritative server.

    Attributes:
        port: where it listens, on both addresses.
        anchor: DS data of the root's key.
    """

    port: int
    anchor: tuple[str, ...]


@contextmanager
def knot(folder: Path, zones: Sequence[Zone]) -> Iterator[Knot]:
    """Sign and serve `zones` (the root first, parents before children) until the block ends."""
    program = require("knotd")
    for part in ("keys", "zones", "served", "journal"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    anchor = _write_zones(folder, zones)
    port = free_port()
    entries = "\n".join(
        f"  - domain: {z.origin}\n    file: {z.file}" + ("\n    acl: anyone" if z.transfer else "") for z in zones
    )
    listen = ", ".join(f"{address}@{port}" for address in ADDRESSES)
    configuration = folder / "knot.conf"
    configuration.write_text(_SERVER.format(folder=folder, listen=listen, zones=entries), encoding="utf-8")
    with running([program, "-c", str(configuration)], [port], folder):
        yield Knot(port, anchor)


def _write_zones(folder: Path, zones: Sequence[Zone]) -> tuple[str, ...]:
    """Write every zone as it is served, children first, so that parents hold their DS records; return the anchor."""
    signer = folder / "signer.conf"
    entries = "\n".join(f"  - domain: {z.origin}\n    file: {z.file}\n    dnssec-policy: {z.denial}" for z in zones)
    signer.write_text(_SIGNER.format(folder=folder, zones=entries), encoding="utf-8")
    ds_lines: dict[str, list[str]] = {zone.name: [] for zone in zones}
    anchor: tuple[str, ...] = ()
    for zone in reversed(zones):
        text = "\n".join([_SOA.format(origin=zone.origin) + zone.records, *ds_lines[zone.name], ""])
        (folder / "zones" / zone.file).write_text(text, encoding="utf-8")
        signed_at = int(time.time()) - (_LONG_AGO if zone.signed == "expired" else 3600)
        ds = _key(signer, zone, signed_at)
        if zone.signed == "no":
            (folder / "served" / zone.file).write_text(text, encoding="utf-8")
        else:
            _sign(signer, zone, signed_at, folder / "served")
        if zone.ds == "wrong":
            ds = [line[:-8] + ("00000000" if line[-8:] != "00000000" else "11111111") for line in ds]
        if zone.name == ".":
            anchor = tuple(line.partition(" DS ")[2] for line in ds)
        elif zone.ds != "none":
            ds_lines[_parent(zone, zones)] += ds
    return anchor


def _parent(zone: Zone, zones: Sequence[Zone]) -> str:
    above = [z.name for z in zones if z is not zone and (z.name == "." or zone.name.endswith(f".{z.name}"))]
    return max(above, key=lambda name: (name != ".", len(name)))


def _key(signer: Path, zone: Zone, at: int) -> list[str]:
    times = [f"{state}={at}" for state in ("created", "publish", "ready", "active")]
    command = [require("keymgr"), "-c", str(signer), zone.origin]
    _run([*command, "generate", "algorithm=ECDSAP256SHA256", "ksk=yes", "zsk=yes", *times])
    lines = _run([*command, "ds"]).splitlines()
    return [line for line in lines if " 13 2 " in line]


def _sign(signer: Path, zone: Zone, at: int, served: Path) -> None:
    when = ["-t", str(at)] if zone.signed == "expired" else []
    _run([require("kzonesign"), "-c", str(signer), "-o", str(served), *when, zone.origin])


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout
