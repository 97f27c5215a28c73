"""PostgreSQL on loopback. Known truth: `port.database`, and `port.unexpected` beside a web page."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.process import running

FAULTS = frozenset({"port.database", "port.unexpected"})


def _programs() -> Path:
    """Return the folder of initdb and postgres: on the path, or where Debian keeps each version's."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: int(f.parent.name), reverse=True)
    if not folders:
        pytest.skip("server program not installed: postgresql")
    return folders[0]


@contextmanager
def postgresql(address: str, port: int) -> Iterator[None]:
    """Run a new, empty PostgreSQL on `address` and `port` until the block ends.

    It has a folder of its own: as root it must run as another user, who may not read pytest's folders.
    """
    programs = _programs()
    user: int | None = None
    folder = Path(tempfile.mkdtemp(prefix="secaudit-postgresql-"))
    try:
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres").pw_uid
            os.chown(folder, user, -1)
        data = folder / "data"
        # A data folder for seconds needs no safety against a power cut.
        initdb = [programs / "initdb", "-D", data, "-A", "trust", "--no-sync", "--no-instructions", "-E", "UTF8"]
        subprocess.run(initdb, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
        command = [
            str(programs / "postgres"), "-D", str(data), "-c", f"listen_addresses={address}", "-p", str(port),
            "-c", f"unix_socket_directories={folder}", "-c", "fsync=off",
        ]  # fmt: skip
        with running(command, [port], folder, address=address, user=user):
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
