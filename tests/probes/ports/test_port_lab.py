"""The ports probe and its checks against real servers, each with its known truth."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from secaudit.model.words import Outcome
from tests.probes.ports.scanning import judge, scan
from tests.servers import ftp, greeter, postgresql, redis, sshd
from tests.servers.nginx import nginx
from tests.servers.process import free_port, require

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(sys.platform != "linux", reason="every server needs a loopback address of its own"),
]

OWN = frozenset({"port.unexpected"})
NGINX = "127.0.77.1"


@dataclass(frozen=True)
class LabServer:
    """One server of the lab.

    Attributes:
        faults: the exact set of checks of ports that must fail.
        service: name by which nmap knows it.
        by_banner: the same for our own reading, empty where it cannot know.
    """

    address: str
    port: int
    faults: frozenset[str]
    service: str
    by_banner: str


# Numbers above 1023 need no root. "well-known" ones are judged by number or by service, the others by service only.
SERVERS = {
    "ssh": LabServer("127.0.77.2", 2222, sshd.FAULTS, "ssh", "ssh"),
    "redis": LabServer("127.0.77.3", 6379, redis.FAULTS, "redis", "redis"),
    "postgresql": LabServer("127.0.77.3", 5432, postgresql.FAULTS, "postgresql", ""),
    "redis-elsewhere": LabServer("127.0.77.4", 7777, redis.FAULTS, "redis", "redis"),
    "postgresql-elsewhere": LabServer("127.0.77.5", 8010, postgresql.FAULTS, "postgresql", ""),
    "ftp": LabServer("127.0.77.6", 2121, ftp.FAULTS, "ftp", "ftp"),
    "telnet": LabServer("127.0.77.7", 2323, frozenset({"port.telnet"}) | OWN, "telnet", "telnet"),
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """All servers at once; yields the port of the good page."""
    folder: Path = tmp_path_factory.mktemp("port-lab")
    page = free_port(NGINX)
    block = f"server {{ listen {NGINX}:{page}; location / {{ return 200 'ok'; }} }}"
    with ExitStack() as stack:
        start = stack.enter_context
        start(nginx(folder / "nginx", [block], []))
        start(sshd.sshd(folder / "sshd", *_where("ssh")))
        start(redis.redis(folder / "redis", *_where("redis")))
        start(redis.redis(folder / "redis-elsewhere", *_where("redis-elsewhere")))
        start(postgresql.postgresql(*_where("postgresql")))
        start(postgresql.postgresql(*_where("postgresql-elsewhere")))
        start(ftp.ftp(folder / "ftp", *_where("ftp")))
        start(greeter.greeter(*_where("telnet"), greeting=greeter.TELNET_GREETING))
        yield page


def _where(name: str) -> tuple[str, int]:
    return SERVERS[name].address, SERVERS[name].port


def _truth(address: str) -> frozenset[str]:
    return frozenset().union(*(server.faults for server in _at(address)))


# nmap takes half a minute for a Redis on an odd number; our own reading knows it from its answer.
ADDRESSES = sorted({server.address for server in SERVERS.values()})
BY_NMAP = [address for address in ADDRESSES if address != SERVERS["redis-elsewhere"].address]


def _at(address: str) -> list[LabServer]:
    return [server for server in SERVERS.values() if server.address == address]


@pytest.mark.parametrize("address", BY_NMAP)
def test_with_nmap_every_server_has_exactly_its_faults(lab: int, address: str) -> None:
    require("nmap")
    result = scan(f"http://{address}/")
    assert result.failure is None
    assert result.failing() == _truth(address)
    seen = {port: (found.service, found.method) for port, found in result.services.items()}
    assert seen == {server.port: (server.service, "nmap") for server in _at(address)}


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_nmap_every_server_has_the_faults_that_a_banner_shows(lab: int, address: str) -> None:
    result = scan(f"http://{address}/", port_engine="embedded")
    unknown = SERVERS["postgresql-elsewhere"].address
    assert result.failing() == (OWN if address == unknown else _truth(address))
    for server in _at(address):
        found = result.services[server.port]
        expected = (server.by_banner, "banner") if server.by_banner else (found.service, "number")
        assert (found.service, found.method) == expected
    assert "nmap-not-wanted" in [note.code for note in result.notes]


@pytest.mark.parametrize("engine", ["auto", "embedded", "nmap"])
def test_a_host_with_only_its_own_page_has_no_fault(lab: int, engine: str) -> None:
    if engine != "embedded":
        require("nmap")
    result = scan(f"http://{NGINX}:{lab}/", port_engine=engine)
    assert result.open_ports == [lab]
    assert result.services[lab].method == "site"
    assert result.failing() == set()
    outcomes = {check: {v.result for v in given} for check, given in judge(result.view()).items()}
    assert all(given == {Outcome.PASS} for given in outcomes.values())


def test_nmap_alone_finds_and_identifies(lab: int) -> None:
    require("nmap")
    result = scan("http://127.0.77.3/", profile="quick", port_engine="nmap")
    assert result.open_ports == [5432, 6379]
    assert result.scans[0].engine == "nmap"
    assert len(result.scans[0].tried) == 98
    assert {s.service for s in result.services.values()} == {"redis", "postgresql"}
    assert result.failing() == {"port.cache", "port.database", "port.unexpected"}
    assert any(name.startswith("nmap-ports") for name in result.raw)


def test_the_site_may_allow_ports_but_not_an_open_cache(lab: int) -> None:
    allowed = scan("http://127.0.77.3/", profile="quick", port_engine="embedded", allowed_ports=(5432, 6379))
    assert allowed.failing() == {"port.cache", "port.database"}
    ssh = scan("http://127.0.77.2/", profile="quick", port_engine="embedded", allowed_ports=(2222,))
    assert ssh.failing() == set()
