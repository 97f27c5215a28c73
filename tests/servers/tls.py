"""The TLS part of the lab: real servers on loopback, each with its known truth.

The truth of a server is the exact set of tls.* and cert.* checks that must fail on it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.servers.authority import LabAuthority, Pair
from tests.servers.nginx import nginx
from tests.servers.process import free_port, require, running
from tests.servers.relay import ccs_injection, deaf_to_fallback, heartbleed, padding_oracle, relay

NAMES = ("127.0.0.1", "localhost")
MODERN = "ECDHE+AESGCM:ECDHE+CHACHA20"
OLD_SUITES = {"tls.cipher-cbc", "tls.no-forward-secrecy"}
# gnutls-serv grants every wish for renegotiation and cannot be told otherwise.
RENEGOTIATES = {"tls.client-renegotiation"}


@dataclass(frozen=True)
class LabServer:
    """One running server.

    Attributes:
        truth: ids of the checks that must fail, no other.
        with_root: the lab's root is given as `--ca-file`.
    """

    name: str
    port: int
    truth: frozenset[str]
    host: str = "127.0.0.1"
    with_root: bool = True


@dataclass
class _Plan:
    """Collects nginx blocks and servers while the lab is put together."""

    folder: Path
    blocks: list[str] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    servers: list[LabServer] = field(default_factory=list)

    def nginx(self, name: str, files: tuple[Path, Path], truth: set[str], *, host: str = "127.0.0.1",
              protocols: str = "TLSv1.2 TLSv1.3", ciphers: str = MODERN, extra: str = "") -> int:  # fmt: skip
        port = free_port()
        self.blocks.append(
            f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {files[0]}; ssl_certificate_key {files[1]};"
            f' ssl_protocols {protocols}; ssl_ciphers {ciphers}; {extra} location / {{ return 200 "ok"; }} }}'
        )
        self.ports.append(port)
        self.servers.append(LabServer(name, port, frozenset(truth), host))
        return port


@contextmanager
def tls_lab(folder: Path, authority: LabAuthority) -> Iterator[dict[str, LabServer]]:
    """Run every server of the TLS lab until the block ends; yields them by name."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = _Plan(folder)
    ec = authority.issue(*NAMES).write(folder, "ec")
    rsa_pair = authority.issue(*NAMES, key="rsa2048")
    rsa_files = rsa_pair.write(folder, "rsa")
    _protocol_servers(plan, ec, rsa_files)
    _certificate_servers(plan, authority)
    with ExitStack() as stack:
        stack.enter_context(nginx(folder / "nginx", plan.blocks, plan.ports))
        _other_programs(plan, stack, ec, rsa_files)
        _acted_flaws(plan, stack, rsa_pair)
        yield {server.name: server for server in plan.servers}


def _protocol_servers(plan: _Plan, ec: tuple[Path, Path], rsa_files: tuple[Path, Path]) -> None:
    plan.nginx("good", ec, set())
    plan.nginx("good-by-name", ec, set(), host="localhost")
    plan.nginx("tls13-only", ec, set(), protocols="TLSv1.3")
    plan.nginx("tls12-only", ec, {"tls.no-tls13"}, protocols="TLSv1.2")
    plan.nginx("early-data", ec, {"tls.early-data"}, extra="ssl_early_data on;")
    group = plan.folder / "dh1024.pem"
    program = require("openssl")
    subprocess.run([program, "dhparam", "-dsaparam", "-out", str(group), "1024"], check=True, capture_output=True)
    plan.nginx(
        "weak", rsa_files,
        {"tls.tls10", "tls.tls11", "tls.cipher-null", "tls.cipher-anonymous", "tls.weak-dh", *OLD_SUITES},
        protocols="TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", ciphers="ALL:COMPLEMENTOFALL:@SECLEVEL=0",
        extra=f"ssl_dhparam {group};",
    )  # fmt: skip
    plan.nginx(
        "tls10-only", rsa_files, {"tls.tls10", "tls.no-tls12", "tls.no-tls13", *OLD_SUITES},
        protocols="TLSv1", ciphers="AES128-SHA:@SECLEVEL=0",
    )  # fmt: skip


def _certificate_servers(plan: _Plan, authority: LabAuthority) -> None:
    def server(name: str, pair: Pair, truth: str, *, with_chain: bool = True, ciphers: str = MODERN) -> None:
        files = pair.write(plan.folder, name, with_chain=with_chain)
        plan.nginx(name, files, {truth}, ciphers=ciphers)

    days = timedelta
    server("expired", authority.issue(*NAMES, begins=days(-90), ends=days(-3)), "cert.expired")
    server("not-yet-valid", authority.issue(*NAMES, begins=days(3), ends=days(80)), "cert.not-yet-valid")
    server("expires-soon", authority.issue(*NAMES, ends=days(20)), "cert.expires-soon")
    server("wrong-name", authority.issue("khac.example.vn"), "cert.hostname-mismatch")
    server("self-signed", authority.issue(*NAMES, self_signed=True), "cert.self-signed")
    server("short-chain", authority.issue(*NAMES), "cert.incomplete-chain", with_chain=False)
    server("too-long", authority.issue(*NAMES, ends=days(825)), "cert.validity-too-long")
    server("unknown-root", LabAuthority().issue(*NAMES), "cert.untrusted")
    server("weak-key", authority.issue(*NAMES, key="rsa1024"), "cert.weak-key", ciphers=f"{MODERN}:@SECLEVEL=0")
    server("sha1", _signed_by_sha1(plan.folder, authority), "cert.weak-signature", ciphers=f"{MODERN}:@SECLEVEL=0")


