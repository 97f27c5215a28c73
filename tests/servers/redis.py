"""Redis on loopback, without a password. Known truth: `port.cache`, and `port.unexpected` beside a web page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import require, running

FAULTS = frozenset({"port.cache", "port.unexpected"})


@contextmanager
def redis(folder: Path, address: str, port: int) -> Iterator[None]:
    """Run redis-server on `address` and `port` until the block ends; nothing is written to disk."""
    program = require("redis-server")
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        program, "--bind", address, "--port", str(port), "--protected-mode", "no", "--save", "",
        "--dir", str(folder),
    ]  # fmt: skip
    with running(command, [port], folder, address=address):
        yield
