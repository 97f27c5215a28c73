"""Starting a real server program for a test, waiting until it listens, and stopping it for sure."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

# sbin is not on every user's path, yet Debian puts most servers there.
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/local/sbin"))

_COUNTER = itertools.count(random.randrange(2500))


def require(program: str) -> str:
    """Return the program's path; where it is not installed the test is skipped by that name."""
    found = shutil.which(program, path=_PATH)
    if not found:
        pytest.skip(f"server program not installed: {program}")
    return found


def free_port(address: str = "127.0.0.1") -> int:
    """Return a TCP port that nobody listens on.

    Taken below the ephemeral range and from a span of its own per test process, so that neither an outgoing
    connection nor another worker takes it between this call and the server's start.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for _ in range(200):
        port = 11000 + (worker % 8) * 2500 + next(_COUNTER) % 2500
        with socket.socket(family) as probe:
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port found")


def listens(port: int, address: str = "127.0.0.1") -> bool:
    """Tell whether something accepts connections there."""
    try:
        with socket.create_connection((address, port), timeout=0.5):
            return True
    except OSError:
        return False


@contextmanager
def running(
    command: Sequence[str], ports: Sequence[int], folder: Path, *, address: str = "127.0.0.1",
    user: int | None = None, environment: dict[str, str] | None = None, seconds: float = 20.0,
) -> Iterator[subprocess.Popen[bytes]]:  # fmt: skip
    """Run `command` in its own session until the block ends; its output goes to `server.log` in `folder`.

    Raises:
        RuntimeError: it stopped, or did not listen on all `ports` within `seconds`; the log is in the message.
    """
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command), stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True, cwd=folder, user=user, env={**os.environ, **(environment or {})},
        )  # fmt: skip
    try:
        deadline = time.monotonic() + seconds
        while not all(listens(port, address) for port in ports):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            return
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
