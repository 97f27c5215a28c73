"""The nmap adapter: reading results, and programs that hang, fail, lie or are missing."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from secaudit.model.observation import PortState
from secaudit.probes.ports import nmap_engine
from secaudit.probes.ports.nmap_engine import Nmap, NmapFailed, NmapMissing, port_spans
from secaudit.probes.ports.signatures import Recognised

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for nmap is a shell script")

CLOSED, SILENT, OPEN = PortState.CLOSED, PortState.FILTERED, PortState.OPEN
FRAME = """<?xml version="1.0"?>
<nmaprun scanner="nmap" args="nmap" version="7.93"><scaninfo type="connect" protocol="tcp" services="1"/>
<host><status state="up" reason="user-set"/><address addr="127.0.0.1" addrtype="ipv4"/><hostnames/>
<ports>{ports}</ports></host>
<runstats><finished timestr="now" elapsed="0.1"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>
"""
SERVICES = """
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/>
 <service name="ssh" product="OpenSSH" version="9.2p1" method="probed" conf="10"/></port>
<port protocol="tcp" portid="993"><state state="open" reason="syn-ack"/>
 <service name="imap" product="Dovecot imapd" tunnel="ssl" method="probed" conf="10"/></port>
<port protocol="tcp" portid="5432"><state state="open" reason="syn-ack"/>
 <service name="postgresql" method="table" conf="3"/></port>
<port protocol="tcp" portid="7777"><state state="open" reason="syn-ack"/>
 <service name="tcpwrapped" method="probed" conf="8"/></port>
<port protocol="tcp" portid="9999"><state state="filtered" reason="no-response"/></port>
"""

Stand = Callable[[str], Nmap]


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Make an `nmap` whose scans do what the given shell lines say; its arguments go to `arguments`."""

    def make(lines: str) -> Nmap:
        program = tmp_path / "nmap"
        program.write_text(
            '#!/bin/sh\nif [ "$1" = -V ]; then echo "Nmap version 7.93 ( https://nmap.org )"; exit; fi\n'
            f'printf "%s\\n" "$@" > "{tmp_path}/arguments"\n{lines}\n',
            encoding="utf-8",
        )
        program.chmod(0o755)
        monkeypatch.setattr(nmap_engine, "_search_path", lambda: (str(program),))
        return Nmap()

    return make


def _answering(xml: str, tmp_path: Path) -> str:
    (tmp_path / "answer.xml").write_text(xml, encoding="utf-8")
    return f'cat "{tmp_path}/answer.xml"'


def _limits(seconds: float = 20) -> tuple[float, threading.Event]:
    return time.monotonic() + seconds, threading.Event()


def test_services_are_read_with_what_python_nmap_drops(stand_in: Stand, tmp_path: Path) -> None:
    nmap = stand_in(_answering(FRAME.format(ports=SERVICES), tmp_path))
    until, stop = _limits()
    services, xml = nmap.identify("127.0.0.1", [22, 993], until=until, stop=stop)
    assert nmap.version == "7.93"
    assert services[22].recognised == Recognised("ssh", "OpenSSH", "9.2p1")
    assert services[993].recognised == Recognised("imaps", "Dovecot imapd", "")
    assert (services[5432].recognised.service, services[5432].by_number) == ("postgresql", True)
    assert (services[7777].recognised.service, services[7777].by_number) == ("", False)
    assert 9999 not in services
    assert b"tunnel" in xml


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ('<extraports state="closed" count="3"><extrareasons reason="conn-refused" ports="1-2,9"/></extraports>',
         {1: CLOSED, 2: CLOSED, 9: CLOSED}),
        ('<extraports state="filtered" count="3"><extrareasons reason="no-response" ports="1-2,9"/></extraports>',
         {1: SILENT, 2: SILENT, 9: SILENT}),
        ('<extraports state="closed" count="3"/>', {1: CLOSED, 2: CLOSED, 9: CLOSED}),
        ('<extraports state="closed" count="2"/><extraports state="filtered" count="1"/>',
         {1: SILENT, 2: SILENT, 9: SILENT}),
    ],
)  # fmt: skip
def test_ports_that_nmap_sums_up(stand_in: Stand, tmp_path: Path, rest: str, expected: dict[int, PortState]) -> None:
    opened = '<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/></port>'
    nmap = stand_in(_answering(FRAME.format(ports=rest + opened), tmp_path))
    until, stop = _limits()
    result, _ = nmap.sweep("127.0.0.1", [1, 2, 9, 22], per_second=100, until=until, stop=stop)
    assert result.states == {**expected, 22: OPEN}


def test_the_argument_list_holds_fixed_words_numbers_and_an_address(stand_in: Stand, tmp_path: Path) -> None:
    nmap = stand_in(_answering(FRAME.format(ports=""), tmp_path))
    until, stop = _limits()
    nmap.identify("::1", [80, 81, 22], until=until, stop=stop)
    arguments = (tmp_path / "arguments").read_text(encoding="utf-8").split()
    assert arguments == [
        "-sT", "-Pn", "-n", "--unprivileged", "-sV", "--version-intensity", "5", "-6", "-oX", "-", "-p", "22,80-81",
        "::1",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="--script"):
        nmap.identify("127.0.0.1 --script=x", [80], until=until, stop=stop)


@pytest.mark.parametrize("lines", ["echo '<nmaprun>'", "echo nonsense", "echo 'QUITTING!' >&2; exit 1", "exit 0"])
def test_a_result_that_cannot_be_read_is_a_failure_with_words(stand_in: Stand, lines: str) -> None:
    until, stop = _limits()
    with pytest.raises(NmapFailed) as failed:
        stand_in(lines).identify("127.0.0.1", [22], until=until, stop=stop)
    assert failed.value.reason.code == "nmap-failed"
    assert failed.value.reason.params["detail"]


def test_nmap_is_killed_when_the_time_is_over_or_the_scan_is_stopped(stand_in: Stand) -> None:
    nmap = stand_in("exec sleep 60")
    began = time.monotonic()
    with pytest.raises(NmapFailed) as late:
        nmap.identify("127.0.0.1", [22], until=began + 0.5, stop=threading.Event())
    assert late.value.reason.code == "nmap-time-limit"
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(NmapFailed) as stopped:
        nmap.identify("127.0.0.1", [22], until=began + 60, stop=stop)
    assert stopped.value.reason.code == "probe-interrupted"
    assert time.monotonic() - began < 5


def test_a_missing_program_and_one_that_is_something_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nmap_engine, "_search_path", lambda: (str(tmp_path / "none"),))
    with pytest.raises(NmapMissing):
        Nmap()
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho something else\n", encoding="utf-8")
    other.chmod(0o755)
    monkeypatch.setattr(nmap_engine, "_search_path", lambda: (str(other),))
    with pytest.raises(NmapMissing):
        Nmap()


def test_spans() -> None:
    assert port_spans([443, 80, 81, 82, 22, 80]) == "22,80-82,443"
    assert port_spans([]) == ""
