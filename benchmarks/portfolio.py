"""`status` and `remediation list` over years: 30 systems, 36 monthly answers, 200,000 findings. Goal: 1 s, 200 MB.

Each command is a process of its own, interleaved with two floors: an interpreter that imports click, and one that
reads the rows which `status` needs with plain sqlite3 and does nothing with them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.portfolio_data import build
from benchmarks.timing import Command, secaudit

ROUNDS = 7
GOAL_SECONDS, GOAL_MB = 1.0, 200
_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    # Bytecode as an installed program has it, and none of it left in a checkout.
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "secaudit-bench-bytecode"),
    "SECAUDIT_LANG": "vi",
}
_PLAIN = """
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
newest = "SELECT max(id) FROM answer GROUP BY system_id, checklist, requirement"
c.execute(f"SELECT * FROM answer WHERE id IN ({newest})").fetchall()
for (scan,) in c.execute("SELECT max(id) FROM scan GROUP BY site_id").fetchall():
    (number,) = c.execute("SELECT max(id) FROM judgement WHERE scan_id = ?", (scan,)).fetchone()
    c.execute("SELECT * FROM check_outcome WHERE judgement_id = ?", (number,)).fetchall()
    c.execute("SELECT * FROM finding WHERE judgement_id = ?", (number,)).fetchall()
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "w"
        began = time.perf_counter()
        counts = build(place)
        size = (place / "secaudit.db").stat().st_size / 1e6
        made = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        print(f"  made in {time.perf_counter() - began:.0f} s: {made}; {size:.0f} MB")
        show(measured(commands(place), ROUNDS))


def commands(place: Path) -> dict[str, Command]:
    """Return what is measured, the floors first."""
    where = ("--workspace", str(place))
    return {
        "import click": [sys.executable, "-c", "import click"],
        "plain sqlite3": [sys.executable, "-c", _PLAIN, str(place / "secaudit.db")],
        "status": secaudit("status", *where),
        "status, one system": secaudit("status", "--system", "trang-07", *where),
        "remediation list": secaudit("remediation", "list", *where),
    }


def measured(wanted: Mapping[str, Command], rounds: int) -> dict[str, tuple[float, float]]:
    """Return median wall seconds and most memory in MB of each command, after one round to warm up."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in wanted}
    for round_ in range(rounds + 1):
        for name, command in wanted.items():
            one = once(command)
            if round_:
                found[name].append(one)
    return {name: (statistics.median(s for s, _ in runs), max(mb for _, mb in runs)) for name, runs in found.items()}


def once(command: Command) -> tuple[float, float]:
    """Run a command and return its wall time in seconds and its greatest resident memory in MB (0 on Windows)."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
    ) as process:  # fmt: skip
        if not hasattr(os, "wait4"):
            code, memory = process.wait(), 0.0
        else:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = code = os.waitstatus_to_exitcode(status)
            memory = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return time.perf_counter() - began, memory


def show(found: Mapping[str, tuple[float, float]]) -> None:
    floor, rows = found["import click"][0], found["plain sqlite3"][0]
    for name, (seconds, megabytes) in found.items():
        ratios = f"{seconds / floor:5.1f} x import click, {seconds / rows:5.1f} x plain sqlite3"
        print(f"  {name:<20} {seconds * 1000:7.0f} ms  {megabytes:5.0f} MB  {ratios}")
    print(f"  goal: each command at most {GOAL_SECONDS:.0f} s and {GOAL_MB} MB")