def _signed_by_sha1(folder: Path, authority: LabAuthority) -> Pair:
    """Return a leaf signed by SHA-1; Python's library refuses to make one, the openssl program does not."""
    from cryptography import x509

    good = authority.issue(*NAMES, key="rsa2048")
    _, key_file = good.write(folder, "sha1-unsigned")
    issuer_file, issuer_key_file = folder / "sha1-issuer.pem", folder / "sha1-issuer.key"
    issuer_file.write_bytes(authority.intermediate.public_bytes(serialization.Encoding.PEM))
    issuer_key_file.write_bytes(authority.intermediate_key_pem())
    extensions = folder / "sha1.ext"
    extensions.write_text(
        "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=critical,CA:FALSE\n"
        "extendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n",
        encoding="ascii",
    )
    program, request, signed = require("openssl"), folder / "sha1.csr", folder / "sha1-signed.pem"
    for command in (
        ["req", "-new", "-key", str(key_file), "-subj", "/O=secaudit lab/CN=127.0.0.1", "-out", str(request)],
        ["x509", "-req", "-sha1", "-in", str(request), "-CA", str(issuer_file), "-CAkey", str(issuer_key_file),
         "-days", "80", "-set_serial", "4711", "-extfile", str(extensions), "-out", str(signed)],
    ):  # fmt: skip
        subprocess.run([program, *command], check=True, capture_output=True)
    return Pair(x509.load_pem_x509_certificate(signed.read_bytes()), good.key, good.chain)


def _other_programs(plan: _Plan, stack: ExitStack, ec: tuple[Path, Path], rsa_files: tuple[Path, Path]) -> None:
    def start(name: str, command: list[str], port: int, truth: set[str]) -> None:
        folder = plan.folder / name
        folder.mkdir()
        stack.enter_context(running(command, [port], folder))
        plan.servers.append(LabServer(name, port, frozenset(truth)))

    certificate, key = rsa_files

    def gnutls(name: str, priority: str, truth: set[str]) -> None:
        port = free_port()
        command = [require("gnutls-serv"), "--http", "--quiet", "--port", str(port), "--x509certfile",
                   str(certificate), "--x509keyfile", str(key), "--priority", priority]  # fmt: skip
        start(name, command, port, truth)

    modern = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ECDHE-RSA:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM"
    # Not `openssl s_server -client_renegotiation`: it serves one connection at a time, so that the others time out.
    gnutls("client-renegotiation", modern, {"tls.no-tls13", *RENEGOTIATES})
    gnutls(
        "insecure-renegotiation", f"{modern}:%DISABLE_SAFE_RENEGOTIATION",
        {"tls.insecure-renegotiation", "tls.no-tls13", *RENEGOTIATES},
    )  # fmt: skip
    gnutls(
        "no-extended-master-secret",
        f"{modern}:+VERS-TLS1.3:%NO_SESSION_HASH",
        {"tls.no-extended-master-secret", *RENEGOTIATES},
    )
    gnutls(
        "rc4-3des", "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.0:+ARCFOUR-128:+3DES-CBC:+SHA1:+MD5",
        {"tls.tls10", "tls.no-tls13", "tls.cipher-rc4", "tls.cipher-3des", *OLD_SUITES, *RENEGOTIATES},
    )  # fmt: skip

    def tlslite(name: str, versions: str, ciphers: str, truth: set[str]) -> None:
        port = free_port()
        script = str(Path(__file__).with_name("tlslite_server.py"))
        start(
            name, [sys.executable, "-P", script, str(port), str(certificate), str(key), versions, ciphers], port, truth
        )

    tlslite(
        "ssl3", "3.0-3.1", "rc4,3des,aes128",
        {"tls.sslv3", "tls.tls10", "tls.no-tls12", "tls.no-tls13", "tls.cipher-rc4", "tls.cipher-3des", *OLD_SUITES},
    )  # fmt: skip


def _acted_flaws(plan: _Plan, stack: ExitStack, pair: Pair) -> None:
    """Put relays before the real servers `tls12-only` and an older one."""
    by_name = {server.name: server for server in plan.servers}
    modern, old, weak = by_name["tls12-only"], by_name["tls10-only"], by_name["weak"]

    def add(name: str, port: int, behind: LabServer, *found: str) -> None:
        plan.servers.append(LabServer(name, port, behind.truth | set(found)))

    add("heartbleed", stack.enter_context(relay(modern.port, heartbleed)), modern, "tls.heartbleed")
    add("ccs-injection", stack.enter_context(relay(modern.port, ccs_injection)), modern, "tls.ccs-injection")
    key = pair.key
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the padding oracle needs an RSA key")
    add("robot", stack.enter_context(relay(old.port, padding_oracle(key))), old, "tls.robot")
    deaf = stack.enter_context(relay(weak.port, change=deaf_to_fallback))
    add("no-fallback-scsv", deaf, weak, "tls.no-fallback-scsv")
