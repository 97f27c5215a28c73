"""Timing whole commands: several runs, interleaved so that a noisy machine troubles both sides alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

Command = Sequence[str]


def secaudit(*arguments: str) -> list[str]:
    """Return the command line of the installed program."""
    return [str(Path(sys.executable).parent / "secaudit"), *arguments]


def wall_seconds(command: Command, cwd: Path | None = None) -> float:
    """Run a command once, its output thrown away, and return its wall time in seconds.

    Raises:
        RuntimeError: it ended with another code than 0, so that its time means nothing.
    """
    began = time.perf_counter()
    ended = subprocess.run(
        command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        env={**os.environ, "SECAUDIT_LANG": "vi"},
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr[-500:]!r}")
    return seconds


def medians(commands: Mapping[str, Command], runs: int, cwd: Path | None = None) -> dict[str, float]:
    """Return the median wall time of each command over `runs` interleaved rounds, after one round to warm up."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(runs + 1):
        for name, command in commands.items():
            seconds = wall_seconds(command, cwd)
            if round_:
                times[name].append(seconds)
    return {name: statistics.median(values) for name, values in times.items()}
