"""vsftpd on loopback. Known truth: `port.ftp`, and `port.unexpected` beside a web page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import require, running

FAULTS = frozenset({"port.ftp", "port.unexpected"})


@contextmanager
def ftp(folder: Path, address: str, port: int) -> Iterator[None]:
    """Run vsftpd on `address` and `port` until the block ends; nobody can sign in."""
    program = require("vsftpd")
    empty = folder / "empty"
    empty.mkdir(parents=True, exist_ok=True)
    configuration, users = folder / "vsftpd.conf", folder / "users"
    users.write_text("", encoding="utf-8")
    settings = {
        "listen": "YES", "listen_address": address, "listen_port": port, "background": "NO",
        "anonymous_enable": "NO", "secure_chroot_dir": empty, "xferlog_enable": "NO",
        # With no way at all to sign in it would not even greet: local users may, and the list of them is empty.
        "local_enable": "YES", "userlist_enable": "YES", "userlist_deny": "NO", "userlist_file": users,
        "seccomp_sandbox": "NO", "isolate": "NO", "isolate_network": "NO",
        "run_as_launching_user": "NO" if os.geteuid() == 0 else "YES",
    }  # fmt: skip
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    configuration.write_text(lines, encoding="utf-8")
    with running([program, str(configuration)], [port], folder, address=address):
        yield
