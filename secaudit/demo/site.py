"""A small web page on loopback with faults on purpose, so that anyone can try an audit without a server of theirs.

Known faults, on purpose: a self-signed certificate, no redirect from http, no protective headers, a version in
the `Server` header, a session cookie without its flags.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ADDRESSES = ("127.0.86.8", "127.0.0.1")
"""An address of its own keeps the computer's other services out of sight; some systems know only the second."""

HTTPS_PORT, HTTP_PORT = 18443, 18080
"""Tried first, so that one demonstration can be compared with the next."""

POLL = 0.05
"""Seconds between two looks whether the site should end."""


@dataclass(frozen=True)
class DemoSite:
    """Where the running demonstration site listens."""

    address: str
    https_port: int
    http_port: int

    @property
    def url(self) -> str:
        """Return the address to audit."""
        return f"https://{self.address}:{self.https_port}/"


class _Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx/1.14.0"
    sys_version = ""
    timeout = 20

    def do_GET(self) -> None:
        found = self.path.split("?", 1)[0] == "/"
        body = files("secaudit.demo").joinpath("pages/index.html").read_bytes() if found else b"Khong tim thay"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Powered-By", "PHP/7.2.34")
        self.send_header("Set-Cookie", "PHPSESSID=trinh-dien; path=/")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Keep the console for the audit."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: probes that hang up early are expected here."""


class _TlsServer(_Server):
    def __init__(self, address: str, context: ssl.SSLContext) -> None:
        super().__init__((address, _port(address, HTTPS_PORT)), _Page)
        self._context = context

    def finish_request(self, request: object, client_address: object) -> None:
        """Shake hands in the connection's own thread, so that a stalled one holds up nobody."""
        assert isinstance(request, socket.socket)
        request.settimeout(_Page.timeout)
        with self._context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)


@contextmanager
def demo_site() -> Iterator[DemoSite]:
    """Run the site until the block ends.

    Raises:
        OSError: not even 127.0.0.1 lets a server listen.
    """
    address = _usable_address()
    secure = _TlsServer(address, _tls_context(address))
    plain = _Server((address, _port(address, HTTP_PORT)), _Page)
    servers = (secure, plain)
    try:
        for server in servers:
            threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True).start()
        yield DemoSite(address, secure.server_address[1], plain.server_address[1])
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _port(address: str, wished: int) -> int:
    """Return the wished port, or 0 (any) where somebody else has it."""
    try:
        with socket.create_server((address, wished)):
            return wished
    except OSError:
        return 0


def _usable_address() -> str:
    for address in ADDRESSES[:-1]:
        try:
            ThreadingHTTPServer((address, 0), _Page).server_close()
        except OSError:
            continue
        return address
    return ADDRESSES[-1]


def _tls_context(address: str) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "xa-mau.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=20))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "demo.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(file)
    return context
