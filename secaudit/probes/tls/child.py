"""Starting the child process, waiting for it under a time limit, and ending it for sure."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self

_TICK = 0.02
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


class Child:
    """A started child process. It loads what it needs while its caller does other work, then waits for one request.

    A context manager: whatever happens, the process has ended when the block is left.
    """

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        # Files instead of pipes: nothing blocks, however much the child writes, on any operating system.
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=self._answer,
            stderr=self._errors,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        if stream := self._process.stdin:
            with suppress(OSError):
                stream.close()
        self._process.wait()
        self._answer.close()
        self._errors.close()

    def end(self) -> None:
        """End the process at once; whoever waits in `ask` gets `ChildFailed`. From any thread."""
        if self._process.poll() is None:
            self._process.kill()

    def ask(self, request: dict[str, Any], seconds: float, stop: threading.Event) -> dict[str, Any]:
        """Send the one request and return its answer.

        Args:
            request: what `worker.py` reads; the time limit is added to it.
            seconds: after so long the child is ended.
            stop: when set, the child is ended at once.

        Raises:
            ChildFailed: time limit, cancelled, crashed, or an answer that is no answer.
        """
        try:
            _send(self._process, json.dumps({**request, "seconds": seconds}).encode("utf-8"))
            _wait(self._process, seconds, stop)
        finally:
            self.end()
            self._process.wait()
        self._answer.seek(0)
        self._errors.seek(0)
        return _read(self._answer.read(), self._errors.read())


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
