"""Starting the child process, waiting for it under a time limit, and ending it for sure."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import Any

_TICK = 0.1
WORKER = (sys.executable, "-P", "-X", "utf8", "-m", "secaudit.probes.tls.worker")


class ChildFailed(Exception):
    """The child gave no usable answer.

    Attributes:
        code: `probe-time-limit`, `probe-interrupted` or `probe-crashed`.
        detail: its last words, for `probe-crashed`.
        connections: how many it said it had made, 0 where it could not say.
    """

    def __init__(self, code: str, detail: str = "", connections: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.connections = connections


def ask_child(
    request: dict[str, Any], seconds: float, stop: threading.Event, command: Sequence[str] = WORKER
) -> dict[str, Any]:
    """Run one scan in a child process and return its answer.

    Args:
        request: what `worker.py` reads; the time limit is added to it.
        seconds: after so long the child is ended.
        stop: when set, the child is ended at once.
        command: the program to run, another one in tests.

    Raises:
        ChildFailed: time limit, cancelled, crashed, or an answer that is no answer.
    """
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as errors:
        # Files instead of pipes: nothing blocks, however much the child writes, on any operating system.
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=answer,
            stderr=errors,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            _send(process, json.dumps({**request, "seconds": seconds}).encode("utf-8"))
            _wait(process, seconds, stop)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
        answer.seek(0)
        errors.seek(0)
        return _read(answer.read(), errors.read())


def _send(process: subprocess.Popen[bytes], text: bytes) -> None:
    stream = process.stdin
    if stream is None:
        return
    try:
        with stream:
            stream.write(text)
    except OSError:
        # It ended before it read; its exit says why.
        return


def _wait(process: subprocess.Popen[bytes], seconds: float, stop: threading.Event) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            process.wait(timeout=_TICK)
        except subprocess.TimeoutExpired:
            if stop.is_set():
                raise ChildFailed("probe-interrupted") from None
            if time.monotonic() > deadline:
                raise ChildFailed("probe-time-limit") from None
        else:
            return


def _read(answer: bytes, errors: bytes) -> dict[str, Any]:
    try:
        read = json.loads(answer.decode("utf-8"))
    except ValueError:
        lines = errors.decode("utf-8", errors="replace").strip().splitlines()
        raise ChildFailed("probe-crashed", lines[-1][:200] if lines else "no answer") from None
    if not isinstance(read, dict) or not read.get("ok"):
        details = read if isinstance(read, dict) else {}
        raise ChildFailed("probe-crashed", str(details.get("error", "")), int(details.get("connections", 0)))
    return read
