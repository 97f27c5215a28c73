"""Real servers on UDP, each on a loopback address of its own and on its standard port. Their truth is in `FAULTS`.

The ports 53, 123 and 161 need the right to bind below 1024; without it the tests that need them are skipped.
"""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.process import require, running

FAULTS = {
    161: frozenset({"port.snmp", "port.unexpected"}),
    123: frozenset({"port.unexpected"}),
    53: frozenset({"port.unexpected"}),
    11211: frozenset({"port.cache", "port.unexpected"}),
}


@contextmanager
def snmpd(folder: Path, address: str) -> Iterator[None]:
    """Run Net-SNMP's agent without any community or user: it answers the discovery of version 3 all the same."""
    program = require("snmpd")
    configuration = _written(folder / "snmpd.conf", f"agentAddress udp:{address}:161\n")
    command = [program, "-f", "-Lo", "-C", "-c", str(configuration), "-r"]
    with _serving(command, folder, address, 161, {"SNMP_PERSISTENT_DIR": str(folder)}):
        yield


@contextmanager
def chronyd(folder: Path, address: str) -> Iterator[None]:
    """Run chrony as a time server that leaves this computer's clock alone (`-x`)."""
    program = require("chronyd")
    lines = [
        f"bindaddress {address}", "allow 127.0.0.0/8", "local stratum 10", "cmdport 0", "user root",
        f"pidfile {folder / 'chronyd.pid'}", f"bindcmdaddress {folder / 'chronyd.sock'}",
    ]  # fmt: skip
    configuration = _written(folder / "chrony.conf", "\n".join(lines) + "\n")
    with _serving([program, "-x", "-d", "-U", "-f", str(configuration)], folder, address, 123):
        yield


@contextmanager
def unbound(folder: Path, address: str) -> Iterator[None]:
    """Run unbound; it refuses strangers' questions, which is an answer as well."""
    program = require("unbound")
    text = (
        f'server:\n  interface: {address}\n  username: ""\n  chroot: ""\n  directory: "{folder}"\n'
        f'  pidfile: "{folder / "unbound.pid"}"\n  use-syslog: no\n  do-daemonize: no\n  do-ip6: no\n'
        f'  module-config: "iterator"\n  local-zone: "." refuse\nremote-control:\n  control-enable: no\n'
    )
    configuration = _written(folder / "unbound.conf", text)
    with _serving([program, "-d", "-p", "-c", str(configuration)], folder, address, 53):
        yield


@contextmanager
def memcached(folder: Path, address: str, *, tcp: bool = True) -> Iterator[None]:
    """Run memcached with UDP switched on, as it was by default before version 1.5.6."""
    program = require("memcached")
    folder.mkdir(parents=True, exist_ok=True)
    command = [program, "-u", "root", "-l", address, "-U", "11211", "-p", "11211" if tcp else "0", "-m", "16"]
    with _serving(command, folder, address, 11211):
        yield


@contextmanager
def silent(address: str, port: int) -> Iterator[None]:
    """Take datagrams and answer none, as a firewall that drops them or an agent that shuns strangers."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as listener:
        try:
            listener.bind((address, port))
        except PermissionError:
            pytest.skip(f"no right to bind UDP port {port}")
        yield


def _written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


@contextmanager
def _serving(
    command: Sequence[str], folder: Path, address: str, port: int, environment: dict[str, str] | None = None
) -> Iterator[None]:
    if _taken(address, port):
        raise RuntimeError(f"UDP {address}:{port} is in use")
    with running(command, [], folder, environment=environment) as process:
        deadline = time.monotonic() + 20
        while not _taken(address, port):
            if process.poll() is not None or time.monotonic() > deadline:
                log = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"{command[0]} did not start:\n{log[-2000:]}")
            time.sleep(0.05)
        yield


def _taken(address: str, port: int) -> bool:
    """Tell whether somebody holds that UDP port; skips where we could not hold it ourselves."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as attempt:
        try:
            attempt.bind((address, port))
        except PermissionError:
            pytest.skip(f"no right to bind UDP port {port}")
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise
    return False
