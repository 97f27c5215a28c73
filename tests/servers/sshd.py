"""OpenSSH's server on loopback. Known truth: the fault `port.ssh`, and `port.unexpected` beside a web page."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import require, running

FAULTS = frozenset({"port.ssh", "port.unexpected"})


@contextmanager
def sshd(folder: Path, address: str, port: int) -> Iterator[None]:
    """Run sshd on `address` and `port` until the block ends; nobody can sign in."""
    program, keygen = require("sshd"), require("ssh-keygen")
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "host_key"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd refuses to start as root without it
    configuration = folder / "sshd_config"
    configuration.write_text(
        f"ListenAddress {address}:{port}\nHostKey {key}\nPidFile none\nUsePAM no\n"
        "PasswordAuthentication no\nPubkeyAuthentication no\nKbdInteractiveAuthentication no\n",
        encoding="utf-8",
    )
    with running([program, "-D", "-e", "-f", str(configuration)], [port], folder, address=address):
        yield
