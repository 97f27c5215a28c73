"""What a command costs with all the processes that it starts: wall time and peak memory, read from /proc (Linux)."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICK = 0.05


@dataclass(frozen=True)
class TreeCost:
    """What one command cost.

    Attributes:
        wall: seconds.
        largest: most megabytes that one of its processes held.
        together: most megabytes that all its processes held at one moment, pages that they share counted once.
        code: how it ended; None where it was ended after `limit` seconds.
    """

    wall: float
    largest: float
    together: float
    code: int | None


def run_measured(command: Sequence[str], cwd: Path, limit: float) -> TreeCost:
    """Run a command to its end, its output thrown away, and watch its memory; it is ended after `limit` seconds."""
    began = time.perf_counter()
    largest = together = 0.0
    with subprocess.Popen(
        command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        code: int | None = None
        while code is None:
            sizes = [_megabytes(pid) for pid in _tree(process.pid)]
            largest, together = max([largest, *sizes]), max(together, sum(sizes))
            if time.perf_counter() - began > limit:
                process.kill()
                break
            with suppress(subprocess.TimeoutExpired):
                code = process.wait(_TICK)
    return TreeCost(time.perf_counter() - began, largest, together, code)


def _tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
    return found


def _megabytes(pid: int) -> float:
    """Return the proportional set size of a process, 0 where it has ended."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0
