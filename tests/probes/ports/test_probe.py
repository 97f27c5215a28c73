"""The probe as a whole: scope, addresses, order, faults, and what it says and notes."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import ExitStack
from datetime import timedelta

import pytest

from secaudit.model.authorisation import Authorisation, PortRange
from secaudit.model.observation import PortScanObservation, ServiceObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import Profile
from secaudit.probes.ports import nmap_engine
from secaudit.probes.ports.probe import MOST_ADDRESSES, PortsProbe
from secaudit.probes.registry import make_probe
from tests.probes.ports.scanning import NOW, scan
from tests.servers.greeter import greeter
from tests.servers.process import free_port

pytestmark = pytest.mark.network

TELNET = b"\xff\xfd\x18"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs more than one loopback address")


@pytest.fixture
def no_nmap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nmap_engine, "_search_path", lambda: ("/nonexistent/nmap",))


def _record(*hosts: str, ports: tuple[PortRange, ...] = ()) -> Authorisation:
    return Authorisation(
        id="r1", hosts=hosts, ports=ports, granted_by="Chủ tịch", valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=1), recorded_at=NOW,
    )  # fmt: skip


def test_the_registry_makes_it_and_the_plan_says_how_much() -> None:
    probe = make_probe("ports")
    assert isinstance(probe, PortsProbe)
    for profile in Profile:
        steps = probe.plan(parse_target("https://xa.example.vn/"), ScanOptions(profile=profile))
        assert [step.probe for step in steps] == ["ports", "ports", "ports"]
        assert steps[2].connections == 8
        assert steps[0].connections >= steps[0].what.params["count"]
        assert steps[0].what.params["per_second"] <= 1500


@on_linux
def test_a_missing_nmap_is_noted_and_banners_are_read_instead(no_nmap: None) -> None:
    with greeter("127.0.77.20", 2323, greeting=TELNET):
        result = scan("http://127.0.77.20/", profile="quick")
    assert [note.code for note in result.notes] == ["nmap-missing"]
    assert result.failure is None
    assert (result.services[2323].service, result.services[2323].method) == ("telnet", "banner")
    assert [type(o) for o in result.seen] == [PortScanObservation, PortScanObservation, ServiceObservation]
    assert [said.code for said in result.said] == ["ports-scanning", "ports-found", "services-identifying"]


def test_nmap_alone_without_nmap_is_a_failure(no_nmap: None) -> None:
    result = scan("http://127.0.0.1/", port_engine="nmap")
    assert result.seen == []
    assert result.failure is not None and result.failure.code == "tool-missing"


@on_linux
def test_an_nmap_that_gives_nonsense_is_noted_and_banners_are_read_instead(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path_factory.mktemp("bin") / "nmap"
    program.write_text(
        '#!/bin/sh\n[ "$1" = -V ] && echo "Nmap version 7.93 ( https://nmap.org )" || echo broken\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setattr(nmap_engine, "_search_path", lambda: (str(program),))
    with greeter("127.0.77.21", 2323, greeting=TELNET):
        result = scan("http://127.0.77.21/", profile="quick")
        alone = scan("http://127.0.77.21/", profile="quick", port_engine="nmap")
    assert [note.code for note in result.notes] == ["nmap-failed"]
    assert result.services[2323].method == "banner"
    assert alone.failure is not None and alone.failure.code == "nmap-failed"
    assert alone.scans[0].tried == ()


@on_linux
def test_every_address_is_looked_at_and_many_are_not_passed_over_in_silence(no_nmap: None) -> None:
    addresses = [f"127.0.77.{number}" for number in range(30, 30 + MOST_ADDRESSES + 1)]
    with greeter(addresses[1], 2323, greeting=TELNET):
        result = scan("http://xa.example.vn/", profile="quick", resolver=lambda _: addresses)
    assert [s.address for s in result.scans] == addresses
    assert [s.fault.code if s.fault else "" for s in result.scans] == [""] * MOST_ADDRESSES + ["address-left-out"]
    assert [s.target for s in result.scans] == ["xa.example.vn"] * len(addresses)
    assert (result.services[2323].address, result.services[2323].target) == (addresses[1], "xa.example.vn:2323")


@on_linux
def test_no_connection_leaves_the_scope(no_nmap: None) -> None:
    with greeter("127.0.77.22", 2323, greeting=TELNET):
        result = scan("http://xa.example.vn/", profile="quick", resolver=lambda _: ["127.0.77.22", "192.0.2.9"])
    outside = result.scans[1]
    assert (outside.address, outside.tried) == ("192.0.2.9", ())
    assert outside.fault is not None and outside.fault.code == "not-in-scope"
    assert result.udp[1].tried == ()
    assert result.udp[1].fault is not None and result.udp[1].fault.code == "not-in-scope"
    assert result.gate.connections == len(result.scans[0].tried) + len(result.udp[0].tried) + 1


def test_without_a_record_nothing_is_sent(no_nmap: None) -> None:
    result = scan("http://192.0.2.9/", profile="quick")
    assert result.failure is not None and result.failure.code == "not-in-scope"
    assert result.gate.connections == 0
    unknown = scan("http://xa.example.vn/", resolver=_no_answer)
    assert unknown.failure is not None and unknown.failure.code == "name-not-resolved"


def _no_answer(_host: str) -> list[str]:
    raise OSError


def test_a_record_that_names_ports_limits_what_is_tried(no_nmap: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from secaudit.probes import gate

    # Loopback needs no record; here it is treated as any other address, so that the record's ports count.
    monkeypatch.setattr(gate, "is_loopback", lambda _: False)
    record = _record("127.0.0.1", ports=(PortRange(first=20, last=25), PortRange(first=443, last=443)))
    result = scan("http://127.0.0.1/", profile="quick", records=[record])
    assert result.scans[0].tried == (21, 22, 23, 25, 443)
    assert [note.code for note in result.notes] == ["nmap-missing", "ports-out-of-scope"]
    assert result.gate.connections == 5


def test_a_scan_that_is_stopped_keeps_what_it_saw_and_says_so(no_nmap: None) -> None:
    stop = threading.Event()
    stop.set()
    result = scan("http://127.0.0.1/", profile="quick", context={"stop": stop})
    assert result.scans[0].tried == ()
    assert result.failure is not None and result.failure.code == "probe-interrupted"


def test_the_time_limit_ends_it_with_what_was_seen(no_nmap: None) -> None:
    result = scan("http://127.0.0.1/", profile="standard", time_limit=0.4)
    assert 0 < len(result.scans[0].tried) < 1000
    assert result.failure is not None and result.failure.code == "ports-time-limit"


def test_the_sites_own_ports_are_explained_by_the_site(no_nmap: None) -> None:
    with ExitStack() as stack:
        plain, tls = (stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2))
        http, https = plain.getsockname()[1], tls.getsockname()[1]
        result = scan(f"https://127.0.0.1:{https}/", profile="quick", http_port=http)
    assert (result.services[http].service, result.services[http].method) == ("http", "site")
    assert (result.services[https].service, result.services[https].method) == ("https", "site")


def test_a_port_on_the_allowed_list_is_looked_at_too(no_nmap: None) -> None:
    port = free_port()
    result = scan("http://127.0.0.1/", profile="quick", allowed_ports=(port,))
    assert port in result.scans[0].tried


@on_linux
def test_nothing_is_sent_to_a_printer() -> None:
    with greeter("127.0.77.23", 9100, answer=b"HTTP/1.0 200 OK\r\n\r\n") as printer:
        result = scan("http://127.0.77.23/", profile="quick")
    assert bytes(printer.received) == b""
    assert (result.services[9100].service, result.services[9100].method) == ("jetdirect", "number")
