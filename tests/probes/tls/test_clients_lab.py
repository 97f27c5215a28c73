"""What is said of a client against what happens: real programs, restricted to what the client offers, really connect.

OpenSSL stands in for every client of the data set, GnuTLS and curl for some. What the local library cannot speak any
more (SSL 3.0, RC4, …) is left out of the client for the comparison, on both sides.
"""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from secaudit.checks.clients import reach_of
from secaudit.model.base import Reason
from secaudit.model.clients import ClientReach, Reach
from secaudit.model.observation import CertificateObservation, TlsObservation, TlsVersion
from secaudit.probes.gate import Gate
from secaudit.probes.tls import chains, facts
from secaudit.probes.tls.enumeration import enumerate_server
from secaudit.probes.tls.sender import Server
from secaudit.probes.tls.suites import all_suites
from secaudit.reference.clients import Client, known_clients
from tests.servers.authority import LabAuthority, Pair
from tests.servers.nginx import nginx
from tests.servers.process import free_port, require

pytestmark = pytest.mark.network

AEAD = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305"
)
CONFIGURATIONS = {
    "modern": "ssl_protocols TLSv1.3;",
    "intermediate": f"ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {AEAD}:DHE-RSA-AES128-GCM-SHA256;",
    "old": "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0; ssl_prefer_server_ciphers on;",
    "no-ecdhe": "ssl_protocols TLSv1.2; ssl_ciphers AES128-SHA:AES256-GCM-SHA384:@SECLEVEL=0;",
    "one-curve": f"ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {AEAD}; ssl_ecdh_curve secp384r1;",
    "ec-key": f"ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {AEAD}; ssl_ecdh_curve X25519:secp256r1;",
}
SPOKEN = {TlsVersion.TLS_1_0: "TLSv1", TlsVersion.TLS_1_1: "TLSv1.1", TlsVersion.TLS_1_2: "TLSv1.2",
          TlsVersion.TLS_1_3: "TLSv1.3"}  # fmt: skip
GROUPS = {"X25519": "X25519", "X448": "X448", "secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
HASHES = {"02": "SHA1", "03": "SHA224", "04": "SHA256", "05": "SHA384", "06": "SHA512"}
PSS = {"0804": "rsa_pss_rsae_sha256", "0805": "rsa_pss_rsae_sha384", "0806": "rsa_pss_rsae_sha512",
       "0807": "ed25519", "0808": "ed448"}  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """A running server, and what was seen of it."""

    port: int
    tls: TlsObservation
    certificate: CertificateObservation


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, authority: LabAuthority) -> Iterator[dict[str, Looked]]:
    folder = tmp_path_factory.mktemp("clients")
    pairs = {"rsa": authority.issue("127.0.0.1", key="rsa2048"), "ec": authority.issue("127.0.0.1", key="ec384")}
    files = {kind: pair.write(folder, kind) for kind, pair in pairs.items()}
    ports = {name: free_port() for name in CONFIGURATIONS}
    blocks = [
        f"server {{ listen 127.0.0.1:{ports[name]} ssl; {settings} ssl_dhparam {_dh_parameters(folder)};"
        f" ssl_certificate {files[_key(name)][0]}; ssl_certificate_key {files[_key(name)][1]}; return 200 'Trang'; }}"
        for name, settings in CONFIGURATIONS.items()
    ]
    with nginx(folder / "nginx", blocks, list(ports.values())):
        yield {name: _look(port, pairs[_key(name)]) for name, port in ports.items()}


def _key(name: str) -> str:
    return "ec" if name == "ec-key" else "rsa"


@cache
def _dh_parameters(folder: Path) -> Path:
    file = folder / "dh.pem"
    command = [require("openssl"), "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"]
    file.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    return file


def _look(port: int, pair: Pair) -> Looked:
    gate = Gate([], lambda: datetime.now(UTC))
    found = enumerate_server(Server(gate, "127.0.0.1", "127.0.0.1", port, ""), threading.Event())
    common = {"target": f"127.0.0.1:{port}", "at": datetime.now(UTC), "host": "127.0.0.1", "port": port}
    tls = facts.read_tls(TlsObservation.model_validate(common), found, Reason(code="tls-not-in-profile"))
    pem = pair.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
    certificate = chains.read_chain(CertificateObservation.model_validate(common), [pem])
    return Looked(port, tls, certificate)


@cache
def _local_suites() -> frozenset[str]:
    """IANA names of what the local OpenSSL can speak."""
    command = [require("openssl"), "ciphers", "-s", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    spoken = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split(":"))
    return frozenset(s.name for s in all_suites().values() if s.openssl_name in spoken or s.name in spoken)


def _speakable(client: Client) -> Client | None:
    """Return the client without what the local OpenSSL cannot speak; None where nothing is left."""
    versions = tuple(version for version in client.versions if version in SPOKEN)
    suites = tuple(name for name in client.suites if name in _local_suites())
    groups = tuple(group for group in client.groups if group in GROUPS)
    left = client.model_copy(update={"versions": versions, "suites": suites, "groups": groups, "lacks_roots": (),
                                     "dh_least": 0, "dh_most": 0})  # fmt: skip
    return left if versions and suites else None


