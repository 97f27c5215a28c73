"""Our own banner reading against listeners that greet, wait, stay silent or want TLS."""

from __future__ import annotations

from pathlib import Path

import pytest

from secaudit.model.base import Reason
from secaudit.probes.gate import Refused
from secaudit.probes.ports.banner import BannerReader
from secaudit.probes.ports.signatures import Recognised
from tests.servers.authority import LabAuthority
from tests.servers.greeter import TELNET_GREETING, greeter
from tests.servers.nginx import nginx
from tests.servers.process import free_port

pytestmark = pytest.mark.network

HOST = "127.0.0.1"


def _reader(entered: list[int] | None = None) -> BannerReader:
    return BannerReader("xa.example.vn", HOST, (entered if entered is not None else []).append)


def test_a_greeting_is_read_and_nothing_is_sent() -> None:
    with greeter(HOST, greeting=TELNET_GREETING) as server:
        reading = _reader().read(server.port, may_send=True)
    assert reading.recognised == Recognised("telnet")
    assert reading.banner.startswith("\\xff\\xfd\\x18")
    assert (server.connections, bytes(server.received)) == (1, b"")


def test_a_silent_service_is_asked_one_harmless_question() -> None:
    with greeter(HOST, answer=b"-ERR unknown command 'HEAD'\r\n") as server:
        reading = _reader().read(server.port, may_send=True)
    assert reading.recognised == Recognised("redis")
    assert bytes(server.received) == b"HEAD / HTTP/1.0\r\n\r\n"


def test_a_quiet_port_is_only_listened_to() -> None:
    with greeter(HOST, answer=b"HTTP/1.0 200 OK\r\n\r\n") as server:
        reading = _reader().read(server.port, may_send=False)
    assert reading.recognised == Recognised()
    assert (server.connections, bytes(server.received)) == (1, b"")


def test_https_on_any_port_is_known(authority: LabAuthority, tmp_path: Path) -> None:
    port = free_port()
    certificate, key = authority.issue("xa.example.vn").write(tmp_path, "page")
    block = (
        f"server {{ listen {HOST}:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};"
        " location / { return 200 'ok'; } }"
    )
    entered: list[int] = []
    with nginx(tmp_path / "nginx", [block], [port]):
        reading = _reader(entered).read(port, may_send=True)
    assert reading.recognised.service == "https"
    assert reading.recognised.product == "nginx"
    assert entered == [port, port]


def test_what_never_speaks_stays_unknown_and_a_refusal_is_a_fault() -> None:
    with greeter(HOST) as server:
        reading = _reader().read(server.port, may_send=True)
        assert (reading.recognised, reading.banner, reading.fault) == (Recognised(), "", None)
    refused = _reader().read(free_port(), may_send=True)
    assert refused.fault is not None and refused.fault.code == "connect-failed"


def test_the_gate_is_obeyed() -> None:
    def enter(port: int) -> None:
        raise Refused(Reason(code="not-in-scope", params={"host": HOST, "port": port}))

    with greeter(HOST, greeting=b"SSH-2.0-OpenSSH_9.2\r\n") as server:
        reading = BannerReader(HOST, HOST, enter).read(server.port, may_send=True)
    assert reading.fault is not None and reading.fault.code == "not-in-scope"
    assert server.connections == 0