def _openssl(client: Client, port: int) -> tuple[TlsVersion, str] | None:
    """Connect as the client; return version and suite, None where the handshake fails."""
    names = {suite.name: suite.openssl_name for suite in all_suites().values()}
    old = [names[name] for name in client.suites if not re.match("TLS_(AES|CHACHA20)_", name)]
    new = [name for name in client.suites if re.match("TLS_(AES|CHACHA20)_", name)]
    command = [
        require("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-noservername",
        "-min_protocol", SPOKEN[client.versions[0]], "-max_protocol", SPOKEN[client.versions[-1]],
        "-cipher", ":".join(old) + ":@SECLEVEL=0",
    ]  # fmt: skip
    command += ["-ciphersuites", ":".join(new)] if new else []
    command += ["-groups", ":".join(GROUPS[group] for group in client.groups)] if client.groups else []
    signatures = [PSS.get(s) or f"{'ECDSA' if s[2:] == '03' else 'RSA'}+{HASHES[s[:2]]}"
                  for s in client.signatures if s in PSS or (s[2:] in ("01", "03") and s[:2] in HASHES)]  # fmt: skip
    command += ["-sigalgs", ":".join(signatures)] if signatures else []
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=20)
    said = re.search(r"New, (\S+), Cipher is (\S+)", done.stdout)
    if said is None or said[2] == "(NONE)":
        assert "error" in done.stderr, done.stderr
        return None
    protocol = re.search(r"Protocol\s*: (\S+)", done.stdout) or re.search(r"New, (TLSv1\.3)", done.stdout)
    version = {text: version for version, text in SPOKEN.items()}[protocol[1] if protocol else ""]
    iana = {openssl: name for name, openssl in names.items() if openssl}
    return version, said[2] if version is TlsVersion.TLS_1_3 else iana[said[2]]


def _judged(client: Client, server: Looked) -> ClientReach:
    return reach_of(client, server.tls, [server.certificate])


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_client_does_what_is_said_of_it(servers: dict[str, Looked], configuration: str) -> None:
    server, seen = servers[configuration], 0
    for client in map(_speakable, known_clients().clients):
        if client is None:
            continue
        said, happened = _judged(client, server), _openssl(client, server.port)
        assert said.reach is not Reach.UNKNOWN, (client.id, said.reason)
        assert (said.reach is Reach.CONNECTS) == (happened is not None), (client.id, said, happened)
        if happened is not None:
            assert said.version is happened[0], client.id
            assert happened[1] in said.suites, client.id
        seen += 1
    assert seen >= 30


def test_the_configurations_tell_generations_apart(servers: dict[str, Looked]) -> None:
    reached = {
        name: {c.id for c in known_clients().clients if _judged(c, server).reach is Reach.CONNECTS}
        for name, server in servers.items()
    }
    assert {"android-10", "firefox-66", "ios-12", "edge-101", "coc-coc"} <= reached["modern"]
    assert not {"android-8", "ie-11-win10", "ios-10", "java-8-first"} & reached["modern"]
    assert {"android-4.4", "ie-11-win7", "ios-9", "chrome-49-xp"} <= reached["intermediate"]
    assert not {"ie-8-xp", "ie-8-win7", "android-4.2", "java-7"} & reached["intermediate"]
    assert {"ie-8-win7", "android-4.2"} <= reached["old"]
    assert "android-7" not in reached["one-curve"], "it knows a single curve, and not this one"


@pytest.mark.parametrize(("configuration", "connects"), [("intermediate", False), ("old", True)])
def test_gnutls_as_an_old_windows(servers: dict[str, Looked], configuration: str, connects: bool) -> None:
    client = next(client for client in known_clients().clients if client.id == "ie-8-win7")
    priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.0:-CIPHER-ALL:+AES-128-CBC:+AES-256-CBC:-GROUP-ALL:+GROUP-SECP256R1"
    command = [require("gnutls-cli"), "--insecure", "--disable-sni", "--priority", priorities, "-p",
               str(servers[configuration].port), "127.0.0.1"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=20)
    assert ("Handshake was completed" in done.stdout) is connects, done.stdout + done.stderr
    assert (_judged(client, servers[configuration]).reach is Reach.CONNECTS) is connects


@pytest.mark.parametrize(("configuration", "connects"), [("modern", False), ("intermediate", True), ("old", True)])
def test_curl_as_an_old_firefox(servers: dict[str, Looked], configuration: str, connects: bool) -> None:
    client = next(client for client in known_clients().clients if client.id == "firefox-49")
    names = {suite.name: suite.openssl_name for suite in all_suites().values()}
    ciphers = ":".join(names[name] for name in client.suites) + ":@SECLEVEL=0"
    command = [require("curl"), "-sk", "--tls-max", "1.2", "--tlsv1.0", "--ciphers", ciphers, "--curves",
               "P-256:P-384:P-521", f"https://127.0.0.1:{servers[configuration].port}/"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert (done.stdout == "Trang") is connects, done.stderr
    assert (_judged(client, servers[configuration]).reach is Reach.CONNECTS) is connects
